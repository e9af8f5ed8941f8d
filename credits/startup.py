"""What credits offers to the apps below: menu items and panels. One block per applet."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from courses import api as courses
from credits.certificates import offers as certificates
from credits.checking import erasing as _checking  # noqa: F401  (registers itself)
from credits.exchange.panels import credit_panel
from credits.interop import erasing as _interop  # noqa: F401  (registers itself)
from credits.ledger.panels import credit_of_result
from credits.ledger.sections import register_credit_section
from credits.ledger.sources import register_source_page, result_page
from credits.log import erasures as _log  # noqa: F401  (registers itself)
from credits.recognition import erasing as _recognition  # noqa: F401  (registers itself)
from credits.recognition.source_pages import application_page, decision_page
from credits.seals.screens import section_of
from edu.design.navigation import STAFF, NavItem, register


def _signed_in(request: HttpRequest) -> bool:
    return request.user.is_authenticated


def _registrar(request: HttpRequest) -> bool:
    return getattr(getattr(request, "actor", None), "role", "") == "registrar"


def _keeps_the_ledger(request: HttpRequest) -> bool:
    return getattr(getattr(request, "actor", None), "role", "") in {"registrar", "supervisor", "operator"}


def _student(request: HttpRequest) -> bool:
    return getattr(getattr(request, "actor", None), "role", "") == "student"


# ledger
register(
    NavItem("credits:my_credits", _("My credits"), order=50, shown=_signed_in),
    NavItem("credits:registry_ledger", _("Credit ledger"), order=60, area=STAFF, shown=_registrar),
)
courses.register_result_panel(credit_of_result)
register_source_page("result", result_page)

# seals
register(NavItem("credits:seals", _("Sealed terms"), order=65, area=STAFF, shown=_keeps_the_ledger))
register_credit_section(section_of)

# agreements, exchange, recognition
register(
    NavItem("credits:my_plans", _("My cross-enrolments"), order=42, shown=_student),
    NavItem("credits:plan_queue", _("Study plans"), order=20, area=STAFF, shown=_registrar),
    NavItem("credits:case_queue", _("Recognitions"), order=30, area=STAFF, shown=_registrar),
    NavItem("credits:agreements", _("Agreements"), order=40, area=STAFF, shown=_registrar),
)
courses.register_course_panel(credit_panel)

# certificates
certificates.register()
register_source_page("recognition", decision_page)
register_source_page("application", application_page)

# interop
register(NavItem("credits:imports", _("Credit from outside"), order=65, area=STAFF, shown=_registrar))
