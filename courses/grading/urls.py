"""Addresses of grading under the language prefix."""

from django.urls import path

from courses.grading import answer_views, gradebook_views, policy_views, regrade_views, session_views, views

RUN = "teach/runs/<uuid:run_uuid>"

urlpatterns = [
    path(f"{RUN}/grades/", views.gradebook, name="gradebook"),
    path(f"{RUN}/grades/book.xlsx", gradebook_views.book, name="grade_book"),
    path(f"{RUN}/grades/upload/", gradebook_views.upload, name="grade_upload"),
    path(f"{RUN}/grades/sheets/<uuid:sheet_uuid>/", gradebook_views.sheet, name="grade_sheet"),
    path(f"{RUN}/grades/learners/<uuid:enrolment_uuid>/", gradebook_views.learner, name="grade_learner"),
    path(f"{RUN}/grades/results/<uuid:result_uuid>/correct/", gradebook_views.correct, name="grade_correct"),
    path(f"{RUN}/answers/", answer_views.answers, name="answers_waiting"),
    path(f"{RUN}/sessions/", session_views.sessions, name="grade_sessions"),
    path(f"{RUN}/sessions/new/", session_views.plan, name="grade_session_new"),
    path(f"{RUN}/sessions/<uuid:session_uuid>/", session_views.session, name="grade_session"),
    path(f"{RUN}/policies/", policy_views.policies, name="grade_policies"),
    path(f"{RUN}/policies/new/", policy_views.propose, name="grade_policy_new"),
    path("grading/policies/<uuid:policy_uuid>/", policy_views.policy, name="grade_policy"),
    path(f"{RUN}/regrades/", regrade_views.regrades, name="grade_regrades"),
    path(f"{RUN}/regrades/<uuid:job_uuid>/", regrade_views.regrade, name="grade_regrade"),
    path(f"{RUN}/signals/", regrade_views.cases, name="grade_cases"),
    path(f"{RUN}/signals/<uuid:case_uuid>/", regrade_views.signal, name="grade_signal"),
    path("registry/grades/", views.queue, name="grade_queue"),
    path("registry/grades/corrections/<uuid:correction_uuid>/", regrade_views.correction, name="grade_correction"),
    path("registry/grades/<uuid:result_uuid>/", views.case, name="grade_case"),
    path("registry/grades/<uuid:result_uuid>/return/", views.send_back, name="grade_return"),
    path("learn/results/", views.my_results, name="my_results"),
    path("learn/results/<uuid:result_uuid>/", views.my_result, name="my_result"),
]
