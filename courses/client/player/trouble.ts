// What happens when the film stops coming: it is asked for again by itself, and the learner is told what can be done.
import { text } from "../frame/page.ts";

const AGAIN_S = [2, 5, 15, 30]; // a line in the hills is often back within a minute
const WAITING_MS = 6_000; // shorter silences are an ordinary weak line

type Deeds = { again: () => void; lighter: () => boolean; lightest: boolean };

export class Trouble {
  private tries = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly place: HTMLElement | null;
  private readonly said: HTMLElement | null;

  constructor(
    private readonly video: HTMLVideoElement,
    figure: HTMLElement,
    private readonly deeds: () => Deeds,
  ) {
    this.place = figure.querySelector<HTMLElement>("[data-video-trouble]");
    this.said = figure.querySelector<HTMLElement>("[data-video-said]");
    figure.querySelector("[data-video-again]")?.addEventListener("click", () => this.retry());
    figure.querySelector("[data-video-lighter]")?.addEventListener("click", () => this.deeds().lighter() && this.clear());
    video.addEventListener("error", () => this.broken());
    video.addEventListener("guixue:broken", () => this.broken());
    video.addEventListener("waiting", () => this.wait());
    for (const well of ["playing", "pause"]) video.addEventListener(well, () => this.clear());
    addEventListener("online", () => this.place?.hidden === false && this.retry());
  }

  private wait(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => !this.video.paused && this.say(text("video_slow")), WAITING_MS);
  }

  private broken(): void {
    const code = this.video.error?.code;
    const unplayable = code === MediaError.MEDIA_ERR_DECODE;
    if (unplayable) return this.say(text("video_unplayable"));
    const pause_s = AGAIN_S[this.tries];
    if (pause_s === undefined) return this.say(text("video_gone"));
    this.tries += 1;
    this.say(text("video_again", { seconds: pause_s }));
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.retry(), pause_s * 1000);
  }

  private retry(): void {
    clearTimeout(this.timer);
    this.deeds().again();
  }

  private say(words: string): void {
    if (!this.place || !this.said) return;
    this.said.textContent = words;
    this.place.hidden = false;
    const lighter = this.place.querySelector<HTMLElement>("[data-video-lighter]");
    if (lighter) lighter.hidden = this.deeds().lightest;
  }

  private clear(): void {
    clearTimeout(this.timer);
    if (!this.video.error) this.tries = this.video.paused ? this.tries : 0;
    if (this.place) this.place.hidden = true;
  }
}
