"""What django-allauth asks of this site."""

import base64
import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from edu.people import attempts
from edu.people.models import Person

FRESH_S = 300  # as long as allauth takes a password typed again for fresh


class AccountAdapter(DefaultAccountAdapter):
    """Leads home after sign-in; accounts are made by schools or by our own form."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False  # allauth's own form; ours is edu.people.views.sign_up

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Return the account page; `next` in the address has precedence."""
        return reverse("people:account")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("people:account")

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """False for a while after signing in: the password was typed a moment ago."""
        request = context.request
        records = get_authentication_records(request, request.user)
        if any(time.time() - record["at"] < FRESH_S for record in records):
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def reauthenticate(self, user: Person, password: str) -> bool:
        """True when it is the person's password, within the limits on failures."""
        keys = attempts.keys_of(None, f"again {user.pk}")
        attempts.check(keys)
        if not user.check_password(password):
            attempts.failed(keys)
            return False
        attempts.succeeded(keys)
        return True

    def send_notification_mail(self, *args: object, **kwargs: object) -> None:
        """Send nothing: most people have no e-mail, and the account page shows what happened."""


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keeps secrets encrypted with a key made from the site's secret, so that a dump of the database lacks them."""

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def get_totp_label(self, user: Person) -> str:
        """Return what an authenticator app shows beside the code."""
        return user.name

    def send_notification_mail(self, *args: object, **kwargs: object) -> None:
        """Send nothing, as above."""


def _cipher() -> Fernet:
    derivation = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"guixue second factor 1")
    return Fernet(base64.urlsafe_b64encode(derivation.derive(settings.SECRET_KEY.encode())))
