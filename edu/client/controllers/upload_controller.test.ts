import { expect, test } from "vitest";
import { page, the } from "../testing/stimulus";
import UploadController from "./upload_controller";

const html = `<div data-controller="edu--upload" data-edu--upload-max-value="1000" data-edu--upload-ready-value="Ready" data-edu--upload-too-large-value="Too large">
  <div data-edu--upload-target="zone"><input type="file" multiple></div><ul data-edu--upload-target="list" hidden></ul></div>`;

function choose(...sizes: number[]): void {
  const files = sizes.map((size, n) => new File([new Uint8Array(size)], `<page ${n}>.jpg`));
  Object.defineProperty(the("input"), "files", { value: files, configurable: true });
  the("input").dispatchEvent(new Event("change", { bubbles: true }));
}

test("each file is named with its state, and names are text, never HTML", async () => {
  await page(html, "edu--upload", UploadController);
  choose(10, 2000);
  const lines = [...document.querySelectorAll("li")].map((line) => [...line.children].map((part) => part.textContent));
  expect(lines).toEqual([
    ["<page 0>.jpg", "0.0 MB", "Ready"],
    ["<page 1>.jpg", "0.0 MB", "Too large"],
  ]);
});

test("without files there is no list", async () => {
  await page(html, "edu--upload", UploadController);
  choose(10);
  choose();
  expect(the("ul").hidden).toBe(true);
});
