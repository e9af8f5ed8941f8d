"""Parts of the course page that upper apps provide: `credits` shows 对我算多少学分 without courses knowing credits."""

from collections.abc import Callable

from django.http import HttpRequest

from courses.data import Panel, RunInfo

CoursePanel = Callable[[HttpRequest, RunInfo], Panel | None]

_panels: list[CoursePanel] = []


def register_course_panel(panel: CoursePanel) -> CoursePanel:
    """Offer a panel; called for the run that the page speaks of. Registering twice changes nothing."""
    if panel not in _panels:
        _panels.append(panel)
    return panel


def panels_for(request: HttpRequest, run: RunInfo) -> list[Panel]:
    """Return what the registered panels have to say about a run, in the order of registration."""
    return [shown for panel in _panels if (shown := panel(request, run)) is not None]
