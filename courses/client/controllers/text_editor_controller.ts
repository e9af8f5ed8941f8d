import { Controller } from "@hotwired/stimulus";
import type { EditorState } from "prosemirror-state";
import { isInTable } from "prosemirror-tables";
import type { EditorView } from "prosemirror-view";
import { Dialog } from "../editor/asking";
import { addressOf, linkAt, pictureAt, putPicture, putTable, removeLink, setLink, standsIn } from "../editor/commands";
import { DOES, edit, pressed } from "../editor/editor";
import { LinkDialog } from "../editor/linking";
import { PictureDialog } from "../editor/picturing";
import { asHtml } from "../editor/reading";
import { open } from "../editor/same";
import { Toolbar } from "../editor/toolbar";

/**
 * A text in HTML that is written as it will look, with toolbars and dialogs from the page's own template. It opens only
 * what it can write again whole; other texts are written as HTML, with a bar of buttons that put tags around what is
 * chosen. The textarea is what is sent, and is touched only when something changes; without a script it is all there is.
 *
 * @example
 * <form data-controller="courses--text-editor" data-courses--text-editor-pictures-value="/…/pictures/" data-courses--text-editor-units-value="/…/units/">
 *   <template data-courses--text-editor-target="kit">…</template>
 *   <textarea name="text" id="id_text"></textarea>
 * </form>
 */
export default class TextEditorController extends Controller<HTMLFormElement> {
  static override targets = ["kit"];
  static override values = { pictures: String, units: String };
  declare readonly kitTarget: HTMLTemplateElement;
  declare readonly hasKitTarget: boolean;
  declare readonly picturesValue: string;
  declare readonly unitsValue: string;

  private text!: HTMLTextAreaElement;
  private kit!: HTMLElement;
  private dialogs!: HTMLElement;
  private view: EditorView | null = null;
  private bars: Toolbar[] = [];
  private link!: LinkDialog;
  private picture!: PictureDialog;
  private table!: Dialog;
  private unsaved = false;
  private begun = false; // the person has been in the text: tools for where the cursor stands appear only then

  override connect(): void {
    const text = this.element.querySelector<HTMLTextAreaElement>("textarea[name=text]");
    if (!text || !this.hasKitTarget || this.view) return;
    this.text = text;
    const parts = this.kitTarget.content.cloneNode(true) as DocumentFragment;
    this.kit = parts.querySelector<HTMLElement>(".rich")!;
    this.dialogs = parts.querySelector<HTMLElement>(".rich-dialogs")!;
    text.before(this.kit);
    this.element.after(this.dialogs); // a form cannot stand in a form
    this.begin();
    this.visual(document.activeElement === text); // who has begun to write goes on writing
    addEventListener("beforeunload", this.warn);
  }

  override disconnect(): void {
    removeEventListener("beforeunload", this.warn);
    this.view?.destroy();
    this.view = null;
    this.kit?.remove();
    this.dialogs?.remove();
    if (this.text) this.text.hidden = false;
  }

  private begin(): void {
    const dialog = (name: string): HTMLDialogElement => this.dialogs.querySelector<HTMLDialogElement>(`[data-asks="${name}"]`)!;
    const token = this.element.querySelector<HTMLInputElement>("[name=csrfmiddlewaretoken]")?.value ?? "";
    this.link = new LinkDialog(dialog("link"), this.unitsValue);
    this.picture = new PictureDialog(dialog("picture"), this.picturesValue, token);
    this.table = new Dialog(dialog("table"));
    this.table.fault = () => this.sizeFault();
    this.bars = [...this.kit.querySelectorAll<HTMLElement>("[role=toolbar]")].map((bar) => new Toolbar(bar));
    this.kit.addEventListener("click", this.press);
    // A press on a button must not take the selection from the text.
    this.kit.addEventListener("mousedown", (event) => {
      if (event.target instanceof Element && event.target.closest("[role=toolbar] button")) event.preventDefault();
    });
    this.element.addEventListener("submit", () => {
      this.unsaved = false;
    });
    this.text.addEventListener("input", () => {
      this.unsaved = true;
    });
  }

  private part(name: string): HTMLElement {
    return this.kit.querySelector<HTMLElement>(`[data-part="${name}"]`)!;
  }

  /** Write the text as it will look, where nothing of it would be lost; otherwise as HTML, and say why. */
  private visual(focus: boolean): void {
    const opened = open(asHtml(this.text.value));
    const why = this.part("why");
    why.textContent = "doc" in opened ? "" : (why.dataset[opened.why] ?? "");
    why.hidden = "doc" in opened;
    if (!("doc" in opened)) return this.plain(false);
    this.view = edit(this.part("page"), opened.doc, {
      files: this.picturesValue,
      words: this.words,
      attributes: this.attributes,
      changed: (html) => {
        this.text.value = html;
        this.unsaved = true;
      },
      moved: (state) => this.show(state),
      ask: (what) => void (what === "link" ? this.askLink() : this.askPicture(null)),
      toToolbar: () => this.bars.find((bar) => !bar.element.hidden)?.focus(),
      dropped: (files) => void this.takeAll(files),
    });
    this.view.dom.addEventListener("focus", () => {
      this.begun = true;
      if (this.view) this.show(this.view.state);
    });
    this.mode(true);
    if (focus) this.view.focus();
  }

