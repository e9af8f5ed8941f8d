import { beforeEach, expect, test, vi } from "vitest";
import { page, the } from "../testing/stimulus";
import JobController from "./job_controller";

const html = `<div data-controller="edu--job" data-edu--job-url-value="/state/"><p>0 of 400</p></div>`;
const answer = (status: number, text: string) => ({ ok: status < 300, status, text: () => Promise.resolve(text) });

beforeEach(() => {
  vi.useFakeTimers();
});

test("the fragment is fetched again until it is done, then no more", async () => {
  const fetched = vi.fn().mockResolvedValueOnce(answer(200, "<p>120 of 400</p>")).mockResolvedValue(answer(200, "<p data-done>400 rows</p>"));
  vi.stubGlobal("fetch", fetched);
  await page(html, "edu--job", JobController);
  await vi.advanceTimersByTimeAsync(2000);
  expect(the("p").textContent).toBe("120 of 400");
  await vi.advanceTimersByTimeAsync(60000);
  expect(the("p").textContent).toBe("400 rows");
  expect(fetched).toHaveBeenCalledTimes(2);
});

test("a lost network and a server in trouble are waited out", async () => {
  const fetched = vi.fn().mockRejectedValueOnce(new TypeError("offline")).mockResolvedValueOnce(answer(503, "")).mockResolvedValue(answer(200, "<p data-done>done</p>"));
  vi.stubGlobal("fetch", fetched);
  await page(html, "edu--job", JobController);
  await vi.advanceTimersByTimeAsync(60000);
  expect(the("p").textContent).toBe("done");
});

test("a refusal ends it and leaves the page as it is", async () => {
  const fetched = vi.fn().mockResolvedValue(answer(403, "no"));
  vi.stubGlobal("fetch", fetched);
  await page(html, "edu--job", JobController);
  await vi.advanceTimersByTimeAsync(60000);
  expect(fetched).toHaveBeenCalledTimes(1);
  expect(the("p").textContent).toBe("0 of 400");
});
