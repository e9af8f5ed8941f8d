"""Checks a PDF with veraPDF; skips loudly where Java is missing on a user's machine, fails in CI."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent / "verapdf"
JARS = Path(__file__).resolve().parents[2] / "build" / "verapdf"


def _jars() -> Path:
    """Return the folder of veraPDF's jars, fetched once from Maven Central."""
    if not shutil.which("javac") or not shutil.which("mvn"):
        message = (
            "JAVA OR MAVEN IS MISSING: PDF/A is not checked; type: sudo apt-get install openjdk-17-jdk-headless maven"
        )
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    if not (JARS / ".complete").exists():
        command = ["mvn", "-q", "-B", "-f", str(HERE / "pom.xml"), "dependency:copy-dependencies"]
        subprocess.run([*command, f"-DoutputDirectory={JARS}"], check=True)
        (JARS / ".complete").touch()
    return JARS


def failures(pdf: bytes, flavour: str, folder: Path) -> list[str]:
    """Return the rules that the PDF breaks for a flavour ("3a", "3u", "ua1"); empty when it conforms."""
    return failures_of_many({"checked": pdf}, (flavour,), folder)


def failures_of_many(pdfs: dict[str, bytes], flavours: tuple[str, ...], folder: Path) -> list[str]:
    """Return the rules that any of the PDFs breaks for any of the flavours; one start of Java for all of them."""
    jars = _jars()
    files = [folder / f"{name}.pdf" for name in pdfs]
    for file, pdf in zip(files, pdfs.values(), strict=True):
        file.write_bytes(pdf)
    command = ["java", "-cp", f"{jars}/*", str(HERE / "Check.java"), ",".join(flavours), *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return []
    return done.stdout.splitlines() or [done.stderr]
