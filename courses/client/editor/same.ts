// Whether two texts say the same: the same tags, attributes, comments and words, whatever the white space between.
import { fixTables } from "prosemirror-tables";
import { EditorState } from "prosemirror-state";
import type { Node as Piece } from "prosemirror-model";
import { read } from "./reading";
import { BLOCKS, INLINE, bodyOf, tagOf } from "./tags";
import { write } from "./writing";

const VERBATIM = new Set(["pre", "script", "style", "textarea", "template"]);
const HIDDEN = new Set(["link", "meta", "script", "style", "template", "title"]);

/** A text as the editor has it, or why the editor would lose something of it. */
export type Opened = { doc: Piece } | { why: "table" | "tags" };

export function open(html: string): Opened {
  try {
    const doc = read(html);
    if (fixTables(EditorState.create({ doc }))) return { why: "table" }; // rows of unlike lengths would be filled up
    return !html.trim() || sameHtml(html, write(doc)) ? { doc } : { why: "tags" };
  } catch (error) {
    if (error instanceof RangeError) return { why: "tags" };
    throw error;
  }
}

export function sameHtml(one: string, other: string): boolean {
  return normal(one) === normal(other);
}

/** The text in a form that is equal for equal texts. */
export function normal(html: string): string {
  const found = new Normal();
  found.walk(bodyOf(html), false);
  return found.end();
}

class Normal {
  private readonly out: string[] = [];
  private open = true; // a space here shows nothing: a line begins, or a space stands before
  private last = -1; // the text that the line ends with so far

  walk(parent: Node, verbatim: boolean): void {
    for (const node of parent.childNodes) {
      if (node instanceof Text && verbatim) this.out.push(JSON.stringify(node.data));
      else if (node instanceof Text) this.text(node.data.replace(/[ \t\r\n\f]+/g, " "));
      else if (node instanceof Comment) this.out.push(`<!${JSON.stringify(node.data)}>`);
      else if (node instanceof Element) this.element(node, verbatim);
    }
  }

  end(): string {
    this.edge();
    return this.out.filter(Boolean).join("\n");
  }

  private element(node: Element, verbatim: boolean): void {
    const tag = tagOf(node);
    const given = [...node.attributes].map(({ name, value }) => `${name}=${JSON.stringify(value)}`).sort();
    const put = BLOCKS.has(tag) || tag === "br" ? this.block : INLINE.has(tag) || HIDDEN.has(tag) ? this.tag : this.thing;
    put.call(this, `<${[node.nodeName, ...given].join(" ")}>`);
    this.walk(node instanceof HTMLTemplateElement ? node.content : node, verbatim || VERBATIM.has(tag));
    put.call(this, `</${node.nodeName}>`);
  }

  private text(data: string): void {
    const text = this.open ? data.replace(/^ /, "") : data;
    if (!text) return;
    this.last = this.out.push(text) - 1;
    this.open = text.endsWith(" ");
  }

  private readonly tag = (text: string): void => void this.out.push(text);

  private readonly thing = (text: string): void => {
    this.out.push(text);
    this.open = false;
    this.last = -1;
  };

  private readonly block = (text: string): void => {
    this.edge();
    this.out.push(text);
  };

  private edge(): void {
    const text = this.out[this.last];
    if (text?.endsWith(" ")) this.out[this.last] = text.slice(0, -1);
    this.open = true;
    this.last = -1;
  }
}
