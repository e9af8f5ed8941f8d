import { beforeEach, describe, expect, it, vi } from "vitest";
import { collect, startActs } from "./acts.ts";
import { Runtime, startPackages } from "./packages.ts";
import { answers, startProblems } from "./problem.ts";
import { clock, lines } from "./video.ts";

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

function page(html: string): void {
  document.body.innerHTML = `<script type="application/json" id="words">{"not_saved":"Not saved","expired":"Reload","points":"{earned}/{possible}","refused":"No"}</script>${html}`;
}

function answer(status: number, body: unknown): ReturnType<typeof vi.fn> {
  const fetched = vi.fn().mockResolvedValue({ ok: status < 400, status, json: () => Promise.resolve(body) });
  vi.stubGlobal("fetch", fetched);
  return fetched;
}

const POLL = `<section data-block="poll@1" data-handlers="/h/t"><div class="block-body"><form class="act" data-act="vote">
<input type="radio" name="choice" value="a"><input type="radio" name="choice" value="b" checked>
<input name="words[]" value="x"><input name="words[]" value="y"><input type="hidden" name="done" value="true" data-json>
<button type="submit">Vote</button></form></div><p class="block-alert" hidden></p></section>`;

describe("forms of our own views", () => {
  beforeEach(() => page(POLL));
  const form = () => document.querySelector("form") as HTMLFormElement;

  it("collect text, lists and JSON, and leave unchosen options out", () => {
    expect(collect(form())).toEqual({ choice: "b", words: ["x", "y"], done: true });
  });

  it("show the block as it is after the answer", async () => {
    const fetched = answer(200, { reply: { success: true }, view: "<p>voted</p>" });
    startActs(document);
    form().requestSubmit();
    await settled();
    expect(fetched.mock.calls[0]?.[0]).toBe("/h/t/vote");
    expect(fetched.mock.calls[0]?.[1]).toMatchObject({ credentials: "omit" });
    expect(document.querySelector(".block-body")?.textContent).toBe("voted");
  });

  it("say why nothing was saved and keep what was entered", async () => {
    answer(409, {});
    startActs(document);
    form().requestSubmit();
    await settled();
    expect(document.querySelector(".block-alert")?.textContent).toBe("Reload");
    expect(collect(form())["choice"]).toBe("b");
    expect(form().querySelector("button")?.disabled).toBe(false);
  });
});

describe("a form with several buttons and parts", () => {
  const TASK = `<section data-block="openassessment@1" data-handlers="/h/t"><div class="block-body"><form class="act" data-act="submit" data-online>
  <input type="radio" name="Ideas" data-in="options_selected" value="Good" checked><input type="radio" name="Style" data-in="options_selected" value="Fair" checked>
  <textarea name="submission[]">words</textarea><button type="submit">Submit</button><button type="submit" data-act="save_submission">Save</button>
  </form></div><p class="block-alert" hidden></p></section>`;
  beforeEach(() => page(TASK));
  const form = () => document.querySelector("form") as HTMLFormElement;

  it("puts parts together and calls what the button says", async () => {
    const fetched = answer(200, { reply: { success: true }, view: "<p>saved</p>" });
    startActs(document);
    form().requestSubmit(form().querySelector<HTMLButtonElement>("[data-act]"));
    await settled();
    expect(fetched.mock.calls[0]?.[0]).toBe("/h/t/save_submission");
    expect(JSON.parse((fetched.mock.calls[0]?.[1] as { body: string }).body)).toEqual({
      options_selected: { Ideas: "Good", Style: "Fair" },
      submission: ["words"],
    });
  });

  it("sends a chosen file before the answer, and shows it also when the answer is declined", async () => {
    form().dataset["attach"] = "answer-file";
    form().insertAdjacentHTML("afterbegin", '<input type="file" name="file"><button name="number" value="3" data-act="detach_file">Out</button>');
    const field = form().querySelector<HTMLInputElement>("[type=file]") as HTMLInputElement;
    Object.defineProperty(field, "files", { value: [new File(["x"], "a.pdf")] });
    const fetched = answer(200, { reply: [false, "EBADARGS", "Too late"], view: "<p>with a.pdf</p>" });
    startActs(document);
    form().requestSubmit();
    await settled();
    expect(fetched.mock.calls.map((given) => given[0])).toEqual(["/h/t/answer-file", "/h/t/submit"]);
    expect((fetched.mock.calls[0]?.[1] as { body: unknown }).body).toBeInstanceOf(FormData);
    expect(document.querySelector(".block-body")?.textContent).toContain("with a.pdf");
    expect(document.querySelector(".block-alert")?.textContent).toBe("Too late");
  });

  it("takes a file out by its number, and sends none", async () => {
    form().insertAdjacentHTML("afterbegin", '<button type="submit" name="number" value="3" data-act="detach_file">Out</button>');
    const fetched = answer(200, { reply: { success: true }, view: "<p>out</p>" });
    startActs(document);
    form().requestSubmit(form().querySelector<HTMLButtonElement>("[name=number]"));
    await settled();
    expect(fetched.mock.calls[0]?.[0]).toBe("/h/t/detach_file");
    expect(JSON.parse((fetched.mock.calls[0]?.[1] as { body: string }).body)).toMatchObject({ number: "3", submission: ["words"] });
  });

  it.each([{ success: false, msg: "Too late" }, [false, "ENOMULTI", "Too late"]])("keeps what was entered when it is declined", async (reply) => {
    answer(200, { reply, view: "<p>other</p>" });
    startActs(document);
    form().requestSubmit();
    await settled();
    expect(document.querySelector(".block-alert")?.textContent).toBe("Too late");
    expect(form().querySelector("textarea")?.value).toBe("words");
    expect(form().querySelector("button")?.disabled).toBe(false);
  });
});

