import { Controller } from "@hotwired/stimulus";

type Message = { type?: unknown; height?: unknown; event?: unknown; block?: unknown; text?: unknown };

const HEIGHT_MIN = 120; // px
const HEIGHT_MAX = 200_000; // px; a frame that claims more is broken
const COUNT_MAX = 9999;
const ADDRESS_MAX = 2000; // characters; longer ones carry more than an address
const OWN_FILES = /^\/(?:blocks\/)?(?:[ac]\/[^?#]+|h\/[^/?#]+\/(?:lti-launch|tool))$/; // pages of ours in which no script of a course runs
// How courses link to their own parts: a block's name, at the end of whatever stood before it elsewhere.
const PART = /\/(?:jump_to_id\/|jump_to\/[^/]+block@)([\w.-]{1,200})\/?$/;
const OPENED = new Set(["http:", "https:", "mailto:"]);

/** A number of answers as a frame says it, or 0: a course's script may say anything. */
export function count(said: unknown): number {
  const number = typeof said === "string" || typeof said === "number" ? Math.floor(Number(said)) : 0;
  return number > 0 ? Math.min(number, COUNT_MAX) : 0;
}

function parsed(address: string): URL | undefined {
  try {
    return new URL(address);
  } catch {
    return undefined;
  }
}

/**
 * The frame of a unit's blocks: gives it its height, shows what it says about saving, and opens its links. A course's
 * scripts run in there, so the frame chooses among our words and never brings its own, and a link to elsewhere is
 * opened by the learner, who sees where it leads.
 *
 * @example
 * <div data-controller="courses--unit-frame" data-courses--unit-frame-origin-value="http://x.blocks.localhost:8000">
 *   <iframe data-courses--unit-frame-target="frame" src="…"></iframe>
 *   <dialog data-courses--unit-frame-target="leave"><a data-courses--unit-frame-target="way"></a></dialog>
 *   <p data-courses--unit-frame-target="state" data-saved="Saved" data-failed="Not saved" data-kept="{count} wait"></p>
 * </div>
 */
export default class UnitFrameController extends Controller<HTMLElement> {
  static override targets = ["frame", "state", "leave", "way"];
  static override values = { origin: String, jump: String };
  declare readonly frameTarget: HTMLIFrameElement;
  declare readonly stateTarget: HTMLElement;
  declare readonly hasStateTarget: boolean;
  declare readonly leaveTarget: HTMLDialogElement;
  declare readonly hasLeaveTarget: boolean;
  declare readonly wayTarget: HTMLAnchorElement;
  declare readonly originValue: string;
  declare readonly jumpValue: string;

  private readonly listen = (event: MessageEvent<Message>): void => this.received(event);

  override connect(): void {
    addEventListener("message", this.listen);
  }

  override disconnect(): void {
    removeEventListener("message", this.listen);
  }

  /** The learner has followed the link. */
  left(): void {
    this.leaveTarget.close();
  }

  /** Take a message only from our frame and its origin ("null" when it is opaque). */
  private received(event: MessageEvent<Message>): void {
    if (event.source !== this.frameTarget.contentWindow || event.origin !== this.originValue) return;
    if (typeof event.data !== "object" || event.data === null) return;
    const { type, height, event: name, block, text } = event.data;
    if (type === "guixue:frame-height" && typeof height === "number" && Number.isFinite(height)) {
      this.frameTarget.style.height = `${Math.min(Math.max(height, HEIGHT_MIN), HEIGHT_MAX)}px`;
    } else if (type === "guixue:frame-event") {
      if (name === "open") this.open(text);
      else if (this.hasStateTarget) this.state(name, count(block));
    }
  }

  private state(name: unknown, waiting: number): void {
    const { saved = "", failed = "", kept = "" } = this.stateTarget.dataset;
    if (name === "queue" && waiting > 0) this.say("kept", kept.replace("{count}", String(waiting)));
    if (name === "failed") this.say("failed", failed);
    if (name !== "saved") return;
    const time = new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });
    this.say("saved", `${saved} ${time}`);
  }

  private say(state: string, words: string): void {
    this.stateTarget.dataset["state"] = state;
    this.stateTarget.textContent = words;
  }

  /** Leave for another page of the site. */
  visit(path: string): void {
    location.assign(path);
  }

  private open(said: unknown): void {
    if (navigator.userActivation && !navigator.userActivation.isActive) return; // nobody has clicked
    const address = typeof said === "string" && said.length <= ADDRESS_MAX ? parsed(said) : undefined;
    if (!address || !OPENED.has(address.protocol) || !this.hasLeaveTarget) return;
    const home = this.originValue === "null" ? location.origin : this.originValue;
    if (address.origin === home && OWN_FILES.test(address.pathname) && !address.search) {
      open(address.href, "_blank", "noopener,noreferrer");
      return;
    }
    const part = address.origin === home ? PART.exec(address.pathname)?.[1] : undefined;
    if (part && this.jumpValue) {
      this.visit(this.jumpValue.replace("NAME", part));
      return;
    }
    this.wayTarget.href = address.href;
    this.wayTarget.textContent = address.href;
    if (!this.leaveTarget.open) this.leaveTarget.showModal();
  }
}
