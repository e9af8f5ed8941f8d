// XBlock's runtime for the browser, version 1, for blocks that bring their own script.
type Init = (runtime: Runtime, element: unknown, data?: unknown) => Record<string, unknown> | void;
type Made = Record<string, unknown> & { element?: HTMLElement; name?: string; type?: string | undefined };

const made = new WeakMap<HTMLElement, Made>();

export class Runtime {
  private readonly listeners = new Map<string, ((data: unknown) => void)[]>();

  handlerUrl(element: unknown, handler: string, suffix = "", query = ""): string {
    const base = section(element).dataset["handlers"] ?? "";
    return `${base}/${handler}${suffix ? `/${suffix}` : ""}${query ? `?${query}` : ""}`;
  }

  /** The blocks directly inside a block, in order. */
  children(element: unknown): Made[] {
    const own = node(element).closest("[data-init]");
    const below = [...node(element).querySelectorAll<HTMLElement>("[data-init]")].filter((child) => child !== own && above(child) === own);
    return below.map((child) => made.get(child)).filter((block): block is Made => block !== undefined);
  }

  childMap(element: unknown, name: string): Made | undefined {
    return this.children(element).find((child) => child.name === name);
  }

  notify(name: string, data: unknown): void {
    for (const listener of this.listeners.get(name) ?? []) listener(data);
  }

  listenTo(name: string, listener: (data: unknown) => void): void {
    this.listeners.set(name, [...(this.listeners.get(name) ?? []), listener]);
  }

  refreshXBlock(): void {
    location.reload();
  }
}

/** Call the init function of every block that has one, inner ones first; a block that throws harms no other. */
export function startPackages(root: ParentNode): void {
  const runtime = new Runtime();
  const all = [...root.querySelectorAll<HTMLElement>("[data-init]")];
  const start = (element: HTMLElement): void => {
    all.filter((inner) => above(inner) === element).forEach(start);
    startOne(runtime, element);
  };
  all.filter((element) => !above(element)).forEach(start);
}

function startOne(runtime: Runtime, element: HTMLElement): void {
  const init = (window as unknown as Record<string, unknown>)[element.dataset["init"] ?? ""] as Init | undefined;
  const body = element.querySelector<HTMLElement>(":scope > .block-body") ?? element;
  if (typeof init !== "function") return;
  const data = element.querySelector(":scope > script.block-arguments")?.textContent;
  const { name, blockType } = element.dataset;
  try {
    const block = begin(init, [runtime, body, data ? JSON.parse(data) : undefined]);
    made.set(element, Object.assign(block, { element, type: blockType }, name ? { name } : {}));
  } catch (error) {
    console.error(`block ${element.dataset["block"]} did not start`, error);
  }
}

/** The block around a block. */
function above(element: HTMLElement): Element | null {
  return element.parentElement?.closest("[data-init]") ?? null;
}

/** Some packages bring a function, some a class; `new` does for both, but not for an arrow function. */
function begin(init: Init, given: [Runtime, HTMLElement, unknown]): Record<string, unknown> {
  if (!init.prototype) return init(...given) ?? {};
  return Reflect.construct(init, given) as Record<string, unknown>;
}

function node(element: unknown): HTMLElement {
  return (element instanceof HTMLElement ? element : (element as ArrayLike<HTMLElement>)[0]) as HTMLElement;
}

function section(element: unknown): HTMLElement {
  const found = node(element).closest<HTMLElement>("[data-handlers]");
  if (!found) throw new Error("This element stands in no block.");
  return found;
}
