import { expect, test } from "vitest";
import { page, the } from "../testing/stimulus";
import CountController from "./count_controller";

const html = `<div data-controller="edu--count" data-edu--count-max-value="3"><textarea data-edu--count-target="field" data-action="input->edu--count#show">韦</textarea>
  <p data-edu--count-target="text" data-left="{n} left" data-over="{n} too many"></p></div>`;

test("characters beyond the basic plane count as one", async () => {
  await page(html, "edu--count", CountController);
  expect(the("p").textContent).toBe("2 left");
  the<HTMLTextAreaElement>("textarea").value = "𬭚𬀩";
  the("textarea").dispatchEvent(new Event("input", { bubbles: true }));
  expect(the("p").textContent).toBe("1 left");
});

test("too long is said in words and marked as an error", async () => {
  await page(html, "edu--count", CountController);
  the<HTMLTextAreaElement>("textarea").value = "abcde";
  the("textarea").dispatchEvent(new Event("input", { bubbles: true }));
  expect(the("p").textContent).toBe("2 too many");
  expect(the("p").classList.contains("error")).toBe(true);
});
