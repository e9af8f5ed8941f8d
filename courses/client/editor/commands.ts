// What the buttons and keys of the editor do.
import { setBlockType } from "prosemirror-commands";
import type { Attrs, Mark, Node as Piece, NodeType, ResolvedPos } from "prosemirror-model";
import { liftListItem, wrapInList } from "prosemirror-schema-list";
import { NodeSelection, TextSelection, type Command, type EditorState, type Transaction } from "prosemirror-state";
import { isInTable } from "prosemirror-tables";
import { schema } from "./schema";
import type { Extra } from "./tags";

const { nodes, marks } = schema;
const tag = marks["tag"]!;

export const BOLD = ["strong", "b"] as const;
export const SLANTED = ["em", "i"] as const;

function named(list: readonly Mark[], names: readonly string[]): Mark | undefined {
  return list.find((mark) => mark.type === tag && names.includes(mark.attrs["tag"] as string));
}

/** True when all of the selection has one of these tags. */
export function hasTag(state: EditorState, names: readonly string[]): boolean {
  const { from, to, empty, $from } = state.selection;
  if (empty) return named(state.storedMarks ?? $from.marks(), names) !== undefined;
  let all = true;
  let any = false;
  state.doc.nodesBetween(from, to, (node) => {
    if (!node.isText) return;
    any = true;
    all &&= named(node.marks, names) !== undefined;
  });
  return any && all;
}

export function toggleTag(names: readonly string[]): Command {
  return (state, dispatch) => {
    const { from, to, empty, $from } = state.selection;
    if (state.selection instanceof NodeSelection || !$from.parent.inlineContent) return false;
    const tr = state.tr;
    const made = tag.create({ tag: names[0] });
    if (empty) {
      const now = state.storedMarks ?? $from.marks();
      tr.setStoredMarks(named(now, names) ? now.filter((mark) => !named([mark], names)) : made.addToSet(now));
    } else if (hasTag(state, names)) {
      removeTag(tr, from, to, names);
    } else {
      tr.addMark(from, to, made);
    }
    dispatch?.(tr.scrollIntoView());
    return true;
  };
}

function removeTag(tr: Transaction, from: number, to: number, names: readonly string[]): void {
  const found = new Set<Mark>();
  tr.doc.nodesBetween(from, to, (node) => node.marks.forEach((mark) => named([mark], names) && found.add(mark)));
  for (const mark of found) tr.removeMark(from, to, mark);
}

/** What the cursor stands in, from the inside out. */
export function standsIn(state: EditorState, ...types: string[]): Piece | null {
  const { $from } = state.selection;
  for (let depth = $from.depth; depth > 0; depth -= 1) if (types.includes($from.node(depth).type.name)) return $from.node(depth);
  return null;
}

/** Plain text: a paragraph; in an item or a cell, text without a tag of its own. */
export const plain: Command = (state, dispatch) => {
  const around = state.selection.$from.node(-1)?.type.name;
  const type = around === "list_item" || around === "table_cell" || around === "table_header" ? nodes["line"]! : nodes["paragraph"]!;
  return setBlockType(type)(state, dispatch);
};

export function heading(level: number): Command {
  return (state, dispatch) => setBlockType(nodes["heading"]!, { level })(state, dispatch);
}

/** Make a list of what is chosen, turn the list into one of the other kind, or take the item out of it. */
export function list(type: NodeType): Command {
  return (state, dispatch) => {
    const { $from } = state.selection;
    const depth = depthOf($from, ["bullet_list", "ordered_list"]);
    if (depth && $from.node(depth).type === type) return outdent(state, dispatch);
    if (depth) {
      dispatch?.(state.tr.setNodeMarkup($from.before(depth), type, $from.node(depth).attrs));
      return true;
    }
    return wrapInList(type)(state, dispatch && ((tr) => dispatch(bareItems(tr))));
  };
}

export const outdent: Command = (state, dispatch) => liftListItem(nodes["list_item"]!)(state, dispatch && ((tr) => dispatch(settled(tr))));

function depthOf($pos: ResolvedPos, types: readonly string[]): number {
  for (let depth = $pos.depth; depth > 0; depth -= 1) if (types.includes($pos.node(depth).type.name)) return depth;
  return 0;
}

/** Items that hold one plain paragraph hold its text alone. */
function bareItems(tr: Transaction): Transaction {
  const { from, to } = tr.selection;
  tr.doc.nodesBetween(from, to, (node, pos, parent) => {
    if (node.type === nodes["paragraph"] && parent?.type === nodes["list_item"] && !(node.attrs["extra"] as Extra).length) tr.setNodeMarkup(pos, nodes["line"]);
  });
  return tr;
}

/** Lines that came out of a list are paragraphs. */
function settled(tr: Transaction): Transaction {
  const { from, to } = tr.selection;
  tr.doc.nodesBetween(from, to, (node, pos, parent) => {
    if (node.type === nodes["line"] && (parent?.type === nodes["doc"] || parent?.type === nodes["box"])) tr.setNodeMarkup(pos, nodes["paragraph"]);
  });
  return tr;
}

