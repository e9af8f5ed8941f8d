import { Controller } from "@hotwired/stimulus";

/**
 * A button that copies a text (a number, an address). It shows itself only where copying is possible.
 *
 * @example
 * <span data-controller="edu--copy">
 *   <code data-edu--copy-target="source">GX-2026-000123</code>
 *   <button class="btn btn-small" type="button" hidden data-edu--copy-target="button" data-action="edu--copy#copy"
 *           data-done="Copied">Copy</button>
 * </span>
 */
export default class CopyController extends Controller<HTMLElement> {
  static override targets = ["source", "button"];
  declare readonly sourceTarget: HTMLElement;
  declare readonly buttonTarget: HTMLButtonElement;

  override connect(): void {
    this.buttonTarget.hidden = !("clipboard" in navigator);
  }

  async copy(): Promise<void> {
    const source = this.sourceTarget;
    const text = source instanceof HTMLInputElement ? source.value : (source.textContent ?? "").trim();
    await navigator.clipboard.writeText(text);
    this.buttonTarget.textContent = this.buttonTarget.dataset["done"] ?? this.buttonTarget.textContent;
  }
}
