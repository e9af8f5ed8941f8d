import { Controller } from "@hotwired/stimulus";

/**
 * How many characters a text may still take, as code points (䶮 and 𬭚 are one each).
 *
 * @example
 * <div class="field" data-controller="edu--count" data-edu--count-max-value="500">
 *   <textarea data-edu--count-target="field" data-action="input->edu--count#show"></textarea>
 *   <p class="count" data-edu--count-target="text" data-left="{n} characters left" data-over="{n} characters too many"></p>
 * </div>
 */
export default class CountController extends Controller<HTMLElement> {
  static override targets = ["field", "text"];
  static override values = { max: Number };
  declare readonly fieldTarget: HTMLTextAreaElement;
  declare readonly textTarget: HTMLElement;
  declare readonly maxValue: number;

  override connect(): void {
    this.show();
  }

  show(): void {
    const left = this.maxValue - [...this.fieldTarget.value].length;
    const words = this.textTarget.dataset[left < 0 ? "over" : "left"] ?? "{n}";
    this.textTarget.textContent = words.replace("{n}", String(Math.abs(left)));
    this.textTarget.classList.toggle("error", left < 0);
  }
}
