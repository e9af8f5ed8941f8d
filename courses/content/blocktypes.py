"""Which block types there are, which class runs each, and how well. Shared by import and runtime.

OLX says `problem`; xblocks-contrib registers `_problem_extracted` (courses.md §3): the alias table joins the two.
"""

import importlib.metadata
import re
import sys
import warnings
from functools import lru_cache

# edxval would cost each video eight queries and want migrations of its own (courses.md §1.7): a module that is None
# cannot be imported, and the video block then does without.
for _name in ("edxval", "edxval.api"):
    sys.modules[_name] = None  # type: ignore[assignment]  # None is how Python blocks an import

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # pkg_resources, cgi: other people's packages while they are imported
    from xblock.core import XBlock

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

# Leaves that our runtime runs. Everything else is kept, shown as a placeholder and exported again.
SUPPORTED_LEAVES = frozenset(
    {"html", "problem", "video", "poll_question", "word_cloud", "annotatable", "done", "poll", "survey", "pdf"}
    | {"acid", "drag-and-drop-v2", "freetextresponse"}
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
WANTING = {"discussion": "needs-forum", "lti": "needs-lti", "lti_consumer": "needs-lti"}

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
    if block_type == "freetextresponse":
        block_class._word_count_valid = _word_count_valid  # the package counts what stands between spaces
    return block_class


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
