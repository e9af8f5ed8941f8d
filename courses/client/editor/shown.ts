// How pictures, formulas and kept HTML are shown while a text is edited. Nothing that an author wrote runs here.
import type { Node as Piece } from "prosemirror-model";
import type { NodeView, NodeViewConstructor } from "prosemirror-view";
import { bodyOf } from "./tags";

const MATHML = "http://www.w3.org/1998/Math/MathML";
const SAFE_IN_MATH = new Set(["display", "mathvariant", "stretchy", "fence", "separator", "accent", "accentunder", "columnalign", "rowspan", "columnspan", "linethickness", "lspace", "rspace", "form", "movablelimits", "displaystyle", "scriptlevel", "xmlns"]);

export interface Words {
  kept: string;
  comment: string;
  noAlternative: string;
  elsewhere: string;
}

/** Where a picture of the draft is served from; "" for what the page may not load. */
export function pictureUrl(src: string, files: string): string {
  const path = /^\/(static\/|asset-v1:|c4x\/)/.test(src) ? src.replace(/^\/(?:static\/)?/, "") : "";
  return path ? files + path.split("/").map((part) => encodeURIComponent(safelyDecoded(part))).join("/") : "";
}

function safelyDecoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

class Picture implements NodeView {
  readonly dom = document.createElement("span");
  constructor(
    node: Piece,
    private readonly files: string,
    private readonly words: Words,
  ) {
    this.dom.className = "rich-picture";
    this.draw(node);
  }

  update(node: Piece): boolean {
    if (node.type.name !== "image") return false;
    this.draw(node);
    return true;
  }

  private draw(node: Piece): void {
    const { src, alt } = node.attrs as { src: string; alt: string | null };
    const url = pictureUrl(src, this.files);
    const shown = document.createElement(url ? "img" : "code");
    if (shown instanceof HTMLImageElement) {
      shown.src = url;
      shown.alt = alt ?? "";
      shown.draggable = false;
    } else shown.textContent = `${this.words.elsewhere} ${src.slice(0, 80)}`;
    this.dom.replaceChildren(shown);
    if (alt === null) this.dom.append(label(this.words.noAlternative));
  }
}

class Kept implements NodeView {
  readonly dom: HTMLElement;
  constructor(node: Piece, words: Words) {
    this.dom = document.createElement(node.isInline ? "span" : "div");
    this.dom.className = "rich-kept";
    const html = node.attrs["html"] as string;
    const math = mathIn(html);
    if (math) this.dom.append(math);
    else this.describe(html, words);
  }

  private describe(html: string, words: Words): void {
    const tag = /^\s*<([a-z][\w-]*)/i.exec(html)?.[1] ?? "";
    this.dom.append(label(tag ? `${words.kept} <${tag}>` : words.comment));
    const body = bodyOf(html);
    const text = tag ? (body.querySelector("[title]")?.getAttribute("title") ?? body.querySelector("[src]")?.getAttribute("src") ?? body.textContent ?? "") : html.replace(/^<!--|-->$/g, "");
    if (text.trim() && tag !== "style" && tag !== "script") this.dom.append(` ${text.trim().slice(0, 80)}`);
  }
}

function label(text: string): HTMLElement {
  const made = document.createElement("b");
  made.textContent = text;
  return made;
}

/** A formula as MathML, without anything that could load, link or run; null for any other HTML. */
export function mathIn(html: string): Element | null {
  const body = bodyOf(html);
  const only = body.firstElementChild;
  if (body.childNodes.length !== 1 || only?.namespaceURI !== MATHML || only.localName !== "math") return null;
  const parts = [only, ...only.querySelectorAll("*")];
  if (parts.some((part) => part.namespaceURI !== MATHML || /^(?:maction|annotation-xml|a)$/.test(part.localName))) return null;
  const math = document.importNode(only, true);
  for (const part of [math, ...math.querySelectorAll("*")]) for (const { name } of [...part.attributes]) if (!SAFE_IN_MATH.has(name)) part.removeAttribute(name);
  return math;
}

export function views(files: string, words: Words): Record<string, NodeViewConstructor> {
  const kept: NodeViewConstructor = (node) => new Kept(node, words);
  return { image: (node) => new Picture(node, files, words), kept, kept_inline: kept };
}
