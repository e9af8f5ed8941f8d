// What somebody brought, taken apart but not yet believed: the code on paper, a machine record, a share, a PDF.
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { base64, isDocument, join, leaves, nested, parseDocument, textOf, unbase64, unhex, Unreadable, utf8, type Document, type Json } from "./bytes.ts";
import * as packing from "./packing.ts";
import { Reader, type Kind, type Said } from "./packing.ts";
import type { Trust } from "./trust.ts";

export interface NoteSignature {
  kind: "log" | "witness";
  keyHash: Uint8Array | null;
  time: bigint;
  value: Uint8Array;
}
export interface Proof {
  index: bigint;
  size: bigint;
  path: Uint8Array[];
  signatures: NoteSignature[];
  body: string | null; // the checkpoint's text where it came along; otherwise it follows from the rest
}
export interface Evidence {
  statement: Document;
  signature?: Uint8Array; // over the whole statement
  commitment?: { hashes: Map<string, Uint8Array>; signature: Uint8Array; proof: Proof };
  hidden: string[];
  until: string;
}

export const STATEMENT = "guixue.credit-certificate";
const RECORD = "guixue.credit-certificate-record";
const DISCLOSURE = "guixue.certificate-disclosure";
const RECORD_MAX = 64 * 1024;
const STREAMS_MAX = 5000;
const DIGITS_MAX = 7112;
export const ADDRESS = /^(https?:\/\/[^/#?\s]+)\/v\/([A-Za-z0-9_-]{22})$/;
const PATH = /^[a-z0-9_]+(\.[a-z0-9_]+)*$/;

const institution = (key: string): [string, Kind | null][] => [
  [key, null],
  [`${key}.code`, packing.code],
  ...["name_zh", "name_en", "former_name_zh", "former_name_en"].map((part): [string, Kind] => [`${key}.${part}`, packing.words]),
];
// The table of credits/certificates/compact.py: the place of a row is its index in the bytes.
const TABLE: [string, Kind | null][] = [
  ["", null],
  ...institution("issuer"),
  ...institution("home_institution"),
  ["number", packing.number],
  ["address", packing.token],
  ["key_id", packing.keyId],
  ["issued_at", packing.moment],
  ["supersedes", packing.number],
  ["lot", packing.uuid],
  ["holder.name_zh", packing.words],
  ["holder.name_latin", packing.words],
  ["course.code", packing.words],
  ["course.name_zh", packing.words],
  ["course.name_en", packing.words],
  ["course.run", packing.words],
  ["study.from_on", packing.day],
  ["study.to_on", packing.day],
  ["credit_points", packing.amount],
  ["contact_hours", packing.amount],
  ["grade.value", packing.amount],
  ["grade.scale", packing.scale],
];

export const fieldHash = (salt: Uint8Array, path: string, value: string): Uint8Array =>
  sha256(join(Uint8Array.of(0), salt, utf8(path), Uint8Array.of(0), utf8(value)));
export const noteHash = (name: string, algorithm: number, key: Uint8Array): Uint8Array =>
  sha256(join(utf8(`${name}\n`), Uint8Array.of(algorithm), key)).slice(0, 4);

function hashesOf(statement: Document, salt: Uint8Array): Map<string, Uint8Array> {
  const hashed = ([path, value]: [string, string]): [string, Uint8Array] => {
    const own = hmac(sha256, salt, utf8(`guixue.field-salt/1${path}`)).slice(0, 16);
    return [path, fieldHash(own, path, value)];
  };
  return new Map([...leaves(statement)].map(hashed));
}

/** The evidence that the number behind the # holds; `address` is what stood before it. */
export function fromDigits(digits: string, trust: Trust, address: string): Evidence {
  if (!/^[1-9][0-9]*$/.test(digits) || digits.length > DIGITS_MAX) throw new Unreadable("not-digits");
  const text = BigInt(digits).toString(16);
  const whole = unhex(text.length % 2 ? `0${text}` : text, Math.ceil(text.length / 2));
  if (whole[0] !== 1) throw new Unreadable("not-digits");
  const reader = new Reader(whole.subarray(1));
  if (reader.byte() !== 1) throw new Unreadable("unknown-version");
  const salt = reader.take(16);
  const signature = reader.take(64);
  const statement = statementIn(reader, trust, address);
  const index = reader.varint();
  const size = reader.varint();
  const path = Array.from({ length: count(reader, 63) }, () => reader.take(32));
  const signatures: NoteSignature[] = [{ kind: "log", keyHash: null, time: 0n, value: reader.take(64) }];
  for (let left = count(reader, 16); left > 0; left--) {
    signatures.push({ kind: "witness", keyHash: reader.take(4), time: reader.number(8), value: reader.take(64) });
  }
  if (reader.at !== reader.data.length) throw new Unreadable("trailing-bytes");
  const proof = { index, size, path, signatures, body: null };
  return { statement, hidden: [], until: "", commitment: { hashes: hashesOf(statement, salt), signature, proof } };
}

function count(reader: Reader, limit: number): number {
  const found = reader.byte();
  if (found > limit) throw new Unreadable("too-many");
  return found;
}

function statementIn(reader: Reader, trust: Trust, address: string): Document {
  const said: Said = new Map();
  let last = 0;
  for (let byte = reader.byte(); byte !== 0; byte = reader.byte()) {
    const index = byte & 0x7f;
    const plain = (byte & 0x80) !== 0;
    const row = TABLE[index];
    if (!row || index <= last || said.has(row[0]) || (plain && (row[1] === null || row[1] === packing.words))) throw new Unreadable("bad-index");
    last = index;
    const [path, kind] = row;
    if (kind === null) for (const [part, value] of trust.block(reader.varint())) said.set(`${path}.${part}`, value);
    else said.set(path, plain ? reader.text(reader.varint()) : kind(reader, said));
    if (path === "address" && !plain) said.set(path, `${ADDRESS.exec(address)?.[1] ?? trust.host}/v/${said.get(path)}`);
  }
  if (!said.has("address")) {
    if (!address) throw new Unreadable("address-missing");
    said.set("address", address);
  }
  return nested(said.set("type", STATEMENT).set("version", "1"));
}

/** The evidence in a machine record or in what a holder shared. */
export function fromDocument(found: Document): Evidence {
  if (found.type === DISCLOSURE && found.version === "1") return fromDisclosure(found);
  if (found.type !== RECORD || (found.version !== "1" && found.version !== "2")) throw new Unreadable("not-a-certificate");
  const { statement, key } = found;
  if (!isDocument(statement) || !isDocument(key) || key.key_id !== statement.key_id) throw new Unreadable("not-a-certificate");
  leaves(statement);
  const signature = unbase64(found.signature, 64);
  if (found.version === "1") return { statement, signature, hidden: [], until: "" };
  const hashes = hashesOf(statement, unhex(found.entry_salt, 16));
  return { statement, signature, hidden: [], until: "", commitment: committed(found, hashes) };
}

function fromDisclosure(found: Document): Evidence {
  const { shown, hidden } = found;
  if (!isDocument(shown) || !isDocument(hidden)) throw new Unreadable("not-a-certificate");
  const said: Said = new Map();
  const hashes = new Map(Object.entries(hidden).map(([path, value]) => [path, unhex(value, 32)]));
  for (const [path, field] of Object.entries(shown)) {
    if (!isDocument(field) || typeof field.value !== "string" || hashes.has(path)) throw new Unreadable("not-a-certificate");
    said.set(path, field.value);
    hashes.set(path, fieldHash(unhex(field.salt, 16), path, field.value));
  }
  if (![...hashes.keys()].every((path) => PATH.test(path))) throw new Unreadable("not-a-certificate");
  const until = typeof found.until === "string" ? found.until : "";
  return { statement: nested(said), hidden: Object.keys(hidden).sort(), until, commitment: committed(found, hashes) };
}

function committed(found: Document, hashes: Map<string, Uint8Array>): NonNullable<Evidence["commitment"]> {
  return { hashes, signature: unbase64(found.commitment_signature, 64), proof: parseProof(found.proof) };
}

/** A tlog-proof (C2SP) in parts; signatures of kinds that we do not know are left out. */
export function parseProof(text: Json | undefined): Proof {
  if (typeof text !== "string") throw new Unreadable("proof-malformed");
  const middle = text.indexOf("\n\n");
  const end = text.lastIndexOf("\n\n");
  const lines = text.slice(0, middle).split("\n");
  const body = text.slice(middle + 2, end + 1);
  const said = body.split("\n");
  const index = lines[1]?.slice(6) ?? "";
  const whole = /^(0|[1-9][0-9]{0,17})$/;
  const good = middle > 0 && end > middle && lines[0] === "c2sp.org/tlog-proof@v1" && lines[1]?.startsWith("index ") && said.length === 4;
  if (!good || lines.length > 65 || !whole.test(index) || !whole.test(said[1] ?? "")) throw new Unreadable("proof-malformed");
  return {
    index: BigInt(index),
    size: BigInt(said[1]!),
    path: lines.slice(2).map((line) => unbase64(line, 32)),
    signatures: text.slice(end + 2).replace(/\n$/, "").split("\n").slice(0, 64).flatMap(noteSignature),
    body,
  };
}

function noteSignature(line: string): NoteSignature[] {
  const [dash, , value] = line.split(" ");
  const raw = unbase64(value);
  if (dash !== "\u2014" || raw.length < 68) throw new Unreadable("proof-malformed");
  const keyHash = raw.slice(0, 4);
  if (raw.length === 68) return [{ kind: "log", keyHash, time: 0n, value: raw.slice(4) }];
  if (raw.length !== 76) return [];
  return [{ kind: "witness", keyHash, time: new Reader(raw.subarray(4)).number(8), value: raw.slice(12) }];
}

export const isPdf = (data: Uint8Array): boolean => latin(data.subarray(0, 1024)).includes("%PDF-");

/** The machine record in a PDF: every stream is looked at, nothing of the PDF is believed or run. */
export async function recordInPdf(data: Uint8Array): Promise<Document> {
  const text = latin(data);
  const found = new Map<string, Uint8Array>();
  let streams = 0;
  for (const match of text.matchAll(/stream\r?\n/g)) {
    if (++streams > STREAMS_MAX) throw new Unreadable("too-many-streams");
    const start = match.index + match[0].length;
    const end = text.indexOf("endstream", start);
    if (end < 0 || (text[start] !== "{" && (data[start]! & 0x0f) !== 8)) continue; // zlib's first byte says deflate
    const piece = data.slice(start, Math.min(end, start + 2 * RECORD_MAX));
    const content = text[start] === "{" ? trimmed(piece) : await inflated(piece);
    const said = latin(content);
    if (said.startsWith("{") && said.includes(`"type":"${RECORD}"`)) found.set(base64(content), content);
  }
  if (found.size !== 1) throw new Unreadable(found.size ? "several-records-in-pdf" : "no-record-in-pdf");
  return parseDocument([...found.values()][0]!);
}

export function latin(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += 8192) parts.push(String.fromCharCode(...bytes.subarray(at, at + 8192)));
  return parts.join("");
}

const trimmed = (bytes: Uint8Array): Uint8Array => utf8(textOf(bytes).replace(/[\r\n]+$/, ""));

/** What a stream unpacks to, up to the size of a record; bytes behind its end do not matter. */
async function inflated(piece: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  if (typeof DecompressionStream === "undefined") throw new Unreadable("old-browser");
  const unpacking = new DecompressionStream("deflate");
  const writer = unpacking.writable.getWriter();
  const ignored = (): void => undefined; // the reader below meets the same failure
  writer.write(piece).catch(ignored);
  writer.close().catch(ignored);
  const reader = unpacking.readable.getReader();
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for (let step = await reader.read(); !step.done && size <= RECORD_MAX; step = await reader.read()) {
      parts.push(step.value);
      size += step.value.length;
    }
    await reader.cancel();
  } catch {
    // not deflated after all, or the line break in front of "endstream"
  }
  return size > RECORD_MAX ? new Uint8Array() : join(...parts);
}
