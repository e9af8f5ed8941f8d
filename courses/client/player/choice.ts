// Which of a film's qualities is played: what the learner chose last, or what the line can bear.
export type Quality = { name: "light" | "standard" | "original" | "sound"; url: string; type: string; bytes: number; label: string };
export type Line = { type?: string; effectiveType?: string; saveData?: boolean };

const SLOW = ["slow-2g", "2g", "3g"];
const KEY = "guixue:player";

/** The quality to begin with. Nothing is fetched by choosing: the film comes when it is played. */
export function chosen(offered: Quality[], wish: string, line: Line | undefined, stored: boolean): Quality | undefined {
  const pictures = offered.filter((quality) => quality.name !== "sound");
  const lightest = pictures.find((quality) => quality.name === "light") ?? smallest(pictures);
  if (stored) return lightest; // what is taken along is the light one
  const wished = offered.find((quality) => quality.name === wish);
  if (wished) return wished;
  if (costly(line)) return lightest;
  return pictures.find((quality) => quality.name === "standard") ?? pictures.find((quality) => quality.name === "original") ?? lightest ?? offered[0];
}

/** True on a line that is slow, paid by the megabyte, or to be spared. */
export function costly(line: Line | undefined): boolean {
  return line?.saveData === true || line?.type === "cellular" || SLOW.includes(line?.effectiveType ?? "");
}

/** The line as far as the browser tells. */
export function line(): Line | undefined {
  return (navigator as Navigator & { connection?: Line }).connection;
}

function smallest(offered: Quality[]): Quality | undefined {
  return offered.filter((quality) => quality.bytes > 0).sort((a, b) => a.bytes - b.bytes)[0] ?? offered[0];
}

/** What this browser remembers of the learner's wishes; nothing where it keeps nothing. */
export function wishes(): Record<string, string> {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "{}") as Record<string, string>;
  } catch {
    return {};
  }
}

/** Remember a wish for the next film. */
export function wish(name: string, value: string): void {
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...wishes(), [name]: value }));
  } catch {
    // A browser that keeps nothing asks again next time.
  }
}
