// The one script of every page: starts Stimulus and gives each app's controllers the name "<app>--<name>".
import { Application } from "@hotwired/stimulus";
import { identifier, loadNamed, type Module } from "./registry";

// The shared controllers travel with this script; those of the apps only with the pages that name them.
const shared = import.meta.glob<Module>("/edu/client/controllers/*_controller.ts", { eager: true });
const ofApps = import.meta.glob<Module>(["/*/client/controllers/*_controller.ts", "!/edu/**"]);

const application = Application.start();
for (const [path, module] of Object.entries(shared)) application.register(identifier(path), module.default);

const later = new Map(Object.entries(ofApps).map(([path, load]) => [identifier(path), load]));
loadNamed(document, application, later);
// A fragment that came by fetch may name a controller that the page did not.
document.addEventListener("guixue:fragment", (event) => loadNamed(event.target as ParentNode, application, later));
