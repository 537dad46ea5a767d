"""Requests: of people about their own data, and of authorities about somebody's."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from protection.models.register import OfHouseQuerySet, Register, after_days, days_left
from vault.fields import SealedTextField

# GDPR 12(3), ZZPD 21: one month; counted in days so that nobody has to ask which month.
ANSWER_DAYS = 30
LONGER_DAYS = 60


class PersonRequestQuerySet(OfHouseQuerySet["PersonRequest"]):
    def visible_to(self, user: User) -> Self:
        """All of the house, for those who keep the register; one's own for who wrote it down."""
        if user.has_perm(self.permission):
            return super().visible_to(user)
        if user.has_perm("protection.record_person_request"):
            return self.filter(organization=user.organization_id, recorded_by=user)
        return self.none()

    def open(self) -> Self:
        return self.filter(state=PersonRequest.State.OPEN)

    def overdue(self, today: date | None = None) -> Self:
        return self.open().filter(due_on__lt=today or timezone.localdate())


class PersonRequest(Register):
    """Somebody asks about her own data; answered within thirty days (GDPR 12 and 15 to 22)."""

    class Kind(models.TextChoices):
        ACCESS = "access", _("To see what we keep")
        PORTABILITY = "portability", _("To get it in a form for machines")
        CORRECTION = "correction", _("To correct it")
        ERASURE = "erasure", _("To erase it")
        RESTRICTION = "restriction", _("Not to use it for a time")
        OBJECTION = "objection", _("To object to its use")
        COMPLAINT = "complaint", _("To complain")

    class Asker(models.TextChoices):
        HERSELF = "herself", _("The person herself")
        GUARDIAN = "guardian", _("A guardian")
        LAWYER = "lawyer", _("A lawyer with a power of attorney")
        FAMILY = "family", _("Family")
        OTHER = "other", _("Somebody else")

    class Channel(models.TextChoices):
        IN_PERSON = "in_person", _("In person")
        PHONE = "phone", _("By phone")
        MESSAGE = "message", _("By message or e-mail")
        LETTER = "letter", _("By letter")
        PARTNER = "partner", _("Through a partner")

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        ANSWERED = "answered", _("Answered")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Taken back")

    class RefusalReason(models.TextChoices):
        NOT_HER = "not_her", _("It is not shown who is asking")
        NOT_SAFE = "not_safe", _("An answer would put somebody in danger")
        OTHERS = "others", _("It would tell of other people")
        PROCEEDINGS = "proceedings", _("Proceedings ask us to keep it")
        NOT_HERE = "not_here", _("We keep nothing about the person")

    kind = models.CharField(_("what is asked"), max_length=15, choices=Kind)
    asker = models.CharField(_("who asks"), max_length=10, choices=Asker)
    channel = models.CharField(_("how"), max_length=10, choices=Channel)
    received_on = models.DateField(_("received on"), default=timezone.localdate)
    due_on = models.DateField(editable=False)
    # The code as it was told; emptied when the record goes.
    code = models.CharField(_("code"), max_length=7, blank=True)
    # Source: SF-14. Nothing is given before both are answered with yes.
    identity_checked = models.BooleanField(_("we know who is asking"), default=False)
    is_safe = models.BooleanField(
        _("an answer puts nobody in danger, and we asked alone"), default=False
    )
    details = SealedTextField(verbose_name=_("what exactly"))
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    extended_on = models.DateField(null=True, blank=True, editable=False)
    refusal_reason = models.CharField(_("reason"), max_length=15, choices=RefusalReason, blank=True)
    answered_on = models.DateField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )

    objects = PersonRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request of a person")
        verbose_name_plural = _("requests of people")
        ordering = ["due_on", "id"]
        permissions = [
            ("view_registers", "Can read the registers of data protection"),
            ("edit_registers", "Can write in the registers of data protection"),
            ("record_person_request", "Can write down what a person asks about her data"),
            ("give_access_package", "Can prepare the file of one person's data"),
            ("print_papers", "Can print neutral papers and blank forms"),
        ]
        constraints = [
            models.CheckConstraint(
                name="refused_request_has_reason",
                condition=~Q(state="refused") | ~Q(refusal_reason=""),
                violation_error_message=_("Say why it is refused."),
            ),
            models.CheckConstraint(
                name="ended_request_has_day",
                condition=Q(state="open", answered_on=None)
                | (~Q(state="open") & Q(answered_on__isnull=False)),
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("protection:person_request", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def days_left(self) -> int:
        return days_left(self.due_on)

    @property
    def wants_file(self) -> bool:
        return self.kind in {self.Kind.ACCESS, self.Kind.PORTABILITY}

    @property
    def wants_erasure(self) -> bool:
        return self.kind == self.Kind.ERASURE

    @property
    def is_cleared(self) -> bool:
        """Whether it is known who asks, and that the answer harms nobody."""
        return self.identity_checked and self.is_safe

    @staticmethod
    def due_after(received_on: date) -> date:
        return after_days(received_on, ANSWER_DAYS)


class AuthorityRequestQuerySet(OfHouseQuerySet["AuthorityRequest"]):
    def open(self) -> Self:
        return self.filter(decision="")


class AuthorityRequest(Register):
    """A police, court or ministry asks for data; decided one record at a time (DP-39, SF-28)."""

    class Authority(models.TextChoices):
        POLICE = "police", _("Police")
        PROSECUTION = "prosecution", _("Prosecution")
        COURT = "court", _("Court")
        WELFARE = "welfare", _("Centre for social work")
        MIGRATION = "migration", _("Commissariat or asylum office")
        INTELLIGENCE = "intelligence", _("Security service")
        OTHER = "other", _("Another authority")

    class Basis(models.TextChoices):
        COURT_ORDER = "court_order", _("An order of a court")
        PROSECUTOR_ORDER = "prosecutor_order", _("An order of a prosecutor")
        LAW = "law", _("A law that is named")
        CONSENT = "consent", _("The person agreed")
        VITAL = "vital", _("Immediate danger to life")
        NONE = "none", _("None was given")

    class Scope(models.TextChoices):
        ONE = "one", _("One person")
        SEVERAL = "several", _("Several named people")
        BULK = "bulk", _("Lists or everybody")

    class Decision(models.TextChoices):
        GIVEN = "given", _("Given as asked")
        PARTLY = "partly", _("Given in part")
        REFUSED = "refused", _("Refused")
        NOTHING = "nothing", _("We have nothing")

    authority = models.CharField(_("authority"), max_length=15, choices=Authority)
    reference = models.CharField(_("their number"), max_length=60, blank=True)
    received_on = models.DateField(_("received on"), default=timezone.localdate)
    answer_by = models.DateField(_("they want an answer by"), null=True, blank=True)
    basis = models.CharField(_("legal basis"), max_length=20, choices=Basis)
    scope = models.CharField(_("about whom"), max_length=10, choices=Scope)
    asked = SealedTextField(verbose_name=_("what they ask"))
    decision = models.CharField(_("decision"), max_length=10, choices=Decision, blank=True)
    reasons = SealedTextField(verbose_name=_("why"))
    given = SealedTextField(verbose_name=_("what was given, and in what form"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    decided_on = models.DateField(null=True, blank=True)
    person_told = models.BooleanField(_("the person was told"), default=False)

    objects = AuthorityRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request of an authority")
        verbose_name_plural = _("requests of authorities")
        ordering = ["-received_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="decided_request_has_person_and_day",
                condition=Q(decision="", decided_on=None)
                | (~Q(decision="") & Q(decided_on__isnull=False, decided_by__isnull=False)),
            ),
            models.CheckConstraint(
                name="lists_are_never_given",
                condition=~Q(scope="bulk", decision="given"),
                violation_error_message=_(
                    "Lists are not given: each record is decided on its own."
                ),
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("protection:authority_request", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.decision == ""

    @property
    def days_left(self) -> int | None:
        return days_left(self.answer_by) if self.answer_by else None
