import { Controller } from "@hotwired/stimulus";

/**
 * A form that is sent once: a second press while the first is on its way does nothing. The server is guarded too
 * (moves are compare-and-set); this only spares people a page that says so.
 *
 * @example
 * <form method="post" data-controller="edu--guard" data-action="submit->edu--guard#submit">
 *   <button class="btn btn-primary" type="submit" data-busy="Sending">Submit</button>
 * </form>
 */
export default class GuardController extends Controller<HTMLFormElement> {
  private sent = false;
  private pressed: { button: HTMLElement; text: string } | null = null;

  override connect(): void {
    addEventListener("pageshow", this.reset);
  }

  override disconnect(): void {
    removeEventListener("pageshow", this.reset);
  }

  submit(event: SubmitEvent): void {
    if (this.sent) {
      event.preventDefault();
      return;
    }
    this.sent = true;
    const button = event.submitter;
    if (!button) return;
    this.pressed = { button, text: button.textContent ?? "" };
    // Not `disabled`: a disabled button loses focus, and its name and value are not sent.
    button.setAttribute("aria-disabled", "true");
    if (button.dataset["busy"]) button.textContent = button.dataset["busy"];
  }

  /** Back by the browser's own button: the page returns from its cache as it was left. */
  private readonly reset = (): void => {
    this.sent = false;
    if (!this.pressed) return;
    this.pressed.button.removeAttribute("aria-disabled");
    this.pressed.button.textContent = this.pressed.text;
    this.pressed = null;
  };
}
