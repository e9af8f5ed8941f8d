"""Forms of signing in and of the account. Every error says what to do."""

from typing import Any

from allauth.account.forms import ChangePasswordForm as AllauthChangePasswordForm
from allauth.account.forms import ReauthenticateForm, ResetPasswordForm, ResetPasswordKeyForm
from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as SecondFactorReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from edu.kernel.errors import Refusal
from edu.people import attempts
from edu.people.models import OneTimeCode
from edu.people.queries import institutions_with_people
from edu.people.rules import NAME_CHARS_MAX, Identifier, normal_name, read_identifier

CODE_INPUT = {"autocomplete": "one-time-code", "class": "w-16", "autocapitalize": "characters", "spellcheck": "false"}
DIGITS_INPUT = {"autocomplete": "one-time-code", "inputmode": "numeric", "class": "w-8"}


class IdentifierForm(forms.Form):
    """Asks for one of the three identifiers: a school and a number there, or an e-mail or phone number alone."""

    school = forms.ChoiceField(
        label=_("School"),
        required=False,
        help_text=_("Choose it when signing in with a student or staff number."),
    )
    identifier = forms.CharField(
        label=_("Student or staff number, phone or e-mail"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": _("Enter a student or staff number, a phone number or an e-mail address.")},
    )

    def __init__(self, *args: Any, request: HttpRequest | None = None, **kwargs: Any) -> None:
        self.request = request
        super().__init__(*args, **kwargs)
        language = get_language() or "zh-hans"
        self.schools = [(one.code or "", one.name(language)) for one in institutions_with_people() if one.code]
        field = self.fields["school"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("None: with phone or e-mail")), *self.schools]
        wanted = request.GET.get("school", "") if request else ""
        field.initial = next((code for code, _name in self.schools if wanted and code.endswith(wanted)), "")

    def read(self) -> Identifier | None:
        """Return what was entered; the error stands at the field when it is nothing we know."""
        text, school = self.cleaned_data.get("identifier", ""), self.cleaned_data.get("school", "")
        found = read_identifier(text)
        if school and (found is None or found.kind == "phone"):  # a number may look like a phone number
            found = read_identifier(f"{school}/{text.strip()}")
        if found is None and text:
            message = _("Choose the school that gave you this number, or enter a whole phone number or e-mail address.")
            self.add_error("identifier", message)
        return found


class SignInForm(IdentifierForm):
    """Sign-in as django-allauth drives it: `login` is called once the form is valid."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Enter your password.")},
    )

    def clean(self) -> dict[str, Any]:
        """Check the password, within the limits on failures."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        identifier = self.read()
        if identifier is None or self.errors:
            return cleaned
        keys = attempts.keys_of(self.request, f"{identifier.institution_code}/{identifier.value}")
        try:
            attempts.check(keys)
        except Refusal as refusal:
            raise forms.ValidationError(refusal.message, code=refusal.code) from refusal
        user = authenticate(self.request, identifier=identifier, password=cleaned["password"])
        if user is None:
            attempts.failed(keys)
            message = _(
                "These entries and the password do not belong together. Check them, or ask for a new password below."
            )
            raise forms.ValidationError(message, code="mismatch")
        attempts.succeeded(keys)
        self.user = user
        return cleaned

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponseBase:
        """Sign in, through the second factor where there is one; the session ends with the browser."""
        response: HttpResponseBase = perform_password_login(
            request, {}, Login(user=self.user, redirect_url=redirect_url)
        )
        request.session.set_expiry(0)
        return response


class CodeForm(IdentifierForm):
    """The first step of setting a password by a code on paper: who, and which code."""

    code = forms.CharField(
        label=_("One-time code"),
        max_length=20,
        help_text=_("Eight letters and digits, for example K7QF-3MXD."),
        widget=forms.TextInput(attrs=CODE_INPUT),
        error_messages={"required": _("Enter the code that your school gave you.")},
    )


