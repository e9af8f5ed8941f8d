"""Addresses of study plans under the language prefix."""

from django.urls import path

from credits.exchange import registry_views, views

urlpatterns = [
    path("credits/plans/", views.my_plans, name="my_plans"),
    path("credits/plans/new/<uuid:run_uuid>/", views.start_plan, name="start_plan"),
    path("credits/plans/<uuid:plan_uuid>/", views.plan, name="plan"),
    path("credits/plans/<uuid:plan_uuid>/note/", views.plan_note, name="plan_note"),
    path("credits/plans/<uuid:plan_uuid>/check/", views.check_plan, name="check_plan"),
    path("credits/plans/<uuid:plan_uuid>/signed/", views.plan_signed, name="plan_signed"),
    path("credits/plans/<uuid:plan_uuid>/rewrite/", views.rewrite_plan, name="rewrite_plan"),
    path("credits/plans/<uuid:plan_uuid>/withdraw/", views.withdraw_plan, name="withdraw_plan"),
    path("registry/plans/", registry_views.plans, name="plan_queue"),
    path("registry/plans/<uuid:plan_uuid>/", registry_views.plan_case, name="plan_case"),
]
