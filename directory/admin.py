"""The lists of the directory in the admin site: entries by action, institutions to read."""

from typing import TYPE_CHECKING, Any

from django.contrib.admin import AdminSite, ModelAdmin, TabularInline
from django.db import models
from django.http import HttpRequest

from directory import actions
from directory.models import (
    AgeBand,
    AgeBandSet,
    Area,
    Contact,
    DeclineReason,
    District,
    Donor,
    Grant,
    Language,
    Leaflet,
    LeafletEdition,
    Municipality,
    Need,
    OrganizationProfile,
    Route,
    Service,
    ServiceType,
    Topic,
)

# Django's classes take type arguments in the eyes of the type checker only.
if TYPE_CHECKING:
    BandInline = TabularInline[AgeBand, AgeBandSet]
    AnyModelAdmin = ModelAdmin[models.Model]
else:
    BandInline, AnyModelAdmin = TabularInline, ModelAdmin


class ReadOnly:
    """Shown as the reference files or the directory's own pages say; nothing is typed here."""

    def has_view_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return _may(request, "directory.view_services")

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return _may(request, "directory.view_services")


class Bands(ReadOnly, BandInline):
    model = AgeBand


class ReadOnlyAdmin(ReadOnly, AnyModelAdmin):
    list_per_page = 50


class AgeBandSetAdmin(ReadOnlyAdmin):
    inlines = [Bands]


class EntryAdmin(ReadOnlyAdmin):
    """Entries are added and corrected, by the action; never deleted, for rows speak of them."""

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return _may(request, "directory.edit_lists")

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return _may(request, "directory.edit_lists")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """A code stays what it is: it is the key that rows, exports and files name."""
        key = self.model._meta.pk.name
        return [key] if obj is not None and key != "id" else []

    def save_model(
        self, request: HttpRequest, obj: models.Model, form: object, change: bool
    ) -> None:
        actions.save_entry(
            obj, verb="change_entry" if change else "add_entry", actor=_user(request)
        )

    def log_addition(self, *args: object) -> None:  # type: ignore[override]  # makes no entry
        """The action wrote it down."""

    def log_change(self, *args: object) -> None:  # type: ignore[override]  # makes no entry
        """The action wrote it down."""


def _user(request: HttpRequest) -> Any:
    return request.user


def _may(request: HttpRequest, permission: str) -> bool:
    return bool(_user(request).has_perm(permission))


def register(site: AdminSite) -> None:
    """Show the lists on an admin site."""
    known = [Contact, District, Language, Municipality, OrganizationProfile, Service]
    site.register(known, ReadOnlyAdmin)
    site.register(AgeBandSet, AgeBandSetAdmin)
    lists = [
        Area,
        DeclineReason,
        Donor,
        Grant,
        Leaflet,
        LeafletEdition,
        Need,
        Route,
        ServiceType,
        Topic,
    ]
    site.register(lists, EntryAdmin)
