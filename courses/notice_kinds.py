"""What the apps around courses tell people, in one place: keys are stored with notices, so they are never reused."""

from django.utils.translation import gettext_lazy as _

from edu.notices.api import NoticeKind, register_kind

register_kind(
    NoticeKind("courses.thread", _("%(course)s: somebody asks in the discussion")),
    NoticeKind("courses.reply", _("%(course)s: a reply in a thread where you wrote")),
    NoticeKind("courses.answer_marked", _("%(course)s: a teacher marked your reply as the answer")),
    NoticeKind("courses.post_hidden", _("%(course)s: a post of yours was hidden; the thread says why")),
    NoticeKind("courses.post_restored", _("%(course)s: a post of yours is shown again")),
    NoticeKind("courses.announcement", _("%(course)s: a new announcement")),
    NoticeKind("courses.content_submitted", _("%(course)s: content waits for your approval")),
    NoticeKind("courses.content_approved", _("%(course)s: your content was approved, learners see it")),
    NoticeKind("courses.content_returned", _("%(course)s: your content was returned; the page says why")),
    NoticeKind("courses.slot_cancelled", _("%(course)s: a tutoring hour that you booked was called off"), urgent=True),
    NoticeKind("courses.result_certified", _("%(course)s: your result is certified")),
    NoticeKind("courses.result_corrected", _("%(course)s: your certified result was corrected")),
    NoticeKind("courses.result_returned", _("%(course)s: a result that you submitted came back")),
    NoticeKind("courses.session_planned", _("%(course)s: a meeting or exam is planned; see when and where")),
    NoticeKind("courses.session_called_off", _("%(course)s: a meeting or exam was called off"), urgent=True),
    NoticeKind("courses.slot_booked", _("%(course)s: a seat in your tutoring hour was booked")),
    NoticeKind("courses.seat_given_back", _("%(course)s: a seat in your tutoring hour was given back")),
)
