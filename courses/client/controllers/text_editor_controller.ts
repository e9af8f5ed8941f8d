import { Controller } from "@hotwired/stimulus";

/**
 * A bar of buttons above a text in HTML: each puts tags around what is chosen, or a line where the cursor stands.
 * The words of the bar come from the page; without a script the text is written with its tags.
 *
 * @example
 * <form data-controller="courses--text-editor">
 *   <template data-courses--text-editor-target="bar"><div class="format-bar" role="toolbar" aria-label="Format">
 *     <button type="button" class="btn btn-small" data-before="<b>" data-after="</b>">Bold</button></div></template>
 *   <textarea name="text"></textarea>
 * </form>
 */
export default class TextEditorController extends Controller<HTMLElement> {
  static override targets = ["bar"];
  declare readonly barTarget: HTMLTemplateElement;
  declare readonly hasBarTarget: boolean;

  override connect(): void {
    const text = this.text;
    if (!text || !this.hasBarTarget || this.element.querySelector(".format-bar")) return;
    text.before(this.barTarget.content.cloneNode(true));
    this.element.querySelector(".format-bar")?.addEventListener("click", this.press);
  }

  private get text(): HTMLTextAreaElement | null {
    return this.element.querySelector<HTMLTextAreaElement>("textarea[name=text]");
  }

  private readonly press = (event: Event): void => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    const text = this.text;
    if (!button || !text) return;
    const { selectionStart: from, selectionEnd: to } = text;
    const chosen = text.value.slice(from, to) || (button.dataset["word"] ?? "");
    const before = button.dataset["before"] ?? "";
    text.focus();
    text.setRangeText(`${before}${chosen}${button.dataset["after"] ?? ""}`, from, to, "end");
    text.setSelectionRange(from + before.length, from + before.length + chosen.length);
    text.dispatchEvent(new Event("input", { bubbles: true }));
  };
}
