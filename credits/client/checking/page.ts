// The check page's behaviour, shared by the page and by the file that is carried on a stick.
//
// Expects: form#check-text with textarea[name=text], input#check-file[type=file], button#check-camera,
// video#check-video, button#check-stop, section#check-result, and p#check-list for the age of the list.
import { isDocument, unbase64, type Document } from "./bytes.ts";
import { drawn } from "./render.ts";
import { readTrust, type Trust } from "./trust.ts";
import { checkFile, checkText, type Verdict } from "./verdict.ts";
import { daysSince, inShanghai, say } from "./words.ts";

export interface Camera {
  /** Read codes from the video until one is found or the signal stops it; "" when it was stopped. */
  scan(video: HTMLVideoElement, signal: AbortSignal): Promise<string>;
}
export interface Page {
  root: Document_;
  now: () => number;
  trust: () => Promise<Document | null>;
  camera: () => Promise<Camera>;
}
type Document_ = globalThis.Document;

const PINNED = "guixue-log-keys"; // log keys of the first list this browser believed

/** Start the page; resolves when what stands behind the # was answered. */
export async function start(page: Page): Promise<void> {
  const { root } = page;
  const whole = await page.trust().catch(() => null);
  const trust = whole && believed(root, whole);
  if (!trust) return troubled(root);
  const age = root.querySelector("#check-list");
  const days = daysSince(trust.madeAt, page.now());
  const line = (language: "zh" | "en"): string => say("list-age", language, { at: inShanghai(trust.madeAt, language), days });
  if (age) age.textContent = `${line("zh")} ${line("en")}`;
  const show = (found: Verdict, given = ""): void => {
    const result = root.querySelector("#check-result");
    result?.replaceChildren(drawn(found, trust, page.now(), given));
    (result as HTMLElement | null)?.focus();
  };
  wire(page, trust, show);
  const text = codeOf(root.defaultView?.location.href ?? "");
  if (text) show(checkText(text, trust), text);
}

/** The text of the code that an address is: its own behind /v/, the one behind the # on the check page. */
export function codeOf(href: string): string {
  const cut = href.indexOf("#");
  const behind = cut < 0 ? "" : href.slice(cut + 1);
  if (/^https?%3A/i.test(behind)) return decodeURIComponent(behind);
  if (/^https?:\/\//.test(behind)) return behind;
  if (!/^[0-9]+$/.test(behind)) return "";
  return /^https?:\/\/[^/]+\/v\//.test(href) ? href.replace(/[?][^#]*/, "") : behind;
}

function wire(page: Page, trust: Trust, show: (found: Verdict, given?: string) => void): void {
  const { root } = page;
  root.querySelector<HTMLFormElement>("#check-text")?.addEventListener("submit", (event) => {
    event.preventDefault();
    const given = String(new FormData(event.target as HTMLFormElement).get("text") ?? "");
    if (/^\s*\{/.test(given)) void checkFile(new TextEncoder().encode(given), trust).then((found) => show(found));
    else show(checkText(given, trust), given);
  });
  root.querySelector<HTMLInputElement>("#check-file")?.addEventListener("change", (event) => {
    const file = (event.target as HTMLInputElement).files?.[0];
    if (file) void file.arrayBuffer().then((data) => checkFile(new Uint8Array(data), trust)).then((found) => show(found));
  });
  root.defaultView?.addEventListener("hashchange", () => {
    const text = codeOf(root.defaultView?.location.href ?? "");
    if (text) show(checkText(text, trust), text);
  });
  wireCamera(page, (text) => show(checkText(text, trust), text));
}

function wireCamera(page: Page, found: (text: string) => void): void {
  const button = page.root.querySelector<HTMLButtonElement>("#check-camera");
  const video = page.root.querySelector<HTMLVideoElement>("#check-video");
  const stop = page.root.querySelector<HTMLButtonElement>("#check-stop");
  const devices = page.root.defaultView?.navigator.mediaDevices;
  if (!button || !video || !stop || !devices) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    const stopping = new AbortController();
    stop.addEventListener("click", () => stopping.abort(), { once: true });
    void scanned(page, devices, video, stop, stopping.signal)
      .then((text) => text && found(text))
      .catch(() => page.root.querySelector("#check-no-camera")?.removeAttribute("hidden"));
  });
}

async function scanned(page: Page, devices: MediaDevices, video: HTMLVideoElement, stop: HTMLElement, signal: AbortSignal): Promise<string> {
  const [camera, stream] = await Promise.all([page.camera(), devices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1920 } } })]);
  video.hidden = stop.hidden = false;
  video.srcObject = stream;
  try {
    await video.play();
    return await camera.scan(video, signal);
  } finally {
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
    video.hidden = stop.hidden = true;
  }
}

/** The list, when a log that this browser already knows signed it; the first one is taken on trust in the page itself. */
function believed(root: Document_, whole: Document): Trust | null {
  const pinned = kept(root);
  try {
    const trust = readTrust(whole, pinned);
    keep(root, whole);
    return trust;
  } catch {
    return null;
  }
}

function kept(root: Document_): Uint8Array[] {
  try {
    const found: unknown = JSON.parse(root.defaultView?.localStorage.getItem(PINNED) ?? "[]");
    return Array.isArray(found) ? found.map((key) => unbase64(key, 32)) : [];
  } catch {
    return []; // no storage: a file from a stick, or a private window
  }
}

function keep(root: Document_, whole: Document): void {
  const log = isDocument(whole.list) && isDocument(whole.list.log) ? whole.list.log.keys : [];
  const keys = Array.isArray(log) ? log.filter(isDocument).filter((key) => key.algorithm === "Ed25519").map((key) => key.public_key) : [];
  try {
    root.defaultView?.localStorage.setItem(PINNED, JSON.stringify(keys));
  } catch {
    // as above
  }
}

function troubled(root: Document_): void {
  root.querySelector("#check-no-list")?.removeAttribute("hidden");
}
