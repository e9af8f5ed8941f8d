"""The door of notices: what other apps may call."""

from edu.notices.actions import send
from edu.notices.kinds import NoticeKind, register_kind
from edu.notices.mailing import mail_due

__all__ = ["NoticeKind", "mail_due", "register_kind", "send"]
