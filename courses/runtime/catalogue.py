"""Texts in the language of the page: what scripts in the frame say, and what packages say without a translation."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext_lazy


def texts() -> dict[str, str]:
    """Return the texts of the frame's scripts by the names they use."""
    return {
        "saved": _("Saved"),
        "not_saved": _("Not saved. The connection failed; what you entered is still here, send it again."),
        "expired": _("This page has been open for too long. Reload it; what you saved is still there."),
        "uploading": _("The file is being sent. Wait until it appears here."),
        "refused": _("Not saved. You may no longer answer here; reload the page to see why."),
        "not_kept": _("This is a preview. Nothing is stored."),
        "kept": _("Kept on this device. It is sent when the network is back."),
        "kept_count": _("{count} not sent yet; sent when the network is back"),
        "sent": _("Sent"),
        "not_taken": _("One answer could not be sent: it is too long or damaged. Open its unit and answer again."),
        "sign_in": _("Sign in again to send what is kept on this device."),
        "resume": _("Continue at {time}"),
        "points": _("{earned}/{possible} points"),
        "points_possible": _("{possible} points possible"),
        "hint": _("Hint"),
        "checking": _("Checking"),
        "no_transcript": _("The transcript could not be read."),
        "video_play": _("Play"),
        "video_pause": _("Pause"),
        "video_mute": _("Mute"),
        "video_unmute": _("Sound on"),
        "video_full": _("Full screen"),
        "video_small": _("Leave full screen"),
        "video_at": _("{time} of {all}"),
        "video_slow": _("The line is slow and the film waits. It goes on by itself; a lighter quality waits less."),
        "video_again": _("The connection broke. The film is asked for again in {seconds} seconds, at the same place."),
        "video_gone": _("The film does not come. Look whether there is a network, then press “Try again”."),
        "video_unplayable": _("This browser cannot play the file. Choose another quality or download the video."),
    }


# What CAPA, the poll and the other packages say to learners; gettext finds the translations in our catalogue, and
# makemessages finds the texts here.
OF_PACKAGES = [
    gettext_noop("Submit"),
    gettext_noop("Submitting"),
    gettext_noop("Answer submitted."),
    gettext_noop("Correct"),
    gettext_noop("Correct:"),
    gettext_noop("Incorrect"),
    gettext_noop("Incorrect:"),
    gettext_noop("Partially Correct"),
    gettext_noop("correct"),
    gettext_noop("incorrect"),
    gettext_noop("partially correct"),
    gettext_noop("unanswered"),
    gettext_noop("incomplete"),
    gettext_noop("submitted"),
    gettext_noop("processing"),
    gettext_noop("This answer is correct."),
    gettext_noop("This answer is incorrect."),
    gettext_noop("This answer is partially correct."),
    gettext_noop("Not yet answered."),
    gettext_noop("Answer received."),
    gettext_noop("Answer"),
    gettext_noop("Question {}"),
    gettext_noop("Question {index}"),
    gettext_noop("Select an option"),
    gettext_noop("Hint ({hint_num} of {hints_count}): "),
    gettext_noop("Problem is closed."),
    gettext_noop("Problem must be reset before it can be submitted again."),
    gettext_noop("Your answers have been saved."),
    gettext_noop("Your answers have been saved but not graded. Click '{button_name}' to grade them."),
    gettext_noop("Your answers were previously saved. Click '{button_name}' to grade them."),
    gettext_noop("You must submit an answer before you can select Reset."),
    gettext_noop("You cannot select Reset for a problem that is closed."),
    gettext_noop("You must wait at least {wait} seconds between submissions."),
    gettext_noop("You must wait at least {wait_secs} between submissions. {remaining_secs} remaining."),
    gettext_noop("Could not interpret '{student_answer}' as a number."),
    gettext_noop("Invalid input: Could not parse '{bad_input}' as a formula."),
    gettext_noop("Invalid math syntax: '{student_answer}'"),
    gettext_noop("Last Score"),
    gettext_noop("Highest Score"),
    gettext_noop("First Score"),
    gettext_noop("Average Score"),
    gettext_noop("You have already voted in this poll."),
    gettext_noop("You have already voted as many times as you are allowed."),
]
OF_PACKAGES_COUNTED = [
    ngettext_lazy("Correct ({progress} point)", "Correct ({progress} points)"),
    ngettext_lazy("Incorrect ({progress} point)", "Incorrect ({progress} points)"),
    ngettext_lazy("Partially correct ({progress} point)", "Partially correct ({progress} points)"),
]
