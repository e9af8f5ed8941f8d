import { Controller } from "@hotwired/stimulus";

/**
 * A table of cases by keyboard: j and k move, x chooses, Enter opens, / searches, ? shows the help; `data-shortcuts="off"`
 * on `<html>` (display settings) switches the letters off. With rows chosen, the bulk bar stands where the toolbar was.
 *
 * @example
 * <div data-controller="edu--rows">
 *   <form class="filters" data-edu--rows-target="toolbar">… <input type="search" data-edu--rows-target="search"></form>
 *   <form method="post">
 *     <div class="bulk" data-edu--rows-target="bulk" hidden><b data-edu--rows-target="chosen" data-text="{n} chosen"></b> …</div>
 *     <table class="table queue"> <tr data-edu--rows-target="row"><td><input type="checkbox">… <a href="…"> </tr> </table>
 *   </form>
 *   <dialog class="dialog" data-edu--rows-target="help">…</dialog>
 * </div>
 */
export default class RowsController extends Controller<HTMLElement> {
  static override targets = ["row", "search", "bulk", "chosen", "toolbar", "help"];
  declare readonly rowTargets: HTMLTableRowElement[];
  declare readonly searchTarget: HTMLInputElement;
  declare readonly hasSearchTarget: boolean;
  declare readonly bulkTargets: HTMLElement[];
  declare readonly chosenTargets: HTMLElement[];
  declare readonly toolbarTargets: HTMLElement[];
  declare readonly helpTargets: HTMLDialogElement[];
  private current = -1;

  override connect(): void {
    document.addEventListener("keydown", this.onKey);
    this.element.addEventListener("change", this.count);
    this.count();
  }

  override disconnect(): void {
    document.removeEventListener("keydown", this.onKey);
    this.element.removeEventListener("change", this.count);
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    if (document.documentElement.dataset["shortcuts"] === "off" || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = event.target;
    if (at instanceof HTMLElement && at.closest("input:not([type=checkbox]), textarea, select, [contenteditable], dialog")) return;
    const deeds: Record<string, () => void> = {
      j: () => this.move(1),
      k: () => this.move(-1),
      x: () => this.choose(),
      "/": () => this.hasSearchTarget && this.searchTarget.focus(),
      "?": () => this.helpTargets[0]?.showModal(),
    };
    const deed = deeds[event.key];
    if (!deed) return;
    event.preventDefault();
    deed();
  };

  /** The row's own link takes the focus, so that Enter opens it and a screen reader speaks it. */
  private move(step: number): void {
    const last = this.rowTargets.length - 1;
    if (last < 0) return;
    this.current = Math.min(Math.max(this.current + step, 0), last);
    this.rowTargets.forEach((row, index) => row.classList.toggle("is-current", index === this.current));
    const row = this.rowTargets[this.current];
    row?.querySelector<HTMLElement>("a[href]")?.focus();
    row?.scrollIntoView({ block: "nearest" });
  }

  private choose(): void {
    this.rowTargets[this.current]?.querySelector<HTMLInputElement>("input[type=checkbox]")?.click();
  }

  readonly count = (): void => {
    const boxes = this.rowTargets.map((row) => row.querySelector<HTMLInputElement>("input[type=checkbox]"));
    boxes.forEach((box, index) => this.rowTargets[index]?.classList.toggle("is-chosen", box?.checked ?? false));
    const chosen = boxes.filter((box) => box?.checked).length;
    for (const bar of this.bulkTargets) bar.hidden = chosen === 0;
    for (const bar of this.toolbarTargets) bar.hidden = chosen > 0;
    for (const text of this.chosenTargets) text.textContent = (text.dataset["text"] ?? "{n}").replace("{n}", String(chosen));
  };
}
