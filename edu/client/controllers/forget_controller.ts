import { Controller } from "@hotwired/stimulus";
import { forgetHere, forgetOrigin, read } from "../stored";

/**
 * Signing out on a device that has stored courses: first what is stored is deleted, here and on the courses' origins.
 * Answers that were not sent yet would be lost, so it asks. Without stored courses the form goes its way at once.
 *
 * @example
 * <form method="post" action="/…/logout/" data-controller="edu--forget" data-action="submit->edu--forget#leave" data-edu--forget-unsent-value="…"></form>
 */
export default class ForgetController extends Controller<HTMLFormElement> {
  static override values = { unsent: String };
  declare readonly unsentValue: string;

  async leave(event: Event): Promise<void> {
    const stored = read();
    if (!stored) return;
    event.preventDefault();
    const courses = Object.values(stored.courses);
    const waiting = courses.reduce((sum, course) => sum + course.waiting, 0);
    if (waiting > 0 && !confirm(this.unsentValue.replace("{count}", String(waiting)))) return;
    await Promise.all([...new Set(courses.map((course) => course.origin))].map((origin) => forgetOrigin(origin)));
    await forgetHere();
    this.element.submit();
  }
}
