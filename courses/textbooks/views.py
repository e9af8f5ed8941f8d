"""Pages of textbooks for schools: the shelf, one textbook, its file; and what everybody needs to check one."""

from pathlib import Path
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from courses.enrolment.listing import course_url
from courses.textbooks import access, keys, queries, rules, serving, storage, verify_textbook
from courses.textbooks.models import TextbookPack
from edu.people import api as people

HOUR = "public, max-age=3600"


@require_safe
def shelf(request: HttpRequest) -> HttpResponse:
    """List all digital textbooks."""
    return render(request, "courses/textbooks/shelf.html", {"lines": queries.shelf()})


@require_safe
@never_cache
def textbook(request: HttpRequest, course_uuid: UUID) -> HttpResponse:
    """Show a textbook: what it is, how large, how to check it; the file for those who may fetch it."""
    row = access.textbook_of(course_uuid)
    shown = queries.shown(row)
    context = {
        "shown": shown,
        "may_fetch": access.may_fetch(request, row),
        "signed_in": getattr(request, "actor", None) is not None,
        "file_name": _name(shown.pack) if shown.pack else "",
        "course_url": course_url(row.course.uuid, request),
        "keys_url": reverse("textbooks:keys", args=[row.course.institution.uuid]),
    }
    return render(request, "courses/textbooks/textbook.html", context)


@require_safe
@people.signed_in
def fetch(request: HttpRequest, course_uuid: UUID, pack_uuid: UUID) -> HttpResponseBase:
    """Send a pack, whole or from where a download broke off."""
    pack = access.pack_to_fetch(request, course_uuid, pack_uuid)
    try:
        stream = storage.open_pack(pack.sha256)
    except FileNotFoundError:
        messages.error(request, _("The file is not on the server any more. Ask the institution to pack it again."))
        return redirect("courses:textbook", course_uuid=course_uuid)
    return serving.answer(request, stream, size=pack.size, sha256=pack.sha256, name=_name(pack))


@require_safe
def public_keys(request: HttpRequest, institution_uuid: UUID) -> HttpResponse:
    """Give the public keys of an institution's textbooks, those of before too, as a text file."""
    answer = HttpResponse(keys.key_file(institution_uuid), content_type="text/plain; charset=utf-8")
    answer["Cache-Control"] = "public, max-age=300"
    answer["Content-Disposition"] = 'inline; filename="textbook-keys.txt"'
    return answer


@require_safe
def script(request: HttpRequest) -> HttpResponse:
    """Give the script that checks a pack without a network."""
    source = Path(verify_textbook.__file__).read_bytes()
    answer = HttpResponse(source, content_type="text/x-python; charset=utf-8")
    answer["Cache-Control"] = HOUR
    answer["Content-Disposition"] = 'attachment; filename="verify_textbook.py"'
    return answer


def _name(pack: TextbookPack) -> str:
    return rules.file_name(pack.textbook.course.label, pack.version.number, pack.sha256)
