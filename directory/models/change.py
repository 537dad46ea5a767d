"""Changes of the directory that wait for somebody: proposed, agreed to, confirmed, refused."""

from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from directory.models.contact import Contact


def in_words(value: object) -> str:
    """A value of a field as a person reads it."""
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    if isinstance(value, list):
        return ", ".join(str(part) for part in value)
    return "" if value is None else str(value)


class ChangeQuerySet(models.QuerySet["Change"]):
    def shown_to(self, user: User | None) -> Self:
        """All of them for those who work in a house, its own for an institution."""
        if user is None:
            return self.none()
        if user.organization.is_house:
            return self
        return self.filter(organization=user.organization_id)

    def waiting(self) -> Self:
        """Nobody has said the last word yet."""
        return self.filter(state__in=WAITING)

    def with_target(self) -> Self:
        return self.select_related("organization", "contact", "proposed_by", "decided_by")


class Change(models.Model):
    """One field of one entry with its old value and the one that is asked for.

    An editor agrees or refuses; where it is a phone number or a mail address, a second person,
    who neither asked for it nor agreed to it, has to confirm it before it holds.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Waits for an editor")
        AGREED = "agreed", _("Waits for a second person")
        MADE = "made", _("Made")
        REFUSED = "refused", _("Refused")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="changes")
    field = models.CharField(_("field"), max_length=40)
    old = models.JSONField(_("as it is"), null=True, blank=True)
    new = models.JSONField(_("as it should be"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PROPOSED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of an entry")
        verbose_name_plural = _("changes of entries")
        ordering = ["proposed_at", "pk"]
        permissions = [
            ("confirm_change", "Can confirm a changed phone number or mail address"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "field"],
                condition=Q(state__in=["proposed", "agreed"]),
                name="one_open_change_per_contact",
                violation_error_message=_("A change of this waits already."),
            ),
            models.CheckConstraint(
                name="second_person_is_another",
                condition=Q(confirmed_by=None)
                | ~Q(confirmed_by=F("proposed_by")) & ~Q(confirmed_by=F("decided_by")),
                violation_error_message=_("Somebody else has to confirm it."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field} ({self.get_state_display()})"

    @property
    def target(self) -> Contact:
        """The entry that it changes, read with it."""
        return self.contact

    @property
    def label(self) -> str | Promise:
        """What the field is called."""
        field = self.target._meta.get_field(self.field)
        return getattr(field, "verbose_name", self.field)

    @property
    def old_words(self) -> str:
        return in_words(self.old)

    @property
    def new_words(self) -> str:
        return in_words(self.new)

    @property
    def waits_for_second(self) -> bool:
        return self.state == self.State.AGREED

    @property
    def is_waiting(self) -> bool:
        return self.state in WAITING


WAITING = frozenset({Change.State.PROPOSED, Change.State.AGREED})
