// Passages that ask for words and a comment: the chosen word and the comment go into one field, as CAPA reads them.
const PASSAGE = ".annotation-input";

/** Bring passages below `root` to life, also those that a problem puts there later. */
export function startPassages(root: ParentNode & EventTarget): void {
  root.addEventListener("click", (event) => choose(tagOf(event)));
  root.addEventListener("keydown", (event) => {
    const tag = tagOf(event);
    if (!tag || ![" ", "Enter"].includes((event as KeyboardEvent).key)) return;
    event.preventDefault();
    choose(tag);
  });
  root.addEventListener("input", (event) => {
    const passage = event.target instanceof Element ? event.target.closest(PASSAGE) : null;
    if (passage) keep(passage);
  });
  drawPassages(root);
}

/** Make the words reachable by keyboard and say which is chosen. */
export function drawPassages(root: ParentNode): void {
  for (const passage of root.querySelectorAll(PASSAGE)) draw(passage);
}

function draw(passage: Element): void {
  const label = passage.querySelector("[id^=label_]")?.id ?? "";
  const list = passage.querySelector(".tags");
  list?.setAttribute("role", "radiogroup");
  if (label) list?.setAttribute("aria-labelledby", label);
  for (const tag of passage.querySelectorAll<HTMLElement>(".tag")) {
    tag.closest("li")?.setAttribute("role", "none");
    tag.setAttribute("role", "radio");
    tag.tabIndex = 0;
    tag.setAttribute("aria-checked", String(tag.classList.contains("selected")));
  }
}

function tagOf(event: Event): HTMLElement | null {
  return event.target instanceof Element ? event.target.closest<HTMLElement>(`${PASSAGE} .tag`) : null;
}

function choose(tag: HTMLElement | null): void {
  const passage = tag?.closest(PASSAGE);
  if (!tag || !passage) return;
  for (const other of passage.querySelectorAll(".tag")) other.classList.toggle("selected", other === tag);
  draw(passage);
  keep(passage);
}

function keep(passage: Element): void {
  const field = passage.querySelector<HTMLInputElement>("input.value");
  const comment = passage.querySelector<HTMLTextAreaElement>("textarea.comment")?.value ?? "";
  const chosen = passage.querySelector<HTMLElement>(".tag.selected")?.dataset["id"];
  if (field) field.value = JSON.stringify({ comment, options: chosen === undefined ? [] : [Number(chosen)] });
}
