"""Whom to reach at an institution: the focal point, the deputy, the manager."""

from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from directory.models.service import PHONE_SHAPE, Service
from directory.models.words import Language


class ContactQuerySet(models.QuerySet["Contact"]):
    def shown_to(self, user: User | None) -> Self:
        """All of them for those who work in a house, its own for an institution."""
        if user is None:
            return self.none()
        if user.organization.is_house:
            return self
        return self.filter(organization=user.organization_id)

    def for_referral(self, service: Service) -> Self:
        """Who may be asked about a referral to this service, the focal point first.

        Only those whom somebody verified; who answers for the service stands before who answers
        for all of the institution.
        """
        rows = self.filter(
            Q(service=service) | Q(service=None),
            organization=service.organization_id,
            is_active=True,
            verified_on__isnull=False,
        )
        return rows.in_turn()

    def in_turn(self) -> Self:
        """In the order in which they are asked."""
        place = models.Case(
            *(models.When(role=role, then=number) for number, role in enumerate(Contact.Role)),
            output_field=models.SmallIntegerField(),
        )
        return self.order_by(place, F("service").asc(nulls_last=True), "name", "pk")


class Contact(models.Model):
    """Somebody who answers for an institution or one service of it (HSDS contact)."""

    class Role(models.TextChoices):
        """In the order in which they are asked."""

        FOCAL = "focal", _("Focal point")
        DEPUTY = "deputy", _("Deputy")
        MANAGER = "manager", _("Manager")

    # Where a message or a call goes: a change of it needs a second person.
    GUARDED = ("phone", "email")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="contacts", verbose_name=_("organization")
    )
    service = models.ForeignKey(
        Service,
        models.PROTECT,
        related_name="contacts",
        null=True,
        blank=True,
        verbose_name=_("service"),
    )
    role = models.CharField(_("task"), max_length=10, choices=Role, default=Role.FOCAL)
    name = models.CharField(_("name"), max_length=120)
    position = models.CharField(_("position"), max_length=120, blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True, validators=[PHONE_SHAPE])
    email = models.EmailField(_("mail address"), blank=True)
    language = models.ForeignKey(
        Language,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("language"),
    )
    is_active = models.BooleanField(_("still there"), default=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("written by")
    )
    verified_on = models.DateField(_("last verified"), null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("verified by"),
    )

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["organization", "-is_active", "name"]
        permissions = [("edit_contact", "Can add and change contacts of institutions")]
        constraints = [
            models.CheckConstraint(
                name="contact_can_be_reached",
                condition=~Q(phone="") | ~Q(email=""),
                violation_error_message=_("Give a phone number or a mail address."),
            ),
            models.CheckConstraint(
                name="contact_verified_by_somebody",
                condition=Q(verified_on=None, verified_by=None)
                | Q(verified_on__isnull=False, verified_by__isnull=False),
                violation_error_message=_("Say who verified the contact, and when."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.get_role_display()})"

    def get_absolute_url(self) -> str:
        return reverse("directory:organization", args=[self.organization_id])

    @property
    def is_verified(self) -> bool:
        return self.verified_on is not None
