// Bytes, texts and canonical documents (docs/formats.md): what every part of the check shares.

/** What is not believed; `code` says why. */
export class Fault extends Error {
  constructor(readonly code: string) {
    super(code);
  }
}

/** These bytes are nothing that can be checked. */
export class Unreadable extends Fault {}

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type Document = { [key: string]: Json };

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export const utf8 = (text: string): Uint8Array => encoder.encode(text);

export function textOf(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new Unreadable("not-utf8");
  }
}

export function join(...parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export const same = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, i) => byte === b[i]);
export const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

export function unhex(text: unknown, size: number): Uint8Array {
  if (typeof text !== "string" || !/^[0-9a-f]*$/.test(text) || text.length !== size * 2) throw new Unreadable("not-a-certificate");
  return Uint8Array.from({ length: size }, (_, i) => parseInt(text.slice(i * 2, i * 2 + 2), 16));
}

export const base64 = (bytes: Uint8Array): string => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
export const base64url = (bytes: Uint8Array): string => base64(bytes).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

/** The bytes of canonical base64; any other spelling of them is refused. */
export function unbase64(text: unknown, size?: number): Uint8Array {
  if (typeof text !== "string" || !/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4) throw new Unreadable("not-a-certificate");
  const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  if (base64(bytes) !== text || (size !== undefined && bytes.length !== size)) throw new Unreadable("not-a-certificate");
  return bytes;
}

/** RFC 8785 of strings, lists and mappings; JavaScript sorts keys by UTF-16 units, as the RFC asks. */
export function canonical(value: Json): string {
  if (typeof value === "string") {
    try {
      encodeURIComponent(value); // refuses half of a surrogate pair
    } catch {
      throw new Unreadable("not-canonical");
    }
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (!isDocument(value)) throw new Unreadable("not-canonical");
  return `{${Object.keys(value).sort().map((key) => `${canonical(key)}:${canonical(value[key]!)}`).join(",")}}`;
}

export const canonicalBytes = (value: Json): Uint8Array => utf8(canonical(value));
export const isDocument = (value: unknown): value is Document => typeof value === "object" && value !== null && !Array.isArray(value);

/** The strings of a document by dotted path. */
export function leaves(value: Json, path = "", found = new Map<string, string>()): Map<string, string> {
  if (typeof value === "string") found.set(path, value);
  else if (Array.isArray(value) || isDocument(value)) {
    for (const [key, item] of Object.entries(value)) {
      if (key.includes(".")) throw new Unreadable("not-canonical");
      leaves(item, path ? `${path}.${key}` : key, found);
    }
  } else throw new Unreadable("not-canonical");
  return found;
}

/** Leaves by dotted path as a document of mappings. */
export function nested(said: Map<string, string>): Document {
  const found: Document = Object.create(null) as Document;
  for (const [path, value] of said) {
    const keys = path.split(".");
    let place = found;
    for (const key of keys.slice(0, -1)) {
      const next = (place[key] ??= Object.create(null) as Document);
      if (!isDocument(next)) throw new Unreadable("not-a-certificate");
      place = next;
    }
    place[keys.at(-1)!] = value;
  }
  return found;
}

/** The document in a JSON text; one that names a key twice is refused, since two readers would differ. */
export function parseDocument(bytes: Uint8Array): Document {
  let text: string;
  let found: unknown;
  try {
    text = textOf(bytes);
    found = JSON.parse(text);
  } catch {
    throw new Unreadable("not-json");
  }
  if (!isDocument(found)) throw new Unreadable("not-a-certificate");
  if (countKeys(text) !== keysIn(found as Json)) throw new Unreadable("duplicate-keys");
  return found;
}

/** How many keys the text writes: in valid JSON a string before a colon is a key, and nothing else is. */
const countKeys = (text: string): number => (text.match(/"(?:[^"\\]|\\.)*"(\s*:)?/g) ?? []).filter((part) => part.endsWith(":")).length;

function keysIn(value: Json): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + keysIn(item), 0);
  if (!isDocument(value)) return 0;
  return Object.values(value).reduce<number>((sum, item) => sum + 1 + keysIn(item), 0);
}
