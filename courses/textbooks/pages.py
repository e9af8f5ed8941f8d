"""The pages of a textbook as bytes: plain HTML that opens from a folder, a stick or any web server, without scripts."""

import base64
import html
import re

from django.utils.translation import gettext as _

from courses.textbooks.collecting import Book, Film, Piece, Unit
from courses.textbooks.facts import Facts

# `file:` is the origin of a page on a stick; nothing of another host is loaded, and no script runs.
POLICY = (
    "default-src 'none'; img-src 'self' file: data:; media-src 'self' file: data:; style-src 'unsafe-inline'; "
    "form-action 'none'; base-uri 'none'"
)
STYLE = (
    "body{max-width:40em;margin:0 auto;padding:1em;font:17px/1.75 system-ui,'Noto Sans CJK SC','Microsoft YaHei',"
    "sans-serif;color:#1a1c1e;background:#fff;overflow-wrap:anywhere}img,video{max-width:100%;height:auto}"
    "video{width:100%;background:#000}nav{display:flex;flex-wrap:wrap;gap:.5em 1.5em;padding:.75em 0}"
    "a{color:#0b57a4}h1{line-height:1.3}table{border-collapse:collapse;display:block;overflow-x:auto}"
    "td,th{border:1px solid #888;padding:.25em .5em}dl{display:grid;grid-template-columns:auto 1fr;gap:.25em 1em}"
    "dd{margin:0}ol ol{padding-left:1.25em}nav a,ol a{display:inline-block;padding:.35em 0}"
    "summary{padding:.35em 0;cursor:pointer}"
    "@media(prefers-color-scheme:dark){body{color:#e6e6e6;background:#121416}a{color:#8ab8ff}}"
)
LANGUAGES = {"zh": "中文", "en": "English", "vi": "Tiếng Việt", "za": "Vahcuengh 壮文"}
CUE_TIMES = re.compile(r"^.*-->.*$", re.MULTILINE)


def written(book: Book, facts: Facts) -> dict[str, bytes]:
    """Return every page of a book by its path, in the active language."""
    units = book.units
    pages = {"index.html": _index(book, facts), "README.txt": _readme(facts)}
    for number, unit in enumerate(units):
        before = units[number - 1] if number else None
        after = units[number + 1] if number + 1 < len(units) else None
        pages[unit.path] = _unit(unit, before, after)
    return pages


def _index(book: Book, facts: Facts) -> bytes:
    said = "".join(f"<dt>{html.escape(name)}</dt><dd>{html.escape(value)}</dd>" for name, value in facts.lines())
    chapters = "".join(
        f"<li>{html.escape(chapter.name)}<ol>{''.join(map(_line, chapter.units))}</ol></li>"
        for chapter in book.chapters
    )
    contents = html.escape(_("Contents"))
    note = html.escape(_("Exercises, tests and discussion are on the platform; they need a network."))
    body = f"<dl>{said}</dl><h2>{contents}</h2><ol>{chapters}</ol><p>{note}</p>"
    return _page(book.title, body)


def _line(unit: Unit) -> str:
    return f'<li><a href="{unit.path}">{html.escape(unit.name)}</a></li>'


def _readme(facts: Facts) -> bytes:
    lines = [
        f"{facts.title} {facts.edition}".strip(),
        "",
        str(_("Unpack the whole file, then open index.html with a browser. No network is needed.")),
        str(_("A school's server may serve the folder as it is.")),
    ]
    return ("\r\n".join(lines) + "\r\n").encode("utf-8-sig")  # Windows' editor wants both


def _unit(unit: Unit, before: Unit | None, after: Unit | None) -> bytes:
    body = "".join(map(_piece, unit.pieces))
    return _page(unit.name, body, _nav(before, after), _nav(before, after))


def _nav(before: Unit | None, after: Unit | None) -> str:
    back, previous, following = html.escape(_("Contents")), html.escape(_("Previous")), html.escape(_("Next"))
    links = f'<a href="index.html">{back}</a>'
    links += f'<a rel="prev" href="{before.path}">{previous}</a>' if before else ""
    links += f'<a rel="next" href="{after.path}">{following}</a>' if after else ""
    return f"<nav>{links}</nav>"


def _piece(piece: Piece) -> str:
    title = f"<h2>{html.escape(piece.title)}</h2>" if piece.title else ""
    if piece.film:
        return title + _film(piece.film)
    if piece.document:
        name = piece.title or str(_("Document"))
        return f'{title}<p><a href="{piece.document}">{html.escape(name)}</a></p>'
    return piece.markup


def _film(film: Film) -> str:
    """Return the player and the words of its captions.

    The captions are in the page: a browser takes none from a file beside a page that lies on a stick.
    """
    tracks = words = ""
    for language, captions in sorted(film.captions, key=lambda found: (not found[0].startswith("zh"), found)):
        tag, label = html.escape(language, quote=True), html.escape(LANGUAGES.get(language, language))
        data = base64.b64encode(captions.encode()).decode("ascii")
        tracks += f'<track kind="captions" srclang="{tag}" label="{label}" src="data:text/vtt;base64,{data}">'
        words += _transcript(language, captions)
    return f'<video controls preload="none" src="{film.place}">{tracks}</video>{words}'


def _transcript(language: str, captions: str) -> str:
    text = CUE_TIMES.sub("", captions.removeprefix("WEBVTT"))
    lines = "".join(f"<p>{html.escape(line)}</p>" for line in text.splitlines() if line.strip())
    name = html.escape(_("Words of the captions (%(language)s)") % {"language": LANGUAGES.get(language, language)})
    return f'<details><summary>{name}</summary><div lang="{html.escape(language)}">{lines}</div></details>'


def _page(title: str, body: str, above: str = "", below: str = "") -> bytes:
    name = html.escape(title)
    head = (
        f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><title>{name}</title>'
        '<link rel="icon" href="data:,">'  # so that no browser asks the school's server for one
        f"<style>{STYLE}</style>"
    )
    inner = f"{above}<main><h1>{name}</h1>{body}</main>{below}"
    return f'<!doctype html><html lang="zh-Hans-CN"><head>{head}</head><body>{inner}</body></html>'.encode()
