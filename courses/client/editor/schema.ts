// What a text is made of while it is edited. Everything that is not named here is an atom that keeps its HTML.
import { Schema, type Attrs, type DOMOutputSpec, type MarkSpec, type Node, type NodeSpec, type TagParseRule } from "prosemirror-model";
import { BOXES, INLINE, NONE, type Extra } from "./tags";

const extra = { default: NONE };

/** Attributes that the page of the editor must not have (ids, classes, styles, handlers) travel in one of their own. */
function carried(attrs: Attrs): Record<string, string> {
  const kept = attrs["extra"] as Extra;
  return kept.length ? { "data-extra": JSON.stringify(kept) } : {};
}

function bringing(element: HTMLElement): Attrs {
  return { extra: extraFrom(element.dataset["extra"]) };
}

function extraFrom(text: string | undefined): Extra {
  if (!text) return NONE;
  try {
    const found: unknown = JSON.parse(text);
    return Array.isArray(found) && found.every((pair) => Array.isArray(pair) && pair.length === 2 && pair.every((part) => typeof part === "string")) ? (found as unknown as Extra) : NONE;
  } catch {
    return NONE;
  }
}

function simple(tag: string, content: string, more: Partial<NodeSpec> = {}): NodeSpec {
  return {
    content,
    group: "block",
    attrs: { extra },
    parseDOM: [{ tag, getAttrs: bringing }],
    toDOM: (node): DOMOutputSpec => [tag, carried(node.attrs), 0],
    ...more,
  };
}

function number(element: HTMLElement, name: string): number {
  return Math.min(Math.max(Number.parseInt(element.getAttribute(name) ?? "1", 10) || 1, 1), 1000);
}

function cell(tag: "td" | "th", tableRole: string): NodeSpec {
  return {
    content: "(line | block)+",
    attrs: { extra, colspan: { default: 1 }, rowspan: { default: 1 }, colwidth: { default: null } },
    tableRole,
    isolating: true,
    parseDOM: [{ tag, getAttrs: (element) => ({ ...bringing(element), colspan: number(element, "colspan"), rowspan: number(element, "rowspan") }) }],
    toDOM: (node): DOMOutputSpec => {
      const { colspan, rowspan } = node.attrs as { colspan: number; rowspan: number };
      return [tag, { ...carried(node.attrs), ...(colspan > 1 ? { colspan } : {}), ...(rowspan > 1 ? { rowspan } : {}) }, 0];
    },
  };
}

const kept: NodeSpec = {
  group: "block",
  atom: true,
  attrs: { html: {} },
  parseDOM: [{ tag: "div[data-kept]", priority: 90, getAttrs: (element) => ({ html: element.dataset["kept"] ?? "" }) }],
  toDOM: (node): DOMOutputSpec => ["div", { "data-kept": node.attrs["html"] as string }],
};

