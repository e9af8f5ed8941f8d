"""Captions as authors have them (SubRip, edX's JSON, WebVTT) to WebVTT, which browsers show."""

import codecs
import json
import re

CUE_TIME = re.compile(r"(\d{1,2}):(\d{2}):(\d{2})[,.](\d{1,3})")
BLOCKS = re.compile(r"\n\s*\n")
HEAD = "WEBVTT\n\n"


def to_webvtt(raw: bytes) -> str:
    """Return WebVTT text; what is no captions file becomes one without cues, so that the video still plays."""
    text = _decoded(raw).replace("\r\n", "\n").replace("\r", "\n").strip()
    if text.startswith("WEBVTT"):
        return text + "\n"
    if text.startswith("{"):
        return HEAD + _from_json(text)
    cues = (_cue(block) for block in BLOCKS.split(text))
    return HEAD + "".join(cue for cue in cues if cue)


def _decoded(raw: bytes) -> str:
    """Return the text of a file that may come from an older Windows: with a mark, in UTF-8, or in GB 18030."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return raw.decode("utf-16", errors="replace")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8-sig", errors="replace")


def _cue(block: str) -> str:
    lines = block.strip().split("\n")
    for number, line in enumerate(lines):
        if "-->" in line:
            return f"{CUE_TIME.sub(_time, line)}\n" + "\n".join(lines[number + 1 :]) + "\n\n"
    return ""


def _time(found: re.Match[str]) -> str:
    hours, minutes, seconds, part = found.groups()
    return f"{int(hours):02d}:{minutes}:{seconds}.{part.ljust(3, '0')}"


def _from_json(text: str) -> str:
    try:
        given = json.loads(text)
        cues = zip(given["start"], given["end"], given["text"], strict=True)
        return "".join(f"{_clock(start)} --> {_clock(end)}\n{words}\n\n" for start, end, words in cues if words)
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return ""


def _clock(milliseconds: int) -> str:
    seconds, part = divmod(int(milliseconds), 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}.{part:03d}"
