// The trust list (docs/formats.md §4): who may sign. It is believed when the log that it names signed it.
import { ed25519 } from "@noble/curves/ed25519.js";
import { canonicalBytes, isDocument, unbase64, Unreadable, type Document, type Json } from "./bytes.ts";

export interface IssuerKey {
  code: string;
  publicKey: Uint8Array;
  fromAt: string;
  toAt: string;
}
export interface Trust {
  madeAt: string;
  host: string; // of the official check page: "https://…" without a path
  origin: string;
  logKeys: Uint8Array[];
  witnesses: { name: string; publicKey: Uint8Array }[];
  quorum: number;
  keys: Map<string, IssuerKey>;
  endedAt: string; // up to when `ended` is known; "" without a copy
  ended: Map<string, string>;
  block(number: bigint): [string, string][]; // the names of an institution by their number
}

const PARTS = ["code", "name_zh", "name_en", "former_name_zh", "former_name_en"];

/** True when an Ed25519 signature is good by RFC 8032, strictly. */
export function signed(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    return ed25519.verify(signature, message, key, { zip215: false });
  } catch {
    return false;
  }
}

/** A trust list whose own signature holds; `pinned` are log keys of a list that was believed before. */
export function readTrust(whole: Document, pinned: Uint8Array[] = []): Trust {
  const { list } = whole;
  if (!isDocument(list) || list.type !== "guixue.trust-list" || list.version !== "1") throw new Unreadable("not-a-trust-list");
  let trust: Trust;
  let signature: Uint8Array;
  try {
    trust = taken(list);
    signature = unbase64(whole.signature, 64);
  } catch {
    throw new Unreadable("not-a-trust-list");
  }
  const believed = pinned.length ? trust.logKeys.filter((key) => pinned.some((old) => old.join() === key.join())) : trust.logKeys;
  if (!believed.length) throw new Unreadable("trust-list-of-another-log");
  if (!believed.some((key) => signed(key, canonicalBytes(list), signature))) throw new Unreadable("trust-list-not-signed");
  return trust;
}

function taken(list: Document): Trust {
  const log = part(list.log);
  const ended = part(list.ended);
  const names = new Map(rows(list.names).map((row) => [text(row.number), PARTS.flatMap((key): [string, string][] => (row[key] ? [[key, text(row[key])]] : []))]));
  return {
    madeAt: text(list.made_at),
    host: text(list.check_page).split("/").slice(0, 3).join("/"),
    origin: text(log.origin),
    logKeys: rows(log.keys).filter((key) => key.algorithm === "Ed25519").map((key) => unbase64(key.public_key, 32)),
    witnesses: rows(list.witnesses).map((row) => ({ name: text(row.name), publicKey: unbase64(row.public_key, 32) })),
    quorum: Number(text(list.quorum)),
    keys: new Map(rows(list.issuers).flatMap((row) => rows(row.keys).map((key) => issuerKey(text(row.code), key)))),
    endedAt: text(ended.as_of),
    ended: new Map(rows(ended.entries).map((row) => [text(row.entry), text(row.status)])),
    block(number) {
      const found = names.get(String(number));
      if (!found) throw new Unreadable("name-unknown");
      return found;
    },
  };
}

function issuerKey(code: string, key: Document): [string, IssuerKey] {
  return [text(key.key_id), { code, publicKey: unbase64(key.public_key, 32), fromAt: text(key.from_at), toAt: text(key.to_at) }];
}

function part(value: Json | undefined): Document {
  if (!isDocument(value)) throw new Unreadable("not-a-trust-list");
  return value;
}

function rows(value: Json | undefined): Document[] {
  if (!Array.isArray(value)) throw new Unreadable("not-a-trust-list");
  return value.map(part);
}

function text(value: Json | undefined): string {
  if (typeof value !== "string") throw new Unreadable("not-a-trust-list");
  return value;
}
