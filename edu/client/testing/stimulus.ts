// For controller tests: a page with one controller started on it.
import { Application, type ControllerConstructor } from "@hotwired/stimulus";
import { afterEach, vi } from "vitest";

let running: Application | null = null;

/** Put `html` on the page and start `controller` under `name`; it has connected when this returns. */
export async function page(html: string, name: string, controller: ControllerConstructor): Promise<void> {
  document.body.innerHTML = html;
  running = Application.start();
  running.register(name, controller);
  await settled();
}

/** Wait until pending promises and observers have run. */
export async function settled(): Promise<void> {
  for (let round = 0; round < 5; round += 1) await Promise.resolve();
}

/** The one element for `selector`; a missing one fails the test here. */
export function the<E extends Element = HTMLElement>(selector: string): E {
  const found = document.querySelector<E>(selector);
  if (!found) throw new Error(`Not on the page: ${selector}`);
  return found;
}

/** Press a key on the focused element. */
export function press(key: string): void {
  (document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
}

afterEach(async () => {
  document.body.innerHTML = ""; // first, so that the controller disconnects and takes its listeners along
  await settled();
  running?.stop();
  running = null;
  for (const name of Object.keys(document.documentElement.dataset)) delete document.documentElement.dataset[name];
  vi.useRealTimers();
  vi.unstubAllGlobals();
});
