// The issuer's signature on a PDF itself: does it hold, over every byte? The rules are those of verify_certificate.py.
import { sha256, sha512 } from "@noble/hashes/sha2.js";
import { join, same } from "./bytes.ts";
import { signed } from "./trust.ts";

type Element = [tag: number, content: Uint8Array];

const bytes = (hex: string): Uint8Array => Uint8Array.from(hex.match(/../g) ?? [], (two) => parseInt(two, 16));
const SHA512 = bytes("300d06096086480165030402030500"); // AlgorithmIdentifier
const ED25519 = bytes("300506032b6570");
const MESSAGE_DIGEST = bytes("06092a864886f70d010904");
const DATA = bytes("06092a864886f70d010701");
const SIGNED_DATA = bytes("06092a864886f70d010702");
const RANGES = /\/ByteRange *\[ *(\d{1,9}) +(\d{1,9}) +(\d{1,9}) +(\d{1,9}) *\]/g;

/** Whether a PDF carries the issuer's signature (PAdES: CMS with SHA-512 and Ed25519) over every byte of it. */
export function fileSigned(data: Uint8Array, text: string, key: Uint8Array): boolean {
  const ranges = [...text.matchAll(RANGES)];
  if (ranges.length !== 1) return false;
  const [start, gap, on, rest] = ranges[0]!.slice(1).map(Number) as [number, number, number, number];
  const held = text.slice(gap + 1, on - 1);
  if (start || on + rest !== data.length || text[gap] !== "<" || text[on - 1] !== ">" || !/^([0-9A-F]{2})+$/.test(held)) return false;
  const whole = bytes(held);
  try {
    const cms = whole.subarray(0, end(whole));
    const digest = sha512(join(data.subarray(0, gap), data.subarray(on)));
    return !whole.subarray(cms.length).some(Boolean) && holds(cms, digest, key);
  } catch {
    return false; // it is no CMS
  }
}

function holds(cms: Uint8Array, digest: Uint8Array, key: Uint8Array): boolean {
  const content = at(elements(at(elements(at(elements(cms), 0)), 1)), 0);
  const [certificates, signers] = elements(content).filter(([tag]) => tag === 0xa0 || tag === 0x31).slice(-2).map(([, value]) => value) as [Uint8Array, Uint8Array];
  const fields = elements(at(elements(signers), 0));
  const [attributes, signature] = [at(fields, 3), at(fields, 5)];
  const signer = join(Uint8Array.of(2, 1, 1), nameOf(certificates), SHA512, raw(0xa0, attributes), ED25519, raw(4, signature), ...fields.slice(6).map(([tag, value]) => raw(tag, value)));
  const made = join(Uint8Array.of(2, 1, 1), raw(0x31, SHA512), raw(0x30, DATA), raw(0xa0, certificates), raw(0x31, raw(0x30, signer)));
  return same(cms, raw(0x30, join(SIGNED_DATA, raw(0xa0, raw(0x30, made))))) // no byte beside the parts can differ
    && holdsPiece(attributes, join(MESSAGE_DIGEST, raw(0x31, raw(4, digest))))
    && holdsPiece(attributes, sha256(certificates.subarray(0, end(certificates))))
    && signed(key, raw(0x31, attributes), signature);
}

/** Issuer and serial number of the first certificate, as a signature names it. */
function nameOf(certificates: Uint8Array): Uint8Array {
  const fields = elements(at(elements(at(elements(certificates), 0)), 0));
  return raw(0x30, join(raw(...fields[3]!), raw(...fields[1]!)));
}

function holdsPiece(data: Uint8Array, piece: Uint8Array): boolean {
  for (let place = 0; place + piece.length <= data.length; place += 1) if (same(data.subarray(place, place + piece.length), piece)) return true;
  return false;
}

function at(found: Element[], place: number): Uint8Array {
  const element = found[place];
  if (!element) throw new RangeError("DER");
  return element[1];
}

/** The elements of a DER value; a RangeError when they do not fill it. */
function elements(data: Uint8Array): Element[] {
  const found: Element[] = [];
  for (let place = 0; place < data.length; ) {
    const stop = end(data, place);
    if (stop > data.length || stop <= place) throw new RangeError("DER");
    found.push([data[place]!, data.subarray(begin(data, place), stop)]);
    place = stop;
  }
  return found;
}

const begin = (data: Uint8Array, place: number): number => place + 2 + (data[place + 1]! & 0x80 ? data[place + 1]! & 0x7f : 0);

function end(data: Uint8Array, place = 0): number {
  const start = begin(data, place);
  if (!(data[place + 1]! & 0x80)) return start + data[place + 1]!;
  if (start - place > 5) throw new RangeError("DER");
  return start + data.subarray(place + 2, start).reduce((sum, byte) => sum * 256 + byte, 0);
}

function raw(tag: number, content: Uint8Array): Uint8Array {
  const size = content.length;
  if (size < 0x80) return join(Uint8Array.of(tag, size), content);
  const length = size < 0x100 ? [size] : size < 0x10000 ? [size >> 8, size & 0xff] : [size >> 16, (size >> 8) & 0xff, size & 0xff];
  return join(Uint8Array.of(tag, 0x80 | length.length, ...length), content);
}
