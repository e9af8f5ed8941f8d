// The icons of every page in one file, drawn by `<use href="icons.svg#name">`, and the site's own mark beside it.
import type { Plugin } from "vite";

/** One `<symbol>` from a Lucide file: its drawing without the frame, which the styles of `.icon` give. */
export function symbol(name: string, svg: string): string {
  const drawing = /<svg[^>]*>([\s\S]*)<\/svg>/.exec(svg)?.[1];
  if (drawing === undefined) throw new Error(`Not an SVG: the icon ${name}`);
  return `<symbol id="${name}" viewBox="0 0 24 24">${drawing.replace(/\s*\n\s*/g, " ").trim()}</symbol>`;
}

/** Vite plugin: writes `icons.svg` with the icons of `names` as `lucide(name)` gives them, and `favicon.svg`. */
export function icons(names: string[], lucide: (name: string) => string, favicon: string): Plugin {
  return {
    name: "guixue-icons",
    generateBundle() {
      const symbols = names.map((name) => symbol(name, lucide(name))).join("");
      this.emitFile({ type: "asset", fileName: "icons.svg", source: `<svg xmlns="http://www.w3.org/2000/svg">${symbols}</svg>` });
      this.emitFile({ type: "asset", fileName: "favicon.svg", source: favicon });
    },
  };
}
