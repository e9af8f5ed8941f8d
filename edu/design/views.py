"""Display settings for everyone, the styleguide for staff."""

from django.contrib.admin.views.decorators import staff_member_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from edu.design import preferences as kept
from edu.design import specimens
from edu.design.forms import PreferencesForm
from edu.design.templatetags.ui import home_url


def _safe_next(request: HttpRequest, url: str) -> str:
    """Return `url` when it stays on this host, else the home page."""
    allowed = url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())
    return url if url and allowed else home_url()


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """Show the display settings, or keep them in cookies and go back to where the visitor was."""
    if request.method != "POST":
        now = kept.read(request)
        initial = {**{name: getattr(now, name) for name in kept.CHOICES}, "next": request.GET.get("next", "")}
        return _preferences_page(request, PreferencesForm(initial=initial))
    form = PreferencesForm(request.POST)
    if not form.is_valid():
        return _preferences_page(request, form)
    response = HttpResponseRedirect(_safe_next(request, form.cleaned_data["next"]))
    for name in kept.CHOICES:
        response.set_cookie(
            kept.cookie_name(name), form.cleaned_data[name], max_age=kept.COOKIE_AGE_S,
            secure=request.is_secure(), httponly=True, samesite="Lax",
        )  # fmt: skip
    return response


def _preferences_page(request: HttpRequest, form: PreferencesForm) -> HttpResponse:
    crumbs = [(_("Home"), home_url()), (_("Display settings"), "")]
    return render(
        request, "design/preferences.html", {"form": form, "crumbs": crumbs}, status=422 if form.errors else 200
    )


@require_safe
@staff_member_required(login_url="account_login")
def styleguide(request: HttpRequest) -> HttpResponse:
    """Show every component in every state; ?base=staff draws the page as staff pages are drawn."""
    return render(request, "design/styleguide.html", specimens.context(request))
