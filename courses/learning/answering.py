"""Answering a problem without a browser: for stories and load tests. The deed is the one of the frame's address."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import webob

from courses.content import queries as content
from courses.enrolment.models import Enrolment
from courses.runtime.actions import call_handler
from courses.runtime.grants import Grant
from edu.kernel.errors import NotThere

LANGUAGE = "zh-hans"


def answer_problem(
    *, person_uuid: UUID, run_uuid: UUID, usage_id: str, fields: Mapping[str, str | list[str]]
) -> dict[str, Any]:
    """Send a learner's answer to a problem and return what the problem answered ({"success": "correct", …}).

    NotThere when the person has no place in the run or the run no content; NotPermitted when the place was left.
    """
    row = (
        Enrolment.objects.filter(person__uuid=person_uuid, run__uuid=run_uuid, run__content__isnull=False)
        .values_list("person_id", "run_id", "run__content_id")
        .first()
    )
    if row is None or row[2] is None:
        raise NotThere("no-such-place")
    person_id, run_id, version_id = row[0], row[1], row[2]
    unit_id = content.block(version_id, usage_id).unit_usage_id
    grant = Grant(person_id, run_id, version_id, unit_id, usage_id, True, LANGUAGE)
    body = urlencode(list(fields.items()), doseq=True)
    request = webob.Request.blank(
        "/", method="POST", body=body.encode(), content_type="application/x-www-form-urlencoded"
    )
    answer: dict[str, Any] = call_handler(grant, "xmodule_handler", "problem_check", request).response.json
    return answer
