"""Blocks whose fields are those of known packages, where the package itself would want more than we can give it.

`lti_consumer` (lti-consumer-xblock) keeps its launches in tables of its own and wants seven packages of edx-platform;
what a course says about a tool are these fields, and the launch is ours (courses/runtime/lti.py). `scorm` is the
package's class, but it unpacks archives into a shared folder while it is parsed; ours are read where they lie.
"""

import math
from typing import Any

from xblock.core import XBlock
from xblock.fields import Boolean, Float, Integer, List, Scope, String

SCORM_NUMBERS = frozenset({"cmi.core.score.raw", "cmi.score.raw", "cmi.score.scaled", "cmi.progress_measure"})
SCORM_PACKAGE = "scorm/{url_name}/package.zip"  # where the package's own export puts it


class LtiConsumer(XBlock):
    """A tool on another server; the fields of lti-consumer-xblock that a launch by LTI 1.1 or 1.3 needs.

    With version `lti_1p3`, `lti_id` is the client id under which the institution registered the tool.
    """

    has_score = Boolean(default=False, scope=Scope.settings)
    display_name = String(default="LTI", scope=Scope.settings)
    description = String(default="", scope=Scope.settings)
    lti_version = String(default="lti_1p1", scope=Scope.settings)
    lti_id = String(default="", scope=Scope.settings)
    launch_url = String(default="", scope=Scope.settings)
    lti_1p3_launch_url = String(default="", scope=Scope.settings)
    custom_parameters = List(scope=Scope.settings)
    launch_target = String(default="iframe", scope=Scope.settings)
    button_text = String(default="", scope=Scope.settings)
    inline_height = Integer(default=800, scope=Scope.settings)
    modal_height = Integer(default=80, scope=Scope.settings)
    modal_width = Integer(default=80, scope=Scope.settings)
    weight = Float(default=1.0, scope=Scope.settings)
    hide_launch = Boolean(default=False, scope=Scope.settings)
    accept_grades_past_due = Boolean(default=True, scope=Scope.settings)
    ask_to_send_username = Boolean(default=False, scope=Scope.settings)
    ask_to_send_full_name = Boolean(default=False, scope=Scope.settings)
    ask_to_send_email = Boolean(default=False, scope=Scope.settings)

    def max_score(self) -> float | None:
        """Return how many points the tool's result is worth, or None when it reports none."""
        return self.weight if self.has_score else None


def scorm_class(package: type[XBlock]) -> type[XBlock]:
    """Return the package's class without its unpacking, and without numbers that name a person."""

    class Scorm(package):
        """A SCORM package, read from the archive that lies in the course."""

        scorm_package_path = String(default="", scope=Scope.settings)

        @classmethod
        def parse_xml(cls, node: Any, runtime: Any, keys: Any) -> XBlock:
            """Read the fields, and nothing else."""
            return XBlock.parse_xml.__func__(cls, node, runtime, keys)

        def get_current_user_attr(self, attr: str) -> Any:
            """Return what is known of the learner; the package asks for a row's number and gets the name in the run."""
            name = "edx-platform.anonymous_user_id" if attr == "edx-platform.user_id" else attr
            return super().get_current_user_attr(name)

        def set_value(self, data: Any) -> dict[str, Any]:
            """Take one value; a score that is no number counts nothing, and no other value is lost with it.

            Packages send values together and again until they are taken. Some say "" or -0.5 for a score.
            """
            if not isinstance(data, dict) or not all(isinstance(data.get(part), str) for part in ("name", "value")):
                return {"result": "refused"}
            if data["name"] in SCORM_NUMBERS and not _counts(data["value"]):
                self.scorm_data[data["name"]] = data["value"]
                return {"result": "kept"}
            return dict(super().set_value(data))

    return Scorm


def _counts(text: str) -> bool:
    try:
        number = float(text)
    except ValueError:
        return False
    return math.isfinite(number) and number >= 0


def scorm_package(url_name: str, given: str) -> str:
    """Return the path of a block's package among the files of its course."""
    return given or SCORM_PACKAGE.format(url_name=url_name)
