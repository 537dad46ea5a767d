"""A browser in two words, so that its owner knows it again. Nothing else of it is kept."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

# The first that occurs counts: Edge and Opera also say Chrome, and Chrome also says Safari.
BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS X": "Mac",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}
UNKNOWN = _("Unknown device")


def words(user_agent: str) -> str:
    """For example "Firefox|Windows"; "" when neither is known."""
    found = [_first(BROWSERS, user_agent), _first(SYSTEMS, user_agent)]
    return "|".join(found) if any(found) else ""


def spoken(stored: str) -> str:
    """What `words` made, as a person reads it."""
    browser, _bar, system = stored.partition("|")
    if browser and system:
        return pgettext("browser on system", "%(browser)s on %(system)s") % {
            "browser": browser,
            "system": system,
        }
    return browser or system or str(UNKNOWN)


def _first(known: dict[str, str], text: str) -> str:
    return next((name for mark, name in known.items() if mark in text), "")
