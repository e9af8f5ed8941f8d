import { expect, test } from "vitest";
import { page, the } from "../testing/stimulus";
import ThemeController from "./theme_controller";

const html = `<form data-controller="edu--theme" data-action="change->edu--theme#show">
  <input type="radio" name="theme" value="system"><input type="radio" name="theme" value="dark"><input type="radio" name="shortcuts" value="off"></form>`;
const choose = (value: string) => the(`[value=${value}]`).dispatchEvent(new Event("change", { bubbles: true }));

test("a choice is shown at once and taken back by the default", async () => {
  await page(html, "edu--theme", ThemeController);
  choose("dark");
  expect(document.documentElement.dataset["theme"]).toBe("dark");
  choose("system");
  expect(document.documentElement.dataset["theme"]).toBeUndefined();
});

test("what cannot be seen waits for the button", async () => {
  await page(html, "edu--theme", ThemeController);
  choose("off");
  expect(document.documentElement.dataset["shortcuts"]).toBeUndefined();
});
