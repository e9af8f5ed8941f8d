// A unit that was opened once can be opened without a network: the origin's worker keeps it with all that it shows.
import { keep } from "./queue.ts";
import { settle } from "./store.ts";

const KEPT = /^\/(f|a|c|r|p|static)\//;

/** Let the worker keep this frame, and note that it was read when it came from the device itself. */
export async function startStored(): Promise<void> {
  const { owner, stored, moment } = document.body.dataset;
  if (!moment || !owner || !("serviceWorker" in navigator) || parent === window) return;
  const another = await settle(owner);
  await navigator.serviceWorker.register("/worker.js", { scope: "/" });
  const ready = await navigator.serviceWorker.ready;
  if (stored) await keep({ kind: "viewed" });
  else if (!cameThroughWorker() || another) ready.active?.postMessage({ keep: [location.href, ...fetched()] });
}

/** False for a frame that was loaded before there was a worker, also when a worker has claimed it meanwhile. */
function cameThroughWorker(): boolean {
  const [loaded] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  return (loaded?.workerStart ?? 0) > 0;
}

/** The files that this frame has asked for, as far as they may be kept. */
function fetched(): string[] {
  const asked = performance.getEntriesByType("resource").map((entry) => entry.name);
  const here = [...document.querySelectorAll<HTMLScriptElement>("script[src]")].map((script) => script.src);
  const styles = [...document.querySelectorAll<HTMLLinkElement>("link[rel=stylesheet]")].map((link) => link.href);
  return [...new Set([...asked, ...here, ...styles])].filter((address) => {
    const { origin, pathname } = new URL(address, location.href);
    return origin === location.origin && KEPT.test(pathname) && !/\.(mp4|webm|mp3|m4a)$/.test(pathname);
  });
}
