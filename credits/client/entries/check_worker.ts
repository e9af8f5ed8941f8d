// Keeps the check page for times without a network. The addresses come from /check/worker.js, which loads this script.
/// <reference lib="webworker" />
export {}; // a module for the compiler only: nothing is exported, so importScripts takes it

interface Kept {
  version: string; // of the shell: changes with any of its files
  page: string;
  list: string;
  files: string[]; // needed for checking; the camera's reader is kept once it was used
  lazy: string[];
}

const worker = self as unknown as ServiceWorkerGlobalScope & { GUIXUE_KEPT: Kept };
const kept = worker.GUIXUE_KEPT;
const NAME = `guixue-check-${kept.version}`;
const WAIT_MS = 4000; // a network that answers later is none

worker.addEventListener("install", (event) => event.waitUntil(install()));
worker.addEventListener("activate", (event) => event.waitUntil(activate()));
worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate") {
    if (pathname === kept.page || pathname.startsWith("/v/")) event.respondWith(page(request, pathname === kept.page));
  } else if (pathname === kept.list) event.respondWith(newest(request));
  else if (kept.files.includes(pathname) || kept.lazy.includes(pathname)) event.respondWith(once(request));
});

async function install(): Promise<void> {
  const cache = await caches.open(NAME);
  await cache.addAll([kept.page, kept.list, ...kept.files].map((address) => new Request(address, { cache: "reload" })));
  await worker.skipWaiting();
}

async function activate(): Promise<void> {
  const old = (await caches.keys()).filter((name) => name.startsWith("guixue-check-") && name !== NAME);
  await Promise.all(old.map((name) => caches.delete(name)));
  await worker.clients.claim();
}

/** The server's page while there is a network; without one, the kept page, which checks what stands behind the #. */
async function page(request: Request, keep: boolean): Promise<Response> {
  try {
    const answer = await inTime(request);
    if (keep && answer.ok) await (await caches.open(NAME)).put(kept.page, answer.clone());
    return answer;
  } catch {
    return (await caches.match(kept.page)) ?? Response.error();
  }
}

/** The network's answer; a navigation takes no abort signal, so the clock runs beside it. */
function inTime(request: Request): Promise<Response> {
  return Promise.race([fetch(request), new Promise<never>((_, fail) => setTimeout(() => fail(new Error("late")), WAIT_MS))]);
}

async function newest(request: Request): Promise<Response> {
  try {
    const answer = await inTime(request);
    if (answer.ok) await (await caches.open(NAME)).put(kept.list, answer.clone());
    return answer;
  } catch {
    return (await caches.match(kept.list)) ?? Response.error();
  }
}

async function once(request: Request): Promise<Response> {
  const found = await caches.match(request, { ignoreVary: true });
  if (found) return found;
  const answer = await fetch(request);
  if (answer.ok) await (await caches.open(NAME)).put(request, answer.clone());
  return answer;
}
