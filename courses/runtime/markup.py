"""Markup of problems as browsers read it: CAPA writes XML, in which an empty element may close itself.

In HTML it may not: `<textarea/>` stays open and swallows the rest of the page, the scripts included.
"""

import json
import re

import webob

VOID = {
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
}  # fmt: skip
CLOSED = re.compile(r"""<([A-Za-z][\w:-]*)((?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*/>""")
HTML_FIELDS = ("contents", "html")  # in what a problem's handlers answer


def unfold(text: str) -> str:
    """Return the markup with every empty element closed by an end tag, but for those that HTML closes itself."""
    return CLOSED.sub(lambda m: m[0] if m[1].lower() in VOID else f"<{m[1]}{m[2]}></{m[1]}>", text)


def unfold_reply(response: webob.Response) -> None:
    """Unfold the markup in a problem's answer, in place; another kind of answer stays as it is."""
    try:
        data = json.loads(response.body)
    except ValueError:
        return
    if not isinstance(data, dict):
        return
    found = {name: unfold(data[name]) for name in HTML_FIELDS if isinstance(data.get(name), str)}
    if found:
        response.body = json.dumps({**data, **found}).encode()
