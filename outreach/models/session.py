"""Field sessions: where, when, how many people, told what. Nobody is recorded as a person."""

from datetime import timedelta
from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, Role, Team, User
from directory.models import AgeBand, AgeBandSet, Area, Grant, Language, LeafletEdition, Need, Topic

# Longer is a slip in a time, or a session that nobody finished.
LONGEST = timedelta(hours=24)


class OutreachSessionQuerySet(models.QuerySet["OutreachSession"]):
    def visible_to(self, user: User) -> Self:
        """Sessions of the user's own teams; all of the organization for its coordinators."""
        rows = Q(team__in=user.team_ids)
        if user.has_role(Role.Code.COORDINATOR):
            rows |= Q(organization=user.organization_id)
        return self.filter(rows)

    def standing(self) -> Self:
        """Sessions that no correction took the place of: those that count."""
        return self.filter(corrected_by=None)

    def open(self) -> Self:
        return self.filter(ended_at=None)

    def finished(self) -> Self:
        return self.exclude(ended_at=None)

    def latest_first(self) -> Self:
        # A sum over each session's tally would drop the order of Meta.
        return self.order_by("-started_at", "-id")

    def with_people_met(self) -> Self:
        """Adds `people_met`, the sum of the tally, to each session."""
        return self.annotate(people_met=Sum("tallies__quantity", default=0))


class OutreachSession(models.Model):
    """One walk of one team in one named area. A place is never more exact than its area."""

    class Mode(models.TextChoices):
        WALKING = "walking", _("Walking")
        VEHICLE = "vehicle", _("From the vehicle")
        CENTRE = "centre", _("At a centre")

    class Method(models.TextChoices):
        COUNTED = "counted", _("Counted one by one")
        ESTIMATED = "estimated", _("Estimated by sight")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="outreach_sessions")
    team = models.ForeignKey(Team, models.PROTECT, related_name="outreach_sessions")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("area"))
    mode = models.CharField(_("kind"), max_length=10, choices=Mode, default=Mode.WALKING)
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="+", verbose_name=_("team")
    )
    started_at = models.DateTimeField(_("started"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    grant = models.ForeignKey(
        Grant, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("grant")
    )
    age_band_set = models.ForeignKey(AgeBandSet, models.PROTECT, related_name="+")
    method = models.CharField(
        _("how people were counted"), max_length=10, choices=Method, default=Method.ESTIMATED
    )
    children_alone = models.PositiveSmallIntegerField(_("children alone"), default=0)
    languages = models.ManyToManyField(
        Language, related_name="+", blank=True, verbose_name=_("languages")
    )
    topics = models.ManyToManyField(Topic, related_name="+", blank=True, verbose_name=_("topics"))
    needs = models.ManyToManyField(Need, related_name="+", blank=True, verbose_name=_("needs seen"))
    supersedes = models.OneToOneField(
        "self", models.PROTECT, related_name="corrected_by", null=True, editable=False
    )
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = OutreachSessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("outreach session")
        verbose_name_plural = _("outreach sessions")
        ordering = ["-started_at", "-id"]
        permissions = [
            ("view_sessions", "Can see outreach sessions"),
            ("record_session", "Can record and correct outreach sessions"),
        ]
        constraints = [
            models.CheckConstraint(
                name="session_ends_after_it_starts",
                condition=Q(ended_at=None) | Q(ended_at__gte=models.F("started_at")),
                violation_error_message=_("A session ends after it starts."),
            )
        ]
        indexes = [
            models.Index(fields=["team", "-started_at"], name="session_by_team"),
            models.Index(fields=["organization", "-started_at"], name="session_by_organization"),
        ]

    def __str__(self) -> str:
        return str(self.area)

    def get_absolute_url(self) -> str:
        return reverse("outreach:session", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.ended_at is None

    @property
    def is_forgotten(self) -> bool:
        """Still open after longer than a session can last: somebody must say when it ended."""
        return self.is_open and timezone.now() - self.started_at > LONGEST


class OutreachTallyQuerySet(models.QuerySet["OutreachTally"]):
    def visible_to(self, user: User) -> Self:
        """Counts of the sessions that this user may see."""
        return self.filter(session__in=OutreachSession.objects.visible_to(user))


class OutreachTally(models.Model):
    """People met of one sex and age band; a number, never a person."""

    class Sex(models.TextChoices):
        FEMALE = "female", _("Female")
        MALE = "male", _("Male")

    session = models.ForeignKey(OutreachSession, models.CASCADE, related_name="tallies")
    sex = models.CharField(_("sex"), max_length=10, choices=Sex)
    age_band = models.ForeignKey(AgeBand, models.PROTECT, related_name="+")
    quantity = models.PositiveSmallIntegerField(_("people"))

    objects = OutreachTallyQuerySet.as_manager()

    class Meta:
        verbose_name = _("tally")
        verbose_name_plural = _("tallies")
        constraints = [
            models.UniqueConstraint(
                fields=["session", "sex", "age_band"], name="one_tally_per_cell"
            ),
            models.CheckConstraint(
                name="tally_counts_somebody",
                condition=Q(quantity__gte=1),
                violation_error_message=_("A tally of nobody is left out."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_sex_display()} {self.age_band}: {self.quantity}"


class OutreachLeafletsQuerySet(models.QuerySet["OutreachLeaflets"]):
    def visible_to(self, user: User) -> Self:
        """Leaflets of the sessions that this user may see."""
        return self.filter(session__in=OutreachSession.objects.visible_to(user))


class OutreachLeaflets(models.Model):
    """Leaflets of one edition handed out at a session."""

    session = models.ForeignKey(OutreachSession, models.CASCADE, related_name="leaflets")
    edition = models.ForeignKey(LeafletEdition, models.PROTECT, related_name="+")
    quantity = models.PositiveSmallIntegerField(_("copies"))

    objects = OutreachLeafletsQuerySet.as_manager()

    class Meta:
        verbose_name = _("leaflets handed out")
        verbose_name_plural = _("leaflets handed out")
        constraints = [
            models.UniqueConstraint(fields=["session", "edition"], name="one_leaflet_row"),
            models.CheckConstraint(
                name="leaflet_copies_are_positive",
                condition=Q(quantity__gte=1),
                violation_error_message=_("Leaflets that nobody took are left out."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition}: {self.quantity}"
