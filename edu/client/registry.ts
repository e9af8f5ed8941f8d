// Names of controllers, and loading those that a page names.
import type { Application, ControllerConstructor } from "@hotwired/stimulus";

export type Module = { default: ControllerConstructor };

/** "/courses/client/controllers/unit_outline_controller.ts" is "courses--unit-outline". */
export function identifier(path: string): string {
  const [, app, name] = /^\/(\w+)\/client\/controllers\/(\w+)_controller\.ts$/.exec(path) ?? [];
  if (!app || !name) throw new Error(`Not a controller's path: ${path}`);
  return `${app}--${name.replaceAll("_", "-")}`;
}

/** Load the controllers that `root` names and that are not here yet. */
export function loadNamed(root: ParentNode, application: Application, later: Map<string, () => Promise<Module>>): void {
  for (const element of root.querySelectorAll<HTMLElement>("[data-controller]")) {
    for (const name of (element.dataset["controller"] ?? "").split(/\s+/)) {
      const load = later.get(name);
      if (!load) continue;
      later.delete(name);
      void load().then((module) => application.register(name, module.default));
    }
  }
}
