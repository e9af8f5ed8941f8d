"""Between a block's element and the form of its kind: what the form shows first, and what it writes."""

import html
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from lxml import etree

from courses.authoring import assembling, blocks, forms, limits, problems, tool_blocks, wording
from courses.authoring.models import DraftBlock
from courses.authoring.problems import Choice, Question
from courses.authoring.structure import fresh_name
from courses.content import xmlsafe
from edu.kernel.errors import Refusal

QUESTIONS = {"single": "single", "multiple": "multiple", "number": "number", "words": "text"}  # ours → problems.KINDS
KIND_OF_QUESTION = {theirs: ours for ours, theirs in QUESTIONS.items()}
FORMS: dict[str, type[forms.Seen]] = {
    "text": forms.TextForm,
    "single": forms.ChoiceQuestionForm,
    "multiple": forms.ChoiceQuestionForm,
    "number": forms.NumberQuestionForm,
    "words": forms.WordsQuestionForm,
    "video": forms.VideoForm,
    "poll": forms.PollForm,
    "done": forms.DoneForm,
    "essay": forms.EssayForm,
    "tool": forms.ToolBlockForm,
    "olx": forms.OlxForm,
}
TAGS = {
    "text": "html",
    "video": "video",
    "poll": "poll",
    "done": "done",
    "essay": "freetextresponse",
    "tool": tool_blocks.TAG,
}
KIND_OF_TAG = {tag: kind for kind, tag in TAGS.items()}
_MARKUP = re.compile(r"<\s*/?\s*[A-Za-z!]")


@dataclass(frozen=True, slots=True)
class Written:
    """What a form wrote: the element, the text of an html block, and the settings that the author decided on."""

    element: etree._Element
    text: str | None = None
    settled: Sequence[str] = field(default=("display_name",))


def kind_of(row: DraftBlock) -> str:
    """Return the kind of form that can show a block whole, "olx" where none can."""
    element = element_of(row)
    if element is None:
        return "olx"
    if row.block_type == "problem":
        question = problems.read(element)
        return KIND_OF_QUESTION[question.kind] if question else "olx"
    if row.block_type == "poll" and any((value or {}).get("img") for _key, value in _setting(row, "answers") or ()):
        return "olx"  # answers with pictures
    if row.block_type == tool_blocks.TAG and not tool_blocks.is_registered(row):
        return "olx"  # LTI 1.1, with an address and a key of its own
    return KIND_OF_TAG.get(row.block_type, "olx")


def initial_of(kind: str, row: DraftBlock | None) -> dict[str, Any]:
    """Return what a form shows first: a block as it stands, or the defaults of a new one."""
    if row is None:
        return {**_DEFAULTS.get(kind, {}), "name": str(wording.KINDS[kind])}
    start = {"seen": row.revision, "name": row.display_name}
    return {**start, **_INITIALS[kind](row)}


def choices_of(kind: str, row: DraftBlock | None) -> list[dict[str, Any]]:
    """Return the rows of answers that a form of choices shows first."""
    element = element_of(row) if row else None
    question = problems.read(element) if element is not None else None
    given = [
        {"text": choice.text, "correct": choice.correct, "feedback": choice.feedback}
        for choice in (question.choices if question else ())
    ]
    return given + [{} for _row in range(max(forms.ROWS_AT_FIRST - len(given), 0))]


def _initial_text(row: DraftBlock) -> dict[str, Any]:
    return {"text": str(row.fields.get("content", {}).get("data") or "")}


def _initial_question(row: DraftBlock) -> dict[str, Any]:
    element = element_of(row)
    question = problems.read(element) if element is not None else None
    assert question is not None  # kind_of has seen to it
    weight = _setting(row, "weight")
    return {
        "question": question.text,
        "points": Decimal(str(1 if weight is None else weight)),
        "attempts": _setting(row, "max_attempts"),
        "explanation": question.explanation,
        "answer": question.answer,
        "tolerance": question.tolerance,
        "others": "\n".join(question.others),
        "exact_case": question.exact_case,
        "feedback": question.feedback,
    }


def _initial_video(row: DraftBlock) -> dict[str, Any]:
    return {"chosen": next(iter(video_sources(row)), "")}


def _initial_poll(row: DraftBlock) -> dict[str, Any]:
    return {
        "question": _setting(row, "question") or "",
        "answers": "\n".join(str(value.get("label") or "") for _key, value in _setting(row, "answers") or ()),
        "private": bool(_setting(row, "private_results")),
    }


