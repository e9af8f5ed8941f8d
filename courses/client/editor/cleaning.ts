// What is pasted from word processors and web pages, reduced to what a text of a course says.

const OURS = "data-pm-slice"; // what this editor itself has copied
const DROPPED = "script, style, meta, link, title, xml, iframe, object, embed, svg, form, input, button, select, textarea, template, noscript, video, audio";
const KEPT_ATTRIBUTES: Record<string, readonly string[]> = { a: ["href"], td: ["colspan", "rowspan"], th: ["colspan", "rowspan", "scope"], ol: ["start"], img: ["src", "alt"] };
const KEPT_TAGS = new Set("p h3 h4 ul ol li table caption thead tbody tfoot tr td th a strong em u sub sup s code pre blockquote br hr img".split(" "));
const RENAMED: Record<string, string> = { b: "strong", i: "em", strike: "s", del: "s", h1: "h3", h2: "h3", h5: "h4", h6: "h4", div: "p" };
const NUMBERED = /^\s*[(（]?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5}|[一二三四五六七八九十]{1,3})[.)、）．]/;

/** Clean pasted HTML. Pictures stay only where the course has them: their bytes are somewhere else. */
export function clean(html: string): string {
  if (html.includes(OURS)) return html;
  const body = new DOMParser().parseFromString(html, "text/html").body;
  for (const node of body.querySelectorAll(DROPPED)) node.remove();
  dropComments(body);
  wordLists(body);
  for (const element of [...body.querySelectorAll("*")].reverse()) plainer(element);
  for (const paragraph of body.querySelectorAll("p")) if (!paragraph.textContent?.trim() && !paragraph.querySelector("img")) paragraph.remove();
  return body.innerHTML;
}

function dropComments(body: Element): void {
  const walker = document.createTreeWalker(body, NodeFilter.SHOW_COMMENT);
  const found: Node[] = [];
  while (walker.nextNode()) found.push(walker.currentNode);
  for (const comment of found) comment.parentNode?.removeChild(comment);
}

/** Word writes the items of a list as paragraphs: "mso-list:l0 level2 lfo1", the sign before them in a span to ignore. */
function wordLists(body: Element): void {
  let open: HTMLElement[] = [];
  for (const paragraph of [...body.querySelectorAll<HTMLElement>("p, h1, h2, h3, h4, h5, h6")]) {
    const level = /mso-list:\s*l\d+ level(\d)/i.exec(paragraph.getAttribute("style") ?? "");
    const follows = open[0] !== undefined && paragraph.previousElementSibling === open[0];
    if (!level || !/^p$/i.test(paragraph.tagName)) continue;
    if (!follows) open = [];
    const depth = Math.min(Number(level[1]), open.length + 1);
    const sign = signOf(paragraph);
    open.length = Math.min(open.length, depth);
    if (open.length < depth) open.push(begun(NUMBERED.test(sign) ? "ol" : "ul", paragraph, open.at(-1)));
    const item = document.createElement("li");
    item.append(...paragraph.childNodes);
    open.at(-1)!.append(item);
    paragraph.remove();
  }
}

function signOf(paragraph: HTMLElement): string {
  let text = "";
  for (const span of paragraph.querySelectorAll<HTMLElement>("span[style]")) {
    if (!/mso-list:\s*ignore/i.test(span.getAttribute("style") ?? "")) continue;
    text += span.textContent ?? "";
    span.remove();
  }
  return text;
}

function begun(tag: string, paragraph: HTMLElement, above: HTMLElement | undefined): HTMLElement {
  const list = document.createElement(tag);
  const last = above?.lastElementChild;
  if (last) last.append(list);
  else paragraph.before(list);
  return list;
}

function plainer(element: Element): void {
  const tag = element.localName;
  if (isHidden(element)) return element.remove();
  if (tag === "img" && !/^\/static\//.test(element.getAttribute("src") ?? "")) return element.remove();
  const wanted = emphasis(element) ?? RENAMED[tag] ?? tag;
  if (!KEPT_TAGS.has(wanted) || (tag === "a" && !isAddress(element)) || (tag === "div" && hasBlocks(element)) || isPlainBold(element)) return element.replaceWith(...element.childNodes);
  const made = wanted === tag ? element : document.createElement(wanted);
  if (made !== element) {
    made.append(...element.childNodes);
    for (const { name, value } of element.attributes) made.setAttribute(name, value);
    element.replaceWith(made);
  }
  for (const { name } of [...made.attributes]) if (!KEPT_ATTRIBUTES[wanted]?.includes(name)) made.removeAttribute(name);
}

function isHidden(element: Element): boolean {
  return /(?:display:\s*none|mso-hide:\s*all)/i.test(element.getAttribute("style") ?? "");
}

function isAddress(element: Element): boolean {
  return /^(?:https?:|mailto:|\/jump_to_id\/|\/static\/)/i.test(element.getAttribute("href") ?? "");
}

function emphasis(element: Element): string | null {
  if (element.localName !== "span") return null;
  const style = element.getAttribute("style") ?? "";
  if (/font-weight:\s*(?:bold|[6-9]00)/i.test(style)) return "strong";
  return /font-style:\s*italic/i.test(style) ? "em" : null;
}

/** A word processor on the web puts all that is copied into a <b> that is not bold. */
function isPlainBold(element: Element): boolean {
  return element.localName === "b" && /font-weight:\s*normal/i.test(element.getAttribute("style") ?? "");
}

function hasBlocks(element: Element): boolean {
  return element.querySelector("p, div, ul, ol, table, h1, h2, h3, h4, h5, h6, pre, blockquote") !== null;
}
