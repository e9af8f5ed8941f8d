// Keeps the learning pages of one person for times without a network; its scope is /<language>/learn/ and nothing else.
/// <reference lib="webworker" />
export {}; // a module for the compiler only: nothing is exported, so importScripts takes it

const worker = self as unknown as ServiceWorkerGlobalScope & { GUIXUE_SHELL: string[] };
const CACHE = "guixue-learn";
const OWNER = "/guixue-owner"; // no page: the entry that says whose pages these are
const WAIT_MS = 4000; // a network that answers later is none
const PAGES = /^\/[a-z-]+\/learn\/(?:[0-9a-f-]{36}\/.*|stored\/)$/;

worker.addEventListener("install", (event) => event.waitUntil(install()));
worker.addEventListener("activate", (event) => event.waitUntil(worker.clients.claim()));
worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate") {
    if (PAGES.test(pathname)) event.respondWith(page(request, pathname));
  } else if (pathname.startsWith("/static/")) event.respondWith(file(request));
});

/** Keep what every learning page needs, also those that were never opened on line. */
async function install(): Promise<void> {
  const cache = await caches.open(CACHE);
  await Promise.all(worker.GUIXUE_SHELL.map((address) => cache.add(address).catch(() => undefined)));
  await worker.skipWaiting();
}

async function page(request: Request, pathname: string): Promise<Response> {
  const kept = await (await caches.open(CACHE)).match(pathname, { ignoreVary: true });
  try {
    const answer = await (kept ? inTime(fetch(request)) : fetch(request));
    await keep(pathname, answer);
    return answer;
  } catch {
    return kept ?? (await list(pathname)) ?? Response.error();
  }
}

/** Without a network, an unknown unit leads to the list of those that are there. */
async function list(pathname: string): Promise<Response | undefined> {
  const language = pathname.split("/")[1] ?? "";
  return (await caches.open(CACHE)).match(`/${language}/learn/stored/`, { ignoreVary: true });
}

/** Keep a page of the person it was made for; somebody else's pages go first. */
async function keep(pathname: string, answer: Response): Promise<void> {
  const owner = answer.headers.get("X-Guixue-Owner");
  if (!answer.ok || answer.redirected || !owner) return;
  const known = await (await caches.open(CACHE)).match(OWNER);
  const cache = await caches.open(CACHE);
  if (known && (await known.text()) !== owner) await withoutPages(cache);
  await cache.put(OWNER, new Response(owner));
  await cache.put(pathname, answer.clone());
}

/** Another person's pages go; the files that are the same for everybody stay. */
async function withoutPages(cache: Cache): Promise<void> {
  for (const key of await cache.keys()) if (!new URL(key.url).pathname.startsWith("/static/")) await cache.delete(key);
}

function inTime(asked: Promise<Response>): Promise<Response> {
  return Promise.race([asked, new Promise<never>((_, fail) => setTimeout(() => fail(new Error("late")), WAIT_MS))]);
}

async function file(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request, { ignoreVary: true });
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.status === 200) await cache.put(request, answer.clone());
  return answer;
}
