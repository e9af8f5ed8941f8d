"""What the screens say about answers given without a network."""

import json
from typing import Any
from urllib.parse import parse_qsl

from django.utils.translation import gettext_lazy as _

from courses.offline import rules
from courses.offline.states import AnswerStatus

STATUS_WORDS = {
    AnswerStatus.WAITING.value: ("warn", _("Waiting for you")),
    AnswerStatus.TAKEN.value: ("done", _("Graded")),
    AnswerStatus.DECLINED.value: ("bad", _("Not graded")),
}
DOUBT_WORDS = {
    rules.NO_MOMENT: _("The device sent no signed time with it."),
    rules.EXPIRED: _("The page had been stored for more than two weeks."),
    rules.BEFORE: _("The claimed time lies before the page was handed out."),
    rules.FUTURE: _("The claimed time lies after the arrival."),
    rules.ON_LINE: _("The learner was on line after the claimed time, and did not send it then."),
}


def answer_text(request: dict[str, Any]) -> list[str]:
    """Return what was answered, one line a field, for the teacher's eye; nothing once it was decided."""
    body = str(request.get("body", ""))
    if request.get("type") == "form":
        return [value for _name, value in parse_qsl(body)]
    try:
        data = json.loads(body or "null")
    except ValueError:
        return [body]
    return [str(value) for value in data.values()] if isinstance(data, dict) else [body]
