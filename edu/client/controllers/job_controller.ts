import { Controller } from "@hotwired/stimulus";

const SLOWER = 1.5; // each look waits this much longer than the one before, up to the longest wait
const LONGEST_MS = 15000;

/**
 * The state of a job that runs elsewhere: looks again until the fragment holds `[data-done]`, then stops (or loads the
 * page anew). Without script the page has a plain link to itself.
 *
 * @example
 * <div data-controller="edu--job" data-edu--job-url-value="/…/state/" data-edu--job-reload-value="true" aria-live="polite">
 *   <p>Importing, 120 of 400 rows</p> <a href="">Look again</a>
 * </div>
 */
export default class JobController extends Controller<HTMLElement> {
  static override values = { url: String, interval: { type: Number, default: 2000 }, reload: Boolean };
  declare readonly urlValue: string;
  declare readonly intervalValue: number;
  declare readonly reloadValue: boolean;
  private timer = 0;
  private wait = 0;

  override connect(): void {
    this.wait = this.intervalValue;
    if (!this.done) this.later();
  }

  override disconnect(): void {
    clearTimeout(this.timer);
  }

  private get done(): boolean {
    return this.element.querySelector("[data-done]") !== null;
  }

  private later(): void {
    this.timer = window.setTimeout(() => void this.look(), this.wait);
    this.wait = Math.min(this.wait * SLOWER, LONGEST_MS);
  }

  /** Fetch the fragment once. A lost network waits for the next look; a refusal or an empty answer ends it. */
  async look(): Promise<void> {
    let answer: Response;
    try {
      answer = await fetch(this.urlValue, { headers: { "X-Fragment": "1" } });
    } catch {
      this.later();
      return;
    }
    if (answer.status >= 500) return this.later();
    if (!answer.ok || answer.status === 204) return;
    const text = await answer.text();
    if (text !== this.element.innerHTML) {
      this.element.innerHTML = text; // our own server's fragment, escaped there
      this.element.dispatchEvent(new CustomEvent("guixue:fragment", { bubbles: true }));
    }
    if (!this.done) this.later();
    else if (this.reloadValue) location.reload();
  }
}
