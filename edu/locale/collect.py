"""Collect the strings to translate (`make messages`), or check that none is missing (`--check`, in CI)."""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent.parent
CATALOGUE = ROOT / "edu" / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
LEFT_OUT = (".venv", "node_modules", "var", "build", "tests", "docs")
SHOWN_MAX = 30  # enough to see what kind of string is missing


def collect() -> None:
    """Run Django's makemessages over the whole project."""
    command = [
        sys.executable,
        "-W",
        "ignore",
        "manage.py",
        "makemessages",
        "-l",
        "zh_Hans",
        "--no-location",
        "--no-wrap",
    ]
    for name in LEFT_OUT:
        command += ["--ignore", f"{name}/*"]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "edu.settings.test"}
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)  # noqa: S603  (own command)


def _read() -> Catalog:
    with CATALOGUE.open("rb") as source:
        return read_po(source, locale="zh_Hans")


def _untranslated(catalogue: Catalog) -> list[str]:
    missing = []
    for message in catalogue:
        texts = message.string if isinstance(message.string, tuple | list) else (message.string,)
        if message.id and (message.fuzzy or not all(texts)):
            missing.append(str(message.id))
    return missing


def check() -> list[str]:
    """Return the strings that are new or untranslated; the catalogue on disk is left as it was."""
    before = CATALOGUE.read_bytes()
    try:
        collect()
        return _untranslated(_read())
    finally:
        CATALOGUE.write_bytes(before)


def main() -> int:
    """Collect or check; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; fail when a string has no Chinese")
    if not parser.parse_args().check:
        collect()
        missing = _untranslated(_read())
    else:
        missing = check()
    for text in missing[:SHOWN_MAX]:
        sys.stdout.write(f"no Chinese for: {text}\n")
    sys.stdout.write(f"translations: {len(missing)} missing\n")
    return 1 if missing else 0


if __name__ == "__main__":
    raise SystemExit(main())
