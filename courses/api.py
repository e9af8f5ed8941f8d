"""The door of courses: outsiders import from here, from data.py and events.py, and from nowhere else."""

from courses.announcements.actions import announce
from courses.authoring.by_uuid import begin_draft, draft_text
from courses.catalogue.actions import create_course
from courses.catalogue.editors import ensure_editing, refresh_rights
from courses.catalogue.panels import register_course_panel
from courses.catalogue.queries import course, course_by_label, courses_of
from courses.catalogue.serving import register_page_view
from courses.catalogue.site_tree import (
    CourseText,
    ensure_institution_pages,
    ensure_site_tree,
    put_course_pages,
)
from courses.content.approvals import waiting_at as content_waiting
from courses.content.by_uuid import import_content, pin_content, send_content
from courses.content.moderating import approve as approve_content
from courses.discussion.actions import mark_answer, open_thread, posts_by, reply
from courses.discussion.moderating import hide as hide_post
from courses.discussion.moderating import report as report_post
from courses.enrolment.actions import complete as complete_enrolment
from courses.enrolment.actions import enrol, withdraw
from courses.enrolment.listing import CourseFilter, course_rows, course_url, course_urls, index_urls
from courses.enrolment.participants import participant_of
from courses.enrolment.queries import (
    activity_by_institution,
    enrolment,
    enrolment_by_uuid,
    enrolments_in,
    enrolments_of,
    offerings,
    run,
    runs,
    runs_of_course,
    runs_of_institution,
    runs_taught_by,
)
from courses.evaluation.actions import evaluate
from courses.evaluation.rules import Answer, Place
from courses.grading.actions import certify_results, return_result, submit_results
from courses.grading.correcting import propose_correction
from courses.grading.data import Entry
from courses.grading.deciding import MarkEntry, SessionPlan, plan_session
from courses.grading.deciding import mark as mark_session
from courses.grading.panels import register_result_panel
from courses.grading.policy import Source as GradingSource
from courses.grading.proposing import approve_policy, grading_of, policy_in_force, propose_policy
from courses.grading.queries import result, results_of, results_to_certify, waiting_for_registrar
from courses.grading.submission import entries_to_submit
from courses.grading.terms import blended_terms
from courses.learning.answering import answer_problem
from courses.lti.registering import PlatformPlan, ToolPlan, register_platform, register_tool
from courses.progress.overview import progress_of
from courses.runs.access import teaches
from courses.runs.actions import change_run, create_run
from courses.runs.queries import teachers_of
from courses.runtime.waiting import answers_waiting
from courses.textbooks.by_uuid import make_textbook_packs, mark_textbook, pack_textbook
from courses.tutoring.actions import book as book_tutoring
from courses.tutoring.actions import offer as offer_tutoring
from courses.tutoring.rules import SlotPlan

__all__ = [
    "Answer",
    "CourseFilter",
    "CourseText",
    "Entry",
    "GradingSource",
    "MarkEntry",
    "Place",
    "PlatformPlan",
    "SessionPlan",
    "SlotPlan",
    "ToolPlan",
    "activity_by_institution",
    "announce",
    "answer_problem",
    "answers_waiting",
    "approve_content",
    "approve_policy",
    "begin_draft",
    "blended_terms",
    "book_tutoring",
    "certify_results",
    "change_run",
    "complete_enrolment",
    "content_waiting",
    "course",
    "course_by_label",
    "course_rows",
    "course_url",
    "course_urls",
    "courses_of",
    "create_course",
    "create_run",
    "draft_text",
    "enrol",
    "enrolment",
    "enrolment_by_uuid",
    "enrolments_in",
    "enrolments_of",
    "ensure_editing",
    "ensure_institution_pages",
    "ensure_site_tree",
    "entries_to_submit",
    "evaluate",
    "grading_of",
    "hide_post",
    "import_content",
    "index_urls",
    "make_textbook_packs",
    "mark_answer",
    "mark_session",
    "mark_textbook",
    "offer_tutoring",
    "offerings",
    "open_thread",
    "pack_textbook",
    "participant_of",
    "pin_content",
    "plan_session",
    "policy_in_force",
    "posts_by",
    "progress_of",
    "propose_correction",
    "propose_policy",
    "put_course_pages",
    "refresh_rights",
    "register_course_panel",
    "register_page_view",
    "register_platform",
    "register_result_panel",
    "register_tool",
    "reply",
    "report_post",
    "result",
    "results_of",
    "results_to_certify",
    "return_result",
    "run",
    "runs",
    "runs_of_course",
    "runs_of_institution",
    "runs_taught_by",
    "send_content",
    "submit_results",
    "teachers_of",
    "teaches",
    "waiting_for_registrar",
    "withdraw",
]
