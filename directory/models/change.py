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
from directory.models.place import Place
from directory.models.service import Service

Target = Contact | Service | Place
TARGETS = ("contact", "service", "place")
GUARDED: dict[type[Target], tuple[str, ...]] = {
    Contact: Contact.GUARDED,
    Service: Service.GUARDED,
}


def in_words(value: object) -> str:
    """A value of a field as a person reads it."""
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    if isinstance(value, list):
        return ", ".join(str(part) for part in value)
    return "" if value is None else str(value)


class ChangeQuerySet(models.QuerySet["Change"]):
    def shown_to(self, user: User | None) -> Self:
        """All of them for those who work in a house, its own for an institution.

        Of a place only who may know of the place.
        """
        if user is None:
            return self.none()
        rows = self.filter(Q(place=None) | Q(place__in=Place.objects.shown_to(user)))
        if user.organization.is_house:
            return rows
        return rows.filter(organization=user.organization_id)

    def of(self, target: "Target") -> Self:
        """Those of one entry."""
        return self.filter(**{target._meta.model_name or "": target.pk})

    def waiting(self) -> Self:
        """Nobody has said the last word yet."""
        return self.filter(state__in=WAITING)

    def with_target(self) -> Self:
        return self.select_related(
            "organization", "contact", "service", "place", "proposed_by", "proposed_through"
        )


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
    contact = models.ForeignKey(
        Contact, models.CASCADE, related_name="changes", null=True, blank=True
    )
    service = models.ForeignKey(
        Service, models.CASCADE, related_name="changes", null=True, blank=True
    )
    place = models.ForeignKey(Place, models.CASCADE, related_name="changes", null=True, blank=True)
    field = models.CharField(_("field"), max_length=40)
    old = models.JSONField(_("as it is"), null=True, blank=True)
    new = models.JSONField(_("as it should be"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PROPOSED)
    # Somebody signed in, or a contact by a link.
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    proposed_through = models.ForeignKey(
        Contact, models.PROTECT, related_name="+", null=True, blank=True
    )
    # The version of the entry that was looked at.
    version = models.PositiveIntegerField(default=1)
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
            ("propose_change", "Can ask for a change of an entry of the own institution"),
            ("review_change", "Can agree to or refuse what an institution asks for"),
            ("confirm_change", "Can confirm a changed phone number or mail address"),
        ]
        constraints = [
            *(
                models.UniqueConstraint(
                    fields=[name, "field"],
                    condition=Q(state__in=["proposed", "agreed"]),
                    name=f"one_open_change_per_{name}",
                    violation_error_message=_("A change of this waits already."),
                )
                for name in TARGETS
            ),
            models.CheckConstraint(
                name="change_is_of_one_entry",
                condition=Q(contact__isnull=False, service=None, place=None)
                | Q(contact=None, service__isnull=False, place=None)
                | Q(contact=None, service=None, place__isnull=False),
                violation_error_message=_("A change is of one entry."),
            ),
            models.CheckConstraint(
                name="change_asked_for_by_somebody",
                condition=Q(proposed_by__isnull=False, proposed_through=None)
                | Q(proposed_by=None, proposed_through__isnull=False),
                violation_error_message=_("Say who asked for it."),
            ),
            models.CheckConstraint(
                name="second_person_is_another",
                condition=Q(confirmed_by=None)
                | (Q(proposed_by=None) | ~Q(confirmed_by=F("proposed_by")))
                & ~Q(confirmed_by=F("decided_by")),
                violation_error_message=_("Somebody else has to confirm it."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field} ({self.get_state_display()})"

    @property
    def target(self) -> Target:
        """The entry that it changes, read with it."""
        found = self.contact or self.service or self.place
        if found is None:
            raise ValueError("A change is of one entry.")
        return found

    @property
    def label(self) -> str | Promise:
        """What the field is called."""
        field = self.target._meta.get_field(self.field)
        return getattr(field, "verbose_name", self.field)

    @property
    def is_guarded(self) -> bool:
        """Whether a second person has to confirm it."""
        return self.field in GUARDED.get(type(self.target), ())

    @property
    def asked_by(self) -> str:
        who = self.proposed_by or self.proposed_through
        return who.name if who else ""

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
