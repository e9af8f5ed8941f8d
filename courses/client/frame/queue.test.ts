import { beforeEach, describe, expect, it, vi } from "vitest";
import { joined } from "./films.ts";
import { flush, serverNow, type Sent } from "./queue.ts";
import type { Waiting } from "./store.ts";

const kept = vi.hoisted(() => ({ items: [] as { key: string }[] }));
vi.mock("./store.ts", () => ({
  put: async () => undefined,
  remove: async (key: string) => (kept.items = kept.items.filter((item) => item.key !== key)),
  waiting: async () => [...kept.items],
}));

describe("the time of what is done without a network", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    document.body.dataset["momentMs"] = "1000000";
  });

  it("is reckoned on from the server's moment, whatever the device's clock says", () => {
    vi.setSystemTime(new Date("2001-01-01T00:10:00Z"));
    document.body.dataset["stored"] = String(Date.parse("2001-01-01T00:00:00Z"));
    expect(serverNow()).toBe(1000000 + 600_000);
  });

  it("never lies before the moment, even when the device's clock was put back", () => {
    vi.setSystemTime(new Date("2000-01-01T00:00:00Z"));
    document.body.dataset["stored"] = String(Date.parse("2001-01-01T00:00:00Z"));
    expect(serverNow()).toBe(1000000);
  });
});

describe("parts of a film", () => {
  it("that go on from the last are one, and others stand alone", () => {
    expect(joined([[0, 15]], [[15.1, 30], [60, 75]])).toEqual([[0, 30], [60, 75]]);
  });
});

describe("what a device hands in", () => {
  const item = (key: string): Waiting => ({ key, kind: "answer", body: key, at_ms: 1 }) as unknown as Waiting;
  const results = (): Sent["result"][] => told.map(({ result }) => result);
  let told: Sent[] = [];
  document.addEventListener("guixue:sent", (event) => told.push((event as CustomEvent<Sent>).detail));

  beforeEach(() => {
    vi.useRealTimers();
    document.body.dataset["owner"] = "o";
    document.body.dataset["run"] = "r";
    document.body.dataset["handIn"] = "/s/pass/";
    vi.stubGlobal("indexedDB", {});
    told = [];
  });

  it.each([422, 413])("goes on without the one that is answered with %i, and the learner is told of it", async (status) => {
    kept.items = ["a", "bad", "b"].map(item);
    const taken: string[] = [];
    vi.stubGlobal("fetch", async (_address: string, sent: { body: string }) => {
      const keys = (JSON.parse(sent.body) as { items: Waiting[] }).items.map(({ key }) => key);
      if (keys.includes("bad")) return new Response("", { status });
      taken.push(...keys);
      return Response.json({ results: keys.map((key) => ({ key, status: "taken", message: "", reply: null, view: "" })) });
    });
    await flush();
    expect(taken).toEqual(["a", "b"]);
    expect(kept.items).toEqual([]);
    expect(results().map(({ key, status: word }) => [key, word])).toEqual([["a", "taken"], ["bad", "refused"], ["b", "taken"]]);
  });
});
