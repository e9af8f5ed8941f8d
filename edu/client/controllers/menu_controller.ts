import { Controller } from "@hotwired/stimulus";

/**
 * A `<details>` used as a menu: Escape and a click elsewhere close it. Without script it opens and closes by its summary.
 *
 * @example
 * <details class="menu" data-controller="edu--menu">
 *   <summary class="btn">More</summary>
 *   <div><a href="…">…</a></div>
 * </details>
 */
export default class MenuController extends Controller<HTMLDetailsElement> {
  override connect(): void {
    this.element.addEventListener("keydown", this.onKey);
    document.addEventListener("click", this.onClick);
  }

  override disconnect(): void {
    this.element.removeEventListener("keydown", this.onKey);
    document.removeEventListener("click", this.onClick);
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || !this.element.open) return;
    this.element.open = false;
    this.element.querySelector("summary")?.focus();
  };

  private readonly onClick = (event: MouseEvent): void => {
    if (event.target instanceof Node && !this.element.contains(event.target)) this.element.open = false;
  };
}
