"""Interpreters: who can be asked to interpret, and for whom not.

What is kept of an interpreter is sealed with a key of her own: the register of those who hear
every story is worth as much to a trafficker as the stories.
"""

from datetime import date
from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from accounts.models import Organization, Role, User
from casework.codes import new_code
from casework.models.person import Person
from directory.models import Dialect, Language
from vault.fields import DataKeyField, SealedTextField


def new_interpreter_code() -> str:
    return f"I-{new_code()}"


class InterpreterQuerySet(models.QuerySet["Interpreter"]):
    def visible_to(self, user: User) -> Self:
        """Of the own organization for those who work with clients; oneself for an interpreter."""
        rows = Q(user=user)
        if user.has_role(*CHOOSING):
            rows |= Q(organization=user.organization_id)
        return self.filter(rows)

    def working(self) -> Self:
        """Those who have not left, whether or not they can be asked today."""
        return self.filter(left_on=None)

    def to_choose_from(self, day: date | None = None) -> Self:
        """Those who can be asked: available, vetted, and bound by a pledge that has not run out."""
        day = day or timezone.localdate()
        return self.working().filter(
            Q(pledge_until=None) | Q(pledge_until__gte=day),
            Q(vetted_until=None) | Q(vetted_until__gte=day),
            is_available=True,
            pledged_on__lte=day,
            vetting=Interpreter.Vetting.PASSED,
        )


# Who chooses an interpreter for a talk.
CHOOSING = (
    Role.Code.CASEWORKER,
    Role.Code.MOBILE,
    Role.Code.PHONE_OPERATOR,
    Role.Code.COORDINATOR,
)


class Interpreter(models.Model):
    """Somebody who interprets for one organization, with or without a login of her own."""

    class Gender(models.TextChoices):
        FEMALE = "female", _("Woman")
        MALE = "male", _("Man")
        OTHER = "other", _("Other")
        UNKNOWN = "unknown", _("Not known")

    class Vetting(models.TextChoices):
        NOT_BEGUN = "not_begun", _("Not begun")
        WAITING = "waiting", _("Waiting for papers")
        PASSED = "passed", _("Done, nothing speaks against it")
        REFUSED = "refused", _("Done, not to be asked")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    code = models.CharField(max_length=9, unique=True, default=new_interpreter_code, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="interpreters")
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        related_name="interpreter",
        null=True,
        blank=True,
        verbose_name=_("login"),
    )
    data_key = DataKeyField()
    name = SealedTextField(verbose_name=_("name"))
    phone = SealedTextField(verbose_name=_("phone"))
    languages = models.ManyToManyField(Language, related_name="+", verbose_name=_("languages"))
    dialects = models.ManyToManyField(
        Dialect, related_name="+", blank=True, verbose_name=_("dialects")
    )
    gender = models.CharField(_("gender"), max_length=10, choices=Gender, default=Gender.UNKNOWN)
    # Asked for one reason: a person may wish for nobody from her own community.
    country = CountryField(_("country of origin"), blank=True)
    comes_in_person = models.BooleanField(_("comes in person"), default=True)
    works_by_phone = models.BooleanField(_("interprets by phone"), default=True)
    pledged_on = models.DateField(_("pledge signed on"), null=True, blank=True)
    pledge_until = models.DateField(_("pledge holds until"), null=True, blank=True)
    vetting = models.CharField(
        _("vetting"), max_length=20, choices=Vetting, default=Vetting.NOT_BEGUN
    )
    vetted_until = models.DateField(_("vetting holds until"), null=True, blank=True)
    is_available = models.BooleanField(_("can be asked"), default=True)
    notes = SealedTextField(verbose_name=_("notes"))
    left_on = models.DateField(_("left on"), null=True, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = InterpreterQuerySet.as_manager()

    class Meta:
        verbose_name = _("interpreter")
        verbose_name_plural = _("interpreters")
        ordering = ["code"]
        permissions = [
            ("view_interpreters", "Can see and choose interpreters"),
            ("edit_interpreters", "Can edit the register of interpreters"),
        ]
        constraints = [
            models.CheckConstraint(
                name="pledge_ends_after_it_was_signed",
                condition=Q(pledge_until=None) | Q(pledge_until__gte=F("pledged_on")),
                violation_error_message=_("A pledge ends after it was signed."),
            ),
            models.CheckConstraint(
                name="interpreter_works_somehow",
                condition=Q(comes_in_person=True) | Q(works_by_phone=True),
                violation_error_message=_("Say whether in person, by phone, or both."),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def called(self) -> str:
        """What a colleague calls her; the code once the name is forgotten. Needs the key."""
        return self.name or self.code

    def is_bound_on(self, day: date) -> bool:
        """Whether the pledge to keep silent holds on a day."""
        signed = self.pledged_on is not None and self.pledged_on <= day
        return signed and (self.pledge_until is None or self.pledge_until >= day)

    def is_vetted_on(self, day: date) -> bool:
        passed = self.vetting == self.Vetting.PASSED
        return passed and (self.vetted_until is None or self.vetted_until >= day)


class InterpreterBlockQuerySet(models.QuerySet["InterpreterBlock"]):
    def visible_to(self, user: User) -> Self:
        """Blocks that are about people whom this user may see."""
        return self.filter(person__in=Person.objects.visible_to(user))

    def in_force(self) -> Self:
        return self.filter(lifted_at=None)


class InterpreterBlock(models.Model):
    """An interpreter who is never asked for this person, and who said so."""

    class Reason(models.TextChoices):
        KNOWS = "knows", _("Knows the person or the family")
        COMMUNITY = "community", _("Same community or group on the way")
        CONCERNED = "concerned", _("Works or worked for somebody who is concerned")
        UNSAFE = "unsafe", _("The person does not feel safe")
        OTHER = "other", _("Another reason")

    class SaidBy(models.TextChoices):
        INTERPRETER = "interpreter", _("The interpreter")
        CLIENT = "client", _("The person")
        COORDINATOR = "coordinator", _("We decided so")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    interpreter = models.ForeignKey(Interpreter, models.PROTECT, related_name="blocks")
    person = models.ForeignKey(Person, models.PROTECT, related_name="interpreter_blocks")
    reason = models.CharField(_("why"), max_length=20, choices=Reason)
    said_by = models.CharField(_("who said so"), max_length=20, choices=SaidBy)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    lifted_at = models.DateTimeField(null=True, editable=False)
    # Who said that it may end; a person's own wish ends with her own word, asked by a colleague.
    lift_said_by = models.CharField(max_length=20, choices=SaidBy, blank=True, editable=False)
    lift_said_on = models.DateField(null=True, editable=False)
    lift_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, editable=False
    )

    objects = InterpreterBlockQuerySet.as_manager()

    class Meta:
        verbose_name = _("blocked interpreter")
        verbose_name_plural = _("blocked interpreters")
        ordering = ["recorded_at", "id"]
        constraints = [
            models.UniqueConstraint(
                name="one_block_per_interpreter",
                fields=["interpreter", "person"],
                condition=Q(lifted_at=None),
                violation_error_message=_("This interpreter is blocked already."),
            ),
            models.CheckConstraint(
                name="own_word_was_asked_for",
                condition=~Q(lift_said_by="client")
                | Q(lift_said_on__isnull=False, lift_asked_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_own_wish(self) -> bool:
        """Whether the person asked for it: then nobody but she ends it."""
        return self.said_by == self.SaidBy.CLIENT
