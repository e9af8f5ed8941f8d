// A film of the course in a player of our own: nothing is fetched before it is played, and its place is remembered.
import { Captions, clock, lines } from "../player/captions.ts";
import { chosen, line, type Quality, wish, wishes } from "../player/choice.ts";
import { Controls } from "../player/controls.ts";
import { Source } from "../player/source.ts";
import { Trouble } from "../player/trouble.ts";
import { Films } from "./films.ts";
import { call, NoLine } from "./handlers.ts";
import { blockOf, tellPage, text } from "./page.ts";
import { serverNow } from "./queue.ts";
import { type Part, Watch } from "./watch.ts";

export { clock, lines };

const SAVE_EVERY_S = 15; // what a closed page may forget
const COMPLETE_PART = 0.95; // credits at the end need not be watched
const PAGE = Math.random().toString(36).slice(2); // tells the server two open pages apart
const PLACES = "guixue:places"; // where films were left while there was no line

/** Bring the videos below `root` to life. */
export function startVideos(root: ParentNode): void {
  for (const figure of root.querySelectorAll<HTMLElement>("figure[data-video]")) new Player(figure);
}

class Player {
  private readonly video: HTMLVideoElement;
  private readonly source: Source;
  private readonly captions: Captions;
  private readonly controls: Controls;
  private readonly offered: Quality[];
  private quality: Quality | undefined;
  private language = "";
  private savedAt = 0;
  private completed = false;
  private reportedAt = 0;
  private readonly watch = new Watch((parts) => void this.report(parts));
  private readonly films: Films;
  private readonly block: string;

  constructor(private readonly figure: HTMLElement) {
    const video = figure.querySelector("video");
    if (!video) throw new Error("A figure of a video has none.");
    this.video = video;
    this.block = blockOf(figure).dataset["block"] ?? "";
    this.films = new Films(this.block);
    this.offered = offeredBy(figure);
    this.source = new Source(video);
    const details = figure.querySelector<HTMLDetailsElement>("[data-transcript]");
    this.captions = new Captions(video, details, (second) => this.goAndPlay(second));
    this.controls = new Controls(figure, video, this.deeds(), () => this.source.second);
    details?.addEventListener("toggle", () => figure.classList.toggle("is-reading", details.open));
    this.language = this.captions.begin(wishes()["captions"] ?? figure.dataset["captions"] ?? "");
    this.controls.set("captions", this.language);
    this.choose(chosen(this.offered, wishes()["quality"] ?? "", line(), document.body.dataset["stored"] !== undefined));
    this.resumeAt(placeWithoutLine(this.block) ?? Number(figure.dataset["position"] ?? 0));
    this.setSpeed(Number(figure.dataset["speed"] ?? 1), false);
    this.listen();
    new Trouble(video, figure, () => ({ again: () => void this.again(), lighter: () => this.lighter(), lightest: this.nextLighter() === undefined }));
  }

  private deeds() {
    return {
      toggle: () => void this.toggle(),
      seek: (second: number) => this.seek(second),
      quality: (name: string) => this.change(name),
      speed: (value: number) => this.setSpeed(value, true),
      captions: (language: string) => this.setCaptions(language),
    };
  }

  private listen(): void {
    const { video } = this;
    video.addEventListener("playing", () => this.watch.started(video.currentTime));
    for (const stop of ["pause", "ended", "waiting", "emptied"]) video.addEventListener(stop, () => this.watch.stopped());
    video.addEventListener("play", () => this.begun());
    video.addEventListener("timeupdate", () => this.ticked());
    video.addEventListener("pause", () => this.savePosition());
    video.addEventListener("seeked", () => this.savePosition());
    video.addEventListener("ended", () => this.complete());
    document.addEventListener("visibilitychange", () => document.hidden && this.savePosition());
  }

  private begun(): void {
    this.figure.classList.add("is-begun");
    this.captions.show(this.language);
  }

  private async toggle(): Promise<void> {
    if (!this.video.paused && !this.video.ended) return this.video.pause();
    if (this.quality) await this.source.attach(this.quality);
    await this.video.play().catch(() => undefined); // an error has its own event
  }

  private goAndPlay(second: number): void {
    this.seek(second);
    if (this.video.paused) void this.toggle();
  }

  private seek(second: number): void {
    this.source.goTo(Math.min(Math.max(0, second), this.controls.length() || Infinity));
    this.hideResume();
    this.controls.draw();
    this.captions.at(this.source.second);
  }

