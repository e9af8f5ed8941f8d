// Calling a block's handlers: one place that knows what can go wrong and says it where the learner looks.
import { blockOf, tellPage, text } from "./page.ts";
import { canWait, keep } from "./queue.ts";

export class NotSaved extends Error {}
/** There was no network. */
export class NoLine extends NotSaved {}
/** There was no network, and what was done waits on the device. */
export class Kept extends NotSaved {}

type Options = { json?: unknown; form?: URLSearchParams; file?: FormData; view?: boolean; quiet?: boolean; later?: boolean; kept?: boolean };

/**
 * Call a handler and return its answer; on failure show why in the block and throw NotSaved. With `later` what could
 * not be sent for want of a network waits on the device (Kept).
 */
export async function call<Answer>(element: Element, handler: string, options: Options): Promise<Answer> {
  const block = blockOf(element);
  const id = block.dataset["block"] ?? "";
  const key = options.later && canWait() ? crypto.randomUUID() : "";
  try {
    const answer = await send<Answer>(`${block.dataset["handlers"]}/${handler}`, options, key);
    say(block, "");
    const looks = document.body.dataset["keeps"] === "no" && !options.kept;
    if (!options.quiet) tellPage("saved", id, looks ? text("not_kept") : text("saved"));
    return answer;
  } catch (error) {
    if (error instanceof NoLine && key) {
      const kept = await keepAnswer(id, handler, options, key).then(
        () => true,
        () => false, // the browser lets this origin store nothing
      );
      if (kept && !options.quiet) say(block, text("kept"), true);
      if (kept) throw new Kept(text("kept"));
    }
    const words = error instanceof NotSaved ? error.message : text("not_saved");
    if (!options.quiet) {
      say(block, words);
      tellPage("failed", id, words);
    }
    throw error instanceof NotSaved ? error : new NotSaved(words);
  }
}

async function keepAnswer(usage: string, path: string, options: Options, key: string): Promise<void> {
  const [handler = "", ...suffix] = path.split("/");
  const type = options.form ? "form" : "json";
  const body = options.form?.toString() ?? JSON.stringify(options.json ?? null);
  await keep({ key, kind: "answer", usage, handler, suffix: suffix.join("/"), type, body, view: options.view ?? false });
}

async function send<Answer>(url: string, options: Options, key: string): Promise<Answer> {
  const headers: Record<string, string> = {};
  if (!options.file) headers["Content-Type"] = options.form ? "application/x-www-form-urlencoded" : "application/json";
  if (options.view) headers["X-Guixue-View"] = "1";
  if (key) headers["X-Guixue-Key"] = key;
  const body = options.file ?? options.form ?? JSON.stringify(options.json ?? null);
  const response = await fetch(url, { method: "POST", headers, body, credentials: "omit", keepalive: options.quiet ?? false }).catch(() => {
    throw new NoLine(text("not_saved"));
  });
  if (response.ok) return (await response.json()) as Answer;
  if (response.status === 409) throw new NotSaved(text("expired"));
  if (response.status === 403) throw new NotSaved(text("refused"));
  const problem = (await response.json().catch(() => ({}))) as { error?: string };
  throw new NotSaved(problem.error ?? text("not_saved"));
}

/** Show a message below the block, or take it away; `calm` where nothing went wrong. */
export function say(block: HTMLElement, words: string, calm = false): void {
  const place = block.querySelector<HTMLElement>(".block-alert");
  if (!place) return;
  place.textContent = words;
  place.hidden = !words;
  place.classList.toggle("block-alert-calm", calm);
}
