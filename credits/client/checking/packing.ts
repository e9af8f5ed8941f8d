// How single values of a statement are unpacked from few bytes (docs/formats.md §5); packing is done on paper's side only.
import { base64url, hex, textOf, Unreadable } from "./bytes.ts";

export type Said = Map<string, string>;
export type Kind = (reader: Reader, said: Said) => string;

const TEXT_MAX = 1000;
const YEAR_ZERO = 2000n;
const SCALES = ["percent", "five-level", "pass-fail"];
const range = (first: number, last: number): string[] => Array.from({ length: last - first + 1 }, (_, i) => String.fromCharCode(first + i));
const HAN = [...range(0x4e00, 0x9fff), ...range(0, 0xff), ...range(0x3000, 0x303f), ...range(0xff00, 0xff5f)];
const ASCII = range(0x20, 0x7e);
const SHIFTED = [..."abcdefghijklmnopqrstuvwxyz -',.^"];
const ALPHABETS = [[], HAN, ASCII, SHIFTED];

/** Takes bytes from the front, and never more than there are. */
export class Reader {
  at = 0;
  constructor(readonly data: Uint8Array) {}

  take(size: number): Uint8Array {
    if (size > this.data.length - this.at) throw new Unreadable("too-short");
    this.at += size;
    return this.data.subarray(this.at - size, this.at);
  }

  byte(): number {
    return this.take(1)[0]!;
  }

  varint(): bigint {
    let value = 0n;
    let shift = 0n;
    for (;;) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << shift;
      shift += 7n;
      if (!(byte & 0x80)) {
        if (byte === 0 && shift > 7n) throw new Unreadable("varint-not-shortest");
        return value;
      }
      if (shift > 56n) throw new Unreadable("varint-too-large");
    }
  }

  text(size: bigint): string {
    if (size > TEXT_MAX) throw new Unreadable("text-too-long");
    return textOf(this.take(Number(size)));
  }

  number(size: number): bigint {
    return BigInt(`0x0${hex(this.take(size))}`);
  }
}

export const code: Kind = (reader) => fits(String(reader.number(5)).padStart(10, "0"), /^[0-9]{10}$/);
export const uuid: Kind = (reader) => hex(reader.take(16)).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
export const token: Kind = (reader) => base64url(reader.take(16));
export const scale: Kind = (reader) => SCALES[Number(reader.varint())] ?? bad();

export const number: Kind = (reader, said) => {
  const year = YEAR_ZERO + reader.varint();
  const serial = reader.varint();
  const issuer = said.get("issuer.code") ?? "";
  if (!/^[0-9]{10}$/.test(issuer) || year > 9999n || serial < 1n || serial >= 100_000_000n) bad();
  const body = `${issuer.slice(-5)}${year}${String(serial).padStart(8, "0")}`;
  return body + String(98n - (BigInt(`${body}00`) % 97n)).padStart(2, "0");
};

export const keyId: Kind = (reader, said) => {
  const year = YEAR_ZERO + reader.varint();
  return fits(`${(said.get("issuer.code") ?? "").slice(-5)}-certificate-${year}-${hex(reader.take(4))}`, /^[0-9]{5}-certificate-[0-9]{4}-[0-9a-f]{8}$/);
};

export const moment: Kind = (reader) => dated(reader.varint());
export const day: Kind = (reader) => dated(BigInt(Date.UTC(2000, 0, 1)) + reader.varint() * 86_400_000n).slice(0, 10);

export const amount: Kind = (reader) => {
  const value = reader.varint();
  const places = Number(value & 3n);
  const whole = String(value >> 2n).padStart(places + 1, "0");
  return fits(places ? `${whole.slice(0, -places)}.${whole.slice(-places)}` : whole, /^(0|[1-9][0-9]{0,8})(\.[0-9]{1,3})?$/);
};

export const words: Kind = (reader) => {
  const head = reader.varint();
  const [count, mode] = [head >> 2n, Number(head & 3n)];
  if (mode === 0 || count > TEXT_MAX) return reader.text(count);
  const signs = ALPHABETS[mode]!;
  const base = BigInt(signs.length);
  let value = reader.number(Math.ceil((base ** count - 1n).toString(16).replace(/^0$/, "").length / 2));
  const found: string[] = [];
  for (let i = 0n; i < count; i++) {
    found.push(signs[Number(value % base)]!);
    value /= base;
  }
  if (value) bad();
  const name = found.reverse().join("");
  return mode === 3 ? unshifted(name) : name;
};

function unshifted(name: string): string {
  if (/\^([^a-z]|$)/.test(name)) bad();
  return name.replace(/\^([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function dated(milliseconds: bigint): string {
  if (milliseconds > 253_402_300_799_999n) bad(); // the end of the year 9999
  return new Date(Number(milliseconds)).toISOString();
}

function fits(value: string, pattern: RegExp): string {
  return pattern.test(value) ? value : bad();
}

function bad(): never {
  throw new Unreadable("bad-value");
}
