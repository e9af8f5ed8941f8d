// Forms of our own views: <form class="act" data-act="vote">. The handler answers, and the block comes back as it is now.
import { call, Kept, NotSaved, say } from "./handlers.ts";
import { blockOf, tellPage, text } from "./page.ts";

type Reply = { errors?: string[]; error?: string; success?: boolean; msg?: string } | unknown[] | null;
type Answer = { view: string; reply: Reply };

/** Collect a form: a name with [] is a list, data-json a JSON value, data-in a part of an object, the rest is text. */
export function collect(form: HTMLFormElement): Record<string, unknown> {
  const data: Record<string, unknown> = {};
  for (const field of form.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>("input[name], textarea[name]")) {
    if (field.type === "file") continue; // goes by itself, before the rest
    if (field instanceof HTMLInputElement && (field.type === "radio" || field.type === "checkbox") && !field.checked) continue;
    if (field.name.endsWith("[]")) {
      const name = field.name.slice(0, -2);
      data[name] = [...((data[name] as string[] | undefined) ?? []), field.value];
    } else if (field.dataset["in"]) {
      const whole = field.dataset["in"];
      data[whole] = { ...(data[whole] as Record<string, string> | undefined), [field.name]: field.value };
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
      void act(form, event.submitter?.dataset["act"] ?? form.dataset["act"] ?? "", event.submitter);
    });
  }
}

/** What the handler took nothing for: open response assessment says so in two ways, and then what was entered stays. */
function declined(reply: Reply): string {
  if (Array.isArray(reply)) return reply[0] === false ? String(reply[2] ?? text("not_saved")) : "";
  return reply?.success === false ? (reply.msg ?? text("not_saved")) : "";
}

/**
 * Call the handler with what the form holds. With data-online nothing waits on the device: others are asked at once.
 * With data-kept it is stored although the person only looks: grades of those who teach.
 */
async function act(form: HTMLFormElement, handler: string, button: HTMLElement | null): Promise<void> {
  const block = blockOf(form);
  const data = collect(form);
  if (button instanceof HTMLButtonElement && button.name) data[button.name] = button.value;
  const buttons = form.querySelectorAll<HTMLButtonElement>("button");
  buttons.forEach((button) => (button.disabled = true));
  let attached: Answer | null = null;
  try {
    attached = await attach(form, block, handler);
    if (attached && handler === "attach_file") return show(block, attached.view);
    const answer = await call<Answer>(form, handler, {
      json: data,
      view: true,
      later: !("online" in form.dataset),
      kept: "kept" in form.dataset,
    });
    const no = declined(answer.reply);
    if (no) {
      tellPage("failed", block.dataset["block"] ?? "", no);
      throw new NotSaved(no);
    }
    const told = Array.isArray(answer.reply) ? null : answer.reply;
    const refusals = told?.errors ?? (told?.error ? [told.error] : []);
    show(block, answer.view);
    say(block, refusals.join(" "));
    block.querySelector<HTMLElement>(".block-body :is(button, ul, p)")?.focus();
  } catch (error) {
    if (attached) show(block, attached.view); // the file is there, and so is what was written; only the rest is not
    if (error instanceof NotSaved && !(error instanceof Kept)) say(block, error.message);
    if (!(error instanceof Kept)) buttons.forEach((button) => (button.disabled = false));
  }
}

/**
 * Send the file that is chosen in a form with data-attach, as its own request; what is written goes along as a draft.
 * It is sent before the handler is called, so that a file that was chosen and not attached is not lost. Returns the
 * block as it is then, null where no file was chosen.
 */
async function attach(form: HTMLFormElement, block: HTMLElement, handler: string): Promise<Answer | null> {
  const field = form.querySelector<HTMLInputElement>("input[type=file]");
  const path = form.dataset["attach"];
  if (!path || !field?.files?.length || handler === "detach_file") return null;
  say(block, text("uploading"), true);
  return call<Answer>(form, path, { file: new FormData(form), view: true });
}

/** Put the block as the server has it now in its place. */
export function show(block: HTMLElement, view: string): void {
  const body = block.querySelector(".block-body");
  if (!body) return;
  body.innerHTML = view;
  startActs(body);
}
