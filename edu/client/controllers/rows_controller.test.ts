import { beforeEach, expect, test, vi } from "vitest";
import { page, press, the } from "../testing/stimulus";
import RowsController from "./rows_controller";

const row = (n: number) => `<tr data-edu--rows-target="row"><td><input type="checkbox" id="box${n}"></td><td><a id="case${n}" href="#${n}">${n}</a></td></tr>`;
const html = `<div data-controller="edu--rows"><form data-edu--rows-target="toolbar"><input id="q" data-edu--rows-target="search"></form>
  <div id="bulk" data-edu--rows-target="bulk" hidden><b data-edu--rows-target="chosen" data-text="{n} chosen"></b></div>
  <table>${row(1)}${row(2)}</table></div>`;

beforeEach(() => {
  Element.prototype.scrollIntoView = vi.fn();
});

test("j and k move the focus between the rows' links and stop at the ends", async () => {
  await page(html, "edu--rows", RowsController);
  press("j");
  expect(document.activeElement?.id).toBe("case1");
  press("j");
  press("j");
  expect(document.activeElement?.id).toBe("case2");
  press("k");
  expect(document.activeElement?.id).toBe("case1");
});

test("x chooses the row, and the bulk bar takes the toolbar's place and counts", async () => {
  await page(html, "edu--rows", RowsController);
  press("j");
  press("x");
  expect(the<HTMLInputElement>("#box1").checked).toBe(true);
  expect(the("#bulk").hidden).toBe(false);
  expect(the("form").hidden).toBe(true);
  expect(the("b").textContent).toBe("1 chosen");
  press("x");
  expect(the("#bulk").hidden).toBe(true);
});

test("letters typed into the search field stay letters", async () => {
  await page(html, "edu--rows", RowsController);
  press("/");
  expect(document.activeElement?.id).toBe("q");
  press("j");
  expect(document.activeElement?.id).toBe("q");
});

test("the letters can be switched off", async () => {
  await page(html, "edu--rows", RowsController);
  document.documentElement.dataset["shortcuts"] = "off";
  press("j");
  expect(document.activeElement).toBe(document.body);
});
