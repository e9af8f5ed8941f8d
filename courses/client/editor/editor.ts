// The page on which a text is written: ProseMirror with our schema, keys and commands.
import { baseKeymap, chainCommands, exitCode } from "prosemirror-commands";
import { dropCursor } from "prosemirror-dropcursor";
import { gapCursor } from "prosemirror-gapcursor";
import { history, redo, undo } from "prosemirror-history";
import { keymap } from "prosemirror-keymap";
import type { Node as Piece } from "prosemirror-model";
import { sinkListItem, splitListItem } from "prosemirror-schema-list";
import { EditorState, NodeSelection, type Command, type Plugin } from "prosemirror-state";
import { addColumnAfter, addRowAfter, deleteColumn, deleteRow, deleteTable, goToNextCell, isInTable, tableEditing, toggleHeaderRow } from "prosemirror-tables";
import { EditorView } from "prosemirror-view";
import { clean } from "./cleaning";
import { BOLD, SLANTED, hasTag, heading, lineBreak, linkAt, list, outdent, pictureAt, plain, standsIn, toggleTag } from "./commands";
import { schema } from "./schema";
import { views, type Words } from "./shown";
import { write } from "./writing";

const { nodes } = schema;
const item = nodes["list_item"]!;

/** What the buttons do, by their names on the page. Those that ask first (link, picture, table) are not here. */
export const DOES: Record<string, Command> = {
  plain,
  heading: heading(3),
  subheading: heading(4),
  bold: toggleTag(BOLD),
  slanted: toggleTag(SLANTED),
  bullets: list(nodes["bullet_list"]!),
  numbers: list(nodes["ordered_list"]!),
  indent: sinkListItem(item),
  outdent,
  undo,
  redo,
  "row-after": addRowAfter,
  "column-after": addColumnAfter,
  "row-drop": deleteRow,
  "column-drop": deleteColumn,
  "row-head": toggleHeaderRow,
  "table-drop": deleteTable,
};

export interface Around {
  files: string; // where pictures of the draft are sent from
  words: Words;
  attributes: Record<string, string>; // what the page of the text is called
  changed: (html: string) => void;
  moved: (state: EditorState) => void;
  ask: (what: "link" | "picture") => void;
  toToolbar: () => void;
  dropped: (files: File[]) => void; // pictures that were pasted or dropped
}

/** Begin to edit a text. The text is written back only when something in it changes. */
export function edit(mount: HTMLElement, doc: Piece, around: Around): EditorView {
  const view = new EditorView(mount, {
    state: EditorState.create({ doc, plugins: plugins(around) }),
    attributes: around.attributes,
    nodeViews: views(around.files, around.words),
    transformPastedHTML: clean,
    handlePaste: (_view, event) => took(event.clipboardData, around, event.clipboardData?.getData("text/html") ?? ""),
    handleDrop: (_view, event) => took(event.dataTransfer, around, ""),
    handleDoubleClickOn: (_view, _pos, node, at) => {
      if (node.type !== nodes["image"]) return false;
      view.dispatch(view.state.tr.setSelection(NodeSelection.create(view.state.doc, at)));
      around.ask("picture");
      return true;
    },
    dispatchTransaction: (tr) => {
      view.updateState(view.state.apply(tr));
      if (tr.docChanged) around.changed(isEmpty(view.state.doc) ? "" : write(view.state.doc));
      around.moved(view.state);
    },
  });
  around.moved(view.state);
  return view;
}

/** A text in which nothing is written is no text: the form says so. */
function isEmpty(doc: Piece): boolean {
  return doc.childCount === 1 && doc.child(0).type === nodes["paragraph"] && doc.child(0).content.size === 0;
}

/** Take pictures from the clipboard or a drop; a picture that comes with its text (from Word) is pasted as text. */
function took(from: DataTransfer | null, around: Around, html: string): boolean {
  const files = [...(from?.files ?? [])].filter((file) => file.type.startsWith("image/"));
  if (!files.length || html.replace(/<[^>]*>/g, "").trim()) return false;
  around.dropped(files);
  return true;
}

function plugins(around: Around): Plugin[] {
  const asks = (what: "link" | "picture"): Command => () => {
    around.ask(what);
    return true;
  };
  const onPicture: Command = (state) => {
    if (pictureAt(state)) around.ask("picture");
    return pictureAt(state) !== null;
  };
  return [
    history(),
    keymap({
      "Mod-z": undo,
      "Mod-y": redo,
      "Shift-Mod-z": redo,
      "Mod-b": toggleTag(BOLD),
      "Mod-i": toggleTag(SLANTED),
      "Mod-k": asks("link"),
      "Mod-]": sinkListItem(item),
      "Mod-[": outdent,
      "Shift-Enter": chainCommands(exitCode, lineBreak),
      "Alt-F10": () => {
        around.toToolbar();
        return true;
      },
      Tab: goToNextCell(1), // only in tables; elsewhere the key goes on to the next field
      "Shift-Tab": goToNextCell(-1),
      Enter: chainCommands(onPicture, splitListItem(item)),
    }),
    keymap(baseKeymap),
    dropCursor({ color: false, class: "rich-drop" }),
    gapCursor(),
    tableEditing(),
  ];
}

/** What the toolbars show of a state, by the names of their buttons. */
export function pressed(state: EditorState): Record<string, { pressed?: boolean; can?: boolean }> {
  const level = standsIn(state, "heading")?.attrs["level"] as number | undefined;
  const around = standsIn(state, "bullet_list", "ordered_list")?.type;
  return {
    plain: { pressed: standsIn(state, "paragraph", "line") !== null },
    heading: { pressed: level !== undefined && level <= 3 },
    subheading: { pressed: level !== undefined && level > 3 },
    bold: { pressed: hasTag(state, BOLD) },
    slanted: { pressed: hasTag(state, SLANTED) },
    bullets: { pressed: around === nodes["bullet_list"] },
    numbers: { pressed: around === nodes["ordered_list"] },
    indent: { can: sinkListItem(item)(state) },
    outdent: { can: outdent(state) },
    link: { pressed: linkAt(state) !== null },
    picture: { pressed: pictureAt(state) !== null },
    table: { can: !isInTable(state) },
    undo: { can: undo(state) },
    redo: { can: redo(state) },
  };
}
