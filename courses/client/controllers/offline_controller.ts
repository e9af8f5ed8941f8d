import { Controller } from "@hotwired/stimulus";
import { CACHE, change } from "../../../edu/client/stored";
import { count } from "./unit_frame_controller";

type Message = { type?: string; event?: string; block?: string };

/**
 * Keeps a learning page for times without a network, and gives the frame of a unit a fresh pass when its own has run
 * out. Nothing but the courses' own pages is kept; the worker's scope is /<language>/learn/.
 *
 * @example
 * <article data-controller="courses--offline" data-courses--offline-worker-value="/zh-hans/learn/worker.js"
 *   data-courses--offline-pass-value="/zh-hans/learn/…/pass/" data-courses--offline-owner-value="3f…" …>
 */
export default class OfflineController extends Controller<HTMLElement> {
  static override values = { worker: String, stored: String, pass: String, origin: String, owner: String, run: String, course: String, unit: String, name: String };
  declare readonly workerValue: string;
  declare readonly storedValue: string;
  declare readonly passValue: string;
  declare readonly originValue: string;
  declare readonly ownerValue: string;
  declare readonly runValue: string;
  declare readonly courseValue: string;
  declare readonly unitValue: string;
  declare readonly nameValue: string;

  private asked = 0;
  private readonly listen = (event: MessageEvent<Message>): void => void this.received(event);

  override connect(): void {
    if (!("serviceWorker" in navigator)) return;
    addEventListener("message", this.listen);
    void this.keep().catch(() => undefined);
  }

  override disconnect(): void {
    removeEventListener("message", this.listen);
  }

  private async keep(): Promise<void> {
    await navigator.serviceWorker.register(this.workerValue);
    await navigator.serviceWorker.ready;
    this.note();
    const kept = await Promise.all([location.pathname, this.storedValue].map((address) => caches.match(address, { ignoreVary: true })));
    if (navigator.serviceWorker.controller && kept.every(Boolean)) return;
    const cache = await caches.open(CACHE);
    await cache.put("/guixue-owner", new Response(this.ownerValue));
    for (const address of [location.pathname, this.storedValue]) {
      const answer = await fetch(address);
      if (answer.ok && answer.headers.get("X-Guixue-Owner") === this.ownerValue) await cache.put(address, answer);
    }
    await Promise.all(files().map((address) => cache.add(address).catch(() => undefined)));
  }

  private note(waiting?: number): void {
    change(this.ownerValue, this.storedValue, (stored) => {
      const home = this.passValue.replace(/pass\/$/, "");
      const course = (stored.courses[this.runValue] ??= { name: this.courseValue, home, origin: this.originValue, waiting: 0, units: {} });
      if (waiting !== undefined) course.waiting = waiting;
      if (this.unitValue && !course.units[this.unitValue]) course.units[this.unitValue] = { name: this.nameValue, bytes: 0, at: Date.now() };
    });
  }

  private async received(event: MessageEvent<Message>): Promise<void> {
    const frame = this.element.querySelector<HTMLIFrameElement>("iframe.unit-frame");
    if (!frame || event.source !== frame.contentWindow || event.origin !== this.originValue || event.data?.type !== "guixue:frame-event") return;
    if (event.data.event === "queue") this.note(count(event.data.block));
    if (event.data.event !== "pass" || Date.now() - this.asked < 60_000) return;
    this.asked = Date.now();
    const answer = await fetch(this.passValue, { headers: { Accept: "application/json" } }).catch(() => undefined);
    if (!answer?.ok || answer.redirected) return;
    const { address } = (await answer.json()) as { address: string };
    frame.contentWindow?.postMessage({ type: "guixue:pass", address }, this.originValue);
  }
}

/** The built files that this page uses. */
function files(): string[] {
  const asked = performance.getEntriesByType("resource").map((entry) => entry.name);
  return [...new Set(asked)].filter((address) => address.startsWith(`${location.origin}/static/`));
}