describe("problems", () => {
  const PROBLEM = `<section data-block="problem@1" data-handlers="/h/t"><form data-problem data-earned="" data-possible="1">
    <div class="problem-progress"></div><input type="checkbox" name="input_1[]" value="c1" checked><input type="checkbox" name="input_1[]" value="c2">
    <input type="text" name="input_2" value="70"><input name="problem_id" value="x"><button type="submit" class="submit">Submit</button></form><p class="block-alert" hidden></p></section>`;

  it("send answers as CAPA reads them", () => {
    page(PROBLEM);
    expect(answers(document.querySelector("form") as HTMLFormElement).toString()).toBe("input_1%5B%5D=c1&input_2=70");
  });

  it("show what came back, with points", async () => {
    page(PROBLEM);
    answer(200, { success: "correct", contents: '<div class="problem-progress"></div>ok', current_score: 1, total_possible: 1 });
    startProblems(document);
    document.querySelector("form")?.requestSubmit();
    await settled();
    expect(document.querySelector("form")?.textContent).toBe("1/1ok");
  });

  it("do not count a second click while the first is under way", async () => {
    page(PROBLEM);
    const fetched = vi.fn().mockReturnValue(new Promise(() => undefined));
    vi.stubGlobal("fetch", fetched);
    startProblems(document);
    document.querySelector("form")?.requestSubmit();
    document.querySelector("form")?.requestSubmit();
    await settled();
    expect(fetched).toHaveBeenCalledTimes(1);
  });
});

describe("videos", () => {
  it("write times for people and for the store", () => {
    expect([clock(83), clock(83, true), clock(3723, true)]).toEqual(["1:23", "00:01:23", "01:02:03"]);
  });

  it("read the lines of a transcript", () => {
    expect(lines("WEBVTT\n\n00:01:02.500 --> 00:01:04.000\n<i>你好</i>\n\n")).toEqual([{ at: 62, text: "你好" }]);
  });
});

describe("packages", () => {
  it("are called with a runtime that knows their handlers; one that throws harms no other", () => {
    page(`<section data-init="Broken" data-handlers="/h/a"><div class="block-body"></div></section>
      <section data-init="Good" data-handlers="/h/b" data-block-type="x"><div class="block-body"></div><script class="block-arguments" type="application/json">{"n":1}</script></section>`);
    const good = vi.fn();
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    vi.stubGlobal("Broken", () => {
      throw new Error("no");
    });
    vi.stubGlobal("Good", good);
    startPackages(document);
    const [runtime, element, data] = good.mock.calls[0] as [Runtime, HTMLElement, unknown];
    expect(runtime.handlerUrl(element, "check", "s", "q=1")).toBe("/h/b/check/s?q=1");
    expect(data).toEqual({ n: 1 });
  });
});
