// Captions over the picture and the transcript beside it: one language for both, each line leads to its second.
import { text } from "../frame/page.ts";

export type Cue = { at: number; text: string };
type Go = (second: number) => void;

const TIMES = /(?:(\d+):)?(\d{2}):(\d{2})\.(\d{3}) -->[^\n]*\n([\s\S]+)/;

/** The captions of one film. */
export class Captions {
  private readonly tracks: HTMLTrackElement[];
  private cues: Cue[] = [];
  private language = "";
  private current = -1;

  constructor(
    video: HTMLVideoElement,
    private readonly details: HTMLDetailsElement | null,
    private readonly go: Go,
  ) {
    this.tracks = [...video.querySelectorAll("track")];
    details?.addEventListener("toggle", () => details.open && void this.read());
  }

  /** The language to begin with: the one wished for, if there is a file of it. */
  begin(wish: string): string {
    const there = wish === "" || this.tracks.some((element) => element.srclang === wish);
    return there ? wish : (this.tracks[0]?.srclang ?? "");
  }

  /** Show a language, or none for "". Files are fetched when there is something to read: the film plays, or the transcript is open. */
  show(language: string): void {
    for (const element of this.tracks) {
      const shown = element.srclang === language;
      element.track.mode = shown ? "showing" : "disabled";
    }
    const wanted = language || this.language || this.tracks[0]?.srclang || "";
    if (wanted === this.language) return;
    this.language = wanted;
    this.cues = [];
    if (this.details?.open) void this.read();
  }

  /** Mark the line that is being said, and keep it in view inside the transcript's own box. */
  at(second: number): void {
    const place = this.place();
    if (!place || !this.details?.open || this.cues.length === 0) return;
    const now = this.cues.filter((cue) => cue.at <= second + 0.2).length - 1; // cues stand in order
    if (now === this.current) return;
    place.children[this.current]?.removeAttribute("aria-current");
    this.current = now;
    const line = place.children[now] as HTMLElement | undefined;
    if (!line) return;
    line.setAttribute("aria-current", "true");
    if (!place.contains(document.activeElement)) place.scrollTop = line.offsetTop - place.offsetTop - place.clientHeight / 3;
  }

  private place(): HTMLElement | null {
    return this.details?.querySelector<HTMLElement>("[data-transcript-lines]") ?? null;
  }

  private async read(): Promise<void> {
    const place = this.place();
    if (!place || this.cues.length > 0) return;
    const language = this.language || this.tracks[0]?.srclang;
    const track = this.tracks.find((element) => element.srclang === language);
    try {
      const answer = await fetch(track?.src ?? "", { credentials: "omit" });
      if (!answer.ok) throw new Error(String(answer.status));
      this.cues = lines(await answer.text());
      place.lang = language ?? "";
      place.replaceChildren(...this.cues.map((cue) => this.line(cue)));
      this.current = -1;
    } catch {
      place.textContent = text("no_transcript");
    }
  }

  private line(cue: Cue): HTMLElement {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "transcript-line";
    const time = document.createElement("span");
    time.className = "transcript-time";
    time.textContent = clock(cue.at);
    button.append(time, ` ${cue.text}`);
    button.addEventListener("click", () => this.go(cue.at));
    return button;
  }
}

/** The cues of a WebVTT text. */
export function lines(webvtt: string): Cue[] {
  return webvtt.split(/\n\s*\n/).flatMap((block) => {
    const found = TIMES.exec(block);
    if (!found) return [];
    const [, hours, minutes, seconds, , words] = found;
    return [{ at: Number(hours ?? 0) * 3600 + Number(minutes) * 60 + Number(seconds), text: (words ?? "").replace(/<[^>]*>/g, "").trim() }];
  });
}

/** 83 is "1:23", or "00:01:23" for the store. */
export function clock(seconds: number, full = false): string {
  const two = (n: number) => String(Math.floor(n)).padStart(2, "0");
  if (full) return `${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`;
  const hours = Math.floor(seconds / 3600);
  return hours > 0 ? `${hours}:${two((seconds / 60) % 60)}:${two(seconds % 60)}` : `${Math.floor(seconds / 60)}:${two(seconds % 60)}`;
}
