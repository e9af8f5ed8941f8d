"""Our own views of blocks whose packages bring heavy, foreign or unkempt ones.

The block's class, fields and handlers stay the package's; only what the learner sees is ours: server-rendered, in
both languages, a few KB of script for all of them together. Each function returns the context of
`templates/courses/runtime/<block type>.html`.
"""

import importlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.utils.safestring import SafeString, mark_safe
from lxml import etree, html
from xblock.core import XBlock

from courses.content.blocktypes import word_count
from courses.content.data import BlockInfo
from courses.content.ownblocks import scorm_package
from courses.runtime import addresses, films, lti, markup
from courses.runtime.openresponses import open_response_view
from courses.runtime.runtime import UnitRuntime

LANGUAGE_NAMES = {"zh": "中文", "zh-hans": "中文", "zh-cn": "中文", "zh-hant": "繁體中文", "en": "English"}
CLOUD_STEPS = 5  # sizes of words, from reading size up


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a result: a word or an answer, how many chose it, and whether this learner did."""

    key: str
    label: Any
    count: int
    percent: int
    mine: bool


def html_view(block: XBlock, info: BlockInfo, runtime: UnitRuntime) -> dict[str, Any]:
    """Authors' HTML with the addresses of its files; it is not cleaned, which is why it stands on its own origin."""
    return {"body": _theirs(runtime, block.get_html() or "")}


def video_view(block: XBlock, info: BlockInfo, runtime: UnitRuntime) -> dict[str, Any]:
    """Local files in a player of our own; files on foreign hosts are named and not fetched."""
    given = [source for source in block.html5_sources or [] if source]
    local = [source for source in given if not urlsplit(source).netloc]
    version = runtime.grant.version_id, runtime.place.version_uuid
    offered = films.qualities(*version, local, runtime.urls)
    seconds = films.seconds_of(*version, info.usage_id) if local else 0
    captions = dict(block.transcripts or {})
    if block.sub:
        captions.setdefault("en", f"subs_{block.sub}.srt.sjson")
    poster = info.fields.get("settings", {}).get("thumbnail") or _xml_attribute(block, "poster")
    return {
        "sources": _sources(offered, local, runtime),
        "qualities": offered,
        "qualities_json": films.as_json(offered),
        "seconds": seconds,
        "minutes": films.minutes(seconds),
        "foreign": len(given) > len(local) or (not given and bool(block.youtube_id_1_0)),
        "captions": [
            {"url": runtime.urls.captions_url(path), "language": language, "label": _language_name(language)}
            for language, path in sorted(captions.items(), key=lambda item: item[0] != runtime.grant.language[:2])
        ],
        "show_captions": bool(block.show_captions),
        "poster": runtime.urls.url(poster) if poster and not urlsplit(poster).netloc else "",
        "position_s": int(block.saved_video_position.total_seconds()),
        "speed": block.speed or block.global_speed or 1.0,
        "download": next((one for one in offered if one.name == "original"), None) if block.download_video else None,
        "speeds": ["0.75", "1", "1.25", "1.5", "2"],
    }


def poll_view(block: XBlock, info: BlockInfo, runtime: UnitRuntime) -> dict[str, Any]:
    """One question of opinion, then how all answered."""
    choice = block.get_choice()
    shown = choice is not None and not block.private_results
    tally, total = block.tally_detail() if shown else ([], 0)
    return {
        "question": _markdown(runtime, block.question),
        "answers": [
            (key, _inline(runtime, value["label"]), _image(runtime, value), value.get("img_alt") or "")
            for key, value in block.markdown_items(block.answers)
        ],
        "choice": choice,
        "can_vote": choice is None or (block.private_results and block.can_vote()),
        "shown": shown,
        "bars": [
            Bar(item["key"], _inline(runtime, item["answer"]), item["count"], item["percent"], item["choice"])
            for item in tally
        ],
        "total": total,
        "feedback": _markdown(runtime, block.feedback) if choice is not None else "",
    }


def survey_view(block: XBlock, info: BlockInfo, runtime: UnitRuntime) -> dict[str, Any]:
    """Several questions with the same answers, then how all answered."""
    choices = block.get_choices() or {}
    shown = bool(choices) and not block.private_results
    labels = dict(block.answers)
    tally, total = block.tally_detail() if shown else ([], 0)
    return {
        "questions": [
            (
                key,
                _inline(runtime, value["label"]),
                _image(runtime, value),
                value.get("img_alt") or "",
                choices.get(key),
            )
            for key, value in block.markdown_items(block.questions)
        ],
        "answers": list(block.answers),
        "can_vote": not choices or (block.private_results and block.can_vote()),
        "voted": bool(choices),
        "shown": shown,
        "results": [
            (
                _inline(runtime, question["label"]),
                [
                    Bar(
                        item["key"],
                        labels.get(item["key"], item["key"]),
                        item["count"],
                        item["percent"],
                        item["choice"],
                    )
                    for item in question["answers"]
                ],
            )
            for question in tally
        ],
        "total": total,
        "feedback": _markdown(runtime, block.feedback) if choices else "",
    }


