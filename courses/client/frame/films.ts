// Minutes of a film that were played without a network: one stretch grows until there is a pause or it is sent.
import { canWait, keep, mine } from "./queue.ts";
import { put, type Waiting } from "./store.ts";
import type { Part } from "./watch.ts";

const PAUSE_MS = 60_000; // a longer silence begins a new stretch
const RANGES_MAX = 300;

export class Films {
  private stretch: Waiting | undefined;

  constructor(private readonly usage: string) {
    document.addEventListener("guixue:sent", () => (this.stretch = undefined));
  }

  /** True while played minutes wait: later ones must not overtake them. */
  async wait(): Promise<boolean> {
    return canWait() && (await mine().catch((): Waiting[] => [])).some((item) => item.kind === "watched");
  }

  /** Add what was played between two moments of the server's clock. */
  async add(ranges: Part[], from: number, to: number): Promise<void> {
    if (!canWait() || ranges.length === 0) return;
    const grown = this.stretch;
    if (grown && from - grown.at_ms < PAUSE_MS && (grown.ranges?.length ?? 0) + ranges.length < RANGES_MAX) {
      this.stretch = { ...grown, at_ms: to, ranges: joined(grown.ranges ?? [], ranges) };
      await put(this.stretch);
    } else {
      this.stretch = await keep({ kind: "watched", usage: this.usage, from_ms: from, at_ms: to, ranges });
    }
  }
}

/** Two lists of parts, where one that goes on from the last is one part. */
export function joined(known: Part[], added: Part[]): Part[] {
  const all = known.map(([from, to]): Part => [from, to]);
  for (const [from, to] of added) {
    const last = all.at(-1);
    if (last && Math.abs(last[1] - from) < 0.3) last[1] = to;
    else all.push([from, to]);
  }
  return all;
}
