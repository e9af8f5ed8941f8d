// Scripts that packages of blocks expect as globals. They keep their names: a frame loads them as plain scripts.
import type { Plugin } from "vite";

const FILES = {
  "vendor/jquery.min.js": "node_modules/jquery/dist/jquery.min.js",
  "vendor/underscore.min.js": "node_modules/underscore/underscore-umd-min.js",
};

/** Vite plugin: copies jQuery and underscore, read by `read(path)`, to `vendor/`. */
export function vendor(read: (path: string) => string): Plugin {
  return {
    name: "guixue-vendor",
    generateBundle() {
      for (const [fileName, path] of Object.entries(FILES)) {
        const source = read(path).replace(/^\/\/# sourceMappingURL=.*$/m, "");
        this.emitFile({ type: "asset", fileName, source });
      }
    },
  };
}