const nodes: Record<string, NodeSpec> = {
  doc: { content: "block+" },
  paragraph: simple("p", "inline*"),
  // Text that stands in a box, an item or a cell without a paragraph around it.
  line: {
    content: "inline*",
    group: "block",
    attrs: { bare: { default: false } },
    parseDOM: [{ tag: "div[data-line]", priority: 90, getAttrs: (element) => ({ bare: element.dataset["line"] === "bare" }) }],
    toDOM: (node): DOMOutputSpec => ["div", { "data-line": node.attrs["bare"] ? "bare" : "new" }, 0],
  },
  heading: {
    content: "inline*",
    group: "block",
    defining: true,
    attrs: { level: { default: 2 }, extra },
    parseDOM: [1, 2, 3, 4, 5, 6].map((level) => ({ tag: `h${level}`, getAttrs: (element: HTMLElement) => ({ ...bringing(element), level }) })),
    toDOM: (node): DOMOutputSpec => [`h${node.attrs["level"]}`, carried(node.attrs), 0],
  },
  pre: simple("pre", "inline*", { code: true, defining: true, parseDOM: [{ tag: "pre", preserveWhitespace: "full", getAttrs: bringing }] }),
  bullet_list: simple("ul", "list_item+"),
  ordered_list: simple("ol", "list_item+"),
  list_item: { ...simple("li", "(line | block)+"), group: "", defining: true },
  table: simple("table", "table_row+", {
    attrs: { extra, caption: { default: null }, columns: { default: "" } },
    tableRole: "table",
    isolating: true,
    parseDOM: [{ tag: "table", getAttrs: (element) => ({ ...bringing(element), caption: element.dataset["caption"] ?? null, columns: element.dataset["columns"] ?? "" }) }],
    toDOM: (node) => tableDOM(node),
  }),
  table_row: {
    content: "(table_cell | table_header)*",
    attrs: { extra, part: { default: "tbody" }, partExtra: { default: NONE }, partKey: { default: 0 } },
    tableRole: "row",
    parseDOM: [{ tag: "tr", getAttrs: (element) => ({ ...bringing(element), ...partOf(element) }) }],
    toDOM: (node): DOMOutputSpec => ["tr", { ...carried(node.attrs), "data-part": JSON.stringify([node.attrs["part"], node.attrs["partExtra"], node.attrs["partKey"]]) }, 0],
  },
  table_cell: cell("td", "cell"),
  table_header: cell("th", "header_cell"),
  box: {
    content: "block+",
    group: "block",
    defining: true,
    attrs: { tag: { default: "div" }, extra },
    parseDOM: [
      { tag: "blockquote", getAttrs: (element) => ({ ...bringing(element), tag: "blockquote" }) },
      { tag: "div[data-box]", priority: 90, getAttrs: (element) => (BOXES.has(element.dataset["box"] ?? "") ? { ...bringing(element), tag: element.dataset["box"] } : false) },
    ],
    toDOM: (node): DOMOutputSpec =>
      node.attrs["tag"] === "blockquote" ? ["blockquote", carried(node.attrs), 0] : ["div", { ...carried(node.attrs), "data-box": node.attrs["tag"] as string }, 0],
  },
  rule: simple("hr", "", { toDOM: (node): DOMOutputSpec => ["hr", carried(node.attrs)] }),
  kept,
  text: { group: "inline" },
  kept_inline: {
    ...kept,
    group: "inline",
    inline: true,
    parseDOM: [{ tag: "span[data-kept]", priority: 90, getAttrs: (element) => ({ html: element.dataset["kept"] ?? "" }) }],
    toDOM: (node): DOMOutputSpec => ["span", { "data-kept": node.attrs["html"] as string }],
  },
  image: {
    group: "inline",
    inline: true,
    draggable: true,
    attrs: { src: { default: "" }, alt: { default: null }, extra },
    parseDOM: [{ tag: "img[src]", getAttrs: (element) => ({ ...bringing(element), src: element.getAttribute("src") ?? "", alt: element.getAttribute("alt") }) }],
    toDOM: (node): DOMOutputSpec => ["img", { ...carried(node.attrs), src: node.attrs["src"] as string, ...(node.attrs["alt"] === null ? {} : { alt: node.attrs["alt"] as string }) }],
  },
  hard_break: {
    group: "inline",
    inline: true,
    selectable: false,
    linebreakReplacement: true,
    attrs: { extra },
    parseDOM: [{ tag: "br", getAttrs: bringing }],
    toDOM: (node): DOMOutputSpec => ["br", carried(node.attrs)],
  },
};

function tableDOM(node: Node): DOMOutputSpec {
  const { caption, columns } = node.attrs as { caption: string | null; columns: string };
  return ["table", { ...carried(node.attrs), ...(caption === null ? {} : { "data-caption": caption }), ...(columns ? { "data-columns": columns } : {}) }, ["tbody", 0]];
}

function partOf(element: HTMLElement): Attrs {
  try {
    const [part, partExtra, partKey] = JSON.parse(element.dataset["part"] ?? "null") as [string, Extra, number];
    if (["thead", "tbody", "tfoot"].includes(part)) return { part, partExtra: extraFrom(JSON.stringify(partExtra)), partKey: Number(partKey) || 0 };
  } catch {
    // a table from elsewhere
  }
  const around = element.parentElement?.localName ?? "";
  return { part: around === "thead" || around === "tfoot" ? around : "tbody" };
}

/**
 * One mark for every inline tag: marks of one kind keep the order in which they are nested, and two that stand side by
 * side stay two by their key (what the editor makes has the key 0).
 */
const tag: MarkSpec = {
  attrs: { tag: {}, extra, key: { default: 0 } },
  excludes: "",
  parseDOM: [...INLINE].map(
    (name): TagParseRule => ({
      tag: name,
      getAttrs: (element) => {
        const from = element.dataset["from"] ?? name;
        if (!INLINE.has(from)) return false;
        const address = name === "a" ? element.getAttribute("href") : null;
        const given = extraFrom(element.dataset["extra"]);
        const key = Number(element.dataset["key"]) || 0;
        if (address !== null && !given.length) return { tag: from, key, extra: [["href", address]] };
        return given.length || element.dataset["from"] || !["span", "font", "a"].includes(name) ? { tag: from, extra: given, key } : false;
      },
    }),
  ),
  toDOM: (mark): DOMOutputSpec => {
    const { tag: name, key } = mark.attrs as { tag: string; key: number };
    const address = name === "a" ? (mark.attrs["extra"] as Extra).find(([given]) => given === "href")?.[1] : undefined;
    return [name, { ...carried(mark.attrs), "data-from": name, ...(key ? { "data-key": String(key) } : {}), ...(address === undefined ? {} : { title: address }) }, 0];
  },
};

export const schema = new Schema({ nodes, marks: { tag } });
