"""Where a page that came in between leads back to: on this site, or to a form that was kept."""

from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.http import read_id


def asked_uuid(request: HttpRequest, name: str) -> UUID | None:
    return read_id(request.POST.get(name) or request.GET.get(name, ""))


def where_back(request: HttpRequest) -> str:
    """The kept form, else the page that was asked for, else the first page."""
    draft = asked_uuid(request, "draft")
    if draft is not None:
        return reverse("accounts:kept", args=[draft])
    told = request.POST.get("next") or request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(told, {request.get_host()}, request.is_secure())
    return told if safe else reverse("home")
