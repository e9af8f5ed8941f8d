"""The mapping tables as Markdown: `python -m credits.interop.tables docs/exchange-formats.md` writes them anew."""

import sys
from collections.abc import Iterator
from pathlib import Path

from credits.interop.mapping import LEFT_EMPTY, TABLES, Fate
from credits.interop.record import Format, Kind

BEGIN, END = "<!-- tables: written by credits.interop.tables -->", "<!-- end of tables -->"
TITLES = {Format.ELMO: "ELMO 1.7", Format.CLR: "CLR 2.0"}
KINDS = {Kind.TRANSCRIPT: "transcript", Kind.RECOGNITION: "recognitions"}
FATES = {Fate.CARRIED: "carried", Fate.EXTENSION: "in our extension", Fate.LOST: "**not in the file**"}


def markdown() -> str:
    """Return every table, and the places that stay empty."""
    return "\n".join(_lines())


def renewed(document: str) -> str:
    """Return a document with its tables written anew between the two marks; ValueError without them."""
    head, _begin, rest = document.partition(BEGIN)
    _old, end, tail = rest.partition(END)
    if not end:
        raise ValueError("The document has no place for the tables.")
    return f"{head}{BEGIN}\n\n{markdown()}\n\n{END}{tail}"


def _lines() -> Iterator[str]:
    for (format_, kind), lines in TABLES.items():
        yield f"### {TITLES[format_]}, {KINDS[kind]}\n"
        yield "| field | what becomes of it | place, or why not |\n|---|---|---|"
        for line in lines:
            yield f"| `{line.path}` | {FATES[line.fate]} | {f'`{line.place}`' if line.place else line.reason} |"
        yield ""
    for format_, title in TITLES.items():
        yield f"### {title}: places that stay empty\n"
        yield "| place | why |\n|---|---|"
        for one in LEFT_EMPTY[format_]:
            yield f"| `{one.place}` | {one.reason} |"
        yield ""


if __name__ == "__main__":
    file = Path(sys.argv[1])
    file.write_text(renewed(file.read_text("utf-8")), "utf-8")
