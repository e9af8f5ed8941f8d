"""Page types of the site: two trees, zh-hans and en, whose pages are siblings by translation key.

A page only holds what editors write. What it shows besides (runs, places, the main action) is known by upper
applets, which register a view for the page type (see serving.py).
"""

from typing import Any, ClassVar

from django.db import models
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page, PageViewRestriction
from wagtail.url_routing import RouteResult

from courses.catalogue import serving
from courses.catalogue.blocks import COURSE_BLOCK_COUNTS, COURSE_BLOCKS, TEXT_FEATURES

LEAD_LENGTH_MAX = 200  # one sentence; two lines of a course row at 390 px
COURSE_PAGE_LEVEL = 3  # home / institutions / institution / course


class ServedPage(Page):
    """Base of ours: served by the view that is registered for the type. Always public once published."""

    private_page_options: ClassVar[list[str]] = []

    class Meta:
        abstract = True

    def get_view_restrictions(self) -> QuerySet[Any]:
        """Return none: there are no private pages here, and looking for them costs two queries a page."""
        return PageViewRestriction.objects.none()

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer with the registered view."""
        return serving.serve(request, self)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """Show a draft through the same view, so that the editor sees the real page."""
        request.is_preview = True  # type: ignore[attr-defined]  # Wagtail's name
        return serving.serve(request, self)


class HomePage(ServedPage):
    """One per language: what the site is, and the visitor's next step."""

    lead = models.CharField(_("lead sentence"), max_length=LEAD_LENGTH_MAX, blank=True)
    text = RichTextField(_("text"), features=TEXT_FEATURES, blank=True)

    content_panels: ClassVar[list[Any]] = [*Page.content_panels, FieldPanel("lead"), FieldPanel("text")]
    parent_page_types: ClassVar[list[str]] = ["wagtailcore.Page"]
    subpage_types: ClassVar[list[str]] = ["courses.CourseIndexPage", "courses.InstitutionIndexPage"]

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Find the page by its whole path: a course page in one query; Wagtail's own way costs two a level."""
        if not path_components:
            return super().route(request, path_components)
        path = f"{self.url_path}{'/'.join(path_components)}/"
        pages = CoursePage.objects.live().select_related("course__institution", "course__textbook", "locale")
        page = pages.filter(url_path=path).first()
        if page is None and len(path_components) < COURSE_PAGE_LEVEL:
            page = Page.objects.live().filter(url_path=path).specific().first()
        if page is None:
            raise Http404
        return RouteResult(page)


class CourseIndexPage(ServedPage):
    """One per language: every course with its next run."""

    lead = models.CharField(_("lead sentence"), max_length=LEAD_LENGTH_MAX, blank=True)

    content_panels: ClassVar[list[Any]] = [*Page.content_panels, FieldPanel("lead")]
    parent_page_types: ClassVar[list[str]] = ["courses.HomePage"]
    subpage_types: ClassVar[list[str]] = []
    max_count_per_parent = 1


class InstitutionIndexPage(ServedPage):
    """One per language: the institutions that offer courses here."""

    lead = models.CharField(_("lead sentence"), max_length=LEAD_LENGTH_MAX, blank=True)

    content_panels: ClassVar[list[Any]] = [*Page.content_panels, FieldPanel("lead")]
    parent_page_types: ClassVar[list[str]] = ["courses.HomePage"]
    subpage_types: ClassVar[list[str]] = ["courses.InstitutionPage"]
    max_count_per_parent = 1


class InstitutionPage(ServedPage):
    """One per institution and language; its course pages stand below it, so an editor's rights are one subtree."""

    institution = models.ForeignKey("institutions.Institution", on_delete=models.PROTECT, related_name="pages")
    lead = models.CharField(_("lead sentence"), max_length=LEAD_LENGTH_MAX, blank=True)
    text = RichTextField(_("text"), features=TEXT_FEATURES, blank=True)

    content_panels: ClassVar[list[Any]] = [*Page.content_panels, FieldPanel("lead"), FieldPanel("text")]
    parent_page_types: ClassVar[list[str]] = ["courses.InstitutionIndexPage"]
    subpage_types: ClassVar[list[str]] = ["courses.CoursePage"]


class CoursePageForm(WagtailAdminPageForm):
    """Offers only the courses of the institution below whose page the course page stands."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parent = self.parent_page.specific if self.parent_page else None
        if "course" in self.fields and isinstance(parent, InstitutionPage):
            field = self.fields["course"]
            field.queryset = field.queryset.filter(institution_id=parent.institution_id)


class CoursePage(ServedPage):
    """One per course and language; both point to the same Course row."""

    base_form_class = CoursePageForm

    course = models.ForeignKey("courses.Course", on_delete=models.PROTECT, related_name="pages")
    lead = models.CharField(_("lead sentence"), max_length=LEAD_LENGTH_MAX, blank=True)
    body = StreamField(COURSE_BLOCKS, block_counts=COURSE_BLOCK_COUNTS, blank=True)

    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        FieldPanel("course"),
        FieldPanel("lead"),
        FieldPanel("body"),
    ]
    parent_page_types: ClassVar[list[str]] = ["courses.InstitutionPage"]
    subpage_types: ClassVar[list[str]] = []
