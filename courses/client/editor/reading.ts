// From HTML to a text that can be edited. What the editor does not know becomes an atom that keeps its HTML.
import type { Mark, Node as Piece } from "prosemirror-model";
import { schema } from "./schema";
import { BLOCKS, BOXES, INLINE, TEXT_BLOCKS, bodyOf, extraOf, tagOf, type Extra } from "./tags";

const { nodes, marks } = schema;
const MARKUP = /<\s*\/?\s*[A-Za-z!]/;

/** A text without any tag is paragraphs, with a blank line between them: so the server reads it, too. */
export function asHtml(text: string): string {
  if (MARKUP.test(text)) return text;
  const parts = text.replaceAll("\r\n", "\n").trim().split(/\n\s*\n/).filter(Boolean);
  return parts.map((part) => `<p>${part.trim().replaceAll("\n", "<br>\n")}</p>`).join("\n");
}

/** Read a text. Throws a RangeError where its tags stand in each other in a way that no text can have. */
export function read(html: string): Piece {
  const found = new Reader().blocks(bodyOf(html));
  const doc = nodes["doc"]!.create(null, found.length ? found : [nodes["paragraph"]!.create()]);
  doc.check();
  return doc;
}

class Reader {
  private key = 0;

  blocks(container: Element): Piece[] {
    const found: Piece[] = [];
    let run: Node[] = [];
    const close = (): void => {
      found.push(...this.run(run));
      run = [];
    };
    for (const child of container.childNodes) {
      const block = this.block(child);
      if (block === null) run.push(child);
      else {
        close();
        found.push(block);
      }
    }
    close();
    return found;
  }

  /** A run of text between blocks: a line without a tag of its own, or one atom where nothing in it can be written. */
  private run(run: Node[]): Piece[] {
    if (run.every(isBlank)) return [];
    if (!run.some(isWritten)) return [nodes["kept"]!.create({ html: run.map(htmlOf).join("").trim() })];
    return [nodes["line"]!.create({ bare: true }, this.inline(run))];
  }

  private block(node: Node): Piece | null {
    const tag = tagOf(node);
    if (!BLOCKS.has(tag) || !(node instanceof Element)) return hasBlocks(node) ? keep(node) : null;
    const attrs = { extra: extraOf(node) };
    if (TEXT_BLOCKS.has(tag)) return this.textBlock(node, tag, attrs);
    if (tag === "hr") return nodes["rule"]!.create(attrs);
    if (tag === "ul" || tag === "ol") return this.list(node, tag, attrs);
    if (tag === "table") return this.table(node) ?? keep(node);
    if (!BOXES.has(tag)) return keep(node);
    const inside = this.blocks(node);
    return inside.length ? nodes["box"]!.create({ ...attrs, tag }, inside) : keep(node);
  }

  private textBlock(node: Element, tag: string, attrs: { extra: Extra }): Piece {
    if (hasBlocks(node)) return keep(node);
    const content = this.inline([...node.childNodes], tag === "pre");
    if (tag === "p") return nodes["paragraph"]!.create(attrs, content);
    if (tag === "pre") return nodes["pre"]!.create(attrs, content);
    return nodes["heading"]!.create({ ...attrs, level: Number(tag[1]) }, content);
  }

  private list(node: Element, tag: string, attrs: { extra: Extra }): Piece {
    const items = [...node.childNodes].filter((child) => !isBlank(child));
    if (!items.length || items.some((item) => tagOf(item) !== "li")) return keep(node);
    const read = items.map((item) => nodes["list_item"]!.create({ extra: extraOf(item as Element) }, this.filled(item as Element)));
    return nodes[tag === "ul" ? "bullet_list" : "ordered_list"]!.create(attrs, read);
  }

  private filled(container: Element): Piece[] {
    const inside = this.blocks(container);
    return inside.length ? inside : [nodes["line"]!.create({ bare: true })];
  }

  private table(node: Element): Piece | null {
    let caption: string | null = null;
    const columns: string[] = [];
    const rows: Piece[] = [];
    for (const part of node.childNodes) {
      const tag = tagOf(part);
      if (isBlank(part)) continue;
      if (tag === "caption" && caption === null && !(part as Element).attributes.length) caption = (part as Element).innerHTML;
      else if (tag === "colgroup") columns.push(htmlOf(part));
      else if (["thead", "tbody", "tfoot"].includes(tag)) {
        const read = this.rows(part as Element, tag);
        if (!read?.length) return null;
        rows.push(...read);
      } else return null;
    }
    return rows.length ? nodes["table"]!.create({ extra: extraOf(node), caption, columns: columns.join("\n") }, rows) : null;
  }

