import { Controller } from "@hotwired/stimulus";
import { forgetHere, forgetOrigin, megabytes, read } from "../../../edu/client/stored";

/**
 * The list of what this device has stored, made from the device's own notes: it works without a network too.
 *
 * @example
 * <div data-controller="courses--stored" data-courses--stored-words-value='{"unsent": "…"}'>
 *   <div data-courses--stored-target="list"></div>
 *   <button data-courses--stored-target="remove" data-action="courses--stored#remove" hidden>Delete everything</button>
 *   <p data-courses--stored-target="state" role="status"></p>
 *   <form data-courses--stored-target="leave" hidden>…</form>
 * </div>
 */
export default class StoredController extends Controller<HTMLElement> {
  static override targets = ["list", "remove", "state", "leave"];
  static override values = { words: Object };
  declare readonly listTarget: HTMLElement;
  declare readonly removeTarget: HTMLButtonElement;
  declare readonly stateTarget: HTMLElement;
  declare readonly wordsValue: Record<string, string>;

  override connect(): void {
    this.show();
  }

  /** Delete everything that is stored here, after a question when answers would be lost. */
  async remove(): Promise<void> {
    const stored = read();
    const waiting = Object.values(stored?.courses ?? {}).reduce((sum, course) => sum + course.waiting, 0);
    if (waiting > 0 && !confirm((this.wordsValue["unsent"] ?? "").replace("{count}", String(waiting)))) return;
    const origins = new Set(Object.values(stored?.courses ?? {}).map((course) => course.origin));
    const gone = await Promise.all([...origins].map((origin) => forgetOrigin(origin)));
    if (!gone.every(Boolean)) {
      this.stateTarget.textContent = this.wordsValue["failed"] ?? "";
      return;
    }
    await forgetHere();
    this.stateTarget.textContent = this.wordsValue["removed"] ?? "";
    this.show();
  }

  private show(): void {
    const courses = Object.values(read()?.courses ?? {});
    this.removeTarget.hidden = courses.length === 0;
    this.listTarget.replaceChildren();
    if (courses.length === 0) return this.listTarget.append(element("p", this.wordsValue["nothing"] ?? ""));
    for (const course of courses) {
      const bytes = Object.values(course.units).reduce((sum, unit) => sum + unit.bytes, 0);
      const list = element("ul", "");
      for (const [id, unit] of Object.entries(course.units)) {
        const link = element("a", unit.name) as HTMLAnchorElement;
        link.href = `${course.home}${id}/`;
        const line = element("li", "");
        line.append(link);
        list.append(line);
      }
      const waits = course.waiting ? ` · ${(this.wordsValue["waiting"] ?? "").replace("{count}", String(course.waiting))}` : "";
      this.listTarget.append(element("h2", course.name), element("p", `${bytes ? megabytes(bytes) : ""}${waits}`), list);
    }
  }
}

function element(name: string, text: string): HTMLElement {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}
