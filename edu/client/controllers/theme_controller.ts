import { Controller } from "@hotwired/stimulus";

/**
 * The display settings shown at once while they are chosen; the form's button keeps them (a cookie set by the server).
 *
 * @example
 * <form method="post" data-controller="edu--theme" data-action="change->edu--theme#show">
 *   <input type="radio" name="theme" value="dark"> …
 * </form>
 */
export default class ThemeController extends Controller<HTMLFormElement> {
  show(event: Event): void {
    const chosen = event.target;
    if (!(chosen instanceof HTMLInputElement) || !["theme", "contrast", "density"].includes(chosen.name)) return;
    const root = document.documentElement;
    if (chosen.value === "system" || chosen.value === "default") delete root.dataset[chosen.name];
    else root.dataset[chosen.name] = chosen.value;
  }
}
