"""HTTP of files beside answers in learners' own words: one comes in, and is sent to those who may read it."""

import json
from typing import Any

import webob
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from courses.content.openresponse import UPLOAD
from courses.runtime import access, actions, grants, ranges
from courses.runtime.answerfiles import FILE_BYTES_MAX, FILE_MB_MAX, file_for, private_storage
from courses.runtime.views import with_view
from edu.kernel.errors import Refusal

AROUND_BYTES_MAX = 1024 * 1024  # the text of the answer comes along, and what separates the parts
EMPTY_PAGE = "sandbox; default-src 'none'"


@require_POST
def attach(request: HttpRequest, token: str) -> JsonResponse:
    """Keep a file for an answer that is being written; the answer brings the block as it is now."""
    grant = grants.read_handler(token)
    with translation.override(grant.language):
        if int(request.META.get("CONTENT_LENGTH") or 0) > FILE_BYTES_MAX + AROUND_BYTES_MAX:  # before it is read
            message = _("This file is larger than {megabytes} MB. Make it smaller or split it.")
            raise Refusal("file-too-large", message.format(megabytes=FILE_MB_MAX))
        given = {
            "submission": request.POST.getlist("submission[]"),
            "description": request.POST.get("description", ""),
        }
        environ: dict[str, Any] = {UPLOAD: request.FILES.get("file")}
        body = json.dumps(given).encode()
        asked = webob.Request.blank("/", environ, method="POST", body=body, content_type="application/json")
        return with_view(actions.call_handler(grant, "attach_file", "", asked), grant)


@require_safe
def answer_file(request: HttpRequest, token: str) -> HttpResponseBase:
    """Send a file to the person for whom its address was signed; browsers store it, and open nothing of it here."""
    row = file_for(token)
    access.check_home(request, row.run.course.label)
    stored = private_storage().open(row.stored, "rb")
    response = ranges.answer(request, stored, size=row.size, media_type=row.media_type)
    response["Content-Disposition"] = content_disposition_header(True, row.name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = EMPTY_PAGE
    return response
