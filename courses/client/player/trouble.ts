// What happens when the film stops coming: it is asked for again by itself, and the learner is told what can be done.
import { text } from "../frame/page.ts";

const AGAIN_S = [2, 5, 15, 30]; // a line in the hills is often back within a minute
const LOOK_MS = 1_000;
const SLOW_MS = 6_000; // shorter silences are an ordinary weak line
const DEAD_MS = 10_000; // nothing at all has come: browsers themselves may wait for ever

type Deeds = { again: () => void; lighter: () => boolean; lightest: boolean };

export class Trouble {
  private tries = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private looking: ReturnType<typeof setInterval> | undefined;
  private waitingSince = 0;
  private heardAt = 0;
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
    for (const silence of ["play", "waiting"]) video.addEventListener(silence, () => this.wait());
    for (const news of ["progress", "loadedmetadata", "loadeddata"]) video.addEventListener(news, () => (this.heardAt = Date.now()));
    video.addEventListener("playing", () => this.well());
    video.addEventListener("pause", () => !video.error && this.clear()); // browsers pause a film that broke
    addEventListener("online", () => this.place?.hidden === false && this.retry());
  }

  /** The film waits: look every second whether anything comes. */
  private wait(): void {
    clearInterval(this.looking);
    this.waitingSince = this.heardAt = Date.now();
    this.looking = setInterval(() => this.look(), LOOK_MS);
  }

  private look(): void {
    if (this.video.paused || this.video.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA) return clearInterval(this.looking);
    const now = Date.now();
    if (now - this.heardAt >= DEAD_MS) this.broken();
    else if (now - this.waitingSince >= SLOW_MS) this.say(text("video_slow"));
  }

  private broken(): void {
    clearInterval(this.looking);
    clearTimeout(this.timer);
    if (this.video.error?.code === MediaError.MEDIA_ERR_DECODE) return this.say(text("video_unplayable"));
    const pause_s = AGAIN_S[this.tries];
    if (pause_s === undefined) return this.say(text("video_gone"));
    this.tries += 1;
    this.say(text("video_again", { seconds: pause_s }));
    this.timer = setTimeout(() => this.retry(), pause_s * 1000);
  }

  private retry(): void {
    clearTimeout(this.timer);
    this.deeds().again();
    this.wait();
  }

  private say(words: string): void {
    if (!this.place || !this.said) return;
    if (this.said.textContent !== words) this.said.textContent = words;
    this.place.hidden = false;
    const lighter = this.place.querySelector<HTMLElement>("[data-video-lighter]");
    if (lighter) lighter.hidden = this.deeds().lightest;
  }

  private well(): void {
    this.tries = 0;
    this.clear();
  }

  private clear(): void {
    clearTimeout(this.timer);
    clearInterval(this.looking);
    if (this.place) this.place.hidden = true;
  }
}
