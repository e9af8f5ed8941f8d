// Problems made of plain form controls: check, save, start again, show the answer, hints.
import { call, Kept, say } from "./handlers.ts";
import { drawMarks } from "./imagemap.ts";
import { drawPassages } from "./passages.ts";
import { blockOf, tellPage, text } from "./page.ts";

type Checked = { success: string | boolean; contents?: string; html?: string; msg?: string } & Progress;
type Progress = { current_score?: number | null; total_possible?: number | null };
type Shown = { answers: Record<string, string | string[]> };
type Hinted = { success: boolean; hint_index: number; should_enable_next_hint: boolean; msg: string };

/** Bring the problems below `root` to life. */
export function startProblems(root: ParentNode): void {
  for (const form of root.querySelectorAll<HTMLFormElement>("form[data-problem]")) problems.set(blockOf(form).dataset["block"] ?? "", new Problem(form));
}

const problems = new Map<string, Problem>();

/** The problem of a block, if it is one of ours. */
export function problemOf(usage: string): Problem | undefined {
  return problems.get(usage);
}

class Problem {
  private hintIndex = -1;

  constructor(private readonly form: HTMLFormElement) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.check();
    });
    form.addEventListener("click", (event) => this.clicked(event.target as Element));
    this.showPoints(Number(form.dataset["earned"]), Number(form.dataset["possible"]), form.dataset["earned"] !== "");
  }

  private clicked(target: Element): void {
    const button = target.closest("button");
    if (button?.classList.contains("save")) void this.save();
    else if (button?.classList.contains("reset")) void this.reset();
    else if (button?.classList.contains("show")) void this.show();
    else if (button?.classList.contains("hint-button")) void this.hint();
  }

  private async check(): Promise<void> {
    const button = this.form.querySelector<HTMLButtonElement>(".submit");
    if (button?.disabled) return;
    const done = this.busy();
    try {
      const answer = await this.ask<Checked>("problem_check", answers(this.form));
      if (answer.contents === undefined) return this.alert(String(answer.success));
      this.replace(answer.contents, answer);
      tellPage("completed", blockOf(this.form).dataset["block"] ?? "");
      this.form.querySelector<HTMLElement>(".notification-submit")?.focus();
    } catch (error) {
      if (!(error instanceof Kept)) done();
    }
  }

  /** Show an answer that waits on the device, as it was given; a second one would be a second attempt. */
  waits(body: string): void {
    fill(this.form, new URLSearchParams(body));
    this.busy();
    say(blockOf(this.form), text("kept"), true);
  }

  /** Show what became of an answer that waited. */
  sent(reply: Checked | null, refusal: string): void {
    if (reply?.contents !== undefined) this.replace(reply.contents, reply);
    else if (reply) this.alert(String(reply.success));
    say(blockOf(this.form), refusal);
    for (const button of this.form.querySelectorAll<HTMLButtonElement>(".submit")) if (refusal) button.disabled = false;
  }

  private async save(): Promise<void> {
    const answer = await this.ask<Checked>("problem_save", answers(this.form)).catch(() => undefined);
    if (!answer) return;
    const place = this.form.querySelector<HTMLElement>(".notification-save");
    if (!answer.success) return this.alert(answer.msg ?? "");
    if (place) reveal(place, answer.msg ?? "");
  }

  private async reset(): Promise<void> {
    const answer = await this.ask<Checked>("problem_reset", new URLSearchParams()).catch(() => undefined);
    if (answer?.html !== undefined) this.replace(answer.html, answer);
    else if (answer) this.alert(answer.msg ?? "");
  }

  private async show(): Promise<void> {
    const answer = await this.ask<Shown>("problem_show", new URLSearchParams()).catch(() => undefined);
    if (!answer) return;
    for (const [id, given] of Object.entries(answer.answers)) this.showAnswer(id, given);
    const place = this.form.querySelector<HTMLElement>(".notification-show-answer");
    if (place) place.classList.remove("is-hidden");
    this.form.querySelector<HTMLButtonElement>(".show")?.setAttribute("disabled", "");
  }

  private showAnswer(id: string, given: string | string[]): void {
    const choices = (Array.isArray(given) ? given : [given]).map((choice) =>
      this.form.querySelector(`label[for="${CSS.escape(`input_${id}_${choice}`)}"]`),
    );
    if (choices.some(Boolean)) return choices.forEach((label) => label?.classList.add("choicegroup_correct"));
    for (const place of this.form.querySelectorAll(`#${CSS.escape(`answer_${id}`)}, #${CSS.escape(`solution_${id}`)}`)) {
      place.innerHTML = Array.isArray(given) ? given.join(", ") : given;
      place.classList.add("is-shown");
    }
  }

  private async hint(): Promise<void> {
    const form = new URLSearchParams({ hint_index: String(this.hintIndex + 1), input_id: "problem" });
    const answer = await this.ask<Hinted>("hint_button", form).catch(() => undefined);
    if (!answer?.success) return;
    this.hintIndex = answer.hint_index;
    const place = this.form.querySelector<HTMLElement>(".notification-hint");
    if (place) reveal(place, answer.msg, true);
    const button = this.form.querySelector<HTMLButtonElement>(".hint-button");
    if (button) button.disabled = !answer.should_enable_next_hint;
  }

  private ask<Answer>(dispatch: string, form: URLSearchParams): Promise<Answer> {
    return call<Answer>(this.form, `xmodule_handler/${dispatch}`, { form, later: dispatch === "problem_check" });
  }

  private replace(html: string, progress: Progress): void {
    this.form.innerHTML = html;
    drawMarks(this.form);
    drawPassages(this.form);
    this.hintIndex = -1;
    this.showPoints(progress.current_score ?? 0, progress.total_possible ?? 0, progress.current_score != null);
  }

  private showPoints(earned: number, possible: number, answered: boolean): void {
    const place = this.form.querySelector(".problem-progress");
    if (!place || !possible) return;
    place.textContent = answered ? text("points", { earned, possible }) : text("points_possible", { possible });
  }

  private alert(words: string): void {
    const plain = new DOMParser().parseFromString(words, "text/html").body.textContent ?? "";
    say(blockOf(this.form), plain);
    for (const button of this.form.querySelectorAll<HTMLButtonElement>(".submit")) button.disabled = false;
  }

  /** Keep a second click from counting as a second attempt; gives back what undoes it. */
  private busy(): () => void {
    const button = this.form.querySelector<HTMLButtonElement>(".submit");
    if (!button) return () => undefined;
    button.disabled = true;
    return () => (button.disabled = false);
  }
}

/** The answers as CAPA reads them: input_… names, unticked boxes left out. */
export function answers(form: HTMLFormElement): URLSearchParams {
  const given = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (name.startsWith("input_") && typeof value === "string") given.append(name, value);
  return given;
}

/** Put answers back into their controls. */
function fill(form: HTMLFormElement, given: URLSearchParams): void {
  for (const field of form.querySelectorAll<HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement>("[name^=input_]")) {
    const values = given.getAll(field.name);
    if (field instanceof HTMLInputElement && (field.type === "radio" || field.type === "checkbox")) field.checked = values.includes(field.value);
    else if (values[0] !== undefined) field.value = values[0];
  }
}

function reveal(place: HTMLElement, words: string, html = false): void {
  const message = place.querySelector(".notification-message");
  if (message && html) message.innerHTML = words;
  else if (message) message.textContent = words;
  place.classList.remove("is-hidden");
  place.focus();
}
