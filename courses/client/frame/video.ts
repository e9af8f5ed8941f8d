// The browser's own player with what it lacks: speed that stays, a remembered position, completion, a transcript.
import { Films } from "./films.ts";
import { call, NoLine } from "./handlers.ts";
import { blockOf, tellPage, text } from "./page.ts";
import { serverNow } from "./queue.ts";
import { type Part, Watch } from "./watch.ts";

const SAVE_EVERY_S = 15; // what a closed page may forget
const COMPLETE_PART = 0.95; // credits at the end need not be watched
const SKIP_S = 5;
const PAGE = Math.random().toString(36).slice(2); // tells the server two open pages apart

/** Bring the videos below `root` to life. */
export function startVideos(root: ParentNode): void {
  for (const figure of root.querySelectorAll<HTMLElement>("figure[data-video]")) new Player(figure);
}

class Player {
  private readonly video: HTMLVideoElement;
  private savedAt = 0;
  private completed = false;
  private readonly watch = new Watch((parts) => void this.report(parts));
  private readonly films: Films;
  private reportedAt = 0;

  constructor(private readonly figure: HTMLElement) {
    const video = figure.querySelector("video");
    if (!video) throw new Error("A figure of a video has none.");
    this.video = video;
    this.films = new Films(blockOf(figure).dataset["block"] ?? "");
    this.resumeAt(Number(figure.dataset["position"] ?? 0));
    this.setSpeed(Number(figure.dataset["speed"] ?? 1), false);
    for (const button of figure.querySelectorAll<HTMLButtonElement>("[data-video-speed]")) {
      button.addEventListener("click", () => this.setSpeed(Number(button.dataset["videoSpeed"]), true));
    }
    video.addEventListener("playing", () => this.watch.started(video.currentTime));
    for (const stop of ["pause", "ended", "waiting"]) video.addEventListener(stop, () => this.watch.stopped());
    video.addEventListener("timeupdate", () => this.ticked());
    video.addEventListener("pause", () => this.savePosition());
    video.addEventListener("seeked", () => this.savePosition());
    video.addEventListener("ended", () => this.complete());
    video.addEventListener("keydown", (event) => this.key(event));
    document.addEventListener("visibilitychange", () => document.hidden && this.savePosition());
    const transcript = figure.querySelector<HTMLDetailsElement>("[data-transcript]");
    transcript?.addEventListener("toggle", () => void this.readTranscript(transcript), { once: true });
  }

  private resumeAt(seconds: number): void {
    if (seconds < 1) return;
    const place = this.figure.querySelector<HTMLElement>("[data-video-resume]");
    if (place) {
      place.textContent = text("resume", { time: clock(seconds) });
      place.hidden = false;
    }
    this.savedAt = seconds;
    const move = () => {
      if (seconds < this.video.duration - 1) this.video.currentTime = seconds;
    };
    if (this.video.readyState > 0) move();
    else this.video.addEventListener("loadedmetadata", move, { once: true });
  }

  private setSpeed(speed: number, store: boolean): void {
    this.video.defaultPlaybackRate = this.video.playbackRate = speed;
    for (const button of this.figure.querySelectorAll<HTMLButtonElement>("[data-video-speed]")) {
      button.setAttribute("aria-pressed", String(Number(button.dataset["videoSpeed"]) === speed));
    }
    if (store) this.store({ speed: String(speed) });
  }

  private ticked(): void {
    if (!this.video.paused) this.watch.at(this.video.currentTime);
    const place = this.figure.querySelector<HTMLElement>("[data-video-resume]");
    if (place && !this.video.paused) place.hidden = true;
    if (Math.abs(this.video.currentTime - this.savedAt) >= SAVE_EVERY_S) this.savePosition();
    if (this.video.currentTime >= this.video.duration * COMPLETE_PART) this.complete();
  }

  private savePosition(): void {
    const now = Math.floor(this.video.currentTime);
    if (now === this.savedAt || this.video.readyState === 0) return;
    this.savedAt = now;
    const watched = this.video.currentTime >= this.video.duration * COMPLETE_PART; // the next time begins at the start
    this.store({ saved_video_position: clock(watched ? 0 : now, true) });
  }

  private store(values: Record<string, string>): void {
    void call(this.figure, "ajax_handler/save_user_state", { form: new URLSearchParams(values), quiet: true }).catch(() => undefined);
  }

  /** Tell what was played; without a network, or while earlier minutes wait, it is added to those. */
  private async report(ranges: Part[]): Promise<void> {
    const from = this.reportedAt || serverNow();
    this.reportedAt = serverNow();
    if (await this.films.wait()) return this.films.add(ranges, from, this.reportedAt);
    await call(this.figure, "watched", { json: { ranges, page: PAGE }, quiet: true }).catch((error: unknown) => {
      if (error instanceof NoLine) return this.films.add(ranges, from, this.reportedAt);
      return undefined;
    });
  }

  private complete(): void {
    if (this.completed) return;
    this.completed = true;
    void call(this.figure, "publish_completion", { json: { completion: 1 }, quiet: true, later: true })
      .then(() => tellPage("completed", blockOf(this.figure).dataset["block"] ?? "", text("saved")))
      .catch(() => (this.completed = false));
  }

  /** Arrows wind by a few seconds also where the browser's controls have no focus of their own. */
  private key(event: KeyboardEvent): void {
    const step = { ArrowLeft: -SKIP_S, ArrowRight: SKIP_S }[event.key];
    if (step === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.video.currentTime = Math.max(0, this.video.currentTime + step);
  }

  private async readTranscript(details: HTMLDetailsElement): Promise<void> {
    const place = details.querySelector(".transcript");
    if (!place) return;
    try {
      const response = await fetch(details.dataset["transcript"] ?? "", { credentials: "omit" });
      place.append(...lines(await response.text()).map((line) => this.line(line)));
    } catch {
      place.textContent = text("no_transcript");
    }
  }

  private line(cue: Cue): HTMLElement {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "transcript-line";
    button.textContent = cue.text;
    button.addEventListener("click", () => {
      this.video.currentTime = cue.at;
      void this.video.play();
    });
    return button;
  }
}

export type Cue = { at: number; text: string };

/** The cues of a WebVTT text. */
export function lines(webvtt: string): Cue[] {
  return webvtt.split(/\n\s*\n/).flatMap((block) => {
    const found = /(\d+):(\d{2}):(\d{2})\.(\d{3}) -->[^\n]*\n([\s\S]+)/.exec(block);
    if (!found) return [];
    const [, hours, minutes, seconds, , words] = found;
    return [{ at: Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds), text: (words ?? "").replace(/<[^>]*>/g, "").trim() }];
  });
}

/** 83 is "1:23", or "00:01:23" for the store. */
export function clock(seconds: number, full = false): string {
  const two = (n: number) => String(Math.floor(n)).padStart(2, "0");
  if (full) return `${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`;
  return `${Math.floor(seconds / 60)}:${two(seconds % 60)}`;
}
