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
    const second = this.second;
    const speed = this.video.playbackRate;
    const known = this.attached !== undefined || this.video.currentSrc !== new URL(quality.url, location.href).href;
    this.attached = quality;
    if (!known) return; // somebody else started just this file
    this.drop();
    this.place = second;
    if (quality.type === STREAM && this.video.canPlayType(STREAM) === "") await this.stream(quality.url);
    else this.video.src = quality.url;
    this.video.defaultPlaybackRate = this.video.playbackRate = speed;
  }

  /** Ask for the film again at the same place: after the line broke. */
  async again(): Promise<void> {
    const quality = this.attached;
    if (!quality) return;
    this.place = this.second;
    this.attached = undefined;
    await this.attach(quality);
  }

  private drop(): void {
    this.hls?.destroy();
    this.hls = undefined;
  }

  private async stream(url: string): Promise<void> {
    const { default: Reader } = await import("hls.js/light");
    if (!Reader.isSupported()) return void (this.video.src = url); // fails with the browser's own error
    this.hls = new Reader({ enableWorker: false, startPosition: this.place || -1, maxBufferLength: 20 }) as unknown as Hls;
    this.hls.on(Reader.Events.ERROR, (_event: unknown, problem: { fatal: boolean }) => {
      if (problem.fatal) this.video.dispatchEvent(new CustomEvent("guixue:broken"));
    });
    this.hls.loadSource(url);
    this.hls.attachMedia(this.video);
  }
}