def _initial_essay(row: DraftBlock) -> dict[str, Any]:
    return {
        "prompt": _setting(row, "prompt") or "",
        "least": _setting(row, "min_word_count") or 1,
        "most": _setting(row, "max_word_count") or 10_000,
        "points": _setting(row, "weight") or 0,
        "attempts": _setting(row, "max_attempts") or None,
    }


def _initial_olx(row: DraftBlock) -> dict[str, Any]:
    return {"olx": olx_text(row)}


_DEFAULTS: dict[str, dict[str, Any]] = {
    **{kind: {"points": 1} for kind in QUESTIONS},
    "essay": {"least": 1, "most": 500, "points": 0},
    "tool": {"points": 1},
    "olx": {"olx": '<survey display_name="" questions="[]"/>'},
}
_INITIALS: dict[str, Callable[[DraftBlock], dict[str, Any]]] = {
    "text": _initial_text,
    **dict.fromkeys(QUESTIONS, _initial_question),
    "video": _initial_video,
    "poll": _initial_poll,
    "done": lambda _row: {},
    "essay": _initial_essay,
    "tool": tool_blocks.initial,
    "olx": _initial_olx,
}


def olx_text(row: DraftBlock) -> str:
    """Return a block's OLX as its author edits it: an html block with its text inside."""
    text, element = assembling.beside(row), element_of(row)
    if element is None or text is None:
        return row.olx
    element.attrib.pop("filename", "")
    element.text = etree.CDATA(text.replace("]]>", "]]&gt;"))
    return etree.tostring(element, encoding="unicode", with_tail=False)


def video_sources(row: DraftBlock) -> list[str]:
    """Return the files that a video names, as paths of the course where they are its own."""
    given = [*(_setting(row, "html5_sources") or [])]
    return [str(source).removeprefix("/") for source in given if source]


def captions_of(row: DraftBlock | None) -> dict[str, str]:
    """Return a video's captions by language."""
    return {str(code): str(path) for code, path in (_setting(row, "transcripts") or {}).items()} if row else {}


def written(
    kind: str, values: Mapping[str, Any], row: DraftBlock | None, choices: Sequence[Mapping[str, Any]] = ()
) -> Written:
    """Return what a valid form says, on top of what the block had besides; a Refusal where it does not make sense."""
    if kind == "olx":
        return _write_olx(values, row)
    before = element_of(row) if row else None
    if kind in QUESTIONS:
        return _write_question(kind, values, choices, before)
    element = before if before is not None else etree.Element(TAGS[kind])
    element.set("display_name", values["name"])
    return _WRITERS[kind](element, values, row)


def _write_text(element: etree._Element, values: Mapping[str, Any], _row: DraftBlock | None) -> Written:
    for child in list(element):
        if isinstance(child.tag, str) and child.get("xblock-family") is None:
            element.remove(child)
    element.text = None
    return Written(element, as_html(values["text"]))


def as_html(text: str) -> str:
    """Return a text as HTML: paragraphs where the author wrote none of its tags."""
    if _MARKUP.search(text):
        return text
    parts = re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip())
    return "\n".join(
        f"<p>{html.escape(part.strip(), quote=False)}</p>".replace("\n", "<br>\n") for part in parts if part
    )


def _write_question(
    kind: str, values: Mapping[str, Any], choices: Sequence[Mapping[str, Any]], before: etree._Element | None
) -> Written:
    given = tuple(
        Choice(row["text"].strip(), bool(row.get("correct")), str(row.get("feedback") or "").strip())
        for row in choices
        if str(row.get("text") or "").strip()
    )
    _check_choices(kind, given)
    element = problems.write(
        Question(
            kind=QUESTIONS[kind],
            text=values["question"],
            choices=given,
            answer=values.get("answer") or "",
            tolerance=values.get("tolerance") or "",
            others=tuple(line.strip() for line in (values.get("others") or "").splitlines() if line.strip()),
            exact_case=bool(values.get("exact_case")),
            feedback=(values.get("feedback") or "").strip(),
            explanation=values["explanation"],
        )
    )
    for name, value in before.attrib.items() if before is not None else ():
        element.set(name, value)
    element.set("display_name", values["name"])
    element.set("weight", f"{values['points'].normalize():f}")
    _set_or_drop(element, "max_attempts", values["attempts"])
    return Written(element, settled=("display_name", "weight", "max_attempts"))


