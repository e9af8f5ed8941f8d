// Passages with a note: a button opens the note after it.
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

/** Links out of the frame open beside it; the frame itself never goes elsewhere. */
export function startLinks(root: ParentNode): void {
  for (const link of root.querySelectorAll<HTMLAnchorElement>("a[href]")) {
    if (link.hash && link.pathname === location.pathname) continue;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
  }
}
