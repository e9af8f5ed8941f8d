import { describe, expect, it } from "vitest";
import { type Part, Watch } from "./watch.ts";

function played(): { watch: Watch; sent: Part[][]; wait: (seconds: number) => void } {
  const sent: Part[][] = [];
  let now = 1000;
  const watch = new Watch((parts) => sent.push(parts), () => now);
  return { watch, sent, wait: (seconds) => (now += seconds) };
}

describe("what a player reports", () => {
  it("begins with an empty report, which starts the server's clock", () => {
    const { watch, sent } = played();
    watch.started(30);
    expect(sent).toEqual([[]]);
  });

  it("is one part every quarter of a minute of steady playing", () => {
    const { watch, sent, wait } = played();
    watch.started(0);
    for (let second = 1; second <= 15; second++) {
      wait(1);
      watch.at(second);
    }
    expect(sent).toEqual([[], [[0, 15]]]);
  });

  it("leaves out what was wound over, and nothing when nothing played", () => {
    const { watch, sent } = played();
    watch.started(0);
    watch.at(1);
    watch.at(90);
    watch.at(91);
    watch.stopped();
    watch.stopped();
    expect(sent).toEqual([[], [[0, 1], [90, 91]]]);
  });
});
