// The dialogs of the editor: a link, a picture, a table. They stand outside the form of the text.

export interface Place {
  name: string;
  place: string;
  address: string;
}

export interface File_ {
  path: string;
  url: string;
}

/** One dialog of the page. Resolves with what was entered, or null when it was left. */
export class Dialog {
  private done: ((chosen: boolean) => void) | null = null;

  constructor(readonly element: HTMLDialogElement) {
    element.addEventListener("close", () => this.end(false));
    element.querySelector("form")?.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.check()) this.end(true);
    });
    element.querySelector("[data-leave]")?.addEventListener("click", () => element.close());
  }

  /** Return what is wrong with what was entered, and in which field; null when it can be taken. */
  fault: () => { field: string; text: string } | null = () => null;

  field<T extends HTMLElement = HTMLInputElement>(name: string): T {
    return this.element.querySelector<T>(`[name="${name}"], [data-part="${name}"]`)!;
  }

  word(name: string): string {
    return this.element.dataset[name] ?? "";
  }

  open(): Promise<boolean> {
    this.say("", null);
    this.element.showModal();
    return new Promise((resolve) => {
      this.done = resolve;
    });
  }

  say(text: string, field: HTMLElement | null): void {
    const error = this.field<HTMLElement>("error");
    error.textContent = text;
    error.hidden = !text;
    for (const wrong of this.element.querySelectorAll("[aria-invalid]")) wrong.removeAttribute("aria-invalid");
    field?.setAttribute("aria-invalid", "true");
    field?.focus();
  }

  private check(): boolean {
    const fault = this.fault();
    if (fault) this.say(fault.text, this.field(fault.field));
    return !fault;
  }

  private end(chosen: boolean): void {
    const { done } = this;
    this.done = null;
    if (this.element.open) this.element.close();
    done?.(chosen);
  }
}

/** Return an address as it can be followed, or null: "www.gxu.edu.cn" is one, "javascript:…" is none. */
export function addressFrom(text: string): string | null {
  const given = text.trim();
  if (/^(?:https?:\/\/[^\s/]|mailto:[^\s@]+@|\/(?:jump_to_id|static)\/.|#.)\S*$/i.test(given)) return given;
  return /^[\w-]+(?:\.[\w-]+)+(?:[/?#]\S*)?$/.test(given) ? `https://${given}` : null;
}

export async function found<T>(url: string, name: string, text: string): Promise<{ rows: T[]; more: number }> {
  const answer = await fetch(`${url}?q=${encodeURIComponent(text)}`, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  const told = (await answer.json()) as Record<string, unknown>;
  return { rows: told[name] as T[], more: Number(told["more"] ?? 0) };
}

/** Send a picture to the draft; resolves with its place there, or with what the server says against it. */
export async function send(url: string, file: File, token: string): Promise<File_ | { error: string }> {
  const body = new FormData();
  body.append("upload", file);
  const answer = await fetch(url, { method: "POST", body, headers: { "X-CSRFToken": token, Accept: "application/json" } });
  const told: unknown = await answer.json().catch(() => null);
  if (answer.ok && told !== null && typeof told === "object" && "path" in told) return told as File_;
  return { error: told !== null && typeof told === "object" && "error" in told ? String(told.error) : "" };
}

/** Runs the last of many calls, a moment after it. */
export function settled(run: () => void, after = 250): () => void {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = window.setTimeout(run, after);
  };
}
