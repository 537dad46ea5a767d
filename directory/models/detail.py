"""What one has to know before going: hours, costs, papers to bring."""

from typing import Self
from uuid import uuid4

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from directory.models.entry import in_active_language
from directory.models.place import Place
from directory.models.service import Service


class Detail(models.Model):
    """One line of what is known of a service; it is added and taken away, never changed."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)

    class Meta:
        abstract = True


class ScheduleQuerySet(models.QuerySet["Schedule"]):
    def shown_to(self, user: User | None) -> Self:
        """Hours that a reader may know of: not those of a place that is kept from her."""
        return self.filter(Q(place=None) | Q(place__in=Place.objects.shown_to(user)))


class Schedule(Detail):
    """Hours of one weekday, at one place or wherever the service is given (HSDS schedule)."""

    class Weekday(models.IntegerChoices):
        """As ISO 8601 numbers them."""

        MONDAY = 1, _("Monday")
        TUESDAY = 2, _("Tuesday")
        WEDNESDAY = 3, _("Wednesday")
        THURSDAY = 4, _("Thursday")
        FRIDAY = 5, _("Friday")
        SATURDAY = 6, _("Saturday")
        SUNDAY = 7, _("Sunday")

    service = models.ForeignKey(Service, models.CASCADE, related_name="hours")
    place = models.ForeignKey(
        Place,
        models.CASCADE,
        related_name="hours",
        null=True,
        blank=True,
        verbose_name=_("place"),
    )
    weekday = models.PositiveSmallIntegerField(
        _("weekday"), choices=Weekday, validators=[MinValueValidator(1), MaxValueValidator(7)]
    )
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"))
    valid_from = models.DateField(_("from day"), null=True, blank=True)
    valid_until = models.DateField(_("until day"), null=True, blank=True)

    objects = ScheduleQuerySet.as_manager()

    class Meta:
        verbose_name = _("hours")
        verbose_name_plural = _("hours")
        ordering = ["weekday", "opens", "pk"]
        constraints = [
            models.CheckConstraint(
                name="hours_close_after_they_open",
                condition=Q(closes__gt=F("opens")),
                violation_error_message=_("It closes after it opens."),
            ),
            models.CheckConstraint(
                name="hours_days_in_order",
                condition=Q(valid_from=None)
                | Q(valid_until=None)
                | Q(valid_until__gte=F("valid_from")),
                violation_error_message=_("The last day is not before the first one."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H:%M}–{self.closes:%H:%M}"


class Cost(Detail):
    """What a service costs, or that it is free: an amount of 0 (HSDS cost_option)."""

    service = models.ForeignKey(Service, models.CASCADE, related_name="costs")
    name_en = models.CharField(_("for what, in English"), max_length=200)
    name_sr = models.CharField(_("for what, in Serbian"), max_length=200, blank=True)
    amount = models.DecimalField(
        _("amount"),
        max_digits=10,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    currency = models.CharField(_("currency"), max_length=3, default="RSD")

    class Meta:
        verbose_name = _("cost")
        verbose_name_plural = _("costs")
        ordering = ["name_en", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_active_language(self.name_en, self.name_sr)


class RequiredDocument(Detail):
    """A paper that somebody has to bring (HSDS required_document)."""

    service = models.ForeignKey(Service, models.CASCADE, related_name="documents")
    name_en = models.CharField(_("paper, in English"), max_length=200)
    name_sr = models.CharField(_("paper, in Serbian"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("required document")
        verbose_name_plural = _("required documents")
        ordering = ["name_en", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_active_language(self.name_en, self.name_sr)
