// The check page: keeps itself for times without a network, then checks what stands behind the # or what is given.
import wasm from "zxing-wasm/reader/zxing_reader.wasm?url";
import type { Document } from "../checking/bytes.ts";
import { start } from "../checking/page.ts";

const LIST = "/trust/list.json";

async function list(): Promise<Document> {
  const answer = await fetch(LIST, { credentials: "omit" });
  if (!answer.ok) throw new Error(String(answer.status));
  return (await answer.json()) as Document;
}

async function keepForLater(): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  // Two scopes and no more: the check pages, and the addresses that stand on paper.
  const kept = await Promise.all(["/check/", "/v/"].map((scope) => navigator.serviceWorker.register("/check/worker.js", { scope })));
  await Promise.all(kept.map(active));
  document.documentElement.dataset.checkKept = "";
  document.querySelector("#check-kept")?.removeAttribute("hidden");
}

/** Wait until a worker has everything and is at work. */
function active(registration: ServiceWorkerRegistration): Promise<void> {
  const worker = registration.installing ?? registration.waiting ?? registration.active;
  return new Promise((done) => {
    const look = (): void => {
      if (worker?.state === "activated") done();
    };
    worker?.addEventListener("statechange", look);
    look();
  });
}

void start({
  root: document,
  now: Date.now,
  trust: list,
  camera: async () => (await import("../checking/camera.ts")).cameraFrom(wasm),
}).finally(() => {
  document.documentElement.dataset.checkReady = "";
  keepForLater().catch(() => undefined); // no worker: the page still checks while it is open
});
