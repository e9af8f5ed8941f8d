// The dialog of a picture: one of the draft's, or a new one; and what it says to those who cannot see it.
import { Dialog, found, send, settled, type File_ } from "./asking";

export interface Picture {
  src: string;
  alt: string;
}

export class PictureDialog {
  private readonly dialog: Dialog;
  private chosen = "";
  private sending = 0;

  constructor(
    element: HTMLDialogElement,
    private readonly pictures: string,
    private readonly token: string,
  ) {
    this.dialog = new Dialog(element);
    this.dialog.fault = () => this.fault();
    this.dialog.field("find").addEventListener("input", settled(() => void this.look()));
    this.dialog.field("find").addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      void this.look();
    });
    this.dialog.field("upload").addEventListener("change", () => {
      const file = this.dialog.field("upload").files?.[0];
      if (file) void this.take(file);
    });
    this.dialog.field("decorative").addEventListener("change", () => this.follow());
  }

  /** Ask for a picture; `now` is the one to change, `file` one that was pasted or dropped. */
  async ask(now: { src: string; alt: string | null } | null, file: File | null): Promise<Picture | null> {
    const { dialog } = this;
    this.chosen = now?.src ?? "";
    dialog.field("alt").value = now?.alt ?? "";
    dialog.field("decorative").checked = now?.alt === "";
    dialog.field("find").value = "";
    dialog.field("upload").value = "";
    this.follow();
    const waiting = dialog.open();
    void (file ? this.take(file) : this.look());
    if (!(await waiting)) return null;
    return { src: this.chosen, alt: dialog.field("decorative").checked ? "" : dialog.field("alt").value.trim() };
  }

  private fault(): { field: string; text: string } | null {
    const { dialog } = this;
    if (this.sending) return { field: "upload", text: dialog.word("sending") };
    if (!this.chosen) return { field: "upload", text: dialog.word("none") };
    if (!dialog.field("decorative").checked && !dialog.field("alt").value.trim()) return { field: "alt", text: dialog.word("silent") };
    return null;
  }

  private follow(): void {
    this.dialog.field("alt").disabled = this.dialog.field("decorative").checked;
  }

  private async take(file: File): Promise<void> {
    this.sending += 1;
    this.dialog.say("", null);
    this.tell(this.dialog.word("sending"));
    const kept = await send(this.pictures, file, this.token).catch(() => ({ error: "" }));
    this.sending -= 1;
    if ("error" in kept) {
      this.tell("");
      this.dialog.say(kept.error || this.dialog.word("failed"), this.dialog.field("upload"));
      return;
    }
    this.chosen = kept.path;
    this.dialog.field("find").value = "";
    await this.look();
    this.tell(this.dialog.word("sent").replace("{name}", kept.path));
    this.dialog.field("alt").focus();
  }

  private async look(): Promise<void> {
    const asked = this.dialog.field("find").value;
    try {
      const { rows, more } = await found<File_>(this.pictures, "pictures", asked || "");
      if (asked !== this.dialog.field("find").value) return;
      const here = rows.some((row) => row.path === this.chosen);
      const shown = here || !this.chosen || asked ? rows : [{ path: this.chosen, url: "" }, ...rows];
      this.dialog.field<HTMLElement>("results").replaceChildren(...shown.map((row) => this.line(row)));
      this.tell(rows.length ? (more ? this.dialog.word("more").replace("{n}", String(more)) : "") : this.dialog.word(asked ? "unfound" : "empty"));
    } catch {
      this.tell(this.dialog.word("failed"));
    }
  }

  private tell(text: string): void {
    this.dialog.field<HTMLElement>("state").textContent = text;
  }

  private line(row: File_): HTMLElement {
    const item = document.createElement("li");
    const choice = document.createElement("label");
    const radio = document.createElement("input");
    radio.type = "radio";
    radio.name = "file";
    radio.checked = row.path === this.chosen;
    radio.addEventListener("change", () => {
      this.chosen = row.path;
    });
    choice.append(radio);
    if (row.url) {
      const picture = document.createElement("img");
      picture.src = row.url;
      picture.alt = "";
      picture.loading = "lazy";
      choice.append(picture);
    }
    choice.append(row.path.replace(/^\/static\//, ""));
    item.append(choice);
    return item;
  }
}
