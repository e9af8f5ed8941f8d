"""What the portal puts together at start: the view of the home page, the menus, the desks of each role."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from courses import api as courses
from credits import api as credits_api
from edu.design.navigation import STAFF, NavItem, register
from edu.portal import views
from edu.portal.desks import Desk, register_desk

TEACHING = frozenset({"teacher", "author"})
REGISTRARS = frozenset({"registrar"})
EDITING = frozenset({"editor", "registrar"})
SCHOOLS = frozenset({"school_coordinator", "teacher", "assistant_teacher"})
OVERSEEING = frozenset({"supervisor", "operator"})


def _role(request: HttpRequest) -> str:
    actor = getattr(request, "actor", None)
    return actor.role if actor else ""


def _learns(request: HttpRequest) -> bool:
    return _role(request) in views.LEARNERS


def _signed_in(request: HttpRequest) -> bool:
    return bool(_role(request))


def _plans_runs(request: HttpRequest) -> bool:
    return _role(request) in TEACHING | REGISTRARS


def _certifies(request: HttpRequest) -> bool:
    return _role(request) in REGISTRARS


def _edits(request: HttpRequest) -> bool:
    return _role(request) in EDITING


def _oversees(request: HttpRequest) -> bool:
    return _role(request) in OVERSEEING


courses.register_page_view("HomePage", views.front)

register(
    NavItem("courses:catalogue", _("Courses"), order=10),
    NavItem("courses:institutions", _("Institutions"), order=20),
    NavItem("courses:enrolment:mine", _("My courses"), order=30, shown=_learns),
    NavItem("courses:my_results", _("My results"), order=40, shown=_learns),
    NavItem("portal:home", _("My desk"), order=5, shown=_signed_in),
    NavItem("portal:home", _("My desk"), order=5, area=STAFF, shown=_signed_in),
    NavItem("courses:runs:list", _("Course runs"), order=10, area=STAFF, shown=_plans_runs),
    NavItem("courses:grade_queue", _("Grades to certify"), order=20, area=STAFF, shown=_certifies),
    NavItem("wagtailadmin_home", _("Edit pages"), order=80, area=STAFF, shown=_edits),
    NavItem("portal:overview", _("Overview"), order=90, area=STAFF, shown=_oversees),
)

register_desk(
    Desk(
        "courses:grade_queue",
        _("Grades to certify"),
        REGISTRARS,
        hint=_("Submitted by teachers; your signature makes them final."),
        count=courses.waiting_for_registrar,
    ),
    Desk(
        "courses:content_approvals",
        _("Content to approve"),
        REGISTRARS,
        hint=_("Versions and pages that authors sent; your approval shows them to learners."),
        count=courses.content_waiting,
    ),
    Desk(
        "credits:plan_queue",
        _("Study plans"),
        REGISTRARS,
        hint=_("Cross-enrolments to approve for your students, or to accept as host."),
        count=credits_api.plans_waiting,
    ),
    Desk(
        "credits:case_queue",
        _("Recognitions"),
        REGISTRARS,
        hint=_("Applications of your students, to be decided with reasons."),
        count=credits_api.cases_waiting,
    ),
    Desk(
        "credits:agreements", _("Agreements"), REGISTRARS, hint=_("With other institutions, and what counts for what.")
    ),
    Desk("credits:registry_certificates", _("Certificates"), REGISTRARS, hint=_("Issue again, or revoke.")),
    Desk("credits:registry_ledger", _("Credit ledger"), REGISTRARS, hint=_("Every entry, in the order it was made.")),
    Desk("courses:runs:list", _("Course runs"), TEACHING | REGISTRARS, hint=_("Dates, seats, credits, teachers.")),
    Desk(
        "courses:textbooks", _("Digital textbooks"), SCHOOLS, hint=_("Courses as one file for a school's own network.")
    ),
    Desk("wagtailadmin_home", _("Edit pages"), EDITING, hint=_("Course pages of the institution, in both languages.")),
    Desk("people:office", _("People of the institution"), REGISTRARS, hint=_("Import lists, hand out codes.")),
    Desk("courses:lti", _("Other servers (LTI)"), REGISTRARS, hint=_("Tools in units, and runs on other platforms.")),
    Desk("courses:record_store", _("Learning records (xAPI)"), REGISTRARS, hint=_("To a store, if you name one.")),
    Desk("api_keys:list", _("Keys for programs"), REGISTRARS, hint=_("Programs that read by the API.")),
)
