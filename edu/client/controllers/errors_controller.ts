import { Controller } from "@hotwired/stimulus";

/**
 * The error summary takes the focus when the page comes, and its links put the focus into the field.
 *
 * @example
 * <div class="error-summary" role="alert" tabindex="-1" data-controller="edu--errors"><a href="#id_name">…</a></div>
 */
export default class ErrorsController extends Controller<HTMLElement> {
  override connect(): void {
    this.element.focus();
    this.element.addEventListener("click", this.go);
  }

  override disconnect(): void {
    this.element.removeEventListener("click", this.go);
  }

  private readonly go = (event: Event): void => {
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a[href^='#']") : null;
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    const control = field.matches("input, select, textarea") ? field : field.querySelector<HTMLElement>("input, select, textarea");
    if (!control) return;
    event.preventDefault();
    (control.closest(".field") ?? control).scrollIntoView();
    control.focus({ preventScroll: true });
  };
}
