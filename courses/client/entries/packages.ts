// What packages' scripts expect to find, before they run: edX's names, as small as they go.
type Global = Record<string, unknown>;

const nothing = (): void => undefined;
const page = window as unknown as Global;

page["gettext"] = (text: string): string => text;
page["ngettext"] = (one: string, many: string, count: number): string => (count === 1 ? one : many);
page["interpolate"] = (text: string, values: Record<string, unknown>): string => text.replace(/%\((\w+)\)s/g, (_all, name: string) => String(values[name]));
page["Logger"] = { log: nothing, listen: nothing };
page["SR"] = { readText: nothing, readTexts: nothing, clear: nothing };
page["Collapsible"] = { setCollapsibles: nothing };
page["JavascriptLoader"] = { executeModuleScripts: (_element: unknown, after?: () => void) => after?.() };
page["accessible_modal"] = nothing;
// No MathJax here: formulas stand as their authors wrote them. Scripts that queue work for it are answered at once.
page["MathJax"] = { Hub: { Queue: nothing, Register: { StartupHook: nothing }, getAllJax: () => [], Config: nothing }, Callback: nothing };
const html = (text: unknown): { toString(): string } => ({ toString: () => String(text) });
page["edx"] = {
  HtmlUtils: {
    HTML: html,
    ensureHtml: html,
    setHtml: (element: { html(text: string): void }, text: unknown) => element.html(String(text)),
    append: (element: { append(text: string): void }, text: unknown) => element.append(String(text)),
    joinHtml: (...parts: unknown[]) => html(parts.join("")),
    interpolateHtml: (text: unknown, values: Record<string, unknown>) => html(fill(String(text), values)),
  },
  StringUtils: { interpolate: fill },
};

function fill(text: string, values: Record<string, unknown>): string {
  return text.replace(/{\w+}/g, (name) => String(values[name.slice(1, -1)]));
}

// edX posts relative to its own place; ours are whole addresses.
const query = page["jQuery"] as (Global & { post: unknown }) | undefined;
if (query) {
  query["postWithPrefix"] = query.post;
  // Older blocks chain the names that jQuery 3 took away.
  const ajax = query["ajax"] as (...given: unknown[]) => Record<string, unknown>;
  query["ajax"] = (...given: unknown[]) => {
    const sent = ajax(...given);
    return Object.assign(sent, { success: sent["done"], error: sent["fail"], complete: sent["always"] });
  };
  page["$"] = query;
}
