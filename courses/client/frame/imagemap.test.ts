import { beforeEach, describe, expect, it } from "vitest";
import { drawMarks, startImageMaps } from "./imagemap.ts";

describe("a place in a picture", () => {
  beforeEach(() => {
    document.body.innerHTML = `<input id="a" value=""><button data-image-map="a" data-width="200" data-height="100"><span class="image-map-mark" hidden></span></button>`;
  });
  const area = () => document.querySelector("button") as HTMLButtonElement;
  const value = () => document.querySelector("input")?.value;
  const press = (key: string) => area().dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));

  it("begins in the middle and moves by keys, never out of the picture", () => {
    startImageMaps(document.body);
    press("ArrowLeft");
    expect(value()).toBe("[90,50]");
    for (let n = 0; n < 30; n++) press("ArrowUp");
    expect(value()).toBe("[90,0]");
  });

  it("is where the finger was, whatever the size on screen", () => {
    startImageMaps(document.body);
    area().getBoundingClientRect = () => ({ left: 10, top: 20, width: 100, height: 50 }) as DOMRect;
    area().dispatchEvent(new MouseEvent("click", { clientX: 60, clientY: 45, bubbles: true }));
    expect(value()).toBe("[100,50]");
  });

  it("is shown again with an answer that is there, and not without one", () => {
    drawMarks(document);
    expect(document.querySelector<HTMLElement>(".image-map-mark")?.hidden).toBe(true);
    (document.querySelector("input") as HTMLInputElement).value = "[50,25]";
    drawMarks(document);
    expect(document.querySelector<HTMLElement>(".image-map-mark")?.style.left).toBe("25%");
  });
});
