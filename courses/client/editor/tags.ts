// Which tags the editor knows, and how the rest is told apart. What is not named here is kept as it was written.

export const TEXT_BLOCKS = new Set(["p", "h1", "h2", "h3", "h4", "h5", "h6", "pre"]);
export const BOXES = new Set(
  "div section article aside header footer main nav figure figcaption blockquote dl dt dd address center details summary hgroup".split(" "),
);
export const INLINE = new Set(
  "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd mark q s samp small span strike strong sub sup time tt u var".split(" "),
);
export const BLOCKS = new Set([...TEXT_BLOCKS, ...BOXES, "ul", "ol", "li", "table", "caption", "colgroup", "thead", "tbody", "tfoot", "tr", "td", "th", "hr", "form", "fieldset", "legend"]);

/** Attributes in the order of their names, as values that JSON can carry. */
export type Extra = readonly (readonly [string, string])[];

export const NONE: Extra = [];

/** The attributes of an element but for those named. */
export function extraOf(element: Element, ...without: string[]): Extra {
  const found = [...element.attributes].filter(({ name }) => !without.includes(name)).map(({ name, value }) => [name, value] as const);
  return found.length ? found.sort(([a], [b]) => (a < b ? -1 : 1)) : NONE;
}

export function tagOf(node: Node): string {
  return node instanceof Element && node.namespaceURI === "http://www.w3.org/1999/xhtml" ? node.localName : "";
}

/** Parse a text as a browser would show it in a page; nothing in it runs or loads. */
export function bodyOf(html: string): HTMLElement {
  return new DOMParser().parseFromString(`<!doctype html><body>${html}`, "text/html").body;
}
