"""Screenings: coded answers of one talk, what they add up to, and what a person decided."""

from datetime import date
from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.levels import Level
from casework.models import Case, Interpreter
from casework.models.gate import OfCaseQuerySet
from casework.models.person import Person
from casework.models.visit import Interpreting
from directory.models import Language, Route
from screening.answers import AnswerSheet, assess_sheet
from screening.models.instrument import InstrumentVersion
from screening.scoring import Assessment
from vault.fields import DataKeyField, SealedJSONField


class ScreeningQuerySet(OfCaseQuerySet["Screening"]):
    """Screenings are seen by whoever may read the notes and answers of their case."""

    level = Level.NARRATIVE

    def open(self) -> "ScreeningQuerySet":
        """Talks that can go on: begun, or stopped for another day."""
        return self.filter(state__in=[Screening.State.DRAFT, Screening.State.STOPPED])

    def undecided(self) -> "ScreeningQuerySet":
        return self.filter(state=Screening.State.COMPLETED, decision="")

    def to_review(self) -> "ScreeningQuerySet":
        """Decided by one person and not looked at by a second one."""
        return self.exclude(decision="").filter(reviewed_at=None)

    def to_ask_again(self, on: date | None = None) -> "ScreeningQuerySet":
        """Those whose day for a new talk has come, until one with the same questions begins."""
        later = Screening.objects.filter(
            case=OuterRef("case"),
            instrument_version__instrument=OuterRef("instrument_version__instrument"),
            started_at__gt=OuterRef("started_at"),
        )
        due = self.filter(ask_again_on__lte=on or timezone.localdate())
        return due.filter(~Exists(later), case__closed_on=None)


