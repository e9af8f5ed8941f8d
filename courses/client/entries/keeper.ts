// In an unseen frame of the course's origin: fetches units with all their files, counts them, and tells the page.
import { CACHE, settle } from "../frame/store.ts";
import { startQueue } from "../frame/queue.ts";

type Wish = { type?: string; unit?: string; address?: string };

const origin = document.body.dataset["siteOrigin"] ?? "";
const tell = (message: object): void => parent.postMessage(message, origin);

async function start(): Promise<void> {
  await settle(document.body.dataset["owner"] ?? "");
  await navigator.serviceWorker.register("/worker.js", { scope: "/" });
  await navigator.serviceWorker.ready;
  startQueue();
  tell({ type: "guixue:keeper", ready: true });
}

/** Fetch a frame and what it shows; the answer is how many bytes lie on the device for it. */
async function keep(unit: string, address: string): Promise<void> {
  const cache = await caches.open(CACHE);
  const answer = await fetch(address, { headers: { "X-Guixue-Keep": "1" }, credentials: "omit" });
  if (!answer.ok) throw new Error(String(answer.status));
  const headers = new Headers(answer.headers);
  headers.set("X-Guixue-Received", String(Date.now()));
  const html = await answer.text();
  let bytes = html.length;
  for (const file of files(html)) bytes += await keepFile(cache, file);
  await cache.put(`/f/?u=${new URL(address).searchParams.get("u")}`, new Response(html, { headers }));
  tell({ type: "guixue:keeper", unit, bytes });
}

async function keepFile(cache: Cache, address: string): Promise<number> {
  const known = await cache.match(address, { ignoreVary: true });
  if (known) return (await known.blob()).size;
  const answer = await fetch(address, { credentials: "omit" });
  if (answer.status !== 200) return 0; // a file that the authors forgot is missing on line too
  const blob = await answer.blob();
  await cache.put(address, new Response(blob, { headers: answer.headers }));
  return blob.size;
}

function files(html: string): string[] {
  const page = new DOMParser().parseFromString(html, "text/html");
  const found = new Set<string>();
  for (const element of page.querySelectorAll("[src], link[rel=stylesheet][href], link[rel=modulepreload][href], [data-transcript]")) {
    for (const name of ["src", "href", "data-transcript"]) {
      const value = element.getAttribute(name);
      if (value && /^\/(a|c|m|r|p|static)\//.test(value)) found.add(new URL(value, location.origin).href);
    }
  }
  return [...found];
}

addEventListener("message", (event: MessageEvent<Wish>) => {
  if (event.source !== parent || event.origin !== origin) return;
  const { type, unit, address } = event.data ?? {};
  if (type !== "guixue:keep" || !unit || !address?.startsWith(`${location.origin}/f/`)) return;
  keep(unit, address).catch((error: unknown) => tell({ type: "guixue:keeper", unit, failed: String(error) }));
});
void start().catch((error: unknown) => tell({ type: "guixue:keeper", failed: String(error) }));
