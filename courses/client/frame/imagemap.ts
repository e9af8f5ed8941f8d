// Problems that ask for a place in a picture: a tap or the arrow keys set a mark; the answer is "[x,y]" as CAPA reads it.
const STEP = 10; // pixels of the picture per key press
const MOVES: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** Bring picture questions below `root` to life, also those that a problem puts there later. */
export function startImageMaps(root: ParentNode & EventTarget): void {
  root.addEventListener("click", (event) => {
    const area = areaOf(event);
    const click = event as MouseEvent;
    if (!area || (click.clientX === 0 && click.clientY === 0)) return; // a key pressed the button
    const box = area.getBoundingClientRect();
    place(area, ((click.clientX - box.left) / box.width) * size(area, "width"), ((click.clientY - box.top) / box.height) * size(area, "height"));
  });
  root.addEventListener("keydown", (event) => {
    const area = areaOf(event);
    const move = MOVES[(event as KeyboardEvent).key];
    if (!area || !move) return;
    event.preventDefault();
    const [x, y] = given(area) ?? [size(area, "width") / 2, size(area, "height") / 2];
    place(area, x + move[0] * STEP, y + move[1] * STEP);
  });
  drawMarks(root);
}

/** Show the marks of the answers that are already there. */
export function drawMarks(root: ParentNode): void {
  for (const area of root.querySelectorAll<HTMLElement>("[data-image-map]")) draw(area);
}

function areaOf(event: Event): HTMLElement | null {
  return event.target instanceof Element ? event.target.closest<HTMLElement>("[data-image-map]") : null;
}

function size(area: HTMLElement, side: "width" | "height"): number {
  return Number(area.dataset[side]) || 1;
}

function input(area: HTMLElement): HTMLInputElement | null {
  return document.getElementById(area.dataset["imageMap"] ?? "") as HTMLInputElement | null;
}

function given(area: HTMLElement): [number, number] | undefined {
  const found = /^\[(\d+),(\d+)\]$/.exec(input(area)?.value ?? "");
  return found ? [Number(found[1]), Number(found[2])] : undefined;
}

function place(area: HTMLElement, x: number, y: number): void {
  const field = input(area);
  if (!field) return;
  const inside = (value: number, most: number) => Math.round(Math.min(Math.max(value, 0), most));
  field.value = `[${inside(x, size(area, "width"))},${inside(y, size(area, "height"))}]`;
  draw(area);
}

function draw(area: HTMLElement): void {
  const mark = area.querySelector<HTMLElement>(".image-map-mark");
  const point = given(area);
  if (!mark) return;
  mark.hidden = !point;
  if (!point) return;
  mark.style.left = `${(100 * point[0]) / size(area, "width")}%`;
  mark.style.top = `${(100 * point[1]) / size(area, "height")}%`;
}
