// Draws a verdict as the verify page does: verdict, name, what, issuer, date, number, how it was checked. Texts only.
import type { Trust } from "./trust.ts";
import type { Outcome, Verdict } from "./verdict.ts";
import { daysSince, facts, holder, inShanghai, say, type Language } from "./words.ts";

const TAG: Record<Language, string> = { zh: "zh-Hans-CN", en: "en" };
const STALE_DAYS = 30; // older copies say so before anything else
const SHAPES: Record<Outcome, [string, string]> = {
  valid: ["valid", "M22 12a10 10 0 1 1-20 0a10 10 0 1 1 20 0M8 12.500l3 3l5.500-6.500"],
  genuine: ["unavailable", "M22 12a10 10 0 1 1-20 0a10 10 0 1 1 20 0M8 12.500l3 3l5.500-6.500"],
  revoked: ["revoked", "M22 12a10 10 0 1 1-20 0a10 10 0 1 1 20 0M5 5l14 14"],
  superseded: ["superseded", "M2.500 2.500h13v13h-13zM19.500 8.500v13h-13"],
  suspended: ["suspended", "M6.500 2.500h11a4 4 0 0 1 4 4v11a4 4 0 0 1-4 4h-11a4 4 0 0 1-4-4v-11a4 4 0 0 1 4-4zM9 8v8m6-8v8"],
  "not-genuine": ["unknown", "M2.500 2.500h19v19h-19zM8 8l8 8m0-8-8 8"],
  unreadable: ["unavailable", "M12 3L1.500 21h21zM12 10v5m0 3v.01"],
};

type Child = Node | string | false;

export function el(name: string, attributes: Record<string, string>, ...children: Child[]): HTMLElement {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children.filter((child) => child !== false));
  return made;
}

/** The whole answer, Chinese first; `given` is the text of a code, where it was one. */
export function drawn(found: Verdict, trust: Trust, now: number, given = ""): HTMLElement {
  return el("div", { class: "stack", "data-outcome": found.outcome, "data-code": found.code },
    side(found, trust, now, given, "zh"),
    el("div", { lang: "en", class: "stack" }, el("h2", {}, "In English"), side(found, trust, now, given, "en")));
}

function side(found: Verdict, trust: Trust, now: number, given: string, language: Language): HTMLElement {
  const box = el("div", { class: "stack", lang: TAG[language] }, verdictBox(found, now, language));
  if (found.code === "other-host") box.append(hosts(given, trust, language));
  if (!found.statement) return box;
  const [first, second] = holder(found.statement, language);
  box.append(
    el("p", { class: "verify-name" }, first, second ? " " : "", el("span", { lang: language === "zh" ? "en" : TAG.zh }, second)),
    el("dl", { class: "verify-facts" }, ...facts(found.statement, language).map((fact) => el("div", {}, el("dt", {}, fact.label), el("dd", {}, fact.value)))),
    how(found, trust, now, language),
  );
  return box;
}

function verdictBox(found: Verdict, now: number, language: Language): HTMLElement {
  const [state, path] = SHAPES[found.outcome];
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  line.setAttribute("d", path);
  svg.append(line);
  const when = `${inShanghai(new Date(now).toISOString(), language)} ${new Date(now + 8 * 3_600_000).toISOString().slice(11, 16)}`;
  const checked = language === "zh" ? `本机核验于 ${when}，没有询问平台` : `Checked on this device ${when} (Beijing time), without asking the platform`;
  const status = found.statement && (found.asOf ? say("status-age", language, { at: inShanghai(found.asOf, language), days: daysSince(found.asOf, now) }) : say("no-status", language));
  return el("div", { class: `verdict verdict-${state}` },
    el("p", { class: "verdict-word" }, svg, say(found.outcome, language)),
    !!found.code && el("p", {}, say(found.code, language)),
    !!status && el("p", {}, el("b", {}, status)),
    el("p", { class: "checked" }, checked));
}

/** A code that leads elsewhere: both hosts, one under the other, so that a look-alike is seen letter by letter. */
function hosts(given: string, trust: Trust, language: Language): HTMLElement {
  const [own, official] = language === "zh" ? ["二维码通向", "官方网址"] : ["The code leads to", "The official address is"];
  const host = /^\s*(https?:\/\/[^/#?\s]*)/.exec(given)?.[1] ?? "?";
  return el("dl", { class: "verify-facts" },
    el("div", {}, el("dt", {}, own), el("dd", {}, el("b", {}, host))),
    el("div", {}, el("dt", {}, official), el("dd", {}, el("b", {}, trust.host))));
}

function how(found: Verdict, trust: Trust, now: number, language: Language): HTMLElement {
  const age = daysSince(trust.madeAt, now);
  const keyId = String(found.statement?.key_id ?? "");
  const lines = [
    language === "zh" ? `${say("by-issuer", language)}（${keyId}）` : `${say("by-issuer", language)} (${keyId})`,
    say(found.log ? "by-log" : "no-log", language),
    found.log ? say("witnesses", language, { n: found.witnesses, k: found.known, q: found.quorum }) : "",
    say("list-age", language, { at: inShanghai(trust.madeAt, language), days: age }),
    age > STALE_DAYS ? (language === "zh" ? "列表已旧，有网络时请打开官方核验页更新。" : "That is old: open the official page when there is a network.") : "",
    found.hidden.length ? `${say("hidden", language)}: ${found.hidden.join(", ")}` : "",
    found.until ? `${language === "zh" ? "持有人分享至" : "Shared by the holder until"} ${inShanghai(found.until, language)}` : "",
  ];
  const title = language === "zh" ? "怎样核验的" : "How it was checked";
  return el("div", { class: "stack" }, el("h2", {}, title), el("ul", {}, ...lines.filter(Boolean).map((line) => el("li", {}, line))));
}
