import { beforeEach, expect, it } from "vitest";
import { startPassages } from "./passages.ts";

const HTML = `<div class="annotation-input"><textarea class="comment"></textarea><div id="label_1">Where?</div>
<ul class="tags"><li><span class="tag" data-id="0">Verona</span></li><li><span class="tag" data-id="2">Nowhere</span></li></ul>
<input type="hidden" class="value" name="input_1" value=""></div>`;
const tag = (number: number): HTMLElement => document.querySelectorAll<HTMLElement>(".tag")[number] as HTMLElement;
const kept = (): unknown => JSON.parse(document.querySelector<HTMLInputElement>(".value")?.value ?? "");

beforeEach(() => {
  document.body.innerHTML = `<main>${HTML}</main>`;
  startPassages(document.querySelector("main") as HTMLElement);
});

it("one word is chosen, by click or by key, and the comment goes along", () => {
  tag(0).click();
  expect(kept()).toEqual({ comment: "", options: [0] });
  tag(1).dispatchEvent(new KeyboardEvent("keydown", { key: " ", bubbles: true }));
  const comment = document.querySelector("textarea") as HTMLTextAreaElement;
  comment.value = "inward";
  comment.dispatchEvent(new Event("input", { bubbles: true }));
  expect(kept()).toEqual({ comment: "inward", options: [2] });
  expect([tag(0), tag(1)].map((one) => one.getAttribute("aria-checked"))).toEqual(["false", "true"]);
});

it("words can be reached by keyboard and have a name for what they are", () => {
  expect(tag(0).tabIndex).toBe(0);
  expect(document.querySelector(".tags")?.getAttribute("aria-labelledby")).toBe("label_1");
});
