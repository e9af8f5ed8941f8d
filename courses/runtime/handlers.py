"""Which handlers of a block learners may call. Packages bring others: for their authors, for staff, for other servers.

Some of those write files, read them by any path, or ask foreign hosts, and they leave it to the platform who comes
near. A handler that is not named here is not there.
"""

from courses.content.blocktypes import COMPOSITES, SUPPORTED_LEAVES
from courses.content.openresponse import BLOCK_TYPE as OPEN_RESPONSE
from edu.kernel.errors import NotThere

STATE = "student_view_user_state"
MENTORING = frozenset(
    {"answer_value", "get_data", "get_num_attempts", "get_results", "publish_event", "refresh_html", STATE, "submit"}
    | {"table_render", "try_again", "view"}
)
LEARNERS: dict[str, frozenset[str]] = {
    **{name: MENTORING for name in SUPPORTED_LEAVES if name.startswith(("pb-", "sb-")) or name in COMPOSITES},
    "acid": frozenset({"check_storage"}),
    "annotatable": frozenset(),
    "done": frozenset({"toggle_button"}),
    "drag-and-drop-v2": frozenset({"do_attempt", "drop_item", "expand_static_url", "publish_event", "reset"})
    | {"show_answer", STATE},
    "freetextresponse": frozenset({"save_reponse", "submit"}),  # spelt so
    "html": frozenset(),
    "lti": frozenset(),  # a launch and its results have addresses of their own
    "lti_consumer": frozenset(),
    "pdf": frozenset({"load_pdf", "on_download"}),
    "poll": frozenset({"get_results", "load_answers", "publish_event", STATE, "student_voted", "vote"}),
    "poll_question": frozenset({"handle_get_state", "handle_reset_state", "handle_submit_state"}),
    "problem": frozenset({"xmodule_handler"}),
    "scorm": frozenset({"scorm_get_value", "scorm_initialize", "scorm_set_value", "scorm_set_values"})
    | {"scorm_terminate"},
    "survey": frozenset({"get_results", "load_answers", "load_questions", "publish_event", STATE})
    | {"student_voted", "vote"},
    "video": frozenset({"ajax_handler", "publish_completion", STATE, "transcript"}),
    "word_cloud": frozenset({"handle_get_state", "handle_submit_state"}),
}


def require_learners(block_type: str, handler: str) -> None:
    """NotThere for a handler that is not for learners. Open response asks by itself: those who teach call some."""
    if block_type == OPEN_RESPONSE:
        return
    known = LEARNERS.get(block_type)
    if handler not in known if known is not None else "studio" in handler:
        raise NotThere("no-such-handler")
