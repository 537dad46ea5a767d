"""What a person agreed to or refused: to whom, which data, until when, in which words."""

from datetime import date
from typing import Self
from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from casework.consent_rules import Giver
from casework.models.case import Case
from casework.models.consent_text import ConsentText, Purpose
from casework.models.file import CaseFile
from casework.models.interpreter import Interpreter
from casework.models.person import Person, YesNo
from casework.models.visit import Interpreting
from directory.models import Language, Service
from vault.fields import DataKeyField, SealedTextField

# What makes two answers answers to the same question, of the same giver.
QUESTION = ("purpose", "organization_id", "service_id")


class ConsentQuerySet(models.QuerySet["Consent"]):
    def visible_to(self, user: User) -> Self:
        """Answers of the cases this user may see; without a case, those of the people she sees."""
        without_case = Q(case=None, person__in=Person.objects.visible_to(user))
        return self.filter(without_case | Q(case__in=Case.objects.visible_to(user)))

    def about(self, subject: Case | Person) -> Self:
        """What holds for a case: said in it, or before there was one. Of a person: before it."""
        if isinstance(subject, Case):
            return self.filter(Q(case=subject) | Q(case=None, person=subject.person_id))
        return self.filter(case=None, person=subject)

    def in_force(self, on: date | None = None) -> Self:
        """Given, not taken back, not run out."""
        day = on or timezone.localdate()
        return self.filter(
            Q(valid_until=None) | Q(valid_until__gte=day),
            decision=Consent.Decision.GIVEN,
            withdrawn_at=None,
            given_on__lte=day,
        )

    def latest_answers(self) -> Self:
        """The last answer to each question: one row per purpose, receiver and who answered."""
        return (
            self.select_related("organization", "service", "language")
            .order_by(*QUESTION, "given_by", "-given_on", "-recorded_at")
            .distinct(*QUESTION, "given_by")
        )

    def with_words(self) -> Self:
        """With what a line about an answer shows."""
        return self.select_related(
            "organization", "service", "language", "text__language", "recorded_by", "witness"
        )


