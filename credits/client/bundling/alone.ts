// Builds the script of the one-file check page: a plain script without imports, which runs from file://.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build, type Plugin, type Rolldown } from "vite";

/** Vite plugin: emits `check_alone.js` beside the other scripts, built from `entry`. */
export function alone(root: string, entry: string, target: string[]): Plugin {
  return {
    name: "guixue-alone",
    apply: "build",
    async generateBundle() {
      const wasm = readFileSync(join(root, "node_modules/zxing-wasm/dist/reader/zxing_reader.wasm")).toString("base64");
      const made = await build({
        root,
        configFile: false,
        logLevel: "warn",
        publicDir: false,
        define: { ZXING_WASM: JSON.stringify(`data:application/wasm;base64,${wasm}`) },
        build: { write: false, target, rollupOptions: { input: entry, output: { format: "iife" } } },
      });
      const [chunk] = (made as Rolldown.RolldownOutput).output;
      this.emitFile({ type: "asset", fileName: "check_alone.js", source: chunk.code });
    },
  };
}
