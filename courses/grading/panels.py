"""What higher apps know about a result: credits say here where its credit stands."""

from collections.abc import Callable

from courses.data import Panel, ResultInfo

ResultPanel = Callable[[ResultInfo], Panel | None]
_panels: list[ResultPanel] = []


def register_result_panel(panel: ResultPanel) -> None:
    """Let an app above show something on a learner's result page; registering twice is once."""
    if panel not in _panels:
        _panels.append(panel)


def panels_for(result: ResultInfo) -> list[Panel]:
    """Return the panels that have something to say about a result."""
    return [made for panel in _panels if (made := panel(result)) is not None]
