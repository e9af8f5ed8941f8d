"""Names for the addresses of the index pages, so that menus and forms can reverse them; Wagtail serves them."""

from django.urls import path
from wagtail.views import serve

from courses.catalogue.site_tree import COURSES_SLUG, INSTITUTIONS_SLUG

urlpatterns = [
    path(f"{COURSES_SLUG}/", serve, {"path": f"{COURSES_SLUG}/"}, name="catalogue"),
    path(f"{INSTITUTIONS_SLUG}/", serve, {"path": f"{INSTITUTIONS_SLUG}/"}, name="institutions"),
]
