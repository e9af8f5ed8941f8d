import { expect, test } from "vitest";
import { page, the } from "../testing/stimulus";
import GuardController from "./guard_controller";

const html = `<form data-controller="edu--guard" data-action="submit->edu--guard#submit"><button type="submit" data-busy="Sending">Submit</button></form>`;

function submit(): SubmitEvent {
  const event = new SubmitEvent("submit", { bubbles: true, cancelable: true, submitter: the("button") });
  the("form").dispatchEvent(event);
  return event;
}

test("the first press is sent, the second is not", async () => {
  await page(html, "edu--guard", GuardController);
  expect(submit().defaultPrevented).toBe(false);
  expect(submit().defaultPrevented).toBe(true);
});

test("the button says what happens, and keeps its focus", async () => {
  await page(html, "edu--guard", GuardController);
  submit();
  expect(the("button").textContent).toBe("Sending");
  expect(the<HTMLButtonElement>("button").disabled).toBe(false);
  expect(the("button").getAttribute("aria-disabled")).toBe("true");
});

test("a page that comes back from the browser's cache may be sent again", async () => {
  await page(html, "edu--guard", GuardController);
  submit();
  dispatchEvent(new Event("pageshow"));
  expect(the("button").textContent).toBe("Submit");
  expect(submit().defaultPrevented).toBe(false);
});
