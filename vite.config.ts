import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { icons } from "./edu/client/bundling/sprite.ts";
import { vendor } from "./courses/client/bundling/vendor.ts";
import { alone } from "./credits/client/bundling/alone.ts";
import { bothThemes } from "./edu/client/bundling/themes.ts";

const root = import.meta.dirname;
const browsers = ["chrome109", "safari15.4", "firefox115"];
const read = (path: string) => readFileSync(join(root, path), "utf8");
const lucide = (name: string) => read(`node_modules/lucide-static/icons/${name}.svg`);

// Entries of other apps: every <app>/client/entries/*.ts is built as a page script of its own.
const appEntries = ["courses", "credits", "classrooms", "search"].flatMap((app) => {
  const folder = `${app}/client/entries`;
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder)).filter((f) => /\.(ts|css)$/.test(f) && !/\.test\.ts$/.test(f)).map((f) => `${folder}/${f}`);
});

export default defineConfig({
  root,
  base: "/static/dist/",
  publicDir: false,
  plugins: [icons(JSON.parse(read("edu/client/icons.json")) as string[], lucide, read("edu/client/assets/favicon.svg")), vendor(read), alone(root, "credits/client/checking/alone.ts", browsers)],
  css: { postcss: { plugins: [bothThemes()] } },
  build: {
    outDir: "edu/static/dist",
    emptyOutDir: true,
    manifest: true,
    target: browsers,
    cssTarget: browsers,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rollupOptions: {
      input: [
        "edu/client/main.ts",
        "edu/client/styles/main.css",
        "edu/client/styles/frame.css",
        "edu/client/styles/verify.css",
        "edu/client/styles/plain.css",
        ...appEntries,
      ],
      output: {
        // plain.css keeps its name: the pages for bad days are static files and cannot ask the manifest.
        assetFileNames: ({ names }) => (names.includes("plain.css") ? "plain.css" : "assets/[name]-[hash][extname]"),
      },
    },
  },
  test: {
    environment: "jsdom",
    include: ["edu/client/**/*.test.ts", "*/client/**/*.test.ts"],
    exclude: ["node_modules/**", ".venv/**", "var/**"],
  },
});
