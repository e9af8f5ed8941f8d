"""How somebody wants to be told."""

from django import forms
from django.utils.translation import gettext_lazy as _

from edu.design.forms import UiForm
from edu.notices.rules import MailChoice

MAIL_WORDS = [
    (MailChoice.AT_ONCE.value, _("At once")),
    (MailChoice.DAILY.value, _("Once a day, in the morning")),
    (MailChoice.NONE.value, _("No mail")),
]


class PreferenceForm(UiForm):
    """Mail by choice; short messages only where this installation can send them."""

    mail = forms.ChoiceField(label=_("Mail"), choices=MAIL_WORDS, widget=forms.RadioSelect)
    sms = forms.BooleanField(
        label=_("SMS for what is urgent"),
        required=False,
        help_text=_("For example when a tutoring hour is called off."),
    )
    wechat = forms.BooleanField(
        label=_("WeChat for what is urgent"), required=False, help_text=_("Through the official account of the site.")
    )
