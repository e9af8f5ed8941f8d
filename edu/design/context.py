"""What every page of ours needs around its own matter."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from edu.design import navigation, preferences

FOOTER = {  # name in templates: name in settings; empty values are not shown
    "operator": "GUIXUE_OPERATOR",
    "contact": "GUIXUE_CONTACT",
    "hours": "GUIXUE_CONTACT_HOURS",
    "icp": "GUIXUE_ICP_NUMBER",
    "police": "GUIXUE_POLICE_NUMBER",
    "site_code": "GUIXUE_SITE_CODE",
    "version": "GUIXUE_VERSION",
    "environment": "ENVIRONMENT_NAME",
    "base_url": "GUIXUE_BASE_URL",
}


def site(request: HttpRequest) -> dict[str, Any]:
    """Return the menus, the display settings and the footer's facts; lists are made only when a template asks."""
    return {
        "nav_items": SimpleLazyObject(lambda: navigation.links(request, navigation.PUBLIC)),
        "staff_nav_items": SimpleLazyObject(lambda: navigation.links(request, navigation.STAFF)),
        "display": preferences.read(request),
        "footer": {name: getattr(settings, setting, "") for name, setting in FOOTER.items()},
    }
