"""Which block types there are, which class runs each, and how well. Shared by import and runtime.

OLX says `problem`; xblocks-contrib registers `_problem_extracted` (courses.md §3): the alias table joins the two.
"""

import importlib.metadata
import logging
import re
import sys
import warnings
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import get_language

# edxval would cost each video eight queries and want migrations of its own (courses.md §1.7): a module that is None
# cannot be imported, and the video block then does without.
for _name in ("edxval", "edxval.api"):
    sys.modules[_name] = None  # type: ignore[assignment]  # None is how Python blocks an import

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # pkg_resources, cgi: other people's packages while they are imported
    from xblock.core import XBlock

    from courses.content import openresponse, ownblocks

# Packages write what learners answer to the log; what went wrong in them may stay.
for _name in (
    "problem_builder", "xblocks_contrib", "poll", "freetextresponse", "drag_and_drop_v2", "openedxscorm",
    "openassessment", "submissions",
):  # fmt: skip
    logging.getLogger(_name).setLevel(logging.WARNING)

ALIASES = {
    "annotatable": "_annotatable_extracted",
    "discussion": "_discussion_extracted",
    "html": "_html_extracted",
    "lti": "_lti_extracted",
    "poll_question": "_poll_question_extracted",
    "problem": "_problem_extracted",
    "video": "_video_extracted",
    "word_cloud": "_word_cloud_extracted",
}

OWN: dict[str, type[XBlock]] = {"lti_consumer": ownblocks.LtiConsumer}  # with a class of ours

# Leaves that our runtime runs. Everything else is kept, shown as a placeholder and exported again.
SUPPORTED_LEAVES = frozenset(
    {"html", "problem", "video", "poll_question", "word_cloud", "annotatable", "done", "poll", "survey", "pdf"}
    | {"acid", "drag-and-drop-v2", "freetextresponse", "lti", "lti_consumer", "openassessment", "scorm"}
    | {"problem-builder", "step-builder", "sb-step", "sb-review-step", "sb-plot", "pb-mcq", "pb-mrq", "pb-rating"}
    | {"pb-table", "pb-column", "pb-answer", "pb-answer-recap", "pb-choice", "pb-completion", "pb-message", "pb-slider"}
    | {"pb-swipe", "pb-tip", "sb-conditional-message", "sb-plot-overlay", "sb-review-per-question-feedback"}
    | {"sb-review-score"}
)

# Leaves of a unit that are made of blocks themselves: their own class shows and checks what stands inside.
COMPOSITES = frozenset(
    {"problem-builder", "step-builder", "sb-step", "sb-review-step", "sb-plot", "pb-mcq", "pb-mrq", "pb-rating"}
    | {"pb-table", "pb-column"}
)

STRUCTURE = frozenset({"course", "chapter", "sequential", "vertical"})  # ours: no package has them (courses.md §1.5)

# Inside units: they hold blocks, and some choose among them (choosing.py).
WRAPPERS = frozenset(
    {
        "conditional",
        "itembank",
        "library_content",
        "legacy_library_content",
        "problemset",
        "randomize",
        "split_test",
        "videosequence",
        "wrapper",
    }
)
CONTAINERS = STRUCTURE | WRAPPERS

# Installed and understood, but they need a service this installation has not.
WANTING = {"discussion": "needs-forum"}

# Their code cannot run outside edx-platform (courses.md §3).
EDX_ONLY = frozenset({"crowdsourcehinter", "edx_sga", "staffgradedxblock"})

# Types whose definition stands in a file of its own (XmlMixin); a bare `<done url_name="x"/>` is whole as it stands.
FILED_LEAVES = frozenset(ALIASES) | {"customtag", "about", "static_tab", "course_info"}

# Elements inside containers that are no blocks.
NOT_BLOCKS = frozenset(
    {"wiki", "textbook", "textbooks", "pdf_textbooks", "grading", "show", "meta", "sequential_settings"}
)


HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


class UnknownBlockType(LookupError):
    """No class is installed for this OLX tag: it becomes a placeholder."""


