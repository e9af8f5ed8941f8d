"""How a visitor wants pages drawn: theme, density, contrast, shortcuts; kept in cookies, so it works signed out."""

from dataclasses import dataclass, replace

from django.http import HttpRequest

COOKIE_AGE_S = 365 * 24 * 3600  # a year: asked again seldom, forgotten in the end
CHOICES: dict[str, tuple[str, ...]] = {  # the first of each is what holds without a cookie
    "theme": ("system", "light", "dark"),
    "density": ("default", "compact", "roomy"),
    "contrast": ("default", "more"),
    "shortcuts": ("on", "off"),
}


@dataclass(frozen=True)
class Preferences:
    """The four settings; every value is one of CHOICES."""

    theme: str = "system"
    density: str = "default"
    contrast: str = "default"
    shortcuts: str = "on"


def cookie_name(setting: str) -> str:
    return f"gx_{setting}"


def read(request: HttpRequest) -> Preferences:
    """Return the settings in the request's cookies; unknown values count as not set."""
    known = {
        setting: value
        for setting, values in CHOICES.items()
        if (value := request.COOKIES.get(cookie_name(setting), "")) in values
    }
    return replace(Preferences(), **known)
