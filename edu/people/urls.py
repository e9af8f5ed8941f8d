"""Addresses of the account, under /<language>/account/."""

from django.urls import path

from edu.people import office_views, views

app_name = "people"
urlpatterns = [
    path("", views.account, name="account"),
    path("identities/", views.identities, name="identities"),
    path("access/", views.access_log, name="access_log"),
    path("language/", views.language, name="language"),
    path("second-factor/", views.second_factor, name="second_factor"),
    path("activate/", views.activate, name="activate"),
    path("reset/", views.reset, name="reset"),
    path("new-password/", views.new_password, name="new_password"),
    path("people/", office_views.office, name="office"),
    path("people/import/", office_views.take_over_people, name="import_people"),
    path("people/import/people.xlsx", office_views.template, name="people_template"),
    path("people/<uuid:person_uuid>/code/", office_views.code, name="code"),
    path("institutions/import/", office_views.take_over_institutions, name="import_institutions"),
]
