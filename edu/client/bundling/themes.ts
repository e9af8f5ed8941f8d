// Dark values are written once, under [data-theme="dark"]; this repeats them for people whose system is dark.
import type { AtRule, Plugin, Rule } from "postcss";

const CHOSEN = '[data-theme="dark"]';
const BY_SYSTEM = ':root:not([data-theme="light"])';

/** PostCSS plugin: after each rule of the dark theme the same rule inside `@media (prefers-color-scheme: dark)`. */
export function bothThemes(): Plugin {
  return {
    postcssPlugin: "guixue-both-themes",
    Once(root, { AtRule: MakeAtRule }) {
      const dark: Rule[] = [];
      root.walkRules((rule) => {
        if (rule.selectors.every((selector) => selector.startsWith(CHOSEN))) dark.push(rule);
      });
      for (const rule of dark) {
        const media: AtRule = new MakeAtRule({ name: "media", params: "(prefers-color-scheme: dark)" });
        media.append(rule.clone({ selectors: rule.selectors.map((selector) => selector.replace(CHOSEN, BY_SYSTEM)) }));
        rule.after(media);
      }
    },
  };
}
