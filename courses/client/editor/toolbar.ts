// Toolbars as WAI-ARIA has them: one stop of the Tab key, arrows within.

export class Toolbar {
  constructor(readonly element: HTMLElement) {
    element.addEventListener("keydown", this.key);
    element.addEventListener("focusin", this.focused);
    this.stops(this.buttons[0]);
  }

  private get buttons(): HTMLButtonElement[] {
    return [...this.element.querySelectorAll<HTMLButtonElement>("button")].filter((button) => !button.hidden);
  }

  focus(): void {
    this.buttons.find((button) => button.tabIndex === 0)?.focus();
  }

  /** Say of a button whether it is pressed, and whether it can be. A button that cannot stays to be found. */
  show(name: string, state: { pressed?: boolean; can?: boolean }): void {
    const button = this.element.querySelector(`[data-does="${name}"]`);
    if (state.pressed !== undefined) button?.setAttribute("aria-pressed", String(state.pressed));
    if (state.can !== undefined) button?.setAttribute("aria-disabled", String(!state.can));
  }

  private readonly focused = (event: FocusEvent): void => {
    if (event.target instanceof HTMLButtonElement) this.stops(event.target);
  };

  private stops(at: HTMLButtonElement | undefined): void {
    for (const button of this.buttons) button.tabIndex = button === at ? 0 : -1;
  }

  private readonly key = (event: KeyboardEvent): void => {
    const all = this.buttons;
    const now = all.indexOf(document.activeElement as HTMLButtonElement);
    const to: Record<string, number> = { ArrowRight: now + 1, ArrowLeft: now - 1, Home: 0, End: all.length - 1 };
    const next = to[event.key];
    if (next === undefined || now < 0) return;
    event.preventDefault();
    all[(next + all.length) % all.length]?.focus();
  };
}