def _check_choices(kind: str, given: Sequence[Choice]) -> None:
    if kind not in ("single", "multiple"):
        return
    right = sum(choice.correct for choice in given)
    if len(given) < 2:
        raise Refusal("few-choices", _("Give two answers at least."))
    if kind == "single" and right != 1:
        raise Refusal("not-one-right", _("Tick exactly one answer as right."))
    if kind == "multiple" and not right:
        raise Refusal("none-right", _("Tick one answer at least as right."))


def _write_video(element: etree._Element, values: Mapping[str, Any], row: DraftBlock | None) -> Written:
    for child in [*element.findall("source"), *element.findall("transcript")]:
        element.remove(child)
    for name in ("html5_sources", "transcripts", "sub", "youtube"):
        element.attrib.pop(name, "")
    element.set("youtube_id_1_0", "")
    if values["chosen"]:
        etree.SubElement(element, "source", src=f"/{values['chosen']}")
    captions = {**captions_of(row), **values.get("captions_added", {})}
    for code in values.get("drop") or ():
        captions.pop(code, None)
    for code, path in sorted(captions.items()):
        etree.SubElement(element, "transcript", language=code, src=path)
    return Written(element, settled=("display_name", "html5_sources", "transcripts", "sub"))


def _write_poll(element: etree._Element, values: Mapping[str, Any], row: DraftBlock | None) -> Written:
    before = {str(value.get("label")): key for key, value in (_setting(row, "answers") or ())} if row else {}
    answers = [
        [before.get(label) or fresh_name()[:8], {"label": label, "img": None, "img_alt": None}]
        for label in values["answers"]
    ]
    element.set("question", values["question"])
    element.set("answers", json.dumps(answers, ensure_ascii=False))
    element.set("private_results", json.dumps(values["private"]))
    return Written(element, settled=("display_name", "question", "answers", "private_results"))


def _write_done(element: etree._Element, _values: Mapping[str, Any], _row: DraftBlock | None) -> Written:
    return Written(element)


def _write_essay(element: etree._Element, values: Mapping[str, Any], _row: DraftBlock | None) -> Written:
    if values["least"] > values["most"]:
        raise Refusal("least-over-most", _("The smallest length is larger than the largest one."))
    element.set("prompt", values["prompt"])
    element.set("min_word_count", str(values["least"]))
    element.set("max_word_count", str(values["most"]))
    element.set("weight", f"{values['points'].normalize():f}")
    element.set("max_attempts", str(values["attempts"] or 0))
    return Written(element, settled=("display_name", "prompt", "min_word_count", "max_word_count", "weight"))


def _write_tool(element: etree._Element, values: Mapping[str, Any], _row: DraftBlock | None) -> Written:
    tool_blocks.fill(element, values)
    return Written(element, settled=tool_blocks.ATTRIBUTES)


def _write_olx(values: Mapping[str, Any], row: DraftBlock | None) -> Written:
    element = blocks.element_of(values["olx"])
    if element.tag == "html" and (row is None or row.block_type == "html"):
        text = element.text or ""
        if len(element) == 0 and len(text.encode()) <= limits.TEXT_BYTES_MAX:
            element.text = None
            return Written(element, text, settled=())
    return Written(element, settled=())


_WRITERS: dict[str, Callable[[etree._Element, Mapping[str, Any], DraftBlock | None], Written]] = {
    "text": _write_text,
    "video": _write_video,
    "poll": _write_poll,
    "done": _write_done,
    "essay": _write_essay,
    "tool": _write_tool,
}


def _set_or_drop(element: etree._Element, name: str, value: object) -> None:
    if value is None:
        element.attrib.pop(name, "")
    else:
        element.set(name, str(value))


def _setting(row: DraftBlock | None, name: str) -> Any:
    if row is None:
        return None
    fields = row.fields
    return fields.get("settings", {}).get(name, fields.get("content", {}).get(name))


def element_of(row: DraftBlock) -> etree._Element | None:
    """Return a block's element, or None for text that is not well-formed."""
    try:
        return xmlsafe.xml_of(row.olx.encode(), row.usage_id)
    except (xmlsafe.BrokenXml, Refusal):
        return None
