"""What courses offers to the site at start: the views of its page types. One registration a line."""

from django.utils.translation import gettext_lazy as _

from courses import notice_kinds  # noqa: F401  (registers what is told)
from courses.announcements import erasing as _announcements  # noqa: F401  (registers itself)
from courses.authoring import holding as _holding  # noqa: F401  (registers itself)
from courses.catalogue import endpoints as catalogue_endpoints
from courses.catalogue.serving import register_page_view
from courses.content import access as content_access
from courses.content import lighter as content_lighter
from courses.content import links as content_links
from courses.content import moderating as _moderating  # noqa: F401  (listens to the workflow of pages)
from courses.content import stakes as content_stakes
from courses.discussion import access as discussion_access
from courses.discussion import erasing as _discussion  # noqa: F401  (registers itself)
from courses.enrolment import endpoints as enrolment_endpoints
from courses.enrolment import page_views
from courses.evaluation import access as evaluation_access
from courses.evaluation import erasing as _evaluation  # noqa: F401  (registers itself)
from courses.grading import endpoints as grading_endpoints
from courses.grading import lateness
from courses.lti import erasing as _lti  # noqa: F401  (registers itself)
from courses.media import lighter as media_lighter
from courses.offline import erasing as _offline  # noqa: F401  (registers itself)
from courses.runtime import erasing as _runtime  # noqa: F401  (registers itself)
from courses.runtime import judged as _judged  # noqa: F401  (listens to the scores of a package)
from courses.runtime import late as runtime_late
from courses.runtime import stakes as runtime_stakes
from courses.textbooks import access as textbooks_access
from courses.tutoring import erasing as _tutoring  # noqa: F401  (registers itself)
from courses.xapi import erasing as _xapi  # noqa: F401  (registers itself)
from edu.api import registry as api
from edu.design import navigation

register_page_view("CoursePage", page_views.show_course)
register_page_view("CourseIndexPage", page_views.show_course_index)
register_page_view("InstitutionPage", page_views.show_institution)
register_page_view("InstitutionIndexPage", page_views.show_institution_index)

content_links.register(
    content_links.VersionLink("courses:content_look", _("Look at it as a learner"), for_approvers=True)
)
content_links.register(content_links.VersionLink("courses:content_films", _("Videos")))
content_lighter.register(media_lighter.copies_of)
content_stakes.register(runtime_stakes.at_stake)
runtime_late.register_window(lateness.window_of)

navigation.register(
    navigation.NavItem(
        "courses:content_courses", _("Course content"), order=15, area=navigation.STAFF, shown=content_access.may_author
    ),
    navigation.NavItem(
        "courses:textbooks",
        _("Digital textbooks"),
        order=30,
        area=navigation.STAFF,
        shown=textbooks_access.looks_for_textbooks,
    ),
    navigation.NavItem(
        "courses:moderation", _("Moderation"), order=40, area=navigation.STAFF, shown=discussion_access.may_moderate
    ),
    navigation.NavItem(
        "courses:evaluations", _("Evaluations"), order=50, area=navigation.STAFF, shown=evaluation_access.may_review
    ),
)

api.register("courses", catalogue_endpoints.courses)
api.register("runs", enrolment_endpoints.runs)
api.register("enrolments", enrolment_endpoints.enrolments)
api.register("grades", grading_endpoints.grades)
