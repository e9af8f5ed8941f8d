// The device's own list of what it has stored, on the site's origin: whose it is, which courses, which units.
export type StoredUnit = { name: string; bytes: number; at: number };
export type StoredCourse = { name: string; home: string; origin: string; waiting: number; units: Record<string, StoredUnit> };
export type Stored = { owner: string; page: string; courses: Record<string, StoredCourse> };

export const CACHE = "guixue-learn";
const KEY = "guixue-stored";

/** The list, or nothing where nothing is stored. */
export function read(): Stored | undefined {
  try {
    return (JSON.parse(localStorage.getItem(KEY) ?? "null") as Stored | null) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Change the list; another person's begins anew. */
export function change(owner: string, page: string, deed: (stored: Stored) => void): void {
  const known = read();
  const stored: Stored = known?.owner === owner ? known : { owner, page, courses: {} };
  stored.page = page;
  deed(stored);
  try {
    localStorage.setItem(KEY, JSON.stringify(stored));
  } catch {
    // a browser without storage stores nothing else either
  }
}

/** Forget the list and the pages; what lies on the courses' origins is deleted by `forgetOrigin`. */
export async function forgetHere(): Promise<void> {
  localStorage.removeItem(KEY);
  await caches.delete(CACHE);
}

/** Have a course's origin delete what it has stored; true when it said that it has. */
export function forgetOrigin(origin: string, waitMs = 5000): Promise<boolean> {
  return new Promise((resolve) => {
    const frame = document.createElement("iframe");
    const done = (said: boolean): void => {
      removeEventListener("message", listen);
      clearTimeout(timer);
      frame.remove();
      resolve(said);
    };
    const listen = (event: MessageEvent<{ type?: string }>): void => {
      if (event.origin === origin && event.source === frame.contentWindow && event.data?.type === "guixue:forgotten") done(true);
    };
    const timer = setTimeout(() => done(false), waitMs);
    addEventListener("message", listen);
    frame.hidden = true;
    frame.src = `${origin}/forget/`;
    document.body.append(frame);
  });
}

/** "12.3 MB"; never 0.0 for something. */
export function megabytes(bytes: number): string {
  return bytes === 0 ? "0 MB" : `${Math.max(0.1, bytes / 1_000_000).toFixed(1)} MB`;
}