def poll_question_view(block: XBlock, info: BlockInfo, runtime: UnitRuntime) -> dict[str, Any]:
    """The older poll: one question, results after the answer."""
    block.dump_poll()  # gives every answer its counter, without which the package takes no vote
    counts = block.poll_answers
    total = sum(counts.get(answer["id"], 0) for answer in block.answers)
    return {
        "question": _theirs(runtime, block.question),
        "answers": [(answer["id"], _inline(runtime, answer["text"])) for answer in block.answers],
        "voted": block.voted,
        "bars": [
            Bar(
                answer["id"],
                _inline(runtime, answer["text"]),
                counts.get(answer["id"], 0),
                _percent(counts.get(answer["id"], 0), total),
                answer["id"] == block.poll_answer,
            )
            for answer in block.answers
        ],
        "total": total,
        "may_reset": block.voted and str(_xml_attribute(block, "reset") or "true").lower() == "true",
    }


def word_cloud_view(block: XBlock, info: BlockInfo, runtime: UnitRuntime) -> dict[str, Any]:
    """Words of all learners as a list in which frequent ones are larger: text, so that everybody can read it."""
    counts = {str(word): int(count) for word, count in block.top_words.items()} if block.submitted else {}
    most = max(counts.values(), default=1)
    return {
        "instructions": _theirs(runtime, block.instructions or ""),
        "inputs": range(1, block.num_inputs + 1),
        "submitted": block.submitted,
        "mine": block.student_words,
        "words": [(word, count, -(-count * CLOUD_STEPS // most)) for word, count in sorted(counts.items())],
        "total": sum(block.all_words.values()) if block.submitted else 0,
    }


def done_view(block: XBlock, info: BlockInfo, runtime: UnitRuntime) -> dict[str, Any]:
    """The learner says that they have done something."""
    return {"done": block.done}


def pdf_view(block: XBlock, info: BlockInfo, runtime: UnitRuntime) -> dict[str, Any]:
    """A document of the course, to read here or to take along; documents on foreign hosts are named only."""
    foreign = bool(urlsplit(block.url or "").netloc)
    return {
        "url": "" if foreign or not block.url else runtime.urls.url(block.url),
        "foreign": foreign,
        "may_download": block.allow_download,
    }


def annotatable_view(block: XBlock, info: BlockInfo, runtime: UnitRuntime) -> dict[str, Any]:
    """A text with notes in it; each note opens below its line, by click or key."""
    parts = block.get_html()
    return {
        "instructions": _theirs(runtime, parts["instructions_html"] or ""),
        "text": _theirs(runtime, _with_notes(parts["content_html"])),
    }


def problem_view(block: XBlock, info: BlockInfo, runtime: UnitRuntime) -> dict[str, Any]:
    """A CAPA problem whose parts are plain form controls: the package checks and writes it, our script sends it.

    A broken problem raises here, where the package would answer with an error panel.
    """
    _ = block.lcp
    earned, possible = block.get_display_progress()
    return {
        "content": mark_safe(markup.unfold(block.get_problem_html(encapsulate=False))),  # noqa: S308  # authors' HTML, in its frame
        "earned": "" if earned is None else earned,
        "possible": "" if possible is None else possible,
        "graded": info.graded,
    }


def freetextresponse_view(block: XBlock, info: BlockInfo, runtime: UnitRuntime) -> dict[str, Any]:
    """An answer in the learner's own words, checked for length and for words that have to be in it."""
    progress = block.score * block.weight
    return {
        "prompt": _theirs(runtime, block.prompt or ""),
        "answer": block.student_answer,
        "least": block.min_word_count,
        "most": block.max_word_count,
        "counted": word_count(block.student_answer),
        "in_bounds": block._word_count_valid(),
        "attempts": block.count_attempts,
        "attempts_max": block.max_attempts,
        "may_submit": block._can_submit(),
        "credit": block._determine_credit().name if block.count_attempts and block.display_correctness else "",
        "earned": f"{progress:g}" if block.count_attempts else "",
        "possible": block.weight,
        "others": [response["answer"] for response in block.get_other_answers()],
        "shares": block.display_other_student_responses,
    }


def lti_view(block: XBlock, info: BlockInfo, runtime: UnitRuntime) -> dict[str, Any]:
    """A tool on another server: where it is, and a button that opens it in a window of its own."""
    registered = getattr(block, "lti_version", "") == lti.VERSION_13
    ready = bool((block.lti_id or "").strip()) if registered else lti.is_ready(block)
    return {
        "ready": ready and not block.hide_launch,
        "opens": runtime.opens_tools,
        "registered": registered,
        "host": urlsplit((block.launch_url or "").strip()).hostname or "",
        "launch": f"{runtime.handler_base(info.usage_id)}/{'tool' if registered else 'lti-launch'}",
        "description": block.description or "",
        "button": block.button_text or "",
        "has_score": block.has_score,
    }


def scorm_view(block: XBlock, info: BlockInfo, runtime: UnitRuntime) -> dict[str, Any]:
    """A SCORM package in a frame of its own, which finds the interface it expects in the window around it."""
    path = scorm_package(info.url_name, block.scorm_package_path)
    there = bool(block.index_page_path) and runtime.has_package(path)
    first, _mark, query = (block.index_page_path or "").partition("?")
    who = runtime.anonymous_student_id
    told = {"cmi.core.student_id": who, "cmi.learner_id": who, "cmi.core.student_name": "", "cmi.learner_name": ""}
    success = {"cmi.success_status": block.success_status}
    status = {"cmi.core.lesson_status": block.lesson_status, "cmi.completion_status": block.lesson_status}
    return {
        "missing": "" if there else path,
        "opaque": addresses.is_opaque(),
        "source": runtime.urls.packed_url(path, first) + (f"?{query}" if query else "") if there else "",
        "version": block.scorm_version,
        "height": min(max(int(block.height or 450), 200), 2000),
        "data": json.dumps({**status, **success, **block.scorm_data, **told}).replace("<", "\\u003c"),
    }


def wants_package(block: XBlock, info: BlockInfo) -> bool:
    """True for a problem with a part that only the package's own script can show."""
    return info.block_type == "problem" and any(node.tag in SCRIPTED_INPUTS for node in block.lcp.tree.iter())


VIEWS: dict[str, Callable[[XBlock, BlockInfo, UnitRuntime], dict[str, Any]]] = {
    "html": html_view,
    "video": video_view,
    "poll": poll_view,
    "survey": survey_view,
    "poll_question": poll_question_view,
    "word_cloud": word_cloud_view,
    "done": done_view,
    "pdf": pdf_view,
    "annotatable": annotatable_view,
    "problem": problem_view,
    "freetextresponse": freetextresponse_view,
    "lti": lti_view,
    "lti_consumer": lti_view,
    "openassessment": open_response_view,
    "scorm": scorm_view,
}
UNTITLED = frozenset({"html", "done", "problem"})  # names for authors ("Text"), or shown by the block itself
SCRIPTED_INPUTS = frozenset(
    {"checkboxtextgroup", "chemicalequationinput", "codeinput", "crystallography"}
    | {"designprotein2dinput", "drag_and_drop_input", "editageneinput", "editamoleculeinput", "filesubmission"}
    | {"jsinput", "matlabinput", "radiotextgroup", "schematic", "textbox", "vsepr_input"}
)


def _theirs(runtime: UnitRuntime, text: str) -> SafeString:
    """Mark authors' HTML as such: inside the frame they may write what they like."""
    return mark_safe(runtime.urls.replace(text))  # noqa: S308  # strangers' HTML is why the frame has an origin of its own


def _markdown(runtime: UnitRuntime, text: str) -> SafeString:
    package = importlib.import_module("poll.utils")
    return _theirs(runtime, package.render_markdown(text or ""))


def _inline(runtime: UnitRuntime, text: Any) -> SafeString:
    """Return a label without the paragraph that markdown puts around it."""
    plain = str(text or "").strip()
    if plain.startswith("<p>") and plain.endswith("</p>") and plain.count("<p>") == 1:
        plain = plain[3:-4]
    return _theirs(runtime, plain)


def _image(runtime: UnitRuntime, value: dict[str, Any]) -> str:
    image = value.get("img") or ""
    return runtime.urls.url(image) if image and not urlsplit(image).netloc else ""


def _with_notes(text: str) -> str:
    """Turn the package's annotated spans into buttons with their note after them."""
    tree = html.fragment_fromstring(text, create_parent=False)
    for number, span in enumerate(tree.xpath('//span[contains(@class, "annotatable-span")]'), start=1):
        body = span.attrib.pop("data-comment-body", "")
        title = span.attrib.pop("data-comment-title", "")
        span.tag = "button"
        span.attrib.update({"type": "button", "class": "note-mark", "aria-expanded": "false", "data-note": str(number)})
        note = etree.SubElement(span.getparent(), "span")
        note.attrib.update({"class": "note", "data-note-of": str(number), "hidden": "hidden"})
        if title:
            etree.SubElement(note, "b").text = title
        note.append(etree.fromstring("<span/>"))
        note[-1].text = body
        note.tail, span.tail = span.tail, ""
        span.addnext(note)
    return str(html.tostring(tree, encoding="unicode"))


def _xml_attribute(block: XBlock, name: str) -> Any:
    return (getattr(block, "xml_attributes", None) or {}).get(name)


def _language_name(code: str) -> str:
    return LANGUAGE_NAMES.get(code.lower(), code)


def _sources(offered: list[films.Quality], local: list[str], runtime: UnitRuntime) -> list[dict[str, str]]:
    """Return what stands in the page: the lightest picture alone, or the film as uploaded in all its formats."""
    if not offered or offered[0].name != "original":
        return [{"url": one.url, "type": one.type} for one in offered[:1]]
    return [{"url": runtime.urls.url(source), "type": films.type_of(source)} for source in local]


def _percent(count: int, total: int) -> int:
    return round(100 * count / total) if total else 0
