// What is done without a network waits here and goes out when the line is back: once, in order, with its time.
import { tellPage, text } from "./page.ts";
import { put, remove, waiting, type Waiting } from "./store.ts";

const SENDING_MAX = 50; // the server takes no more at once
const AGAIN_MS = 30_000;
const EPOCH_STARTED = Date.now();

type Result = { key: string; status: "taken" | "waiting" | "repeated" | "refused"; message: string; reply: unknown; view: string };
export type Sent = { item: Waiting; result: Result };
export type Kept = { item: Waiting };

let sending = false;
let timer: ReturnType<typeof setTimeout> | undefined;

const given = (name: string): string => document.body.dataset[name] ?? "";

/** True where things may wait: the page carries a signed moment and the browser a store. */
export function canWait(): boolean {
  return given("moment") !== "" && "indexedDB" in window && typeof crypto.randomUUID === "function";
}

/** Now, reckoned on from the moment that the server signed: a wrong clock of the device does not matter. */
export function serverNow(): number {
  const received = Number(given("stored")) || EPOCH_STARTED;
  return Math.max(Number(given("momentMs")), Math.round(Number(given("momentMs")) + Date.now() - received));
}

/** Keep something until it can be sent, and say so. */
export async function keep(item: Omit<Waiting, "key" | "owner" | "run" | "unit" | "moment" | "at_ms"> & { key?: string; at_ms?: number }): Promise<Waiting> {
  const whole: Waiting = { key: crypto.randomUUID(), at_ms: serverNow(), ...item, owner: given("owner"), run: given("run"), unit: given("unit"), moment: given("moment") };
  await put(whole);
  await announce();
  document.dispatchEvent(new CustomEvent<Kept>("guixue:kept", { detail: { item: whole } }));
  again();
  return whole;
}

/** What waits of this person in this run. */
export async function mine(): Promise<Waiting[]> {
  return canQueue() ? waiting(given("owner"), given("run")) : [];
}

function canQueue(): boolean {
  return given("owner") !== "" && "indexedDB" in window;
}

/** Send what waits. Whatever the server says of an item, it is not sent again. */
export async function flush(address = given("handIn")): Promise<void> {
  if (sending || !canQueue()) return;
  sending = true;
  let most = SENDING_MAX;
  try {
    for (let items = await mine(); items.length > 0; items = await mine()) {
      const answer = await fetch(address, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ items: items.slice(0, most).map(bare) }),
        credentials: "omit",
      });
      if (answer.status === 409 || answer.status === 403) return tellPage("pass", "", text("sign_in"));
      if ((answer.status === 422 || answer.status === 413) && items[0]) {
        if (most === 1) await giveUp(items[0]); // the others go on
        most = 1;
        continue;
      }
      if (!answer.ok) return again();
      const { results } = (await answer.json()) as { results: Result[] };
      for (const result of results) {
        await remove(result.key);
        const item = items.find((one) => one.key === result.key);
        if (item) told(item, result);
      }
      await announce();
      if (results.length === 0) return;
    }
  } catch {
    again();
  } finally {
    sending = false;
  }
}

/** Forget what the server cannot read, or finds too long, and never will take; and say so. */
async function giveUp(item: Waiting): Promise<void> {
  await remove(item.key);
  told(item, { key: item.key, status: "refused", message: text("not_taken"), reply: null, view: "" });
  await announce();
}

function bare(item: Waiting): Omit<Waiting, "owner" | "run"> {
  const { owner: _owner, run: _run, ...rest } = item;
  return rest;
}

function told(item: Waiting, result: Result): void {
  document.dispatchEvent(new CustomEvent<Sent>("guixue:sent", { detail: { item, result } }));
  if (item.kind !== "answer") return;
  const failed = result.status === "refused" || result.status === "waiting";
  tellPage(failed ? "failed" : "saved", item.usage ?? "", failed ? result.message : text("sent"));
}

async function announce(): Promise<void> {
  const answers = (await mine()).filter((item) => item.kind === "answer").length;
  tellPage("queue", String(answers), answers ? text("kept_count", { count: answers }) : "");
}

function again(): void {
  clearTimeout(timer);
  timer = setTimeout(() => void flush(), AGAIN_MS);
}

/** Send at once what an earlier visit left, and whenever the network comes back or the page brings a fresh pass. */
export function startQueue(): void {
  if (!canQueue()) return;
  addEventListener("online", () => void flush());
  addEventListener("message", (event: MessageEvent<{ type?: string; address?: string }>) => {
    if (event.source !== parent || event.origin !== given("siteOrigin") || event.data?.type !== "guixue:pass") return;
    if (event.data.address?.startsWith("/s/")) void flush(event.data.address);
  });
  void announce()
    .then(() => flush())
    .catch(() => undefined); // the browser lets this origin store nothing
}
