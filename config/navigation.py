"""What every page needs: the navigation for this person, the theme, the demo's banner."""

from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from accounts.sessions import lock_times


class Place(NamedTuple):
    """One entry: what it says, where it leads, its icon, and who gets it."""

    label: Any
    url_name: str
    icon: str
    permission: str


PLACES = [
    Place(_("Today"), "home", "home", "casework.view_cases"),
    Place(_("Cases"), "casework:cases", "clipboard-list", "casework.view_cases"),
    Place(_("Front desk"), "casework:desk", "user-check", "casework.check_in"),
    Place(_("Hub visits"), "casework:visits", "door-enter", "casework.record_visit"),
    Place(_("People"), "casework:people", "user", "casework.view_cases"),
    Place(_("Screening"), "screening:list", "list-check", "screening.start_screening"),
    Place(_("Outreach"), "outreach:sessions", "walk", "outreach.view_sessions"),
    Place(_("Referrals"), "referrals:list", "send", "referrals.view_referrals"),
    Place(_("Referrals"), "partner:inbox", "send", "referrals.answer_referral"),
    Place(_("Services"), "directory:organizations", "address-book", "directory.view_services"),
    Place(_("Trainings"), "outreach:trainings", "users-group", "outreach.record_training"),
    Place(_("Reports"), "reports:list", "chart-bar", "reports.view_reports"),
    Place(
        _("Emergency access"),
        "casework:emergencies",
        "alert-triangle",
        "casework.ask_emergency_access",
    ),
    Place(
        _("Emergency access"),
        "casework:emergency_reviews",
        "alert-triangle",
        "casework.review_emergency_access",
    ),
    Place(_("Data protection"), "protection:desk", "shield-lock", "protection.report_breach"),
    Place(_("Interpreters"), "casework:interpreters", "language", "casework.view_interpreters"),
    Place(_("Rules of services"), "casework:visit_rules", "list-check", "casework.set_visit_rules"),
    Place(_("Wordings"), "casework:consent_texts", "file-text", "casework.review_consent_text"),
    Place(_("Instruments"), "screening:instruments", "adjustments", "screening.publish_instrument"),
    Place(_("Users"), "accounts:users", "users", "accounts.manage_users"),
    Place(_("Signed in"), "accounts:colleagues", "device-desktop", "accounts.end_sessions"),
    Place(_("Roles"), "accounts:roles", "key", "accounts.view_roles"),
    Place(_("Keys of machines"), "accounts:tokens", "lock", "accounts.manage_tokens"),
    Place(_("Trail"), "protection:trail", "history", "accounts.search_trail"),
    Place(
        _("Reports received"),
        "screening:reports",
        "shield-lock",
        "screening.receive_conduct_report",
    ),
    Place(_("Unusual"), "protection:anomalies", "alert-triangle", "protection.review_anomaly"),
    Place(_("Usage"), "protection:usage", "chart-bar", "accounts.view_usage"),
    Place(_("Data dictionary"), "protection:dictionary", "file-text", "accounts.view_dictionary"),
    Place(_("Exports"), "exports:exports", "download", "exports.request_export"),
    Place(_("Exports"), "exports:register", "download", "exports.view_export_register"),
    Place(_("Reference data"), "admin:index", "settings", "accounts.use_admin_site"),
]

# Letters that open a place from every page.
KEYS = {"casework:desk": "d"}

# Pages of a place that stand under another address.
PARTS = {"casework:here": "casework:desk"}

FIELD_FIRST = {"home": 0, "outreach:sessions": 1, "casework:visits": 2}


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `navigation`, `primary_action`, `unread`, `find_url`, `theme`, `demo`."""
    user = getattr(request, "user", None)
    context: dict[str, Any] = {"demo": settings.DEMO, "theme": request.COOKIES.get("theme", "")}
    if isinstance(user, User):
        context["theme"] = user.theme
        # Some requests never reach the middleware of sessions: an error page, a host unknown.
        row = getattr(getattr(request, "session", None), "row", None)
        context |= lock_times(row)
        context["may_lock_everything"] = user.has_perm("accounts.lock_everything")
        context["navigation"] = _entries(_places_of(user), request.path)
        context["primary_action"] = _main_task(user)
        context["unread"] = vars(row or user).get("unread", 0)
        if user.has_perm("casework.view_cases"):
            context["find_url"] = reverse("casework:find")
    return context


def _places_of(user: User) -> list[Place]:
    """What this person may open; whoever works outside finds the field before the desk."""
    places = [place for place in PLACES if user.has_perm(place.permission)]
    if user.has_role(Role.Code.MOBILE):
        places.sort(key=lambda place: FIELD_FIRST.get(place.url_name, len(FIELD_FIRST)))
    return places


def _main_task(user: User) -> dict[str, Any] | None:
    """What this person does most often, one press away on every page."""
    if user.has_role(Role.Code.MOBILE):
        return {"label": _("Start session"), "url": reverse("outreach:start")}
    if user.has_perm("casework.record_visit"):
        return {"label": _("New hub visit"), "url": reverse("casework:new_visit")}
    return None


def _entries(places: list[Place], path: str) -> list[dict[str, Any]]:
    """The places with their addresses; the one that this page belongs to is current."""
    urls = [reverse(place.url_name) for place in places]
    path = next((reverse(of) for part, of in PARTS.items() if path.startswith(reverse(part))), path)
    around = [url for url in urls if path == url or (url != "/" and path.startswith(url))]
    here = max(around, key=len, default="")
    return [
        {
            "label": place.label,
            "url": url,
            "icon": place.icon,
            "current": url == here,
            "key": KEYS.get(place.url_name, ""),
        }
        for place, url in zip(places, urls, strict=True)
    ]
