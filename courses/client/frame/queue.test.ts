import { beforeEach, describe, expect, it, vi } from "vitest";
import { joined } from "./films.ts";
import { serverNow } from "./queue.ts";

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
