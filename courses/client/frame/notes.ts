// Passages with a note, and links out of the frame.
import { tellPage } from "./page.ts";

const OPENED = new Set(["http:", "https:", "mailto:"]);

/** Passages with a note: a button opens the note after it. */
export function startNotes(root: ParentNode): void {
  for (const mark of root.querySelectorAll<HTMLButtonElement>("button.note-mark")) {
    const note = mark.nextElementSibling as HTMLElement | null;
    mark.addEventListener("click", () => {
      if (!note?.classList.contains("note")) return;
      note.hidden = !note.hidden;
      mark.setAttribute("aria-expanded", String(!note.hidden));
    });
  }
}

/**
 * Links out of the frame are opened by the page, which shows the learner where they lead: the frame itself may open
 * no window, since its scripts could write what they know into the address.
 */
export function startLinks(root: Node): void {
  root.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a[href]") : null;
    if (!link || event.defaultPrevented || link.hasAttribute("download") || !OPENED.has(link.protocol)) return;
    if (link.hash && link.pathname === location.pathname && link.host === location.host) return;
    event.preventDefault();
    tellPage("open", "", link.href);
  });
}
