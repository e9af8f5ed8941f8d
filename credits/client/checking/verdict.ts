// The verdict on what somebody brought, wholly in this browser. The rules are those of verify_certificate.py.
import { sha256 } from "@noble/hashes/sha2.js";
import { base64, canonicalBytes, Fault, hex, join, leaves, parseDocument, same, textOf, Unreadable, utf8, type Document } from "./bytes.ts";
import { ADDRESS, fromDigits, fromDocument, isPdf, latin, noteHash, recordInPdf, STATEMENT, type Evidence, type NoteSignature, type Proof } from "./evidence.ts";
import { fileSigned } from "./pades.ts";
import { signed, type Trust } from "./trust.ts";

export type Outcome = "valid" | "genuine" | "revoked" | "superseded" | "suspended" | "not-genuine" | "unreadable";
export interface Verdict {
  outcome: Outcome;
  code: string; // why it is not believed
  statement: Document | null;
  hidden: string[];
  until: string;
  log: boolean;
  witnesses: number;
  known: number;
  quorum: number;
  asOf: string; // up to when revocations are known; "" when they were not checked
}

const SIZE_MAX = 8 * 1024 * 1024;
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const node = (left: Uint8Array, right: Uint8Array): Uint8Array => sha256(join(Uint8Array.of(1), left, right));
const leaf = (entry: Uint8Array): Uint8Array => sha256(join(Uint8Array.of(0), entry));

/** Check the text of a code: an address, # and digits, or the digits alone. */
export const checkText = (text: string, trust: Trust): Verdict => told(() => judge(...evidenceInText(text, trust)));

