"""Turn every .po of the project into the .mo that Django reads: `python -m edu.locale.compile`."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

HERE = Path(__file__).resolve().parent


def compile_all() -> int:
    """Write a .mo beside each .po that is newer than it; return how many were written."""
    written = 0
    for po in HERE.glob("*/LC_MESSAGES/*.po"):
        mo = po.with_suffix(".mo")
        if mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime:
            continue
        with po.open("rb") as source, mo.open("wb") as target:
            write_mo(target, read_po(source, locale=po.parts[-3]))
        written += 1
    return written


if __name__ == "__main__":
    compile_all()