class Screening(models.Model):
    """One talk with one version of an instrument.

    The result is advice. The decision is a person's own and stands beside it. There is no place
    for a text: what somebody told in her own words is a note of the case.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Not finished")
        STOPPED = "stopped", _("Stopped")
        DECLINED = "declined", _("Declined")
        COMPLETED = "completed", _("Finished")

    class Profile(models.TextChoices):
        ADULT = "adult", _("Adult")
        CHILD = "child", _("Child")

    class ProfileBasis(models.TextChoices):
        BIRTH_YEARS = "birth_years", _("The years of birth")
        AGE_UNKNOWN = "age_unknown", _("Age not known: counts as a child")
        PAPERS = "papers", _("Papers show the age")
        TOLD = "told", _("The person told us the age")
        RELATIVES = "relatives", _("Family or guardian told us the age")
        ASSESSMENT = "assessment", _("An age assessment says so")

    # What a worker may give as the reason for choosing the profile herself.
    CHOSEN_BASIS = (
        ProfileBasis.PAPERS,
        ProfileBasis.TOLD,
        ProfileBasis.RELATIVES,
        ProfileBasis.ASSESSMENT,
    )

    class Safety(models.TextChoices):
        SAFE = "safe", _("Yes: alone, or with our interpreter only")
        NOT_ALONE = "not_alone", _("No: somebody else can hear or is watching")
        DANGER = "danger", _("No: the person is in danger now")

    class Present(models.TextChoices):
        """Who else was in the room; nobody when none is named."""

        COLLEAGUE = "colleague", _("A colleague of ours")
        GUARDIAN = "guardian", _("The guardian")
        OWN_CHILD = "own_child", _("A small child of the person")
        CHOSEN = "chosen", _("Somebody the person asked for")
        OFFICIAL = "official", _("Somebody of an institution")

    class LimitsUnsaid(models.TextChoices):
        """Why nobody could say first what may have to be passed on."""

        NO_LANGUAGE = "no_language", _("No common language yet")
        TOO_YOUNG = "too_young", _("A small child would not understand it")
        UNWELL = "unwell", _("The person could not listen now")

    class PressureReason(models.TextChoices):
        OVERHEARD = "overheard", _("Somebody could hear or was watching")
        TOLD_LATER = "told_later", _("The person said so later")
        FACTS = "facts", _("What we learned later does not fit")
        FEAR = "fear", _("The person was afraid during the talk")
        INTERPRETER = "interpreter", _("Doubt about the interpreter")

    class Review(models.TextChoices):
        AGREED = "agreed", _("I see it the same way")
        DISCUSS = "discuss", _("Let us talk it over")

    class StopReason(models.TextChoices):
        NOT_SAID = "not_said", _("Not said")
        NOT_ALONE = "not_alone", _("The person was not alone")
        DANGER = "danger", _("Danger")
        DISTRESS = "distress", _("The person was distressed")
        ASKED = "asked", _("The person wanted to stop")
        INTERRUPTED = "interrupted", _("We were interrupted")

    class Band(models.TextChoices):
        """Names of the bands; what each one means stands in the instrument's version."""

        A = "A", "A"
        B = "B", "B"
        C = "C", "C"
        D = "D", "D"
        E = "E", "E"

    class DecisionReason(models.TextChoices):
        ANSWERS = "answers", _("The answers support it")
        OBSERVED = "observed", _("What I saw or heard outside the questions")
        OTHER_SOURCE = "other_source", _("Another organization told us more")
        PRESSURE = "pressure", _("Answers may have been given under pressure")
        TOO_LITTLE = "too_little", _("Too little could be asked")
        CONSULTED = "consulted", _("Decided together with a supervisor")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="screenings")
    instrument_version = models.ForeignKey(
        InstrumentVersion, models.PROTECT, related_name="screenings"
    )
    data_key = DataKeyField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    profile = models.CharField(_("asked as"), max_length=10, choices=Profile)
    profile_basis = models.CharField(_("because"), max_length=20, choices=ProfileBasis)
    unaccompanied_or_separated = models.BooleanField(_("child alone"), default=False)
    safety = models.CharField(_("alone and safe to talk?"), max_length=10, choices=Safety)
    present = ArrayField(
        models.CharField(max_length=15, choices=Present),
        default=list,
        blank=True,
        verbose_name=_("who else was there"),
    )
    # That it was said what may have to be passed on: by whom, when, and in which words.
    limits_said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    limits_said_at = models.DateTimeField(null=True, blank=True)
    limits_text = models.CharField(max_length=15, blank=True)
    limits_unsaid = models.CharField(
        _("why it could not be said"), max_length=15, choices=LimitsUnsaid, blank=True
    )
    language = models.ForeignKey(
        Language, models.PROTECT, related_name="+", verbose_name=_("language of the talk")
    )
    # By which route she came, as she said it; nothing while it is not known.
    route = models.ForeignKey(
        Route, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("route")
    )
    interpreting = models.CharField(
        _("interpreter"), max_length=20, choices=Interpreting, default=Interpreting.NOT_NEEDED
    )
    interpreter = models.ForeignKey(
        Interpreter,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("who interpreted"),
    )
    answers = SealedJSONField(verbose_name=_("answers"))
    band = models.CharField(_("result"), max_length=1, choices=Band, blank=True)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=timezone.now)
    saved_at = models.DateTimeField(default=timezone.now, editable=False)
    stop_reason = models.CharField(_("reason"), max_length=15, choices=StopReason, blank=True)
    completed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    completed_at = models.DateTimeField(null=True, blank=True)
    decision = models.CharField(_("decision"), max_length=1, choices=Band, blank=True)
    decision_reason = models.CharField(
        _("reason"), max_length=15, choices=DecisionReason, blank=True
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    review = models.CharField(_("second look"), max_length=10, choices=Review, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)
    ask_again_on = models.DateField(_("ask again on"), null=True, blank=True)
    pressure_reason = models.CharField(_("why"), max_length=15, choices=PressureReason, blank=True)
    pressure_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    pressure_at = models.DateTimeField(null=True, blank=True)
    # When somebody who supervises was told to look at it; once in a talk.
    alerted_at = models.DateTimeField(null=True, editable=False)
    # Next steps that a worker took on: {code of the step: {by, at}}.
    taken_on = SealedJSONField(verbose_name=_("next steps taken on"))
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ScreeningQuerySet.as_manager()

    class Meta:
        verbose_name = _("screening")
        verbose_name_plural = _("screenings")
        ordering = ["-started_at", "-id"]
        permissions = [
            ("start_screening", "Can start a screening and go on with it"),
            ("save_section", "Can save answers of a screening"),
            ("stop_screening", "Can stop a screening, or record that it was declined"),
            ("complete_screening", "Can finish a screening"),
            ("decide_screening", "Can decide on the result of a screening"),
            ("review_screening", "Can look at a decision a second time"),
        ]
        constraints = [
            models.CheckConstraint(
                name="finished_screening_has_result_and_day",
                condition=Q(state="completed", completed_at__isnull=False) & ~Q(band="")
                | ~Q(state="completed") & Q(band="", completed_at=None),
                violation_error_message=_("A finished screening has a result and a day."),
            ),
            models.CheckConstraint(
                name="stopped_screening_has_reason",
                condition=Q(state="stopped") & ~Q(stop_reason="")
                | ~Q(state="stopped") & Q(stop_reason=""),
                violation_error_message=_("A stopped screening has a reason."),
            ),
            models.CheckConstraint(
                name="decision_has_reason_and_person",
                condition=Q(decision="", decision_reason="", decided_by=None, decided_at=None)
                | Q(state="completed", decided_by__isnull=False, decided_at__isnull=False)
                & ~Q(decision="")
                & ~Q(decision_reason=""),
                violation_error_message=_("A decision has a reason and somebody who made it."),
            ),
            models.CheckConstraint(
                name="review_is_of_decision",
                condition=Q(review="", reviewed_by=None, reviewed_at=None)
                | Q(reviewed_by__isnull=False, reviewed_at__isnull=False)
                & ~Q(review="")
                & ~Q(decision=""),
                violation_error_message=_("A second look needs a decision to look at."),
            ),
            models.CheckConstraint(
                name="pressure_has_reason_and_person",
                condition=Q(pressure_reason="", pressure_by=None, pressure_at=None)
                | Q(pressure_by__isnull=False, pressure_at__isnull=False) & ~Q(pressure_reason=""),
                violation_error_message=_(
                    "Say why the answers may have been given under pressure."
                ),
            ),
            models.CheckConstraint(
                name="limits_said_by_whom_and_when",
                condition=Q(limits_text="", limits_said_by=None, limits_said_at=None)
                | Q(limits_said_by__isnull=False, limits_said_at__isnull=False)
                & ~Q(limits_text=""),
                violation_error_message=_("Say who said it, and when."),
            ),
            models.CheckConstraint(
                name="asked_after_limits_were_said",
                condition=Q(state__in=["stopped", "declined"])
                | Q(limits_said_at__isnull=False)
                | ~Q(limits_unsaid=""),
                violation_error_message=_("Say first what we may have to pass on, and to whom."),
            ),
        ]
        indexes = [
            models.Index(fields=["case", "-started_at"], name="screening_by_case"),
            models.Index(fields=["completed_at", "case"], name="screening_by_day"),
            models.Index(fields=["started_by", "-started_at"], name="screening_by_worker"),
        ]

    def __str__(self) -> str:
        return str(self.case)

    def get_absolute_url(self) -> str:
        return reverse("screening:screening", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state in {self.State.DRAFT, self.State.STOPPED}

    @property
    def is_overridden(self) -> bool:
        """Whether the person who decided saw it differently from the result."""
        return self.decision not in {"", self.band}

    @property
    def present_said(self) -> str:
        """Who else was there, in words; empty when nobody was."""
        return ", ".join(str(self.Present(code).label) for code in self.present)

    @property
    def sheet(self) -> AnswerSheet:
        return AnswerSheet(self.answers)

    @property
    def assessment(self) -> Assessment:
        """What the answers add up to, by the rules of their own version."""
        return self.assess(self.sheet)

    def assess(self, sheet: AnswerSheet) -> Assessment:
        """What these answers would add up to in this screening; nothing is kept."""
        return assess_sheet(
            self.instrument_version.definition,
            sheet,
            profile=self.profile,
            unaccompanied_or_separated=self.unaccompanied_or_separated,
        )

    @staticmethod
    def profile_of(person: Person, day: date) -> tuple[str, str]:
        """Whom to ask as, and why: an age that is not known counts as a child's."""
        if person.ages_on(day) is None:
            return Screening.Profile.CHILD, Screening.ProfileBasis.AGE_UNKNOWN
        is_child = person.may_be_child(day)
        profile = Screening.Profile.CHILD if is_child else Screening.Profile.ADULT
        return profile, Screening.ProfileBasis.BIRTH_YEARS
