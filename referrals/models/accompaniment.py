"""Going along with somebody: who, where to, why, how long, and what came of it."""

from uuid import uuid4

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from casework.models import Case, Interpreter, ServiceDelivered
from casework.models.gate import OfCaseQuerySet
from referrals.models.referral import Referral

# A day and a night; longer is a slip of the keyboard.
LONGEST = 24 * 60


class AccompanimentQuerySet(OfCaseQuerySet["Accompaniment"]):
    pass


class Accompaniment(models.Model):
    """One way that somebody did not have to go alone; it counts as one service at most."""

    class Place(models.TextChoices):
        """Where to, where no institution of the directory is meant."""

        POLICE = "police", _("Police")
        COURT = "court", _("Court or prosecution")
        HEALTH = "health", _("Doctor or hospital")
        SOCIAL_WORK = "social_work", _("Centre for social work")
        ASYLUM = "asylum", _("Asylum office")
        CENTRE = "centre", _("Asylum or reception centre")
        SHELTER = "shelter", _("Shelter")
        SCHOOL = "school", _("School or course")
        EMBASSY = "embassy", _("Embassy or consulate")
        BANK_POST = "bank_post", _("Bank, post or another counter")
        OTHER = "other", _("Another place")

    class Why(models.TextChoices):
        APPOINTMENT = "appointment", _("First appointment")
        EXAMINATION = "examination", _("Examination or treatment")
        HEARING = "hearing", _("Statement or hearing")
        PAPERS = "papers", _("Papers or registration")
        MOVE = "move", _("Move to a safe place")
        SUPPORT = "support", _("Asked not to go alone")
        OTHER = "other", _("Another reason")

    class Outcome(models.TextChoices):
        DONE = "done", _("Done")
        PARTLY = "partly", _("Done in part, another way is needed")
        AGAIN = "again", _("Sent away to come again")
        TURNED_AWAY = "turned_away", _("Turned away")
        LEFT = "left", _("The client did not want to stay")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="accompaniments")
    referral = models.ForeignKey(
        Referral,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("for which referral"),
    )
    worker = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who went along")
    )
    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("to which institution"),
    )
    place = models.CharField(_("where to"), max_length=15, choices=Place, blank=True)
    why = models.CharField(_("why"), max_length=15, choices=Why)
    started_at = models.DateTimeField(_("when"), default=timezone.now)
    minutes = models.PositiveSmallIntegerField(
        _("minutes, with the way"),
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST)],
    )
    outcome = models.CharField(_("what came of it"), max_length=15, choices=Outcome)
    interpreter = models.ForeignKey(
        Interpreter,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("interpreter"),
    )
    # What it was counted as, where the house counts it.
    service = models.OneToOneField(
        ServiceDelivered, models.PROTECT, related_name="+", null=True, editable=False
    )
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = AccompanimentQuerySet.as_manager()

    class Meta:
        verbose_name = _("accompaniment")
        verbose_name_plural = _("accompaniments")
        ordering = ["-started_at", "-recorded_at"]
        permissions = [("record_accompaniment", "Can record that somebody went along")]
        constraints = [
            models.CheckConstraint(
                name="accompaniment_leads_somewhere",
                condition=Q(organization__isnull=False) | ~Q(place=""),
                violation_error_message=_("Say where to: an institution, or a kind of place."),
            ),
            models.CheckConstraint(
                name="accompaniment_takes_time",
                condition=Q(minutes__gte=1, minutes__lte=LONGEST),
                violation_error_message=_("It took between a minute and a day."),
            ),
        ]
        indexes = [models.Index(fields=["case", "-started_at"], name="accompaniment_by_case")]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def whither(self) -> str:
        return str(self.organization or self.get_place_display())
