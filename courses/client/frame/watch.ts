// Which parts of a video were played, told to the server every quarter of a minute. The server decides what counts.
export type Part = [number, number];

const REPORT_EVERY_S = 15;
const JUMP_S = 2; // timeupdate comes four times a second, and at double speed half a second of film lies between two

/** Collects what plays; `send` gets the parts since the last report, none at the start of playing. */
export class Watch {
  private parts: Part[] = [];
  private last: number | undefined;
  private reportedAt = 0;

  constructor(
    private readonly send: (parts: Part[]) => void,
    private readonly now: () => number = () => Date.now() / 1000,
  ) {}

  /** Playing begins: an empty report starts the server's clock. */
  started(at: number): void {
    this.last = at;
    if (this.parts.length === 0) this.report();
  }

  /** The film is at this second. A jump ends one part and begins another. */
  at(second: number): void {
    if (this.last === undefined) return;
    const step = second - this.last;
    if (step > 0 && step <= JUMP_S) this.add(this.last, second);
    this.last = second;
    if (this.now() - this.reportedAt >= REPORT_EVERY_S) this.report();
  }

  /** Playing stops: what is left is reported. */
  stopped(): void {
    this.last = undefined;
    if (this.parts.length > 0) this.report();
  }

  private add(from: number, to: number): void {
    const part = this.parts.at(-1);
    if (part && Math.abs(part[1] - from) < 0.001) part[1] = to;
    else this.parts.push([from, to]);
  }

  private report(): void {
    const parts = this.parts.slice(-40).map(([from, to]): Part => [Number(from.toFixed(1)), Number(to.toFixed(1))]);
    this.parts = [];
    this.reportedAt = this.now();
    this.send(parts);
  }
}