class ActivationForm(CodeForm):
    """The first step of activation asks for the name too: a found sheet of paper must not suffice by itself."""

    field_order = ["school", "identifier", "name", "code"]
    name = forms.CharField(
        label=_("Name"),
        max_length=NAME_CHARS_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Enter your name as the school writes it.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["identifier"].label = _("Student or staff number")
        school = self.fields["school"]
        assert isinstance(school, forms.ChoiceField)
        school.required, school.help_text = True, ""
        school.error_messages["required"] = _("Choose the school that made the account.")
        school.choices = [("", _("Choose the school")), *self.schools]


class NewPasswordForm(forms.Form):
    """A new password, once: it can be seen while it is typed, so it is not asked for twice."""

    password = forms.CharField(
        label=_("New password"),
        strip=False,
        help_text=_("At least 8 characters; not your name or number, and not a common one such as 12345678."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Enter a password of at least 8 characters.")},
    )


class SignUpForm(forms.Form):
    """A public learner's account."""

    name = forms.CharField(
        label=_("Name"),
        max_length=NAME_CHARS_MAX,
        help_text=_("It will stand on certificates."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Enter your name.")},
    )
    identifier = forms.CharField(
        label=_("Phone or e-mail"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
        error_messages={"required": _("Enter a phone number or an e-mail address.")},
    )
    password = NewPasswordForm.base_fields["password"]

    def clean_name(self) -> str:
        """Return the name as it is stored."""
        return normal_name(self.cleaned_data["name"])

    def clean_identifier(self) -> Identifier:
        """Return the phone number or address as a value."""
        found = read_identifier(self.cleaned_data["identifier"])
        if found is None or found.kind == "number":
            raise forms.ValidationError(
                _("Enter a whole phone number, for example 138 0013 8000, or an e-mail address."), code="unreadable"
            )
        return found


class ImportForm(forms.Form):
    """A list to take over."""

    file = forms.FileField(
        label=_("List"),
        help_text=_("An .xlsx or .csv file of up to 10 MB and 20,000 rows."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={"required": _("Choose the file."), "empty": _("The file is empty. Choose another one.")},
    )
    dry_run = forms.BooleanField(
        label=_("Only check"), required=False, initial=True, help_text=_("Shows what would happen and writes nothing.")
    )


def _ask(form: forms.Form, name: str, label: Any, *, missing: Any, attrs: dict[str, str] | None = None) -> None:
    """Give a field of somebody else's form our words."""
    field = form.fields[name]
    field.label = label
    field.error_messages["required"] = missing
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs.update(attrs or {})


class ConfirmPasswordForm(ReauthenticateForm):
    """The password once more, before the account's safety is touched."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask(self, "password", _("Password"), missing=_("Enter your password."))
        self.fields["password"].help_text = ""


class ChangePasswordForm(AllauthChangePasswordForm):
    """The old password and a new one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask(self, "oldpassword", _("Present password"), missing=_("Enter your password."))
        self.fields["oldpassword"].help_text = ""
        _new_password(self)


class MailResetForm(ResetPasswordForm):
    """Whom to send a link."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask(self, "email", _("E-mail"), missing=_("Enter the e-mail address of your account."))


class MailNewPasswordForm(ResetPasswordKeyForm):
    """A new password after the link from the mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _new_password(self)


def _new_password(form: forms.Form) -> None:
    own = NewPasswordForm.base_fields["password"]
    _ask(form, "password1", own.label, missing=own.error_messages["required"])
    form.fields["password1"].help_text = own.help_text
    _ask(form, "password2", _("New password again"), missing=_("Enter the new password a second time."))


class SecondFactorForm(AuthenticateForm):
    """The code at sign-in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_for_digits(self)


class SecondFactorAgainForm(SecondFactorReauthenticateForm):
    """The code once more, before the account's safety is touched."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_for_digits(self)


class ActivateSecondFactorForm(ActivateTOTPForm):
    """The first code, which proves that the app has taken the secret."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask(self, "code", _("Code from the app"), missing=_("Enter the six digits."), attrs=DIGITS_INPUT)


def _ask_for_digits(form: forms.Form) -> None:
    _ask(form, "code", _("Code"), missing=_("Enter the six digits, or a recovery code."), attrs=DIGITS_INPUT)
    form.fields["code"].help_text = _("Six digits from the app, or one of the recovery codes.")


def checked_code(form: CodeForm, purpose: str, check: Any) -> OneTimeCode | None:
    """Return the code that a valid first step names, within the limits on failures; errors stand at the form."""
    identifier = form.read()
    if identifier is None or form.errors:
        return None
    keys = attempts.keys_of(form.request, f"{purpose} {identifier.institution_code}/{identifier.value}")
    name = form.cleaned_data.get("name")
    try:
        attempts.check(keys)
        row: OneTimeCode = check(purpose=purpose, identifier=identifier, code=form.cleaned_data["code"], name=name)
    except Refusal as refusal:
        if refusal.code != "too-many-attempts":
            attempts.failed(keys)
        form.add_error(None, refusal.message)
        return None
    attempts.succeeded(keys)
    return row
