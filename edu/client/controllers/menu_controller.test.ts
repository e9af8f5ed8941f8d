import { expect, test } from "vitest";
import { page, press, the } from "../testing/stimulus";
import MenuController from "./menu_controller";

const html = `<details data-controller="edu--menu" open><summary tabindex="0">More</summary><div><a href="#">Print</a></div></details><p>elsewhere</p>`;

test("Escape closes the menu and gives the focus back to its summary", async () => {
  await page(html, "edu--menu", MenuController);
  the("a").focus();
  press("Escape");
  expect(the<HTMLDetailsElement>("details").open).toBe(false);
  expect(document.activeElement).toBe(the("summary"));
});

test("a click elsewhere closes it, a click inside does not", async () => {
  await page(html, "edu--menu", MenuController);
  the("div").click();
  expect(the<HTMLDetailsElement>("details").open).toBe(true);
  the("p").click();
  expect(the<HTMLDetailsElement>("details").open).toBe(false);
});
