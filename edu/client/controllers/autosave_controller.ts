import { Controller } from "@hotwired/stimulus";

/**
 * A form that keeps itself: some time after the last key it is posted, and a line says when that was or that it failed.
 * The words come from the page (already translated); `{time}` becomes hours and minutes. The button still saves.
 *
 * @example
 * <form method="post" data-controller="edu--autosave" data-action="input->edu--autosave#changed"
 *       data-edu--autosave-url-value="/…/draft/">
 *   <p class="savestate" role="status" data-edu--autosave-target="state"
 *      data-saving="Saving" data-saved="Saved {time}" data-failed="Not saved. It is still on this page."></p>
 * </form>
 */
export default class AutosaveController extends Controller<HTMLFormElement> {
  static override targets = ["state"];
  static override values = { url: String, delay: { type: Number, default: 1500 } };
  declare readonly stateTarget: HTMLElement;
  declare readonly urlValue: string;
  declare readonly delayValue: number;
  private timer = 0;
  private unsaved = false;

  override connect(): void {
    addEventListener("beforeunload", this.warn);
  }

  override disconnect(): void {
    removeEventListener("beforeunload", this.warn);
    clearTimeout(this.timer);
  }

  changed(): void {
    this.unsaved = true;
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.save(), this.delayValue);
  }

  /** Post the form once; what is typed meanwhile is posted next. */
  async save(): Promise<void> {
    this.unsaved = false;
    this.say("saving");
    try {
      const answer = await fetch(this.urlValue || this.element.action, {
        method: "POST",
        body: new FormData(this.element),
        headers: { "X-Fragment": "1" },
      });
      if (!answer.ok) throw new Error(String(answer.status));
      this.say("saved");
    } catch {
      this.unsaved = true;
      this.say("failed");
    }
  }

  private say(state: "saving" | "saved" | "failed"): void {
    const now = new Date();
    const time = `${now.getHours()}:${String(now.getMinutes()).padStart(2, "0")}`;
    this.stateTarget.dataset["state"] = state;
    this.stateTarget.textContent = (this.stateTarget.dataset[state] ?? "").replace("{time}", time);
  }

  private readonly warn = (event: BeforeUnloadEvent): void => {
    const sending = this.element.dataset["sent"] === "true";
    if (this.unsaved && !sending) event.preventDefault();
  };

  /** data-action="submit->edu--autosave#sent": leaving by the form's own button is no loss. */
  sent(): void {
    this.element.dataset["sent"] = "true";
    clearTimeout(this.timer);
  }
}
