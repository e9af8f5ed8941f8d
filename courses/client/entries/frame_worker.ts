// The worker of a course's own origin: keeps the frames of units and their files for times without a network.
/// <reference lib="webworker" />
export {}; // a module for the compiler only: nothing is exported, so importScripts takes it

const worker = self as unknown as ServiceWorkerGlobalScope;
const CACHE = "guixue-unit";
const WAIT_MS = 4000; // a network that answers later is none
const FILES = /^\/(a|c|m|r|p|static)\//;
const RECEIVED = "X-Guixue-Received";

worker.addEventListener("install", (event) => event.waitUntil(worker.skipWaiting()));
worker.addEventListener("activate", (event) => event.waitUntil(worker.clients.claim()));
worker.addEventListener("message", (event: ExtendableMessageEvent) => {
  const { keep } = event.data as { keep?: string[] };
  if (!Array.isArray(keep)) return;
  const own = keep.filter((address) => `${address}/`.startsWith(`${location.origin}/`)); // courses' scripts may ask too
  event.waitUntil(Promise.all(own.map((address) => keepOne(address).catch(() => undefined))));
});
worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate" && pathname.startsWith("/f/")) {
    if (request.destination !== "document") event.respondWith(frame(request)); // blocks never fill a window: the server says so
  } else if (FILES.test(pathname)) event.respondWith(request.headers.has("range") ? part(request) : file(request));
});

/** A frame's address holds a signature that changes with each visit; "u" names the unit and stays. */
function place(address: string): string {
  const { pathname, searchParams } = new URL(address);
  const unit = searchParams.get("u");
  return pathname.startsWith("/f/") && unit ? `/f/?u=${unit}` : address.split("#")[0] ?? address;
}

async function keepOne(address: string): Promise<void> {
  const cache = await caches.open(CACHE);
  const key = place(address);
  if (!key.startsWith("/f/") && (await cache.match(key, { ignoreVary: true }))) return;
  const answer = await fetch(address, { headers: { "X-Guixue-Keep": "1" }, credentials: "omit" });
  if (answer.ok) await cache.put(key, await stamped(answer));
}

/** The answer with the time at which it came: the signed moment in a frame is reckoned on from there. */
async function stamped(answer: Response): Promise<Response> {
  const headers = new Headers(answer.headers);
  headers.set(RECEIVED, String(Date.now()));
  return new Response(await answer.blob(), { status: 200, headers });
}

async function frame(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  const key = place(request.url);
  const kept = await cache.match(key, { ignoreVary: true });
  try {
    const answer = await (kept ? inTime(fetch(request)) : fetch(request));
    if (answer.ok && key.startsWith("/f/?")) await cache.put(key, await stamped(answer.clone()));
    return answer.status === 409 && kept ? stored(kept) : answer;
  } catch {
    return kept ? stored(kept) : Response.error();
  }
}

function inTime<T>(asked: Promise<T>): Promise<T> {
  return Promise.race([asked, new Promise<never>((_, fail) => setTimeout(() => fail(new Error("late")), WAIT_MS))]);
}

/** A kept frame says that it is one, and since when. */
async function stored(kept: Response): Promise<Response> {
  const since = kept.headers.get(RECEIVED) ?? "";
  const text = (await kept.text()).replace("<body ", `<body data-stored="${since}" `);
  return new Response(text, { status: 200, headers: kept.headers });
}

/** Files are named by what they hold: once kept, they are never asked for again. */
async function file(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request, { ignoreVary: true });
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.status === 200) await cache.put(request, answer.clone());
  return answer;
}

/** A film comes in parts. Each part that was fetched is kept and can be played again; a film kept whole is cut here. */
async function part(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  const [, first, last] = /bytes=(\d+)-(\d*)/.exec(request.headers.get("range") ?? "") ?? [];
  const begin = Number(first ?? 0);
  const whole = await cache.match(request.url, { ignoreVary: true });
  if (whole) return cut(await whole.blob(), 0, begin, last ? Number(last) : undefined, undefined, whole.headers);
  try {
    const answer = await fetch(request);
    const range = /bytes (\d+)-(\d+)\/(\d+)/.exec(answer.headers.get("content-range") ?? "");
    if (answer.status === 206 && range) await cache.put(`${request.url}?part=${range[1]}-${range[2]}-${range[3]}`, new Response(await answer.clone().blob(), { headers: answer.headers }));
    return answer;
  } catch {
    for (const key of await cache.keys()) {
      const found = key.url.startsWith(`${request.url}?part=`) && /part=(\d+)-(\d+)-(\d+)$/.exec(key.url);
      if (!found || begin < Number(found[1]) || begin > Number(found[2])) continue;
      const kept = await cache.match(key);
      if (kept) return cut(await kept.blob(), Number(found[1]), begin, last ? Number(last) : undefined, Number(found[3]), kept.headers);
    }
    return Response.error();
  }
}

function cut(blob: Blob, offset: number, begin: number, last: number | undefined, total: number | undefined, from: Headers): Response {
  const end = Math.min(last ?? Infinity, offset + blob.size - 1);
  const headers = new Headers(from);
  const body = blob.slice(begin - offset, end - offset + 1);
  headers.set("Content-Range", `bytes ${begin}-${end}/${total ?? blob.size}`);
  headers.set("Content-Length", String(body.size));
  return new Response(body, { status: 206, headers });
}
