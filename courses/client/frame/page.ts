// What the frame tells the page around it, and the texts it speaks.
export type Event = { event: "saved" | "failed" | "completed" | "queue" | "pass" | "open"; block: string; text: string };

let texts: Record<string, string> | undefined;

/** The text of that name in the language of the page, with {names} filled in. */
export function text(name: string, values: Record<string, string | number> = {}): string {
  texts ??= JSON.parse(document.getElementById("words")?.textContent ?? "{}") as Record<string, string>;
  return (texts[name] ?? name).replace(/\{(\w+)\}/g, (whole, key: string) => String(values[key] ?? whole));
}

/** Tell the page, and nobody else, that something was saved, failed or completed. */
export function tellPage(event: Event["event"], block: string, words = ""): void {
  const origin = document.body.dataset["siteOrigin"];
  if (parent !== window && origin) parent.postMessage({ type: "guixue:frame-event", event, block, text: words }, origin);
}

/** The section of a block that holds an element. */
export function blockOf(element: Element): HTMLElement {
  const block = element.closest<HTMLElement>("[data-block]");
  if (!block) throw new Error("This element stands in no block.");
  return block;
}
