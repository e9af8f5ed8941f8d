import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { startScorm } from "./scorm.ts";

type Api = Record<string, (...given: string[]) => string>;
const api = (name: string): Api => (window as unknown as Record<string, Api>)[name] as Api;

function page(version: string): ReturnType<typeof vi.fn> {
  document.body.innerHTML = `<script type="application/json" id="words">{"saved":"Saved"}</script>
<section data-block="scorm@1" data-handlers="/h/t"><div data-scorm="${version}">
<script type="application/json" class="scorm-data">{"cmi.core.lesson_status":"incomplete"}</script>
<p data-scorm-state></p></div><p class="block-alert" hidden></p></section>`;
  const fetched = vi.fn().mockResolvedValue({ ok: true, status: 200, json: () => Promise.resolve([]) });
  vi.stubGlobal("fetch", fetched);
  startScorm(document);
  return fetched;
}

describe("the interface of packages", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it("answers by the names of 1.2 and tells what is known", () => {
    page("SCORM_12");
    expect(api("API")["LMSInitialize"]?.("")).toBe("true");
    expect(api("API")["LMSGetValue"]?.("cmi.core.lesson_status")).toBe("incomplete");
    expect(api("API")["LMSGetValue"]?.("cmi.core.lesson_mode")).toBe("normal");
    expect(api("API")["LMSGetValue"]?.("cmi.unknown")).toBe("");
  });

  it("sends values together, at once when the package asks for it", () => {
    const fetched = page("SCORM_2004");
    api("API_1484_11")["SetValue"]?.("cmi.score.scaled", "0.8");
    api("API_1484_11")["SetValue"]?.("cmi.completion_status", "completed");
    expect(fetched).not.toHaveBeenCalled();
    api("API_1484_11")["Commit"]?.("");
    expect(fetched.mock.calls[0]?.[0]).toBe("/h/t/scorm_set_values");
    expect(JSON.parse((fetched.mock.calls[0]?.[1] as { body: string }).body)).toHaveLength(2);
  });

  it("keeps what could not be sent for the next time", async () => {
    const fetched = page("SCORM_12");
    fetched.mockRejectedValueOnce(new Error("no line"));
    api("API")["LMSSetValue"]?.("a", "1");
    api("API")["LMSCommit"]?.("");
    await vi.advanceTimersByTimeAsync(0);
    api("API")["LMSSetValue"]?.("b", "2");
    api("API")["LMSFinish"]?.("");
    expect(JSON.parse((fetched.mock.calls[1]?.[1] as { body: string }).body)).toEqual([
      { name: "a", value: "1" },
      { name: "b", value: "2" },
    ]);
  });
});