  private async again(): Promise<void> {
    await this.source.again();
    await this.video.play().catch(() => undefined);
  }

  /** Take a quality; the film goes on where it is. */
  private choose(quality: Quality | undefined): void {
    if (!quality) return;
    this.quality = quality;
    this.controls.set("quality", quality.name);
    this.figure.classList.toggle("is-sound", quality.name === "sound");
    const weight = this.figure.querySelector<HTMLElement>("[data-video-weight]");
    if (weight) weight.textContent = quality.label;
  }

  private change(name: string): void {
    const quality = this.offered.find((one) => one.name === name);
    if (!quality || quality === this.quality) return;
    const playing = !this.video.paused && !this.video.ended;
    this.choose(quality);
    wish("quality", name);
    if (this.figure.classList.contains("is-begun")) void this.source.attach(quality).then(() => (playing ? this.video.play().catch(() => undefined) : undefined));
  }

  private nextLighter(): Quality | undefined {
    const now = this.quality?.bytes ?? 0;
    return this.offered.filter((one) => one.bytes > 0 && one.bytes < now).sort((a, b) => b.bytes - a.bytes)[0];
  }

  private lighter(): boolean {
    const next = this.nextLighter();
    if (!next) return false;
    this.change(next.name);
    void this.toggle();
    return true;
  }

  private setCaptions(language: string): void {
    this.language = language;
    this.captions.show(language);
    wish("captions", language);
  }

  private resumeAt(seconds: number): void {
    if (seconds < 1) return;
    const place = this.figure.querySelector<HTMLElement>("[data-video-resume]");
    if (place) {
      place.textContent = text("resume", { time: clock(seconds) });
      place.hidden = false;
    }
    this.savedAt = seconds;
    this.source.goTo(seconds);
    this.controls.draw();
  }

  private hideResume(): void {
    const place = this.figure.querySelector<HTMLElement>("[data-video-resume]");
    if (place) place.hidden = true;
  }

  private setSpeed(speed: number, store: boolean): void {
    this.video.defaultPlaybackRate = this.video.playbackRate = speed;
    this.controls.set("speed", String(speed));
    if (store) this.store({ speed: String(speed) });
  }

  private ticked(): void {
    const now = this.video.currentTime;
    if (!this.video.paused) {
      this.watch.at(now);
      this.hideResume();
    }
    this.captions.at(now);
    if (Math.abs(now - this.savedAt) >= SAVE_EVERY_S) this.savePosition();
    if (now >= this.video.duration * COMPLETE_PART) this.complete();
  }

  private savePosition(): void {
    const now = Math.floor(this.video.currentTime);
    if (now === this.savedAt || this.video.readyState === 0) return;
    this.savedAt = now;
    const watched = this.video.currentTime >= this.video.duration * COMPLETE_PART; // the next time begins at the start
    this.store({ saved_video_position: clock(watched ? 0 : now, true) });
  }

  private store(values: Record<string, string>): void {
    const position = values["saved_video_position"] !== undefined;
    void call(this.figure, "ajax_handler/save_user_state", { form: new URLSearchParams(values), quiet: true })
      .then(() => position && leaveWithoutLine(this.block, undefined))
      .catch(() => position && leaveWithoutLine(this.block, this.savedAt));
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
      .then(() => tellPage("completed", this.block, text("saved")))
      .catch(() => (this.completed = false));
  }
}

function offeredBy(figure: HTMLElement): Quality[] {
  const given = figure.querySelector("script[data-video-qualities]")?.textContent;
  return given ? (JSON.parse(given) as Quality[]) : [];
}

function places(): Record<string, number> {
  try {
    return JSON.parse(localStorage.getItem(PLACES) ?? "{}") as Record<string, number>;
  } catch {
    return {};
  }
}

function placeWithoutLine(block: string): number | undefined {
  return places()[`${document.body.dataset["owner"] ?? ""} ${block}`];
}

/** Remember on the device where a film was left while the server could not be told; undefined forgets it. */
function leaveWithoutLine(block: string, second: number | undefined): void {
  const all = places();
  const name = `${document.body.dataset["owner"] ?? ""} ${block}`; // several people may share a device
  if (second === undefined && all[name] === undefined) return;
  if (second === undefined) delete all[name];
  else all[name] = second;
  try {
    localStorage.setItem(PLACES, JSON.stringify(all));
  } catch {
    // A browser that keeps nothing begins where the server knows.
  }
}
