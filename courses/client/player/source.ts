// Where the film comes from: a file in one of its qualities, or a stream in parts (HLS), with the place kept when it changes.
import type Hls from "hls.js";
import type { Quality } from "./choice.ts";

export const STREAM = "application/vnd.apple.mpegurl";

export class Source {
  private hls: Hls | undefined;
  private attached: Quality | undefined;
  private place = 0;

  constructor(private readonly video: HTMLVideoElement) {
    video.addEventListener("loadedmetadata", () => this.place > 0 && this.goTo(this.place));
    video.addEventListener("timeupdate", () => {
      if (video.readyState > 0) this.place = video.currentTime;
    });
  }

  /** The second to show, also while the film is still on its way. */
  get second(): number {
    return this.video.readyState > 0 ? this.video.currentTime : this.place;
  }

  /** Go to a second now, or as soon as there is a film to go in. */
  goTo(second: number): void {
    this.place = second;
    if (this.video.readyState === 0) return;
    this.video.currentTime = Math.min(second, Math.max(0, (this.video.duration || second) - 0.1));
  }

  /** Make a quality ready to be played from the present place. Fetches nothing but the reader of streams. */
  async attach(quality: Quality): Promise<void> {
    if (this.attached === quality) return;
    const there = this.attached === undefined && this.video.readyState > 0 && this.video.currentSrc === new URL(quality.url, location.href).href;
    this.attached = quality;
    if (!there) await this.load(quality); // somebody else may have started just this file
  }

  /** Ask for the film again at the same place: after the line broke. */
  async again(): Promise<void> {
    if (this.attached) await this.load(this.attached);
  }

  private async load(quality: Quality): Promise<void> {
    this.place = this.second;
    const speed = this.video.playbackRate;
    this.drop();
    if (quality.type === STREAM) await this.stream(quality.url);
    else this.video.src = quality.url;
    this.video.defaultPlaybackRate = this.video.playbackRate = speed;
  }

  private drop(): void {
    this.hls?.destroy();
    this.hls = undefined;
  }

  private async stream(url: string): Promise<void> {
    const { default: Reader } = await import("hls.js/light");
    // The small reader goes first: what browsers say of themselves is not to be relied on (Chromium says "maybe" and asks
    // for the first part for ever). Telephones without its means play streams themselves.
    if (!Reader.isSupported()) return void (this.video.src = url);
    this.hls = new Reader({ enableWorker: false, startPosition: this.place || -1, maxBufferLength: 20 }) as unknown as Hls;
    this.hls.on(Reader.Events.ERROR, (_event: unknown, problem: { fatal: boolean }) => {
      if (problem.fatal) this.video.dispatchEvent(new CustomEvent("guixue:broken"));
    });
    this.hls.loadSource(url);
    this.hls.attachMedia(this.video);
  }
}
