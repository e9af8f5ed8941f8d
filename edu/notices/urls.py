"""Addresses of notices, under /<language>/notices/."""

from django.urls import path

from edu.notices import views

app_name = "notices"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("read/", views.read_all, name="read_all"),
    path("settings/", views.preferences, name="preferences"),
    path("stop/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("<uuid:notice_uuid>/", views.follow, name="follow"),
]
