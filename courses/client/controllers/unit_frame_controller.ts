import { Controller } from "@hotwired/stimulus";

type Message = { type?: string; height?: number; event?: string; text?: string };

const HEIGHT_MAX = 200_000; // px; a frame that claims more is broken

/**
 * The frame of a unit's blocks: gives it its height and shows what it says about saving.
 *
 * @example
 * <div data-controller="courses--unit-frame" data-courses--unit-frame-origin-value="http://x.blocks.localhost:8000">
 *   <iframe data-courses--unit-frame-target="frame" src="…"></iframe>
 *   <p data-courses--unit-frame-target="state" data-saved="Saved {time}"></p>
 * </div>
 */
export default class UnitFrameController extends Controller<HTMLElement> {
  static override targets = ["frame", "state", "loading"];
  static override values = { origin: String };
  declare readonly frameTarget: HTMLIFrameElement;
  declare readonly stateTarget: HTMLElement;
  declare readonly hasStateTarget: boolean;
  declare readonly loadingTargets: HTMLElement[];
  declare readonly originValue: string;

  private readonly listen = (event: MessageEvent<Message>): void => this.received(event);

  override connect(): void {
    addEventListener("message", this.listen);
    const theme = document.documentElement.dataset["theme"];
    const source = this.frameTarget.dataset["src"];
    if (source && !this.frameTarget.src) this.frameTarget.src = theme ? `${source}#theme=${theme}` : source;
  }

  override disconnect(): void {
    removeEventListener("message", this.listen);
  }

  /** Take a message only from our frame and its origin ("null" when it is opaque). */
  private received(event: MessageEvent<Message>): void {
    if (event.source !== this.frameTarget.contentWindow || event.origin !== this.originValue) return;
    const { type, height, event: name, text } = event.data ?? {};
    if (type === "guixue:frame-height" && typeof height === "number") {
      this.frameTarget.style.height = `${Math.min(Math.max(height, 120), HEIGHT_MAX)}px`;
      for (const element of this.loadingTargets) element.hidden = true;
    } else if (type === "guixue:frame-event" && this.hasStateTarget && name === "queue") {
      this.stateTarget.dataset["state"] = text ? "kept" : this.stateTarget.dataset["state"] ?? "";
      if (text) this.stateTarget.textContent = text;
    } else if (type === "guixue:frame-event" && this.hasStateTarget && (name === "saved" || name === "failed")) {
      this.stateTarget.dataset["state"] = name;
      const time = new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });
      this.stateTarget.textContent = name === "saved" ? `${text ?? ""} ${time}` : (text ?? "");
    }
  }
}
