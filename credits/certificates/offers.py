"""What certificates offer below: menu items and the public API's routers. credits/startup.py calls it."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from credits.certificates import endpoints
from edu.api import registry as api
from edu.design import navigation

REGISTRAR = "registrar"


def _has_an_account(request: HttpRequest) -> bool:
    return request.user.is_authenticated


def _is_registrar(request: HttpRequest) -> bool:
    return getattr(getattr(request, "actor", None), "role", "") == REGISTRAR


def register() -> None:
    """Offer menu items and endpoints; safe to call again."""
    navigation.register(
        navigation.NavItem("credits:my_certificates", _("My certificates"), order=55, shown=_has_an_account),
        navigation.NavItem(
            "credits:registry_certificates",
            _("Certificates"),
            order=70,
            area=navigation.STAFF,
            shown=_is_registrar,
        ),
    )
    api.register("certificates", endpoints.certificates)
    api.register("issuers", endpoints.issuers)
