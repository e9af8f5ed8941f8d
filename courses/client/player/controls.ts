// The visible controls of a film and its keys. Each control is a plain button, list or slider with its word.
import { text } from "../frame/page.ts";
import { clock } from "./captions.ts";

export type Deeds = {
  toggle: () => void;
  seek: (second: number) => void;
  quality: (name: string) => void;
  speed: (value: number) => void;
  captions: (language: string) => void;
};

export const STEP_S = 10; // the buttons
const KEY_STEP_S = 5; // the arrows
const VOLUME_STEP = 0.1;

export class Controls {
  readonly length = (): number => (Number.isFinite(this.video.duration) && this.video.duration > 0 ? this.video.duration : Number(this.figure.dataset["seconds"] ?? 0));

  constructor(
    private readonly figure: HTMLElement,
    private readonly video: HTMLVideoElement,
    private readonly deeds: Deeds,
    private readonly second: () => number,
  ) {
    video.controls = false;
    for (const part of figure.querySelectorAll<HTMLElement>("[data-video-own]")) part.hidden = false;
    for (const button of figure.querySelectorAll("[data-video-toggle]")) button.addEventListener("click", () => deeds.toggle());
    video.addEventListener("click", () => deeds.toggle());
    this.on("back", "click", () => deeds.seek(second() - STEP_S));
    this.on("forward", "click", () => deeds.seek(second() + STEP_S));
    this.on("mute", "click", () => this.mute());
    this.on("full", "click", () => this.full());
    this.on("seek", "input", (element) => deeds.seek(Number(element.value)));
    this.on("volume", "input", (element) => this.loud(Number(element.value) / 100));
    this.on("speed", "change", (element) => deeds.speed(Number(element.value)));
    this.on("quality", "change", (element) => deeds.quality(element.value));
    this.on("captions", "change", (element) => deeds.captions(element.value));
    figure.querySelector("[data-video-stage]")?.addEventListener("keydown", (event) => this.key(event as KeyboardEvent));
    for (const news of ["play", "pause", "ended", "volumechange", "timeupdate", "durationchange", "seeking"]) video.addEventListener(news, () => this.draw());
    document.addEventListener("fullscreenchange", () => this.draw());
    if (!this.canBeFull()) this.part("full")?.setAttribute("hidden", "");
    this.draw();
  }

  /** Show what holds now. */
  draw(): void {
    const playing = !this.video.paused && !this.video.ended;
    this.figure.classList.toggle("is-playing", playing);
    this.word("toggle", playing ? "video_pause" : "video_play");
    this.word("mute", this.video.muted ? "video_unmute" : "video_mute");
    this.word("full", document.fullscreenElement ? "video_small" : "video_full");
    const now = this.second();
    const all = this.length();
    const seek = this.part<HTMLInputElement>("seek");
    if (seek) {
      seek.max = String(Math.max(1, Math.floor(all)));
      seek.value = String(Math.floor(now));
      seek.setAttribute("aria-valuetext", text("video_at", { time: clock(now), all: clock(all) }));
    }
    const time = this.part("time");
    if (time) time.textContent = all > 0 ? `${clock(now)} / ${clock(all)}` : clock(now);
    const volume = this.part<HTMLInputElement>("volume");
    if (volume) volume.value = String(this.video.muted ? 0 : Math.round(this.video.volume * 100));
  }

  /** Show which value of a list holds. */
  set(name: "speed" | "quality" | "captions", value: string): void {
    const list = this.part<HTMLSelectElement>(name);
    if (list) list.value = value;
  }

  private on(name: string, news: string, deed: (element: HTMLInputElement) => void): void {
    const element = this.part<HTMLInputElement>(name);
    element?.addEventListener(news, () => deed(element));
  }

  private part<T extends HTMLElement = HTMLElement>(name: string): T | null {
    return this.figure.querySelector<T>(`[data-video-${name}]`);
  }

  private word(name: string, key: string): void {
    for (const place of this.figure.querySelectorAll<HTMLElement>(`[data-video-${name}] [data-word]`)) place.textContent = text(key);
    for (const button of this.figure.querySelectorAll<HTMLElement>(`[data-video-${name}]`)) button.dataset["is"] = key;
  }

  private mute(): void {
    this.video.muted = !this.video.muted;
    if (!this.video.muted && this.video.volume === 0) this.video.volume = 0.5;
  }

  private loud(volume: number): void {
    this.video.volume = Math.min(1, Math.max(0, volume));
    this.video.muted = this.video.volume === 0;
  }

  private canBeFull(): boolean {
    return document.fullscreenEnabled === true || "webkitEnterFullscreen" in this.video;
  }

  private full(): void {
    const stage = this.figure.querySelector<HTMLElement>("[data-video-stage]");
    if (document.fullscreenElement) void document.exitFullscreen();
    else if (stage && document.fullscreenEnabled) void stage.requestFullscreen().catch(() => undefined);
    else (this.video as HTMLVideoElement & { webkitEnterFullscreen?: () => void }).webkitEnterFullscreen?.();
  }

  /** Keys hold while the player has the focus; lists and sliders keep the keys they need themselves. */
  private key(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const deed = this.deedOf(event.key.toLowerCase(), event.target as HTMLElement);
    if (!deed) return;
    event.preventDefault();
    deed();
  }

  private deedOf(key: string, on: HTMLElement): (() => void) | undefined {
    const own = on.matches("select, input");
    if (own && (key.startsWith("arrow") || key === " " || on.matches("select"))) return undefined;
    if (key === " " && on.matches("button")) return undefined; // presses the button itself
    const go = (by: number) => () => this.deeds.seek(this.second() + by);
    const deeds: Record<string, () => void> = {
      " ": () => this.deeds.toggle(),
      k: () => this.deeds.toggle(),
      arrowleft: go(-KEY_STEP_S),
      arrowright: go(KEY_STEP_S),
      j: go(-STEP_S),
      l: go(STEP_S),
      arrowup: () => this.loud(this.video.volume + VOLUME_STEP),
      arrowdown: () => this.loud(this.video.volume - VOLUME_STEP),
      m: () => this.mute(),
      f: () => this.full(),
      c: () => this.nextCaptions(),
    };
    return deeds[key];
  }

  private nextCaptions(): void {
    const list = this.part<HTMLSelectElement>("captions");
    if (!list) return;
    list.selectedIndex = (list.selectedIndex + 1) % list.options.length;
    this.deeds.captions(list.value);
  }
}
