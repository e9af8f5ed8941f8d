// From an edited text back to HTML: one block a line, nothing that the author did not write.
import type { Fragment, Mark, Node as Piece } from "prosemirror-model";
import type { Extra } from "./tags";

/** Write a text as HTML. */
export function write(doc: Piece): string {
  return blocks(doc.content, true);
}

function blocks(content: Fragment, open: boolean): string {
  const pieces: Piece[] = [];
  content.forEach((piece) => pieces.push(piece));
  return pieces.map((piece, place) => block(piece, asParagraph(pieces, place, open))).join("\n");
}

/** A line without a tag gets one where it would run into the line beside it, or where it is new and stands alone. */
function asParagraph(pieces: readonly Piece[], place: number, open: boolean): boolean {
  const piece = pieces[place];
  const isLine = (other: Piece | undefined): boolean => other?.type.name === "line";
  if (!piece || !isLine(piece)) return false;
  return isLine(pieces[place - 1]) || isLine(pieces[place + 1]) || (open && !piece.attrs["bare"]);
}

function block(piece: Piece, paragraph: boolean): string {
  switch (piece.type.name) {
    case "line":
      return paragraph ? `<p>${inline(piece)}</p>` : inline(piece);
    case "paragraph":
      return around("p", piece, inline(piece));
    case "heading":
      return around(`h${piece.attrs["level"]}`, piece, inline(piece));
    case "pre":
      return around("pre", piece, verbatim(inline(piece)));
    case "bullet_list":
    case "ordered_list":
      return around(piece.type.name === "bullet_list" ? "ul" : "ol", piece, `\n${each(piece, (item) => around("li", item, held(item)))}\n`);
    case "table":
      return table(piece);
    case "box":
      return around(piece.attrs["tag"] as string, piece, held(piece));
    case "rule":
      return `<hr${attributes(piece.attrs["extra"] as Extra)}>`;
    default:
      return piece.attrs["html"] as string;
  }
}

/** What a box, an item or a cell holds: a single line of text stands in it without a line break. */
function held(piece: Piece): string {
  const inside = blocks(piece.content, piece.type.name === "box");
  return piece.childCount === 1 && (piece.firstChild?.isTextblock ?? false) ? inside : `\n${inside}\n`;
}

function table(piece: Piece): string {
  const { caption, columns } = piece.attrs as { caption: string | null; columns: string };
  const parts: string[] = [];
  if (caption !== null) parts.push(`<caption>${caption}</caption>`);
  if (columns) parts.push(columns);
  const rows: Piece[] = [];
  piece.forEach((row) => rows.push(row));
  const groups = partsOf(rows);
  rows.forEach((row, place) => {
    const group = groups[place]!;
    if (group !== groups[place - 1]) parts.push(`<${group.part}${attributes(group.extra)}>`);
    parts.push(around("tr", row, each(row, cell, "")));
    if (group !== groups[place + 1]) parts.push(`</${group.part}>`);
  });
  return around("table", piece, `\n${parts.join("\n")}\n`);
}

interface Part {
  part: string;
  extra: Extra;
  key: number;
}

/** The part of a table in which each row stands. A new row (its key is 0) joins the part above it, or the one below. */
function partsOf(rows: readonly Piece[]): Part[] {
  const found: Part[] = [];
  rows.forEach((row, place) => {
    const { part, partExtra, partKey } = row.attrs as { part: string; partExtra: Extra; partKey: number };
    const above = found[place - 1];
    if (above?.part === part && (partKey === 0 || partKey === above.key)) return void found.push(above);
    const below = partKey === 0 ? rows.slice(place).find((other) => other.attrs["part"] !== part || other.attrs["partKey"] !== 0)?.attrs : undefined;
    found.push(below?.["part"] === part ? { part, extra: below["partExtra"] as Extra, key: below["partKey"] as number } : { part, extra: partExtra, key: partKey });
  });
  return found;
}

function cell(piece: Piece): string {
  const { colspan, rowspan, extra } = piece.attrs as { colspan: number; rowspan: number; extra: Extra };
  const spans: [string, string][] = [];
  if (colspan > 1) spans.push(["colspan", String(colspan)]);
  if (rowspan > 1) spans.push(["rowspan", String(rowspan)]);
  const tag = piece.type.name === "table_cell" ? "td" : "th";
  return `<${tag}${attributes([...extra, ...spans])}>${held(piece)}</${tag}>`;
}

function each(piece: Piece, how: (child: Piece) => string, between = "\n"): string {
  const found: string[] = [];
  piece.forEach((child) => found.push(how(child)));
  return found.join(between);
}

function around(tag: string, piece: Piece, inside: string): string {
  return `<${tag}${attributes(piece.attrs["extra"] as Extra)}>${inside}</${tag}>`;
}

/** A parser drops the first line break in a <pre>: where the text begins with one, it is written twice. */
function verbatim(text: string): string {
  return text.startsWith("\n") ? `\n${text}` : text;
}

function inline(parent: Piece): string {
  let html = "";
  let open: readonly Mark[] = [];
  const move = (marks: readonly Mark[]): void => {
    let same = 0;
    while (same < open.length && same < marks.length && open[same]!.eq(marks[same]!)) same += 1;
    for (const mark of open.slice(same).reverse()) html += `</${mark.attrs["tag"]}>`;
    for (const mark of marks.slice(same)) html += `<${mark.attrs["tag"]}${attributes(mark.attrs["extra"] as Extra)}>`;
    open = marks;
  };
  parent.forEach((piece) => {
    move(piece.marks);
    html += leaf(piece, parent.type.name === "pre");
  });
  move([]);
  return html;
}

function leaf(piece: Piece, verbatim: boolean): string {
  const extra = (piece.attrs["extra"] ?? []) as Extra;
  switch (piece.type.name) {
    case "text":
      return verbatim ? escaped(piece.text ?? "") : spaced(escaped(piece.text ?? ""));
    case "hard_break":
      return `<br${attributes(extra)}>`;
    case "image": {
      const { src, alt } = piece.attrs as { src: string; alt: string | null };
      return `<img${attributes([["src", src], ...(alt === null ? [] : [["alt", alt] as const]), ...extra])}>`;
    }
    default:
      return piece.attrs["html"] as string;
  }
}

/** Two spaces that somebody typed stay two. */
function spaced(text: string): string {
  return text.replace(/ {2,}/g, (run) => `${"&nbsp;".repeat(run.length - 1)} `);
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll("\u00a0", "&nbsp;");
}

function attributes(given: Extra): string {
  return given.map(([name, value]) => ` ${name}="${value.replaceAll("&", "&amp;").replaceAll("\u00a0", "&nbsp;").replaceAll('"', "&quot;")}"`).join("");
}