  private plain(focus: boolean): void {
    this.view?.destroy();
    this.view = null;
    this.mode(false);
    if (focus) this.text.focus();
  }

  private mode(visual: boolean): void {
    this.part("page").hidden = !visual;
    this.part("bars").hidden = !visual;
    this.part("tags").hidden = visual;
    this.text.hidden = visual;
    const hint = document.getElementById(`${this.text.dataset["id"] ?? this.text.id}_helptext`);
    if (hint) hint.hidden = visual; // it speaks of tags and blank lines
    for (const name of ["visual", "html"]) this.kit.querySelector(`[data-does="${name}"]`)?.setAttribute("aria-pressed", String((name === "visual") === visual));
    // The label and a list of errors lead to what can be written in.
    const id = this.text.dataset["id"] ?? this.text.id;
    this.text.dataset["id"] = id;
    this.text.id = visual ? `${id}-html` : id;
    if (this.view) this.view.dom.id = id;
  }

  private get words(): { kept: string; comment: string; noAlternative: string; elsewhere: string } {
    const { kept = "", comment = "", noAlternative = "", elsewhere = "" } = this.part("page").dataset;
    return { kept, comment, noAlternative, elsewhere };
  }

  private get attributes(): Record<string, string> {
    const label = this.element.querySelector<HTMLLabelElement>(`label[for="${this.text.dataset["id"] ?? this.text.id}"]`);
    const given: Record<string, string> = { class: "rich-text", role: "textbox", "aria-multiline": "true", "aria-describedby": this.part("keys").id };
    if (label) {
      label.id ||= "rich-label";
      given["aria-labelledby"] = label.id;
      label.addEventListener("click", () => this.view?.focus());
    }
    return given;
  }

  private show(state: EditorState): void {
    const all = Object.entries(pressed(state));
    for (const bar of this.bars) for (const [name, shown] of all) bar.show(name, shown);
    this.part("table").hidden = !this.begun || !isInTable(state);
    this.part("list").hidden = !this.begun || !standsIn(state, "list_item");
  }

  private readonly press = (event: Event): void => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    const does = button?.dataset["does"] ?? "";
    if (!button || button.getAttribute("aria-disabled") === "true") return;
    if (button.dataset["before"] !== undefined) this.putTags(button);
    else if (does === "html" && this.view) this.plain(true);
    else if (does === "visual" && !this.view) this.visual(true);
    else if (does === "link") void this.askLink();
    else if (does === "picture") void this.askPicture(null);
    else if (does === "table") void this.askTable();
    else this.run(does);
  };

  private run(does: string): void {
    if (!this.view) return;
    DOES[does]?.(this.view.state, this.view.dispatch);
    this.view.focus();
  }

  private putTags(button: HTMLButtonElement): void {
    const { selectionStart: from, selectionEnd: to } = this.text;
    const chosen = this.text.value.slice(from, to) || (button.dataset["word"] ?? "");
    const before = button.dataset["before"] ?? "";
    this.text.focus();
    this.text.setRangeText(`${before}${chosen}${button.dataset["after"] ?? ""}`, from, to, "end");
    this.text.setSelectionRange(from + before.length, from + before.length + chosen.length);
    this.text.dispatchEvent(new Event("input", { bubbles: true }));
  }

  private async askLink(): Promise<void> {
    const { view } = this;
    if (!view) return;
    const old = linkAt(view.state);
    const link = await this.link.ask(old ? addressOf(old.mark) : "", !view.state.selection.empty);
    if (link) (link.removed ? removeLink : setLink(link.address, link.text))(view.state, view.dispatch);
    view.focus();
  }

  private async askPicture(file: File | null): Promise<void> {
    const { view } = this;
    if (!view) return;
    const old = file ? null : pictureAt(view.state);
    const chosen = await this.picture.ask(old ? (old.attrs as { src: string; alt: string | null }) : null, file);
    if (chosen) putPicture(chosen.src, chosen.alt)(view.state, view.dispatch);
    view.focus();
  }

  private async takeAll(files: File[]): Promise<void> {
    for (const file of files) await this.askPicture(file);
  }

  private sizeFault(): { field: string; text: string } | null {
    for (const name of ["rows", "columns"]) {
      const { valueAsNumber: size, max } = this.table.field(name);
      if (!(Number.isInteger(size) && size >= 1 && size <= Number(max))) return { field: name, text: this.table.word("wrong") };
    }
    return null;
  }

  private async askTable(): Promise<void> {
    const { view, table } = this;
    if (!view || !(await table.open())) return view?.focus();
    const wish = { rows: table.field("rows").valueAsNumber, columns: table.field("columns").valueAsNumber, head: table.field("head").checked, caption: table.field("caption").value };
    putTable(wish)(view.state, view.dispatch);
    view.focus();
  }

  private readonly warn = (event: BeforeUnloadEvent): void => {
    if (this.unsaved) event.preventDefault();
  };
}
