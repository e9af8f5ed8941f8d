import { Controller } from "@hotwired/stimulus";

/**
 * A file field that also takes dropped files and says, file by file, what was chosen and what is too large.
 * Limits are checked again by the server; words come from the page.
 *
 * @example
 * <div class="field" data-controller="edu--upload" data-edu--upload-max-value="10485760"
 *      data-edu--upload-ready-value="Ready" data-edu--upload-too-large-value="Larger than 10 MB">
 *   <label class="label" for="f">…</label>
 *   <div class="upload" data-edu--upload-target="zone"><input type="file" id="f" name="f" multiple></div>
 *   <ul class="files" data-edu--upload-target="list" hidden></ul>
 * </div>
 */
export default class UploadController extends Controller<HTMLElement> {
  static override targets = ["zone", "list"];
  static override values = { max: Number, ready: String, tooLarge: String };
  declare readonly zoneTarget: HTMLElement;
  declare readonly listTarget: HTMLElement;
  declare readonly maxValue: number;
  declare readonly readyValue: string;
  declare readonly tooLargeValue: string;

  override connect(): void {
    this.zoneTarget.addEventListener("dragover", this.over);
    this.zoneTarget.addEventListener("dragleave", this.leave);
    this.zoneTarget.addEventListener("drop", this.drop);
    this.input?.addEventListener("change", this.show);
  }

  override disconnect(): void {
    this.zoneTarget.removeEventListener("dragover", this.over);
    this.zoneTarget.removeEventListener("dragleave", this.leave);
    this.zoneTarget.removeEventListener("drop", this.drop);
    this.input?.removeEventListener("change", this.show);
  }

  private get input(): HTMLInputElement | null {
    return this.zoneTarget.querySelector("input[type=file]");
  }

  private readonly over = (event: DragEvent): void => {
    event.preventDefault();
    this.zoneTarget.classList.add("is-over");
  };

  private readonly leave = (): void => this.zoneTarget.classList.remove("is-over");

  private readonly drop = (event: DragEvent): void => {
    event.preventDefault();
    this.leave();
    if (this.input && event.dataTransfer?.files.length) this.input.files = event.dataTransfer.files;
    this.show();
  };

  readonly show = (): void => {
    const files = [...(this.input?.files ?? [])];
    this.listTarget.hidden = files.length === 0;
    this.listTarget.replaceChildren(...files.map((file) => this.line(file)));
  };

  private line(file: File): HTMLLIElement {
    const tooLarge = this.maxValue > 0 && file.size > this.maxValue;
    const line = document.createElement("li");
    const parts: [string, string][] = [
      ["fill", file.name],
      ["muted num", `${(file.size / 1024 / 1024).toFixed(1)} MB`],
      [tooLarge ? "tag tag-bad" : "tag tag-done", tooLarge ? this.tooLargeValue : this.readyValue],
    ];
    for (const [css, text] of parts) {
      const part = document.createElement("span");
      part.className = css;
      part.textContent = text;
      line.append(part);
    }
    return line;
  }
}
