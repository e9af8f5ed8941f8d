"""Addresses of agreements and rules under the language prefix."""

from django.urls import path

from credits.agreements import views

urlpatterns = [
    path("registry/agreements/", views.agreements, name="agreements"),
    path("registry/agreements/new/", views.new_agreement, name="new_agreement"),
    path("registry/agreements/<uuid:version_uuid>/", views.agreement, name="agreement"),
    path("registry/agreements/<uuid:version_uuid>/edit/", views.edit_agreement, name="edit_agreement"),
    path("registry/agreements/<uuid:version_uuid>/decide/", views.decide_agreement, name="decide_agreement"),
    path("registry/rules/", views.equivalences, name="equivalences"),
    path("registry/rules/new/", views.new_equivalence, name="new_equivalence"),
    path("registry/rules/<uuid:equivalence_uuid>/", views.equivalence, name="equivalence"),
    path("registry/rules/<uuid:equivalence_uuid>/decide/", views.decide_equivalence, name="decide_equivalence"),
]
