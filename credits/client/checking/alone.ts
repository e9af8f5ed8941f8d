// The check page as one file for a stick: everything inside, no network, no worker, the list of the day it was made.
import type { Document } from "./bytes.ts";
import { cameraFrom } from "./camera.ts";
import { start } from "./page.ts";

declare const ZXING_WASM: string; // a data: address, put in by bundling/alone.ts

const list = JSON.parse(document.querySelector("#trust-list")?.textContent ?? "null") as Document | null;

void start({
  root: document,
  now: Date.now,
  trust: () => Promise.resolve(list),
  camera: () => Promise.resolve(cameraFrom(ZXING_WASM)),
}).finally(() => {
  document.documentElement.dataset.checkReady = "";
});
