import { Controller } from "@hotwired/stimulus";
import { CACHE, change, forgetOrigin, megabytes, read } from "../../../edu/client/stored";

type Told = { type?: string; ready?: boolean; unit?: string; bytes?: number; failed?: string };
type Line = { type?: string; saveData?: boolean };

/**
 * Takes a course along: fetches each unit's page and has the course's own origin fetch its frame and files.
 *
 * @example
 * <div data-controller="courses--take-along" data-courses--take-along-run-value="…" data-courses--take-along-keeper-value="http://x.blocks.localhost/k/…/">
 *   <input type="checkbox" data-courses--take-along-target="wifi" checked>
 *   <button disabled data-courses--take-along-target="start" data-action="courses--take-along#start">Store</button>
 *   <p data-courses--take-along-target="state"></p>
 *   <tr data-courses--take-along-target="unit" data-unit="vertical@u1" data-name="…" data-url="…"><td data-place>…</td></tr>
 * </div>
 */
export default class TakeAlongController extends Controller<HTMLElement> {
  static override targets = ["wifi", "start", "remove", "state", "unit"];
  static override values = { keeper: String, origin: String, owner: String, run: String, course: String, home: String, stored: String, words: Object };
  declare readonly wifiTarget: HTMLInputElement;
  declare readonly startTarget: HTMLButtonElement;
  declare readonly removeTarget: HTMLButtonElement;
  declare readonly stateTarget: HTMLElement;
  declare readonly unitTargets: HTMLElement[];
  declare readonly keeperValue: string;
  declare readonly originValue: string;
  declare readonly ownerValue: string;
  declare readonly runValue: string;
  declare readonly courseValue: string;
  declare readonly homeValue: string;
  declare readonly storedValue: string;
  declare readonly wordsValue: Record<string, string>;

  override connect(): void {
    // The button comes switched off: pressed before this script is there, it would do nothing and say nothing.
    if ("serviceWorker" in navigator) this.startTarget.disabled = false;
    else this.say("impossible");
    this.show();
  }

  /** Store every unit, one after the other; what is there already is asked for again only as a page. */
  async start(): Promise<void> {
    if (this.wifiTarget.checked && !onWifi()) return this.say("no_wifi");
    this.startTarget.disabled = true;
    let done = 0;
    let failed = 0;
    try {
      const keeper = await this.openKeeper();
      for (const line of this.unitTargets) {
        this.say("storing", { done, total: this.unitTargets.length });
        await this.keepUnit(keeper, line).catch(() => (failed += 1));
        done += 1;
      }
      keeper.remove();
      this.say(failed ? "partly" : "done", { done: done - failed, total: this.unitTargets.length });
    } catch {
      this.say("failed");
    }
    this.startTarget.disabled = false;
    this.show();
  }

  /** Delete what is stored of this course. Answers that were not sent yet would be lost: then it asks first. */
  async remove(): Promise<void> {
    const waiting = read()?.courses[this.runValue]?.waiting ?? 0;
    if (waiting > 0 && !confirm(fill(this.wordsValue["unsent"] ?? "", { count: waiting }))) return;
    const gone = await forgetOrigin(this.originValue);
    if (!gone) return this.say("failed");
    const cache = await caches.open(CACHE);
    for (const key of await cache.keys()) if (key.url.includes(this.runValue)) await cache.delete(key);
    change(this.ownerValue, this.storedValue, (stored) => delete stored.courses[this.runValue]);
    this.say("removed");
    this.show();
  }

  private openKeeper(): Promise<HTMLIFrameElement> {
    const frame = document.createElement("iframe");
    frame.hidden = true;
    frame.src = this.keeperValue;
    const ready = this.heard(frame, (told) => told.ready === true);
    document.body.append(frame);
    return ready.then(() => frame);
  }

  private async keepUnit(keeper: HTMLIFrameElement, line: HTMLElement): Promise<void> {
    const { unit = "", url = "", name = "" } = line.dataset;
    const answer = await fetch(url);
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    const page = await answer.clone().text();
    const address = new DOMParser().parseFromString(page, "text/html").querySelector("iframe.unit-frame")?.getAttribute("src") ?? "";
    const heard = this.heard(keeper, (told) => told.unit === unit);
    keeper.contentWindow?.postMessage({ type: "guixue:keep", unit, address: address.split("#")[0] }, this.originValue);
    const { bytes = 0 } = await heard;
    await (await caches.open(CACHE)).put(url, answer);
    change(this.ownerValue, this.storedValue, (stored) => {
      const course = (stored.courses[this.runValue] ??= { name: this.courseValue, home: this.homeValue, origin: this.originValue, waiting: 0, units: {} });
      course.units[unit] = { name, bytes, at: Date.now() };
    });
    this.show();
  }

  private heard(frame: HTMLIFrameElement, wanted: (told: Told) => boolean): Promise<Told> {
    return new Promise((resolve, reject) => {
      const listen = (event: MessageEvent<Told>): void => {
        if (event.origin !== this.originValue || event.source !== frame.contentWindow || event.data?.type !== "guixue:keeper") return;
        if (!wanted(event.data) && !event.data.failed) return;
        removeEventListener("message", listen);
        if (event.data.failed) reject(new Error(event.data.failed));
        else resolve(event.data);
      };
      addEventListener("message", listen);
    });
  }

  private show(): void {
    const units = read()?.courses[this.runValue]?.units ?? {};
    for (const line of this.unitTargets) {
      const place = line.querySelector<HTMLElement>("[data-place]");
      const kept = units[line.dataset["unit"] ?? ""];
      if (place) place.textContent = kept ? (kept.bytes ? fill(this.wordsValue["stored"] ?? "", { size: megabytes(kept.bytes) }) : (this.wordsValue["opened"] ?? "")) : (this.wordsValue["missing"] ?? "");
    }
    this.removeTarget.hidden = Object.keys(units).length === 0;
  }

  private say(name: string, values: Record<string, string | number> = {}): void {
    this.stateTarget.textContent = fill(this.wordsValue[name] ?? name, values);
  }
}

/** Whether the line costs nothing, as far as the browser tells; where it does not, the learner's own choice holds. */
function onWifi(): boolean {
  const line = (navigator as Navigator & { connection?: Line }).connection;
  return !line || (line.type !== "cellular" && line.saveData !== true);
}

function fill(text: string, values: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (whole, key: string) => String(values[key] ?? whole));
}
