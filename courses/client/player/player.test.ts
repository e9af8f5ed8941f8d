import { beforeEach, describe, expect, it, vi } from "vitest";
import { startVideos } from "../frame/video.ts";
import { chosen, costly, type Quality } from "./choice.ts";

const quality = (name: Quality["name"], bytes: number): Quality => ({ name, url: `/a/v/${name}.mp4`, type: "video/mp4", bytes, label: name });
const OFFERED = [quality("light", 2e6), quality("standard", 6e6), quality("original", 20e6), quality("sound", 5e5)];

describe("the quality to begin with", () => {
  it("is what the learner chose last, where the film has it", () => {
    expect(chosen(OFFERED, "sound", undefined, false)?.name).toBe("sound");
    expect(chosen(OFFERED.slice(2, 3), "sound", undefined, false)?.name).toBe("original");
  });

  it("is the light one on a line that is paid by the megabyte, slow, or to be spared", () => {
    for (const line of [{ type: "cellular" }, { effectiveType: "3g" }, { saveData: true }]) expect(chosen(OFFERED, "", line, false)?.name).toBe("light");
    expect(costly({ type: "wifi", effectiveType: "4g" })).toBe(false);
  });

  it("is the standard one elsewhere, the file as uploaded where there is no other, the light one when taken along", () => {
    expect(chosen(OFFERED, "", undefined, false)?.name).toBe("standard");
    expect(chosen([quality("original", 1)], "", undefined, false)?.name).toBe("original");
    expect(chosen(OFFERED, "standard", undefined, true)?.name).toBe("light");
  });
});

describe("the player", () => {
  const play = vi.fn().mockResolvedValue(undefined);
  const pause = vi.fn();

  beforeEach(() => {
    localStorage.clear();
    vi.stubGlobal("fetch", vi.fn().mockResolvedValue({ ok: true, status: 200, text: () => Promise.resolve("WEBVTT\n\n00:00:07.000 --> 00:00:09.000\n第七秒\n\n"), json: () => Promise.resolve({}) }));
    Object.assign(HTMLMediaElement.prototype, { play, pause, load: vi.fn() });
    play.mockClear();
    document.body.innerHTML = `<section data-block="video@v" data-handlers="/h/t"><figure class="video" data-video data-position="0" data-speed="1" data-seconds="60" data-captions="zh">
      <div data-video-stage><video controls preload="none"><source src="/a/v/light.mp4"></video>
      <button data-video-toggle data-video-own hidden><span data-word></span></button><input type="range" data-video-seek><span data-video-time></span>
      <button data-video-back></button><button data-video-forward></button><button data-video-mute><span data-word></span></button><input type="range" data-video-volume min="0" max="100">
      <select data-video-speed><option value="1">1</option><option value="2">2</option></select>
      <select data-video-quality>${OFFERED.map((one) => `<option value="${one.name}"></option>`).join("")}</select><span data-video-weight></span></div>
      <details data-transcript="/c/x"><div data-transcript-lines></div></details>
      <script type="application/json" data-video-qualities>${JSON.stringify(OFFERED)}</script></figure></section>`;
    startVideos(document);
  });
  const video = () => document.querySelector("video") as HTMLVideoElement;
  const part = <T extends HTMLElement>(name: string) => document.querySelector(`[data-video-${name}]`) as T;
  const key = (name: string, on: Element) => on.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true }));

  it("says what the film weighs and fetches nothing before it is played", () => {
    expect(part("weight").textContent).toBe("standard");
    expect(video().getAttribute("src")).toBeNull();
    expect(fetch).not.toHaveBeenCalled();
    expect(video().controls).toBe(false);
  });

  it("plays the chosen quality, and remembers the choice for the next film", async () => {
    const list = part<HTMLSelectElement>("quality");
    list.value = "sound";
    list.dispatchEvent(new Event("change"));
    expect(document.querySelector("figure")?.classList.contains("is-sound")).toBe(true);
    part("toggle").click();
    await Promise.resolve();
    expect(video().src).toContain("/a/v/sound.mp4");
    await vi.waitFor(() => expect(play).toHaveBeenCalledTimes(1));
    expect(JSON.parse(localStorage.getItem("guixue:player") ?? "{}")).toEqual({ quality: "sound" });
  });

  it("is wound before it plays, by its buttons and by keys, and says the place", () => {
    part("forward").click();
    key("ArrowRight", part("toggle"));
    key("j", part("toggle"));
    expect(part("time").textContent).toBe("0:05 / 1:00");
    key("l", part<HTMLSelectElement>("speed")); // a list keeps its letters
    expect(part("time").textContent).toBe("0:05 / 1:00");
  });

  it("is muted by a key and loud again by its slider", () => {
    key("m", part("toggle"));
    expect(video().muted).toBe(true);
    const volume = part<HTMLInputElement>("volume");
    volume.value = "40";
    volume.dispatchEvent(new Event("input"));
    expect([video().muted, video().volume]).toEqual([false, 0.4]);
  });
});
