"""Mail of what people were told: at once or once a day; each mail in a transaction with the rows it speaks of."""

import datetime as dt
import logging

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import ngettext, override

from edu.kernel import clock
from edu.notices.actions import unsubscribe_token
from edu.notices.models import Notice, NoticePreference
from edu.notices.queries import line
from edu.notices.rules import DIGEST_FROM, MailChoice, mail_is_due, wait_s

log = logging.getLogger(__name__)

LINES_MAX = 30  # a mail that is read; the rest is in the inbox
BATCH = 200  # people a run of the task


def mail_due() -> int:
    """Send what is due and return how many mails went out; one person's failure stops nobody else's mail."""
    sent = 0
    for preference_id in list(_candidates().values_list("pk", flat=True)[:BATCH]):
        try:
            sent += _mail_one(preference_id)
        except Exception as error:  # the mail server's own error classes differ by backend
            log.warning("mail of notices failed: %s", type(error).__name__)
            _put_off(preference_id)
    return sent


def _unmailed() -> QuerySet[Notice]:
    return Notice.objects.filter(read_at__isnull=True, mailed_at__isnull=True)


def _candidates() -> QuerySet[NoticePreference]:
    """Return whom a mail may be due; the rule has the last word under the row's lock."""
    now = clock.now()
    local = now.astimezone(clock.SHANGHAI)
    due = Q(mail=MailChoice.AT_ONCE)
    if local.time() >= DIGEST_FROM:
        due |= Q(mail=MailChoice.DAILY) & (Q(digest_on__isnull=True) | Q(digest_on__lt=local.date()))
    waiting = Exists(_unmailed().filter(person_id=OuterRef("person_id")))
    reachable = NoticePreference.objects.filter(person__is_active=True).exclude(person__email=None)
    return reachable.filter(due, waiting).exclude(retry_at__gt=now).order_by("pk")


@transaction.atomic
def _mail_one(preference_id: int) -> int:
    rows = NoticePreference.objects.select_for_update(of=("self",), skip_locked=True).select_related("person")
    preference = rows.filter(pk=preference_id).first()
    local = clock.now().astimezone(clock.SHANGHAI)
    if preference is None or not mail_is_due(
        MailChoice(preference.mail), local_now=local, digest_on=preference.digest_on, retry_at=preference.retry_at
    ):
        return 0
    notices = list(_unmailed().filter(person=preference.person).order_by("-happened_at", "-pk"))
    if not notices:
        return 0
    Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(mailed_at=clock.now())
    NoticePreference.objects.filter(pk=preference_id).update(digest_on=local.date(), failures=0, retry_at=None)
    letter(preference, notices).send()  # when it fails, the rows above are as they were
    return 1


def letter(preference: NoticePreference, notices: list[Notice]) -> EmailMessage:
    """Return the mail in the person's language: sentences and addresses, and a signed way to end mail."""
    person = preference.person
    home = str(settings.GUIXUE_BASE_URL).rstrip("/")
    with override(person.language):
        stop = home + reverse("notices:unsubscribe", args=[unsubscribe_token(person.uuid)])
        context = {
            "home": home,
            "lines": [line(notice) for notice in notices[:LINES_MAX]],
            "more": max(len(notices) - LINES_MAX, 0),
            "inbox": home + reverse("notices:inbox"),
            "settings": home + reverse("notices:preferences"),
            "stop": stop,
        }
        subject = ngettext("%(n)s new notice on Guixue", "%(n)s new notices on Guixue", len(notices))
        return EmailMessage(
            subject % {"n": len(notices)},
            render_to_string("notices/mail.txt", context),
            to=[person.email or ""],
            headers={"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
        )


def _put_off(preference_id: int) -> None:
    preference = NoticePreference.objects.get(pk=preference_id)
    failures = min(preference.failures + 1, 30)
    retry_at = clock.now() + dt.timedelta(seconds=wait_s(failures))
    NoticePreference.objects.filter(pk=preference_id).update(failures=failures, retry_at=retry_at)
