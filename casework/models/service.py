"""What was done for a person, under whose money."""

from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from casework.models.case import Case
from casework.models.person import Person
from casework.models.visit import Visit
from directory.models import Grant, Language, ServiceType


class ServiceDeliveredQuerySet(models.QuerySet["ServiceDelivered"]):
    def visible_to(self, user: User) -> Self:
        """Hub services of visible people; services inside a case only with the case."""
        return self.filter(
            Q(case=None, person__in=Person.objects.visible_to(user))
            | Q(case__in=Case.objects.visible_to(user))
        )


class ServiceDelivered(models.Model):
    """One service delivered to one person on one day; counted once for its grant."""

    class Channel(models.TextChoices):
        IN_PERSON = "in_person", _("In person")
        PHONE = "phone", _("By phone")
        MESSAGE = "message", _("By message")
        GROUP = "group", _("In a group")

    class Override(models.TextChoices):
        """Why it was given although a rule of the house said not yet."""

        NONE = "", _("Within the rules")
        LOST = "lost", _("The last one was lost or spoilt")
        HEALTH = "health", _("Health")
        CHILD = "child", _("A child needs it")
        WEATHER = "weather", _("Cold or wet")
        LEAVING = "leaving", _("Leaves today")
        OTHER = "other", _("Another reason")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="services")
    case = models.ForeignKey(Case, models.PROTECT, related_name="services", null=True, blank=True)
    visit = models.ForeignKey(Visit, models.CASCADE, related_name="services", null=True, blank=True)
    service_type = models.ForeignKey(
        ServiceType, models.PROTECT, related_name="+", verbose_name=_("service")
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", verbose_name=_("delivered by")
    )
    grant = models.ForeignKey(
        Grant, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("grant")
    )
    delivered_on = models.DateField(_("day"), default=timezone.localdate)
    language = models.ForeignKey(
        Language,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("language"),
    )
    channel = models.CharField(_("how"), max_length=10, choices=Channel, default=Channel.IN_PERSON)
    quantity = models.PositiveSmallIntegerField(_("how much"), default=1)
    override = models.CharField(
        _("given against the rule"), max_length=10, choices=Override, blank=True
    )
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ServiceDeliveredQuerySet.as_manager()

    class Meta:
        verbose_name = _("service delivered")
        verbose_name_plural = _("services delivered")
        ordering = ["-delivered_on", "-recorded_at"]
        permissions = [("deliver_service", "Can record a service delivered")]
        constraints = [
            models.CheckConstraint(
                name="service_quantity_is_positive",
                condition=Q(quantity__gte=1),
                violation_error_message=_("The quantity is at least one."),
            )
        ]
        indexes = [
            models.Index(fields=["person", "delivered_on"], name="service_by_person"),
            models.Index(
                fields=["organization", "delivered_on", "service_type"], name="service_by_day"
            ),
        ]

    def __str__(self) -> str:
        return str(self.service_type)
