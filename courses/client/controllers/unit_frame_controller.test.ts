import { beforeEach, expect, test, vi } from "vitest";
import { page, settled, the } from "../../../edu/client/testing/stimulus";
import UnitFrameController, { count } from "./unit_frame_controller";

const ORIGIN = "http://stat.blocks.localhost:8000";
const html = `<article data-controller="f" data-f-origin-value="${ORIGIN}" data-f-jump-value="/en/learn/r/jump/NAME/"><iframe data-f-target="frame"></iframe>
  <dialog data-f-target="leave"><a data-f-target="way" target="_blank"></a></dialog>
  <span data-f-target="state" data-saved="Saved" data-failed="Not saved" data-kept="{count} wait"></span></article>`;

function say(data: unknown, origin = ORIGIN): void {
  const source = the<HTMLIFrameElement>("iframe").contentWindow;
  dispatchEvent(new MessageEvent("message", { data, origin, source }));
}

const event = (name: string, more: object = {}): object => ({ type: "guixue:frame-event", event: name, block: "b", text: "Pay here", ...more });
const state = (): string => the("span").textContent ?? "";

beforeEach(async () => {
  vi.stubGlobal("open", vi.fn());
  HTMLDialogElement.prototype.showModal ??= function (this: HTMLDialogElement) { this.open = true; }; // jsdom has none
  await page(html, "f", UnitFrameController);
  await settled();
});

test("the frame chooses among the page's words and brings none", () => {
  say(event("failed"));
  expect(state()).toBe("Not saved");
  say(event("queue", { block: "2" }));
  expect(state()).toBe("2 wait");
  say(event("saved"));
  expect(state()).toMatch(/^Saved \d/);
});

test.each([null, undefined, "x", 7, [], {}, { type: {} }, event("completed"), { type: "guixue:frame-event" }, { type: "guixue:frame-height", height: NaN }, { type: "guixue:frame-height", height: "9" }])("a message of another shape is nothing: %j", (data) => {
  say(data);
  expect(state()).toBe("");
  expect(the("iframe").style.height).toBe("");
});

test("another origin or another window is not heard", () => {
  say(event("saved"), "http://other.blocks.localhost:8000");
  dispatchEvent(new MessageEvent("message", { data: event("saved"), origin: ORIGIN, source: window }));
  expect(state()).toBe("");
});

test("a height is bounded and a number of answers too", () => {
  say({ type: "guixue:frame-height", height: 1e12 });
  expect(the("iframe").style.height).toBe("200000px");
  expect([count("1e9"), count("-3"), count({}), count("2"), count("x")]).toEqual([9999, 0, 0, 2, 0]);
});

test("a file of the course and a tool open at once, an address elsewhere is shown first", () => {
  say(event("open", { text: `${ORIGIN}/a/0/handout.pdf` }));
  say(event("open", { text: `${ORIGIN}/h/token/lti-launch` }));
  expect(vi.mocked(open).mock.calls.map(([address]) => address)).toEqual([`${ORIGIN}/a/0/handout.pdf`, `${ORIGIN}/h/token/lti-launch`]);
  expect(the<HTMLDialogElement>("dialog").open).toBe(false);
  say(event("open", { text: "https://elsewhere.example/?told=secret" }));
  expect(open).toHaveBeenCalledTimes(2);
  expect(the<HTMLDialogElement>("dialog").open).toBe(true);
  expect(the("a").textContent).toBe("https://elsewhere.example/?told=secret");
});

test.each(["javascript:alert(1)", "data:text/html,x", "blob:x", "no address", `https://x.example/${"y".repeat(3000)}`, 5])("no link: %s", (text) => {
  say(event("open", { text }));
  expect(the<HTMLDialogElement>("dialog").open).toBe(false);
  expect(open).not.toHaveBeenCalled();
});

test.each(["/f/token/", "/z/0/p.zip!/index.html", "/h/token/lti-launch?x=1", "/h/token/other", "/a/0/x?data=1"])("a page in which a course's scripts run is not opened by itself: %s", (path) => {
  say(event("open", { text: ORIGIN + path }));
  expect(open).not.toHaveBeenCalled();
  expect(the<HTMLDialogElement>("dialog").open).toBe(true);
});

test("a link to another part of the course leads to its unit, by whatever name courses call it", () => {
  const visit = vi.spyOn(UnitFrameController.prototype, "visit").mockImplementation(() => undefined);
  say(event("open", { text: `${ORIGIN}/jump_to_id/u12-spread` }));
  say(event("open", { text: `${ORIGIN}/courses/course-v1:A+B+C/jump_to/block-v1:A+B+C+type@vertical+block@u13` }));
  expect(visit.mock.calls).toEqual([["/en/learn/r/jump/u12-spread/"], ["/en/learn/r/jump/u13/"]]);
  say(event("open", { text: "https://elsewhere.example/jump_to_id/u12-spread" }));
  say(event("open", { text: `${ORIGIN}/jump_to_id/..%2f..%2faccount` }));
  expect(visit).toHaveBeenCalledTimes(2);
});
