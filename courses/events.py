"""What courses announces. Payloads hold strings only, and no names of people."""

COURSE_CREATED = "courses.course.created"  # {course_uuid, institution_uuid}
ENROLMENT_MADE = "courses.enrolment.made"  # {enrolment_uuid, run_uuid, person_uuid, cross_enrolment_uuid or ""}
ENROLMENT_WITHDRAWN = (
    "courses.enrolment.withdrawn"  # {enrolment_uuid, run_uuid, person_uuid, cross_enrolment_uuid or ""}
)
ENROLMENT_COMPLETED = "courses.enrolment.completed"  # {enrolment_uuid, run_uuid, person_uuid}
RUN_CREATED = "courses.run.created"  # {run_uuid, course_uuid}
RUN_CHANGED = "courses.run.changed"  # {run_uuid, course_uuid, changed: [names of columns]}
RESULT_CERTIFIED = "courses.result.certified"  # {result_uuid, run_uuid, person_uuid}
RESULT_SUBMITTED = "courses.result.submitted"  # {result_uuid, run_uuid, person_uuid}
RESULT_RETURNED = "courses.result.returned"  # {result_uuid, run_uuid, person_uuid}
CONTENT_IMPORTED = "courses.content.imported"  # {version_uuid, course_uuid}
CONTENT_PUBLISHED = "courses.content.published"  # {publication_uuid, version_uuid, course_uuid}
CONTENT_SUBMITTED = "courses.content.submitted"  # {submission_uuid, version_uuid, course_uuid}
CONTENT_APPROVED = "courses.content.approved"  # {submission_uuid, version_uuid, course_uuid}
CONTENT_RETURNED = "courses.content.returned"  # {submission_uuid, version_uuid, course_uuid}
CONTENT_PINNED = "courses.content.pinned"  # {run_uuid, version_uuid, course_uuid}
POLICY_PROPOSED = "courses.policy.proposed"  # {policy_uuid, run_uuid, home_uuid or ""}
POLICY_APPROVED = "courses.policy.approved"  # {policy_uuid, run_uuid, home_uuid or ""}
CORRECTION_PROPOSED = "courses.result.correction_proposed"  # {correction_uuid, result_uuid, run_uuid, person_uuid}
RESULT_CORRECTED = "courses.result.corrected"  # {correction_uuid, result_uuid, run_uuid, person_uuid}
SESSION_PLANNED = "courses.session.planned"  # {session_uuid, run_uuid}: a meeting in person or a sitting of an exam
SESSION_CALLED_OFF = "courses.session.called_off"  # {session_uuid, run_uuid}
POST_WRITTEN = "courses.discussion.written"  # {post_uuid, thread_uuid, run_uuid}
TOOL_REGISTERED = "courses.lti.tool_registered"  # {registration_uuid, institution_uuid}
TOOL_CHANGED = "courses.lti.tool_changed"  # {registration_uuid, institution_uuid, changed: [names of columns]}
TOOL_CLOSED = "courses.lti.tool_closed"  # {registration_uuid, institution_uuid}
PLATFORM_REGISTERED = "courses.lti.platform_registered"  # {registration_uuid, institution_uuid}
SERVER_INVITED = "courses.lti.invited"  # {invitation_uuid, institution_uuid}
TOOL_JOINED = "courses.lti.tool_joined"  # {registration_uuid, institution_uuid}: waits for the office
PLATFORM_JOINED = "courses.lti.platform_joined"  # {registration_uuid, institution_uuid}: waits for the office
PLATFORM_CHANGED = "courses.lti.platform_changed"  # {registration_uuid, institution_uuid, changed: [names of columns]}
PLATFORM_CLOSED = "courses.lti.platform_closed"  # {registration_uuid, institution_uuid}
PLATFORM_LINKED = "courses.lti.platform_linked"  # {platform_uuid, person_uuid}
PLATFORM_UNLINKED = "courses.lti.platform_unlinked"  # {platform_uuid, person_uuid}
SCORE_TO_SEND = "courses.lti.score_to_pass_back"  # {passback_uuid}
RECORD_STORE_NAMED = "courses.xapi.store_named"  # {store_uuid, institution_uuid}
RECORD_STORE_CLOSED = "courses.xapi.store_closed"  # {store_uuid, institution_uuid}
RECORDS_TO_SEND = "courses.xapi.records_to_send"  # {store_uuid, traces: [numbers of rows]}
ANNOUNCED = "courses.announcement.made"  # {announcement_uuid, run_uuid}
SLOT_OFFERED = "courses.tutoring.offered"  # {slot_uuid, run_uuid}
SLOT_CANCELLED = "courses.tutoring.cancelled"  # {slot_uuid, run_uuid}
SLOT_BOOKED = "courses.tutoring.booked"  # {booking_uuid, slot_uuid, run_uuid}
BOOKING_CANCELLED = "courses.tutoring.booking_cancelled"  # {booking_uuid, slot_uuid, run_uuid}
TEXTBOOK_MARKED = "courses.textbook.marked"  # {course_uuid, verb: marked, changed or ended}
TEXTBOOK_PACKED = "courses.textbook.packed"  # {pack_uuid, course_uuid, version_uuid, sha256}