/** Check a file: PDF, machine record, what a holder shared, or a code's text. */
export async function checkFile(data: Uint8Array, trust: Trust): Promise<Verdict> {
  if (data.length > SIZE_MAX) return refused(new Unreadable("too-large"));
  if (isPdf(data)) {
    try {
      const record = await recordInPdf(data);
      return told(() => ofWholeFile(judge(fromDocument(record), trust), data, trust));
    } catch (error) {
      return refused(error);
    }
  }
  if (/^\s*\{/.test(String.fromCharCode(...data.subarray(0, 64)))) return told(() => judge(fromDocument(parseDocument(data)), trust));
  return told(() => judge(...evidenceInText(textOf(data), trust)));
}

/** The verdict on a PDF holds for the file as it was issued only. */
function ofWholeFile(found: Verdict, data: Uint8Array, trust: Trust): Verdict {
  const key = trust.keys.get(String(found.statement?.key_id));
  if (!key || !fileSigned(data, latin(data), key.publicKey)) throw new Fault("file-altered");
  return found;
}

function evidenceInText(given: string, trust: Trust): [Evidence, Trust, string] {
  const text = given.replace(/\s+/g, "");
  const cut = text.lastIndexOf("#");
  let address = text.slice(0, Math.max(cut, 0));
  if (cut >= 0 && !ADDRESS.test(address)) {
    if (address.startsWith(`${trust.host}/check/`)) address = "";
    else if (address) throw address.startsWith(`${trust.host}/`) ? new Unreadable("not-digits") : new Fault("other-host");
  }
  const evidence = fromDigits(text.slice(cut + 1), trust, address);
  if (address && leaves(evidence.statement).get("address") !== address) throw new Fault("address-differs");
  return [evidence, trust, address];
}

function told(ask: () => Verdict): Verdict {
  try {
    return ask();
  } catch (error) {
    return refused(error);
  }
}

function refused(error: unknown): Verdict {
  if (!(error instanceof Fault)) throw error;
  const outcome = error instanceof Unreadable ? "unreadable" : "not-genuine";
  return { outcome, code: error.code, statement: null, hidden: [], until: "", log: false, witnesses: 0, known: 0, quorum: 0, asOf: "" };
}

function judge(evidence: Evidence, trust: Trust, address = ""): Verdict {
  try {
    return believed(evidence, trust);
  } catch (error) {
    const elsewhere = address && !address.startsWith(`${trust.host}/`);
    throw elsewhere && error instanceof Fault ? new Fault("other-host") : error;
  }
}

function believed(evidence: Evidence, trust: Trust): Verdict {
  const { statement, commitment } = evidence;
  const at = leaves(statement);
  const said = (path: string): string => at.get(path) ?? "";
  if (said("type") !== STATEMENT || said("version") !== "1") throw new Fault("not-a-statement");
  const key = trust.keys.get(said("key_id"));
  if (!key) throw new Fault("no-such-key");
  if (evidence.signature && !signed(key.publicKey, canonicalBytes(statement), evidence.signature)) throw new Fault("signature-wrong");
  const committed = commitment ? commitmentOf(commitment.hashes) : "";
  const message = { type: "guixue.certificate-commitment", version: "1", commitment: committed };
  if (commitment && !signed(key.publicKey, canonicalBytes(message), commitment.signature)) throw new Fault("signature-wrong");
  if (said("issuer.code") !== key.code) throw new Fault("key-of-another-issuer");
  const moment = said("issued_at");
  if (!MOMENT.test(moment)) throw new Fault("not-a-statement");
  if (moment < key.fromAt || (key.toAt && moment >= key.toAt)) throw new Fault("key-not-valid-then");
  const found: Verdict = {
    outcome: "genuine", code: "", statement, hidden: evidence.hidden, until: evidence.until,
    log: false, witnesses: 0, known: trust.witnesses.length, quorum: trust.quorum, asOf: "",
  };
  if (!commitment) return found;
  const entry = {
    type: "guixue.log-entry", version: "1", kind: "certificate", commitment: committed,
    key_id: said("key_id"), signature: base64(commitment.signature),
  };
  found.log = true;
  found.witnesses = witnessed(commitment.proof, canonicalBytes(entry), trust);
  found.asOf = trust.endedAt;
  if (trust.endedAt) found.outcome = (trust.ended.get(String(commitment.proof.index)) as Outcome | undefined) ?? "valid";
  return found;
}

/** The root over field hashes, in hex, sorted by their paths; paths are ASCII, so any order of strings is that of bytes. */
function commitmentOf(hashes: Map<string, Uint8Array>): string {
  let level = [...hashes.keys()].sort().map((path) => leaf(hashes.get(path)!));
  if (!level.length) throw new Unreadable("not-a-certificate");
  while (level.length > 1) {
    level = level.flatMap((left, i) => (i % 2 ? [] : [i + 1 < level.length ? node(left, level[i + 1]!) : left]));
  }
  return hex(level[0]!);
}

/** The root that follows from an inclusion proof (RFC 9162 §2.1.3.2). */
export function rootFrom(start: Uint8Array, { index, size, path }: Pick<Proof, "index" | "size" | "path">): Uint8Array {
  if (index >= size) throw new Fault("proof-wrong");
  let [first, last, found] = [index, size - 1n, start];
  for (const step of path) {
    if (last === 0n) throw new Fault("proof-wrong");
    if (first & 1n || first === last) {
      found = node(step, found);
      while (!(first & 1n) && first) [first, last] = [first >> 1n, last >> 1n];
    } else found = node(found, step);
    [first, last] = [first >> 1n, last >> 1n];
  }
  if (last) throw new Fault("proof-wrong");
  return found;
}

/** How many known witnesses cosigned a tree of the log that has the entry; a Fault below the quorum. */
function witnessed(proof: Proof, entry: Uint8Array, trust: Trust): number {
  const body = `${trust.origin}\n${proof.size}\n${base64(rootFrom(leaf(entry), proof))}\n`;
  if (proof.body !== null && proof.body !== body) throw new Fault("proof-wrong");
  const message = utf8(body);
  const names = new Set<string>();
  const byLog = proof.signatures.filter(({ kind }) => kind === "log");
  const ours = ({ keyHash }: NoteSignature): Uint8Array[] => trust.logKeys.filter((key) => !keyHash || same(noteHash(trust.origin, 1, key), keyHash));
  if (!byLog.some((one) => ours(one).some((key) => signed(key, message, one.value)))) throw new Fault("log-signature-wrong");
  for (const { keyHash, time, value } of proof.signatures.filter(({ kind }) => kind === "witness")) {
    const cosigned = join(utf8(`cosignature/v1\ntime ${time}\n`), message);
    for (const one of trust.witnesses.filter(({ name, publicKey }) => keyHash && same(noteHash(name, 4, publicKey), keyHash))) {
      if (!signed(one.publicKey, cosigned, value)) throw new Fault("cosignature-wrong");
      names.add(one.name);
    }
  }
  if (names.size < trust.quorum) throw new Fault("quorum-not-met");
  return names.size;
}
