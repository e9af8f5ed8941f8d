"""Addresses of grading under the language prefix."""

from django.urls import path

from courses.grading import views

urlpatterns = [
    path("teach/runs/<uuid:run_uuid>/grades/", views.gradebook, name="gradebook"),
    path("registry/grades/", views.queue, name="grade_queue"),
    path("registry/grades/<uuid:result_uuid>/", views.case, name="grade_case"),
    path("registry/grades/<uuid:result_uuid>/return/", views.send_back, name="grade_return"),
    path("learn/results/", views.my_results, name="my_results"),
    path("learn/results/<uuid:result_uuid>/", views.my_result, name="my_result"),
]
