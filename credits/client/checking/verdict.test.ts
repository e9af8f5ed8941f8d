import { readFileSync } from "node:fs";
import { join as joined } from "node:path";
import { deflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { join, parseDocument, unbase64, utf8, type Document } from "./bytes.ts";
import { readTrust, type Trust } from "./trust.ts";
import { checkFile, checkText } from "./verdict.ts";

interface Case {
  name: string;
  given: string | Document;
  outcome: string;
  code: string;
  trust: Document | null;
}
const vectors = JSON.parse(readFileSync(joined(import.meta.dirname, "vectors.json"), "utf8")) as { trust: Document; cases: Case[] };
const trust = readTrust(vectors.trust);
const record = utf8(JSON.stringify(vectors.cases.find((one) => one.name === "a record")?.given));
const paper = vectors.cases[0]!.given as string;

describe("what somebody may bring", () => {
  it.each(vectors.cases.map((one) => [one.name, one] as const))("%s", async (_name, { given, outcome, code, trust: own }) => {
    const against: Trust = own ? readTrust(own) : trust;
    const found = await checkFile(utf8(typeof given === "string" ? given : JSON.stringify(given)), against);
    expect(found.outcome).toBe(outcome);
    if (code) expect(found.code).toBe(code);
    if (typeof given === "string") expect(checkText(given, against)).toEqual(found);
  });

  it("says who signed, and what is hidden", async () => {
    const found = await checkFile(utf8(paper), trust);
    expect(found).toMatchObject({ log: true, witnesses: 3, known: 3, quorum: 2, asOf: "2026-11-26T01:00:00.000Z" });
    const share = vectors.cases.find((one) => one.name === "a share")!;
    const shown = await checkFile(utf8(JSON.stringify(share.given)), trust);
    expect(shown.hidden).toEqual(["address", "grade.scale", "grade.value", "lot", "number"]);
    expect(shown.statement).not.toHaveProperty("grade");
  });
});

describe("a PDF", () => {
  const pdf = (...streams: Uint8Array[]) =>
    join(utf8("%PDF-1.7\n"), ...streams.map((stream) => join(utf8("1 0 obj\nstream\n"), stream, utf8("\nendstream\nendobj\n"))));
  const packed = (bytes: Uint8Array) => new Uint8Array(deflateSync(bytes));

  it("is believed as the issuer signed it", async () => {
    const whole = new Uint8Array(readFileSync(joined(import.meta.dirname, "signed.pdf")));
    expect((await checkFile(whole, trust)).outcome).toBe("valid");
    const signature = new TextDecoder("latin1").decode(whole).indexOf("/Contents <") + 11;
    for (const place of [12, 700, signature, signature + 40, signature + 700, signature + 3000, whole.length - 9]) {
      const altered = whole.slice();
      altered[place]! ^= 1;
      expect((await checkFile(altered, trust)).outcome, String(place)).not.toBe("valid");
    }
    expect((await checkFile(join(whole, utf8("% more")), trust)).code).toBe("file-altered");
  });

  it("that nobody signed is not, packed or plain", async () => {
    const canonical = utf8(new TextDecoder().decode(record).replace(/": /g, '":'));
    expect((await checkFile(pdf(packed(utf8("q Q")), canonical), trust)).code).toBe("file-altered");
    expect((await checkFile(pdf(packed(canonical)), trust)).code).toBe("file-altered");
  });

  it("with two different records, or none, is unreadable", async () => {
    const other = utf8(new TextDecoder().decode(record).replace("2.00", "3.00"));
    expect((await checkFile(pdf(record, other), trust)).code).toBe("several-records-in-pdf");
    expect((await checkFile(pdf(utf8("q Q")), trust)).code).toBe("no-record-in-pdf");
  });
});

describe("the trust list", () => {
  const list = vectors.trust.list as Document;

  it("is refused when somebody else signed it or changed it", () => {
    expect(() => readTrust({ ...vectors.trust, list: { ...list, quorum: "0" } })).toThrow("trust-list-not-signed");
    expect(() => readTrust(vectors.trust, [new Uint8Array(32)])).toThrow("trust-list-of-another-log");
    expect(() => readTrust({ list: { ...list, issuers: "none" }, signature: "" })).toThrow("not-a-trust-list");
    expect(readTrust(vectors.trust, trust.logKeys).madeAt).toBe(trust.madeAt);
  });
});

describe("documents", () => {
  it("with a key twice are refused, whatever their strings hold", () => {
    expect(() => parseDocument(utf8('{"a":"1","b":{"a":"1","a":"2"}}'))).toThrow("duplicate-keys");
    expect(parseDocument(utf8('{"a":"\\": {","b":["c:","d"]}'))).toEqual({ a: '": {', b: ["c:", "d"] });
  });

  it("take base64 in one spelling only", () => {
    expect(() => unbase64("QQ=")).toThrow();
    expect(() => unbase64("QR==")).toThrow();
    expect(unbase64("QQ==")).toEqual(Uint8Array.of(65));
  });

  it("any altered digit is refused", () => {
    const at = paper.indexOf("#") + 1;
    for (let place = at; place < paper.length; place += 211) {
      const digit = (Number(paper[place]) + 1) % 10;
      expect(["not-genuine", "unreadable"]).toContain(checkText(paper.slice(0, place) + digit + paper.slice(place + 1), trust).outcome);
    }
  });
});
