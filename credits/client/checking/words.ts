// What the page says of a verdict, in both languages: the words of verify_certificate.py, and how facts are written.
import { leaves, type Document } from "./bytes.ts";
import words from "./words.json";

export type Language = "zh" | "en";
type Key = keyof typeof words;

const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const SCALES: Record<string, [string, string]> = {
  percent: ["百分制", "out of 100"],
  "five-level": ["五级制", "five-level scale"],
  "pass-fail": ["二级制", "pass or fail"],
};
// The order of look.md's verify page: what, then issuer, date and number; the name stands above.
const FACTS = ["course", "points", "grade", "hours", "study", "home", "issuer", "issued", "number", "supersedes"] as const;

export function say(key: string, language: Language, values: Record<string, string | number> = {}): string {
  const both = words[key as Key] ?? words.malformed;
  return both[language === "zh" ? 0 : 1]!.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

export interface Fact {
  key: string;
  label: string;
  value: string;
}

/** The holder's names: in the reader's writing first. */
export function holder(statement: Document, language: Language): [string, string] {
  const at = leaves(statement);
  const [zh, latin] = [at.get("holder.name_zh") ?? "", at.get("holder.name_latin") ?? ""];
  return language === "zh" || !latin ? [zh, latin] : [latin, zh];
}

/** The labelled facts of a statement, without those that it does not say or the holder does not show. */
export function facts(statement: Document, language: Language): Fact[] {
  const at = leaves(statement);
  const said = (path: string): string => at.get(path) ?? "";
  const named = (path: string): string => said(`${path}_${language}`) || said(`${path}_zh`) || said(`${path}_en`);
  const former = named("issuer.former_name");
  const beside = former && (language === "zh" ? `（原${former}）` : ` (formerly ${former})`);
  const values: Record<(typeof FACTS)[number], string> = {
    course: named("course.name"),
    points: said("credit_points").replace(/(\.\d)0$/, "$1"),
    grade: grade(said("grade.value"), said("grade.scale"), language),
    hours: said("contact_hours").replace(/\.0+$/, ""),
    study: [said("study.from_on"), said("study.to_on")].filter(Boolean).map((on) => day(on, language)).join(language === "zh" ? "至" : " to "),
    home: named("home_institution.name"),
    issuer: named("issuer.name") && named("issuer.name") + beside,
    issued: inShanghai(said("issued_at"), language),
    number: said("number").replace(/^(\d{5})(\d{4})(\d{8})(\d{2})$/, "$1 $2 $3 $4"),
    supersedes: said("supersedes"),
  };
  return FACTS.filter((key) => values[key]).map((key) => ({ key, label: say(key, language), value: values[key] }));
}

function grade(value: string, scale: string, language: Language): string {
  if (!value || !scale) return value;
  const word = SCALES[scale]?.[language === "zh" ? 0 : 1] ?? scale;
  return language === "zh" ? `${value}（${word}）` : `${value} (${word})`;
}

/** A day as documents write it: 2026年11月23日, 23 November 2026. */
export function day(on: string, language: Language): string {
  const [year, month, date] = on.split("-").map(Number);
  if (!year || !month || !date) return on;
  return language === "zh" ? `${year}年${month}月${date}日` : `${date} ${MONTHS[month - 1]} ${year}`;
}

/** The day of a moment in China, which has had one time zone and no summer time since 1992. */
export function inShanghai(moment: string, language: Language): string {
  const at = Date.parse(moment);
  return Number.isNaN(at) ? moment : day(new Date(at + 8 * 3_600_000).toISOString().slice(0, 10), language);
}

export function daysSince(moment: string, now: number): number {
  return Math.max(0, Math.floor((now - Date.parse(moment)) / 86_400_000));
}
