import { beforeEach, expect, test, vi } from "vitest";
import { page, the } from "../testing/stimulus";
import ErrorsController from "./errors_controller";

const html = `<div id="summary" tabindex="-1" data-controller="edu--errors"><a href="#id_name">Name</a><a href="#id_result">Result</a></div>
  <div class="field"><input id="id_name"></div><fieldset id="id_result"><input type="radio" id="first"></fieldset>`;

beforeEach(() => {
  Element.prototype.scrollIntoView = vi.fn();
});

test("the summary has the focus when the page comes", async () => {
  await page(html, "edu--errors", ErrorsController);
  expect(document.activeElement).toBe(the("#summary"));
});

test("its links put the focus into the field, in a group into the first choice", async () => {
  await page(html, "edu--errors", ErrorsController);
  the("a[href='#id_name']").click();
  expect(document.activeElement).toBe(the("#id_name"));
  the("a[href='#id_result']").click();
  expect(document.activeElement).toBe(the("#first"));
});
