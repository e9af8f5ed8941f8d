// The dialog of a link: an address, or a unit of the course that is looked up by its name.
import { Dialog, addressFrom, found, settled, type Place } from "./asking";

export interface Link {
  address: string;
  text: string;
  removed: boolean;
}

export class LinkDialog {
  private readonly dialog: Dialog;
  private removed = false;

  constructor(
    element: HTMLDialogElement,
    private readonly units: string,
  ) {
    this.dialog = new Dialog(element);
    this.dialog.fault = () => {
      if (this.removed || addressFrom(this.dialog.field("address").value)) return null;
      return { field: "address", text: this.dialog.word("wrong") };
    };
    this.dialog.field("find").addEventListener("input", settled(() => void this.look()));
    this.dialog.field("find").addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      void this.look();
    });
    this.dialog.field("remove").addEventListener("click", () => {
      this.removed = true;
      element.querySelector("form")?.requestSubmit();
    });
  }

  /** Ask for a link; null when the person leaves it. */
  async ask(now: string, hasText: boolean): Promise<Link | null> {
    const { dialog } = this;
    this.removed = false;
    dialog.field("address").value = now;
    dialog.field("text").value = "";
    dialog.field("text").closest<HTMLElement>(".field")!.hidden = hasText || now !== "";
    dialog.field("remove").hidden = now === "";
    dialog.field("find").value = "";
    const waiting = dialog.open();
    void this.look();
    if (!(await waiting)) return null;
    const address = addressFrom(dialog.field("address").value) ?? "";
    return { address, text: dialog.field("text").value.trim() || address, removed: this.removed };
  }

  private async look(): Promise<void> {
    const list = this.dialog.field<HTMLUListElement>("results");
    const state = this.dialog.field<HTMLElement>("state");
    const asked = this.dialog.field("find").value;
    try {
      const { rows, more } = await found<Place>(this.units, "units", asked);
      if (asked !== this.dialog.field("find").value) return;
      list.replaceChildren(...rows.map((row) => this.line(row)));
      state.textContent = rows.length ? (more ? this.dialog.word("more").replace("{n}", String(more)) : "") : this.dialog.word("none");
    } catch {
      state.textContent = this.dialog.word("failed");
    }
  }

  private line(row: Place): HTMLElement {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "rich-unit";
    button.textContent = row.name;
    const where = document.createElement("span");
    where.className = "hint";
    where.textContent = row.place;
    button.append(where);
    button.addEventListener("click", () => {
      this.dialog.field("address").value = row.address;
      const text = this.dialog.field("text");
      if (!text.value) text.value = row.name;
      for (const other of this.dialog.field("results").querySelectorAll("button")) other.setAttribute("aria-pressed", String(other === button));
    });
    button.setAttribute("aria-pressed", String(this.dialog.field("address").value === row.address));
    item.append(button);
    return item;
  }
}