  private rows(part: Element, tag: string): Piece[] | null {
    const partKey = ++this.key;
    const found: Piece[] = [];
    for (const row of part.childNodes) {
      if (isBlank(row)) continue;
      const cells = [...row.childNodes].filter((cell) => !isBlank(cell)) as Element[];
      if (tagOf(row) !== "tr" || !cells.length || cells.some((cell) => !["td", "th"].includes(tagOf(cell)))) return null;
      const attrs = { extra: extraOf(row as Element), part: tag, partExtra: extraOf(part), partKey };
      found.push(nodes["table_row"]!.create(attrs, cells.map((cell) => this.cell(cell))));
    }
    return found;
  }

  private cell(cell: Element): Piece {
    const span = (name: string): number => Math.max(Number.parseInt(cell.getAttribute(name) ?? "1", 10) || 1, 1);
    const attrs = { extra: extraOf(cell, "colspan", "rowspan"), colspan: span("colspan"), rowspan: span("rowspan") };
    return nodes[tagOf(cell) === "td" ? "table_cell" : "table_header"]!.create(attrs, this.filled(cell));
  }

  /** Inline content, its white space folded as a page folds it. */
  private inline(run: Node[], verbatim = false): Piece[] {
    const found: Piece[] = [];
    for (const node of run) this.piece(node, [], verbatim, found);
    return verbatim ? found : folded(found);
  }

  private piece(node: Node, around: readonly Mark[], verbatim: boolean, found: Piece[]): void {
    const tag = tagOf(node);
    if (node instanceof Text) {
      if (node.data) found.push(schema.text(node.data, around));
    } else if (tag === "br") {
      found.push(nodes["hard_break"]!.create({ extra: extraOf(node as Element) }, null, around));
    } else if (tag === "img") {
      const element = node as Element;
      const attrs = { src: element.getAttribute("src") ?? "", alt: element.getAttribute("alt"), extra: extraOf(element, "src", "alt") };
      found.push(element.hasAttribute("src") ? nodes["image"]!.create(attrs, null, around) : kept_inline(node, around));
    } else if (INLINE.has(tag) && isWritten(node)) {
      const mark = marks["tag"]!.create({ tag, extra: extraOf(node as Element), key: ++this.key });
      for (const child of node.childNodes) this.piece(child, [...around, mark], verbatim, found);
    } else {
      found.push(kept_inline(node, around));
    }
  }
}

function kept_inline(node: Node, around: readonly Mark[]): Piece {
  return nodes["kept_inline"]!.create({ html: htmlOf(node) }, null, around);
}

function keep(node: Node): Piece {
  return nodes["kept"]!.create({ html: htmlOf(node) });
}

function folded(pieces: Piece[]): Piece[] {
  const found: Piece[] = [];
  let open = true; // at the start of a line a space shows nothing
  for (const piece of pieces) {
    if (!piece.isText) {
      open = piece.type === nodes["hard_break"];
      if (open) trimEnd(found);
      found.push(piece);
      continue;
    }
    let text = (piece.text ?? "").replace(/[ \t\r\n\f]+/g, " ");
    if (open) text = text.replace(/^ /, "");
    if (!text) continue;
    found.push(schema.text(text, piece.marks));
    open = text.endsWith(" ");
  }
  trimEnd(found);
  return found;
}

function trimEnd(found: Piece[]): void {
  const last = found.at(-1);
  if (!last?.isText || !last.text?.endsWith(" ")) return;
  found.pop();
  const text = last.text.slice(0, -1);
  if (text) found.push(schema.text(text, last.marks));
}

export function isBlank(node: Node): boolean {
  return node instanceof Text && !/[^ \t\r\n\f]/.test(node.data);
}

/** True for what can be written in: text, a picture, or a tag around such. */
function isWritten(node: Node): boolean {
  if (node instanceof Text) return !isBlank(node);
  const tag = tagOf(node);
  if (tag === "img") return (node as Element).hasAttribute("src");
  return INLINE.has(tag) && !hasBlocks(node) && [...node.childNodes].some(isWritten);
}

function hasBlocks(node: Node): boolean {
  return INLINE.has(tagOf(node)) || TEXT_BLOCKS.has(tagOf(node)) ? [...(node as Element).querySelectorAll("*")].some((inside) => BLOCKS.has(tagOf(inside))) : false;
}

function htmlOf(node: Node): string {
  if (node instanceof Element) return node.outerHTML;
  if (node instanceof Comment) return `<!--${node.data}-->`;
  const holder = document.createElement("div");
  holder.textContent = node.textContent;
  return holder.innerHTML;
}

