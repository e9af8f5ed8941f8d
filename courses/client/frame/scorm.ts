// The interface that SCORM packages look for in the windows around them: 1.2 as `API`, 2004 as `API_1484_11`.
import { call } from "./handlers.ts";
import { text } from "./page.ts";

type Values = Record<string, unknown>;
type Pending = { name: string; value: string };

const SEND_AFTER_MS = 1000; // packages set a dozen values in a row

/** Bring the packages below `root` to life: the interface first, then the package that looks for it. */
export function startScorm(root: ParentNode): void {
  for (const place of root.querySelectorAll<HTMLElement>("[data-scorm]")) new Package(place);
}

class Package {
  private readonly values: Values;
  private pending: Pending[] = [];
  private timer: number | undefined;

  constructor(private readonly place: HTMLElement) {
    this.values = JSON.parse(place.querySelector(".scorm-data")?.textContent ?? "{}") as Values;
    const page = window as unknown as Values;
    if (place.dataset["scorm"] === "SCORM_12") page["API"] = this.named("LMS", "LMSFinish");
    else page["API_1484_11"] = this.named("", "Terminate");
    addEventListener("pagehide", () => void this.send());
    const frame = place.querySelector("iframe");
    if (frame) frame.src = frame.dataset["src"] ?? "";
  }

  private named(prefix: string, end: string): Values {
    const yes = (): string => "true";
    const sent = (): string => {
      void this.send();
      return "true";
    };
    return {
      [`${prefix}Initialize`]: yes,
      [end]: sent,
      [`${prefix}Commit`]: sent,
      [`${prefix}GetValue`]: (name: string) => this.get(name),
      [`${prefix}SetValue`]: (name: string, value: unknown) => this.set(name, value),
      [`${prefix}GetLastError`]: () => "0",
      [`${prefix}GetErrorString`]: () => "",
      [`${prefix}GetDiagnostic`]: () => "",
    };
  }

  private get(name: string): string {
    if (name === "cmi.core.lesson_mode" || name === "cmi.mode") return "normal";
    return String(this.values[name] ?? "");
  }

  private set(name: string, value: unknown): string {
    this.values[name] = String(value);
    this.pending.push({ name, value: String(value) });
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.send(), SEND_AFTER_MS);
    return "true";
  }

  private async send(): Promise<void> {
    clearTimeout(this.timer);
    const sending = this.pending;
    if (sending.length === 0) return;
    this.pending = [];
    const state = this.place.querySelector("[data-scorm-state]");
    try {
      await call(this.place, "scorm_set_values", { json: sending });
      if (state) state.textContent = text("saved");
    } catch {
      this.pending = [...sending, ...this.pending];
    }
  }
}