export const lineBreak: Command = (state, dispatch) => {
  dispatch?.(state.tr.replaceSelectionWith(nodes["hard_break"]!.create()).scrollIntoView());
  return true;
};

/** The link at the cursor or in the selection, and from where to where it goes. */
export function linkAt(state: EditorState): { mark: Mark; from: number; to: number } | null {
  const { $from, from, to, empty } = state.selection;
  let mark = named(empty ? $from.marks() : ($from.nodeAfter?.marks ?? []), ["a"]);
  mark ??= named($from.nodeAfter?.marks ?? [], ["a"]);
  if (!mark) return null;
  const found = mark;
  let start = from;
  let end = to;
  $from.parent.forEach((node, offset) => {
    if (!found.isInSet(node.marks)) return;
    const at = $from.start() + offset;
    if (at <= to && at + node.nodeSize >= from) {
      start = Math.min(start, at);
      end = Math.max(end, at + node.nodeSize);
    }
  });
  return { mark, from: start, to: end };
}

export function addressOf(mark: Mark): string {
  return (mark.attrs["extra"] as Extra).find(([name]) => name === "href")?.[1] ?? "";
}

/** Let the selection, or the link in it, lead to an address; where nothing is chosen, `text` is written. */
export function setLink(address: string, text: string): Command {
  return (state, dispatch) => {
    const old = linkAt(state);
    const { from, to } = old ?? state.selection;
    const others = old ? (old.mark.attrs["extra"] as Extra).filter(([name]) => name !== "href") : [];
    const mark = tag.create({ tag: "a", extra: [["href", address] as const, ...others].sort(([a], [b]) => (a < b ? -1 : 1)), key: old?.mark.attrs["key"] ?? 0 });
    const tr = state.tr;
    if (from === to) {
      const stored = state.storedMarks ?? state.selection.$from.marks();
      tr.replaceSelectionWith(schema.text(text, mark.addToSet(stored)), false).removeStoredMark(mark);
    } else {
      removeTag(tr, from, to, ["a"]);
      tr.addMark(from, to, mark);
    }
    dispatch?.(tr.scrollIntoView());
    return true;
  };
}

export const removeLink: Command = (state, dispatch) => {
  const old = linkAt(state);
  if (!old) return false;
  const tr = state.tr;
  removeTag(tr, old.from, old.to, ["a"]);
  dispatch?.(tr);
  return true;
};

export function pictureAt(state: EditorState): Piece | null {
  const { selection } = state;
  return selection instanceof NodeSelection && selection.node.type === nodes["image"] ? selection.node : null;
}

/** Put a picture where the cursor stands, or give the one that is chosen another file or alternative. */
export function putPicture(src: string, alt: string): Command {
  return (state, dispatch) => {
    const old = pictureAt(state);
    const tr = state.tr;
    if (old) {
      // Sizes belong to the file that was there.
      const extra = (old.attrs["extra"] as Extra).filter(([name]) => old.attrs["src"] === src || !["width", "height", "srcset"].includes(name));
      tr.setNodeMarkup(state.selection.from, null, { src, alt, extra }, old.marks);
      tr.setSelection(NodeSelection.create(tr.doc, state.selection.from));
    } else {
      tr.replaceSelectionWith(nodes["image"]!.create({ src, alt }), true);
    }
    dispatch?.(tr.scrollIntoView());
    return true;
  };
}

export interface TableWish {
  rows: number;
  columns: number;
  head: boolean;
  caption: string;
}

/** Put an empty table after the block at the cursor, and the cursor into its first cell. */
export function putTable({ rows, columns, head, caption }: TableWish): Command {
  return (state, dispatch) => {
    if (isInTable(state)) return false;
    const row = (first: boolean): Piece => {
      const type = first ? nodes["table_header"]! : nodes["table_cell"]!;
      const attrs: Attrs | null = first ? { extra: [["scope", "col"]] } : null;
      const cells = Array.from({ length: columns }, () => type.createAndFill(attrs)!);
      return nodes["table_row"]!.create({ part: first ? "thead" : "tbody" }, cells);
    };
    const holder = document.createElement("caption");
    holder.textContent = caption.trim();
    const made = Array.from({ length: rows + (head ? 1 : 0) }, (_row, place) => row(head && place === 0));
    const table = nodes["table"]!.create({ caption: caption.trim() ? holder.innerHTML : null }, made);
    const tr = state.tr.replaceSelectionWith(table);
    let inside = -1;
    tr.doc.nodesBetween(0, tr.doc.content.size, (node, pos) => {
      if (node === table) inside = pos + 1;
    });
    if (inside > 0) tr.setSelection(TextSelection.near(tr.doc.resolve(inside)));
    dispatch?.(tr.scrollIntoView());
    return true;
  };
}
