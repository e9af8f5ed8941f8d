"""Questions as a plain form asks for them, and their OLX. What the form cannot say stays OLX text. Pure.

`write(read(element))` gives the same element, or `read` gives None: a form never loses what an author wrote by hand.
"""

from dataclasses import dataclass, replace

from lxml import etree

KINDS = ("single", "multiple", "number", "text")
RESPONSES = {
    "single": "multiplechoiceresponse",
    "multiple": "choiceresponse",
    "number": "numericalresponse",
    "text": "stringresponse",
}
KIND_OF_RESPONSE = {name: kind for kind, name in RESPONSES.items()}
KEPT = frozenset(  # attributes of a problem that the form leaves as they are
    {"display_name", "max_attempts", "weight", "showanswer", "rerandomize", "url_name", "show_reset_button"}
    | {"submission_wait_seconds", "graded", "format", "due", "start", "markdown", "showCorrectness"}
)


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to choose, whether it is right, and what is said to those who chose it."""

    text: str
    correct: bool = False
    feedback: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One question with what its answer has to be."""

    kind: str
    text: str = ""  # paragraphs, with a blank line between them
    choices: tuple[Choice, ...] = ()
    answer: str = ""  # of a number or a text
    tolerance: str = ""  # of a number: "0.1" or "5%"
    others: tuple[str, ...] = ()  # further right texts
    exact_case: bool = False
    feedback: str = ""  # to those who gave the right number or text
    explanation: str = ""  # shown with the answer


def write(question: Question) -> etree._Element:
    """Return the `<problem>` of a question, without attributes."""
    problem = etree.Element("problem")
    response = etree.SubElement(problem, RESPONSES[question.kind])
    paragraphs = _paragraphs(question.text)
    for paragraph in paragraphs[:-1]:
        etree.SubElement(response, "p").text = paragraph
    if paragraphs:
        etree.SubElement(response, "label").text = paragraphs[-1]
    _ANSWERS[question.kind](response, question)
    if question.feedback and question.kind in ("number", "text"):
        etree.SubElement(response, "correcthint").text = question.feedback
    if question.explanation.strip():
        shown = etree.SubElement(etree.SubElement(response, "solution"), "div", {"class": "detailed-solution"})
        for paragraph in _paragraphs(question.explanation):
            etree.SubElement(shown, "p").text = paragraph
    return problem


def _write_choices(response: etree._Element, question: Question) -> None:
    if question.kind == "single":
        group = etree.SubElement(response, "choicegroup", type="MultipleChoice")
    else:
        group = etree.SubElement(response, "checkboxgroup")
    for choice in question.choices:
        made = etree.SubElement(group, "choice", correct="true" if choice.correct else "false")
        made.text = choice.text
        if choice.feedback:
            hint = etree.SubElement(made, "choicehint")
            hint.text = choice.feedback
            if question.kind == "multiple":
                hint.set("selected", "true")


def _write_number(response: etree._Element, question: Question) -> None:
    response.set("answer", question.answer)
    if question.tolerance:
        etree.SubElement(response, "responseparam", type="tolerance", default=question.tolerance)
    etree.SubElement(response, "formulaequationinput")


def _write_text(response: etree._Element, question: Question) -> None:
    response.set("answer", question.answer)
    response.set("type", "" if question.exact_case else "ci")
    for other in question.others:
        etree.SubElement(response, "additional_answer", answer=other)
    etree.SubElement(response, "textline", size="20")


_ANSWERS = {"single": _write_choices, "multiple": _write_choices, "number": _write_number, "text": _write_text}


def read(problem: etree._Element) -> Question | None:
    """Return the question that a `<problem>` asks, or None when it says more than the form can."""
    responses = [child for child in problem if isinstance(child.tag, str)]
    if len(responses) != 1 or len(problem) != 1 or not set(map(str, problem.attrib)) <= KEPT:
        return None
    kind = KIND_OF_RESPONSE.get(str(responses[0].tag))
    if kind is None:
        return None
    question = _read(kind, responses[0])
    return question if _same(write(question), problem) else None


def _read(kind: str, response: etree._Element) -> Question:
    texts = [child.text or "" for child in response if child.tag in ("p", "label")]
    solution = response.find("solution/div")
    question = Question(
        kind=kind,
        text="\n\n".join(texts),
        choices=tuple(_choice(choice) for choice in response.iter("choice")),
        answer=response.get("answer") or "",
        feedback=_plain(response.findtext("correcthint")),
        explanation="\n\n".join(p.text or "" for p in solution.iter("p")) if solution is not None else "",
    )
    if kind == "number":
        given = response.find("responseparam")
        return replace(question, tolerance=(given.get("default") or "") if given is not None else "")
    if kind == "text":
        others = tuple(other.get("answer") or "" for other in response.iter("additional_answer"))
        return replace(question, others=others, exact_case=response.get("type") != "ci")
    return question


def _choice(choice: etree._Element) -> Choice:
    return Choice(_plain(choice.text), choice.get("correct") == "true", _plain(choice.findtext("choicehint")))


def _plain(text: str | None) -> str:
    return (text or "").strip()


def _paragraphs(text: str) -> list[str]:
    parts = (" ".join(part.split()) for part in text.replace("\r", "").split("\n\n"))
    return [part for part in parts if part]


def _same(one: etree._Element, other: etree._Element) -> bool:
    """True when two elements say the same, whatever white space stands between them and on the problem itself."""
    return [_said(child) for child in one] == [_said(child) for child in other]


def _said(element: etree._Element) -> tuple[object, ...]:
    if not isinstance(element.tag, str):
        return (element.text,)
    return (
        element.tag,
        sorted((str(name), str(value)) for name, value in element.attrib.items()),
        " ".join((element.text or "").split()),
        " ".join((element.tail or "").split()),
        [_said(child) for child in element],
    )
