"""The pages of django-allauth that we use, under the names by which it finds them; no others are reachable."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from django.urls import path, re_path

from edu.people import views

urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("signup/", views.learner_sign_up, name="account_signup"),
    path("confirm/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/mail/", account.password_reset, name="account_reset_password"),
    path("password/mail/sent/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/mail/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("password/mail/done/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("two-steps/", mfa.index, name="mfa_index"),
    path("two-steps/code/", mfa.authenticate, name="mfa_authenticate"),
    path("two-steps/confirm/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("two-steps/app/", views.ActivateSecondFactorView.as_view(), name="mfa_activate_totp"),
    path("two-steps/app/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("two-steps/recovery/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("two-steps/recovery/new/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("two-steps/recovery/file/", recovery_codes.download_recovery_codes, name="mfa_download_recovery_codes"),
]
