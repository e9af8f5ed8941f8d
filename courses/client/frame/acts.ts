// Forms of our own views: <form class="act" data-act="vote">. The handler answers, and the block comes back as it is now.
import { call, Kept, say } from "./handlers.ts";
import { blockOf } from "./page.ts";

type Answer = { view: string; reply: { errors?: string[]; error?: string } | null };

/** Collect a form: a name with [] is a list, data-json a JSON value, everything else text. */
export function collect(form: HTMLFormElement): Record<string, unknown> {
  const data: Record<string, unknown> = {};
  for (const field of form.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>("input[name], textarea[name]")) {
    if (field instanceof HTMLInputElement && (field.type === "radio" || field.type === "checkbox") && !field.checked) continue;
    if (field.name.endsWith("[]")) {
      const name = field.name.slice(0, -2);
      data[name] = [...((data[name] as string[] | undefined) ?? []), field.value];
    } else {
      data[field.name] = "json" in field.dataset ? JSON.parse(field.value) : field.value;
    }
  }
  return data;
}

/** Let the forms below `root` call their handlers. */
export function startActs(root: ParentNode): void {
  for (const form of root.querySelectorAll<HTMLFormElement>("form.act")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void act(form);
    });
  }
}

async function act(form: HTMLFormElement): Promise<void> {
  const block = blockOf(form);
  const buttons = form.querySelectorAll<HTMLButtonElement>("button");
  buttons.forEach((button) => (button.disabled = true));
  try {
    const answer = await call<Answer>(form, form.dataset["act"] ?? "", { json: collect(form), view: true, later: true });
    const refusals = answer.reply?.errors ?? (answer.reply?.error ? [answer.reply.error] : []);
    show(block, answer.view);
    say(block, refusals.join(" "));
    block.querySelector<HTMLElement>(".block-body :is(button, ul, p)")?.focus();
  } catch (error) {
    if (!(error instanceof Kept)) buttons.forEach((button) => (button.disabled = false));
  }
}

/** Put the block as the server has it now in its place. */
export function show(block: HTMLElement, view: string): void {
  const body = block.querySelector(".block-body");
  if (!body) return;
  body.innerHTML = view;
  startActs(body);
}
