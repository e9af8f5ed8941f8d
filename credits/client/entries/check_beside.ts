// On the server's verify page: the browser's own verdict beside the server's, when the address brought the proof along.
import type { Document } from "../checking/bytes.ts";
import { codeOf } from "../checking/page.ts";
import { el } from "../checking/render.ts";
import { readTrust } from "../checking/trust.ts";
import { checkText, type Verdict } from "../checking/verdict.ts";
import { say, type Language } from "../checking/words.ts";

async function beside(place: HTMLElement): Promise<void> {
  const text = codeOf(location.href);
  if (!text) return;
  const list = (await (await fetch("/trust/list.json", { credentials: "omit" })).json()) as Document;
  const found = checkText(text, readTrust(list));
  place.dataset.outcome = found.outcome;
  place.replaceChildren(el("h2", {}, "本机另行核验"), ...lines(found, "zh"), el("div", { lang: "en" }, ...lines(found, "en")));
  place.hidden = false;
}

function lines(found: Verdict, language: Language): HTMLElement[] {
  const own = language === "zh" ? "浏览器自行核对二维码中的签名：" : "This browser checked the signatures in the code itself: ";
  const why = found.code ? say(found.code, language) : found.log ? say("witnesses", language, { n: found.witnesses, k: found.known, q: found.quorum }) : "";
  return [el("p", {}, own, el("b", {}, say(found.outcome, language)), language === "zh" ? "。" : ". ", why)];
}

const place = document.querySelector<HTMLElement>("#check-beside");
if (place) void beside(place).catch(() => undefined);
