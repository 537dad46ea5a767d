"""What every page needs: the navigation for this person, the theme, the demo's banner."""

from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class Place(NamedTuple):
    """One entry: what it says, where it leads, its icon, and who gets it."""

    label: Any
    url_name: str
    icon: str
    permission: str


PLACES = [
    Place(_("Today"), "home", "home", "casework.view_cases"),
    Place(_("Cases"), "casework:cases", "clipboard-list", "casework.view_cases"),
    Place(_("Hub visits"), "casework:visits", "door-enter", "casework.record_visit"),
    Place(_("Outreach"), "outreach:sessions", "walk", "outreach.view_sessions"),
    Place(_("Referrals"), "referrals:list", "send", "referrals.view_referrals"),
    Place(_("Referrals"), "partner:inbox", "send", "referrals.answer_referral"),
    Place(_("Services"), "directory:organizations", "address-book", "directory.view_services"),
    Place(_("Trainings"), "outreach:trainings", "users-group", "outreach.record_training"),
    Place(_("Reports"), "reports:list", "chart-bar", "reports.view_reports"),
    Place(_("Reference data"), "admin:index", "settings", "accounts.use_admin_site"),
]


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `navigation`, `primary_action`, `find_url`, `theme`, `demo`."""
    user = getattr(request, "user", None)
    context: dict[str, Any] = {"demo": settings.DEMO, "theme": request.COOKIES.get("theme", "")}
    if isinstance(user, User):
        context["theme"] = user.theme
        context["navigation"] = [_entry(place, request) for place in PLACES if _open(place, user)]
        if user.has_perm("casework.record_visit"):
            url = reverse("casework:new_visit")
            context["primary_action"] = {"label": _("New hub visit"), "url": url}
        if user.has_perm("casework.view_cases"):
            context["find_url"] = reverse("casework:find")
    return context


def _open(place: Place, user: User) -> bool:
    return user.has_perm(place.permission)


def _entry(place: Place, request: HttpRequest) -> dict[str, Any]:
    url = reverse(place.url_name)
    at_home = url == "/"
    here = request.path == url if at_home else request.path.startswith(url)
    return {"label": place.label, "url": url, "icon": place.icon, "current": here}