@lru_cache(maxsize=256)
def load_block_class(block_type: str) -> type[XBlock]:
    """Return the XBlock class for an OLX tag; UnknownBlockType when none is installed or it cannot be loaded.

    The structural types and wrappers have no class: containers are read from their rows.
    """
    if block_type in OWN:
        return OWN[block_type]
    wanted = ALIASES.get(block_type, block_type)
    points = importlib.metadata.entry_points(group=XBlock.entry_point, name=wanted)
    for point in points:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a block's own imports
            try:
                return adapted(block_type, point.load())
            except Exception as error:  # a block that cannot be imported must not take the site down
                raise UnknownBlockType(f"{block_type}: {error}") from error
    raise UnknownBlockType(block_type)


def adapted(block_type: str, block_class: type[XBlock]) -> type[XBlock]:
    """Return a package's class with the one thing replaced in it that ties it to edx-platform or to English."""
    if block_type == "drag-and-drop-v2":
        module = sys.modules[block_class.__module__]
        module.get_grading_ignore_decoys_waffle_flag = _NeverOn  # type: ignore[attr-defined]
    if block_type == "scorm":
        return ownblocks.scorm_class(block_class)
    if block_type == openresponse.BLOCK_TYPE:
        return openresponse.open_response_class(block_class)
    if block_type in MENTORING:
        _keep_no_second_copy()
    if block_type in ANSWERING:
        _keep_answers_in_state(block_class)
    if block_type in MENTORING and hasattr(block_class, "get_translation_content"):
        block_class.get_translation_content = _script_texts
    if block_type == "freetextresponse":
        block_class._word_count_valid = _word_count_valid  # the package counts what stands between spaces
        block_class.student_answer._enable_enforce_type = True  # it would store a list, and then not be shown again
    return block_class


MENTORING = frozenset(name for name in SUPPORTED_LEAVES if name.startswith(("pb-", "sb-"))) | COMPOSITES
SCRIPT_TEXTS = {"zh-hans": "zh_CN"}  # problem builder's folders; it knows no other name for Chinese


def _script_texts(block: XBlock) -> str:
    """Return the texts of the package's scripts in the language of the page."""
    folder = SCRIPT_TEXTS.get(get_language() or "", "en")
    return str(block.resource_string(f"public/js/translations/{folder}/textjs.js"))


def _keep_no_second_copy() -> None:
    """Problem builder sends a copy of every answer to `submissions` where it finds that; here state is enough."""
    for name, module in list(sys.modules.items()):
        if name.startswith("problem_builder.") and hasattr(module, "sub_api"):
            vars(module)["sub_api"] = None


ANSWERING = frozenset({"pb-answer", "pb-answer-recap"})
ANSWERS = "pb_answers"  # the learner's long answers by name; the name is unique in a course, so they are one field


def _keep_answers_in_state(block_class: type[XBlock]) -> None:
    """Keep long answers in the learner's state, where the package has a table without any tie to a person."""
    package = sys.modules["problem_builder.answer"]
    package.AnswerMixin.get_model_object = _kept_answer


@dataclass
class _KeptAnswer:
    """What the package takes for a row of its table."""

    block: XBlock
    name: str
    student_input: str

    def save(self) -> None:
        """Keep the answer."""
        self.block.runtime.remember(self.block, ANSWERS, self.name, self.student_input)


def _kept_answer(block: XBlock, name: str | None = None) -> _KeptAnswer:
    wanted = name or block.name
    if not wanted:
        raise ValueError("An answer has a name.")
    return _KeptAnswer(block, wanted, str(block.runtime.remembered(block, ANSWERS, wanted) or ""))


class _NeverOn:
    """A flag of edx-platform that is off."""

    def is_enabled(self, course_key: object) -> bool:
        """Return False."""
        return False


def word_count(text: str) -> int:
    """Return how long a text is as its writers count: Chinese characters each, other words by their spaces."""
    return len(HAN.findall(text)) + len(HAN.sub(" ", text).split())


def _word_count_valid(block: XBlock) -> bool:
    return bool(block.min_word_count <= word_count(block.student_answer) <= block.max_word_count)


def preload() -> None:
    """Load every supported class once, before a server forks: it costs about three seconds (courses.md §1.11)."""
    for block_type in sorted(SUPPORTED_LEAVES):
        try:
            load_block_class(block_type)
        except UnknownBlockType:
            continue
