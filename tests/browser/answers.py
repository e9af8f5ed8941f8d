"""How a learner answers a problem in the browser, read from the problem's own definition.

Each kind that CAPA grades without an author's script has its way; `right_answers` gives one for every response of a
problem, or nothing when a response has another kind.
"""

import json
import re
from collections.abc import Callable

from lxml import etree
from playwright.sync_api import Locator, expect

type Answer = Callable[[Locator, str], None]  # the problem, and the end of the names of the response's inputs
CORRECT = {"true", "partial"}


def responses(olx: str) -> list[etree._Element]:
    """The responses of a problem, in order."""
    problem = etree.fromstring(olx)
    return [e for e in problem.iter() if isinstance(e.tag, str) and e.tag.endswith("response")]


def right_answers(olx: str) -> list[Answer] | None:
    """A right answer for each response, or None when one of them has no way here."""
    found = [WAYS[response.tag](response) if response.tag in WAYS else None for response in responses(olx)]
    answers = [answer for answer in found if answer is not None]
    return answers if answers and len(answers) == len(found) else None


def give(problem: Locator, answers: list[Answer]) -> None:
    """Fill the problem in and hand it in."""
    for number, answer in enumerate(answers, start=2):  # CAPA counts from 2
        answer(problem, f"_{number}_1")
    problem.locator("button.submit").first.click()


def _choices(response: etree._Element) -> Answer | None:
    """Tick what is right and nothing else; choices keep their numbers when they are shuffled."""
    group = next(e for e in response.iter() if e.tag in {"choicegroup", "checkboxgroup"})
    right = []
    for number, choice in enumerate(group.iter("choice")):
        if choice.get("name"):
            return None
        if (choice.get("correct") or "").lower() in CORRECT:
            right.append(f"choice_{number}")

    def answer(problem: Locator, end: str) -> None:
        for value in right:
            problem.locator(f'input[name*="{end}"][value="{value}"]').check()

    return answer if right else None


def _option(response: etree._Element) -> Answer | None:
    given = next(e for e in response.iter("optioninput"))
    right = given.get("correct")
    for option in given.iter("option"):
        if (option.get("correct") or "").lower() in CORRECT:
            right = re.sub(r"\s+", " ", option.text or "").strip()

    def answer(problem: Locator, end: str) -> None:
        problem.locator(f'select[name$="{end}"]').select_option(label=right)

    return answer if right else None


def _words(response: etree._Element) -> Answer | None:
    """The answer that stands in the definition, where it is one and no pattern or variable."""
    right = response.get("answer") or ""
    if right.startswith("$") or "regexp" in (response.get("type") or "") or ("," in right and "[" in right):
        return None

    def answer(problem: Locator, end: str) -> None:
        problem.locator(f'input[name$="{end}"]').fill(right)

    return answer if right else None


def _place(response: etree._Element) -> Answer | None:
    """The middle of the first right rectangle."""
    picture = next(e for e in response.iter("imageinput"))
    corners = re.match(r"\((\d+),(\d+)\)-\((\d+),(\d+)\)", picture.get("rectangle") or "")
    if corners is None:
        return None
    left, top, right, bottom = (int(corner) for corner in corners.groups())

    def answer(problem: Locator, end: str) -> None:
        area = problem.locator("[data-image-map]").first
        scale = area.evaluate("area => area.getBoundingClientRect().width / Number(area.dataset.width)")
        area.click(position={"x": (left + right) / 2 * scale, "y": (top + bottom) / 2 * scale})

    return answer


def _passage(response: etree._Element) -> Answer | None:
    """A passage with words to choose among."""
    options = list(response.iter("option"))
    right = next((number for number, option in enumerate(options) if option.get("choice") == "correct"), None)
    if right is None:
        return None

    def answer(problem: Locator, end: str) -> None:
        tag = problem.locator(".annotation-input .tag").nth(right)
        tag.click()
        expect(tag).to_be_checked()
        problem.locator(".annotation-input textarea").fill("说得通")
        kept = problem.locator(f'input[name$="{end}"]').input_value()
        assert json.loads(kept)["options"] == [right]

    return answer


WAYS: dict[str, Callable[[etree._Element], Answer | None]] = {
    "multiplechoiceresponse": _choices,
    "choiceresponse": _choices,
    "truefalseresponse": _choices,
    "optionresponse": _option,
    "numericalresponse": _words,
    "formularesponse": _words,
    "stringresponse": _words,
    "imageresponse": _place,
    "annotationresponse": _passage,
}
