// What waits is shown as it was given, and what was sent as the server has it now.
import { say } from "./handlers.ts";
import { show } from "./acts.ts";
import { text } from "./page.ts";
import { problemOf } from "./problem.ts";
import { mine, type Kept, type Sent } from "./queue.ts";
import type { Waiting } from "./store.ts";

/** Follow the queue in the blocks of this page. */
export async function startResults(): Promise<void> {
  document.addEventListener("guixue:sent", (event) => sent((event as CustomEvent<Sent>).detail));
  document.addEventListener("guixue:kept", (event) => waits((event as CustomEvent<Kept>).detail.item));
  for (const item of await mine()) if (item.unit === document.body.dataset["unit"]) waits(item);
}

function block(item: Waiting): HTMLElement | null {
  return document.querySelector<HTMLElement>(`[data-block="${CSS.escape(item.usage ?? "")}"]`);
}

function waits(item: Waiting): void {
  const place = block(item);
  if (item.kind !== "answer" || !place || item.handler === "publish_completion") return;
  const problem = problemOf(item.usage ?? "");
  if (problem) return problem.waits(item.body ?? "");
  for (const button of place.querySelectorAll<HTMLButtonElement>("form.act button")) button.disabled = true;
  say(place, text("kept"));
}

function sent({ item, result }: Sent): void {
  const place = block(item);
  if (item.kind !== "answer" || !place || item.handler === "publish_completion") return;
  const refusal = result.status === "taken" ? "" : result.message;
  const problem = problemOf(item.usage ?? "");
  if (problem) return problem.sent(result.reply as Parameters<typeof problem.sent>[0], refusal);
  if (result.view) show(place, result.view);
  say(place, refusal);
}
