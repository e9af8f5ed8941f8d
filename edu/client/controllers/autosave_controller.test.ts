import { beforeEach, expect, test, vi } from "vitest";
import { page, settled, the } from "../testing/stimulus";
import AutosaveController from "./autosave_controller";

const html = `<form data-controller="edu--autosave" data-action="input->edu--autosave#changed submit->edu--autosave#sent" data-edu--autosave-url-value="/draft/">
  <textarea name="reason">text</textarea>
  <p data-edu--autosave-target="state" data-saving="Saving" data-saved="Saved {time}" data-failed="Not saved"></p></form>`;
const type = () => the("textarea").dispatchEvent(new Event("input", { bubbles: true }));
const leave = () => {
  const event = new Event("beforeunload", { cancelable: true });
  dispatchEvent(event);
  return event.defaultPrevented;
};

beforeEach(() => {
  vi.useFakeTimers();
  vi.setSystemTime(new Date(2026, 10, 22, 14, 2));
});

test("what is typed is posted once, after a pause, and the time is said", async () => {
  const fetched = vi.fn().mockResolvedValue({ ok: true });
  vi.stubGlobal("fetch", fetched);
  await page(html, "edu--autosave", AutosaveController);
  type();
  type();
  await vi.advanceTimersByTimeAsync(2000);
  await settled();
  expect(fetched).toHaveBeenCalledTimes(1);
  expect(fetched.mock.calls[0]?.[0]).toBe("/draft/");
  expect(the("p").textContent).toBe("Saved 14:02");
  expect(leave()).toBe(false);
});

test("a lost network is said, and leaving the page is warned of", async () => {
  vi.stubGlobal("fetch", vi.fn().mockRejectedValue(new TypeError("offline")));
  await page(html, "edu--autosave", AutosaveController);
  type();
  await vi.advanceTimersByTimeAsync(2000);
  await settled();
  expect(the("p").textContent).toBe("Not saved");
  expect(the("p").dataset["state"]).toBe("failed");
  expect(leave()).toBe(true);
});

test("leaving by the form's own button is not warned of", async () => {
  await page(html, "edu--autosave", AutosaveController);
  type();
  the("form").dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
  expect(leave()).toBe(false);
});