class Consent(models.Model):
    """One answer to one question by one giver; "no" is an answer too and closes no door."""

    Purpose = Purpose

    class Decision(models.TextChoices):
        GIVEN = "given", _("Agreed")
        REFUSED = "refused", _("Refused")

    class Channel(models.TextChoices):
        SPOKEN = "spoken", _("Spoken")
        SIGNED = "signed", _("Signed on paper")

    class GivenBy(models.TextChoices):
        """The codes of `consent_rules.Giver` with their words."""

        OWN = Giver.OWN.value, _("The person")
        GUARDIAN = Giver.GUARDIAN.value, _("Parent or guardian")
        CAREGIVER = Giver.CAREGIVER.value, _("Who cares for the child")
        AUTHORITY = Giver.AUTHORITY.value, _("Centre for social work")
        BEST_INTERESTS = (
            Giver.BEST_INTERESTS.value,
            _("Nobody can be reached: in the child's best interests"),
        )

    class Item(models.TextChoices):
        """What may be shared, item by item."""

        CODE = "code", _("Code")
        AGE_BAND = "age_band", _("Age band")
        SEX = "sex", _("Sex")
        NATIONALITY = "nationality", _("Nationality")
        LANGUAGE = "language", _("Language")
        HANDLING = "handling_note", _("How to talk safely")
        CHILD_ALONE = "unaccompanied_or_separated", _("Child alone")
        MESSAGE = "message", _("What is needed")
        NAME = "name", _("Name")
        PHONE = "phone", _("Phone")
        DOCUMENT = "document", _("Document")
        ADDRESS = "address", _("Where the person stays")
        SCREENING = "screening_result", _("Result of the screening")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="consents")
    # None for what was said before there was a case: then it is the team's to know.
    case = models.ForeignKey(Case, models.CASCADE, related_name="consents", null=True, blank=True)
    data_key = DataKeyField()
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose)
    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("shared with"),
    )
    # Where it holds for one service of the organization only.
    service = models.ForeignKey(
        Service,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("only this service"),
    )
    items = ArrayField(
        models.CharField(max_length=40, choices=Item),
        default=list,
        blank=True,
        verbose_name=_("what may be shared"),
    )
    decision = models.CharField(_("answer"), max_length=10, choices=Decision)
    given_by = models.CharField(
        _("who answered"), max_length=20, choices=GivenBy, default=GivenBy.OWN
    )
    guardian_suspected = models.CharField(
        _("guardian suspected"), max_length=10, choices=YesNo, default=YesNo.UNKNOWN
    )
    # Why somebody must not know: said by the person, part of her story.
    reason = SealedTextField(verbose_name=_("why it is kept from them"))
    channel = models.CharField(_("how it was given"), max_length=10, choices=Channel)
    signed_file = models.ForeignKey(
        CaseFile,
        models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("signed paper"),
    )
    language = models.ForeignKey(
        Language, models.PROTECT, related_name="+", verbose_name=_("language")
    )
    interpreting = models.CharField(
        _("who interpreted"),
        max_length=20,
        choices=Interpreting,
        default=Interpreting.NOT_NEEDED,
    )
    interpreter = models.ForeignKey(
        Interpreter,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("which interpreter"),
    )
    is_read_back = models.BooleanField(_("told back in own words"), default=False)
    witness = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("witness"),
    )
    # The wording that was read out, and its version, also of wordings from before there was a list.
    text = models.ForeignKey(
        ConsentText,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("wording"),
    )
    text_version = models.CharField(max_length=20, blank=True)
    given_on = models.DateField(_("given on"), default=timezone.localdate)
    valid_until = models.DateField(_("until"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    # The answer without which this one is not enough: it ended, and this one with it.
    ended_with = models.ForeignKey(
        "self", models.DO_NOTHING, related_name="+", null=True, blank=True, db_constraint=False
    )
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["-given_on", "-recorded_at"]
        permissions = [
            ("record_consent", "Can record a consent"),
            ("withdraw_consent", "Can record that a consent was taken back"),
        ]
        constraints = [
            models.CheckConstraint(
                name="consent_to_share_names_receiver",
                condition=~Q(purpose="referral") | Q(organization__isnull=False),
                violation_error_message=_("Say with whom it may be shared."),
            ),
            models.CheckConstraint(
                name="consent_ends_after_it_begins",
                condition=Q(valid_until=None) | Q(valid_until__gte=models.F("given_on")),
                violation_error_message=_("A consent cannot run out before it was given."),
            ),
            models.CheckConstraint(
                name="best_interests_end_on_a_day",
                condition=~Q(given_by="best_interests") | Q(valid_until__isnull=False),
                violation_error_message=_("What was decided without being asked ends on a day."),
            ),
        ]
        indexes = [
            models.Index(fields=["case", "-given_on"], name="consent_by_case"),
            models.Index(fields=["person", "purpose", "-given_on"], name="consent_by_person"),
        ]

    def __str__(self) -> str:
        return self.get_purpose_display()

    def get_absolute_url(self) -> str:
        return reverse("casework:consent", args=[self.pk])

    @property
    def subject(self) -> Case | Person:
        return self.case or self.person

    @property
    def items_said(self) -> str:
        return ", ".join(str(self.Item(item).label) for item in self.items)

    @property
    def is_given(self) -> bool:
        return self.decision == self.Decision.GIVEN

    @property
    def is_own(self) -> bool:
        return self.given_by == Giver.OWN

    @property
    def is_in_force(self) -> bool:
        today = timezone.localdate()
        return (
            self.is_given
            and self.withdrawn_at is None
            and self.given_on <= today
            and (self.valid_until is None or self.valid_until >= today)
        )

    @property
    def remains(self) -> str:
        """What is still possible after a no, for who asked."""
        return str(REMAINS[Purpose(self.purpose)])


REMAINS = {
    Purpose.RECORD: _("Every service of the hub, counted without a record."),
    Purpose.REFERRAL: _("Our own services, another receiver, and the address to go there alone."),
    Purpose.STATISTICS: _("Everything we do. It is left out of reports from now on."),
    Purpose.CONTACT: _("Coming by at any time. We do not call or write."),
    Purpose.TRACING: _("Everything we do. The question can be asked again by the person."),
    Purpose.PHOTO: _("Everything we do. No picture is needed for any service."),
    Purpose.RESEARCH: _("Everything we do. Nobody outside learns of the answer."),
}
