"""Two records that may be of one person: the ticket that two people settle, and the merge."""

from datetime import date, timedelta
from typing import Self
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, Role, User
from casework.models.person import Person
from vault.fields import DataKeyField, SealedJSONField


class Likeness(models.TextChoices):
    """Why two records look like one person; no name is told by it."""

    NAME = "name", _("The name sounds the same")
    BORN = "born", _("The years of birth overlap")
    SEX = "sex", _("Same sex")
    NATIONALITY = "nationality", _("Same nationality")
    LANGUAGE = "language", _("Same language")
    DAY = "day", _("At the same team on the same day")


class TwinTicketQuerySet(models.QuerySet["TwinTicket"]):
    def visible_to(self, user: User) -> Self:
        """Tickets of two people whom this user sees both; of nobody whose case is sealed.

        That a name sounds like another one is told to coordinators, who know neither, and to
        whoever may see both names: to others it would tell of a name they must not know.
        """
        seen = Person.objects.visible_to(user).exclude(cases__is_sealed=True)
        rows = self.filter(first__in=seen, second__in=seen)
        if user.has_role(Role.Code.COORDINATOR):
            return rows
        named = Person.objects.named_for(user)
        return rows.filter(
            ~Q(likeness__contains=[Likeness.NAME]) | Q(first__in=named, second__in=named)
        )

    def open(self) -> Self:
        return self.filter(state=TwinTicket.State.OPEN)

    def with_people(self) -> Self:
        """Read with what a line of the list shows."""
        people = ("first__language", "second__language", "first__team", "second__team")
        return self.select_related(*people, "opened_by", "settled_by")


class TwinTicket(models.Model):
    """A pair of records of one organization: one says what it is, another one confirms it.

    A pair stands here once and for ever, so two who were told apart are not asked about again.
    """

    class FoundHow(models.TextChoices):
        TYPING = "typing", _("While somebody was registered")
        JOB = "job", _("By comparing records at night")
        WORKER = "worker", _("By somebody who works here")

    class Score(models.TextChoices):
        STRONG = "strong", _("Very alike")
        POSSIBLE = "possible", _("Possibly alike")

    class State(models.TextChoices):
        OPEN = "open", _("To be settled")
        DIFFERENT = "different", _("Two different people")
        MERGED = "merged", _("One person, merged")

    class Verdict(models.TextChoices):
        SAME = "same", _("The same person")
        DIFFERENT = "different", _("Two different people")

    class Because(models.TextChoices):
        """Why somebody was registered although a record like hers was shown."""

        BOTH_KNOWN = "both_known", _("I know both of them")
        RELATIVE = "relative", _("A relative with a similar name")
        SAYS_NEW = "says_new", _("Says that she was never here")
        LOOKS_OTHER = "looks_other", _("Another age or another look")
        OTHER = "other", _("Another reason")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    # The one with the lower number first, so that a pair has one order only.
    first = models.ForeignKey(Person, models.CASCADE, related_name="+")
    second = models.ForeignKey(Person, models.CASCADE, related_name="+")
    found_how = models.CharField(_("how it was found"), max_length=10, choices=FoundHow)
    score = models.CharField(_("how alike"), max_length=10, choices=Score)
    likeness = ArrayField(
        models.CharField(max_length=15, choices=Likeness),
        default=list,
        blank=True,
        verbose_name=_("what is alike"),
    )
    because = models.CharField(
        _("why somebody else"), max_length=15, choices=Because, blank=True, default=""
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    verdict = models.CharField(
        _("what it is"), max_length=10, choices=Verdict, blank=True, default=""
    )
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    opened_at = models.DateTimeField(default=timezone.now, editable=False)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = TwinTicketQuerySet.as_manager()

    class Meta:
        verbose_name = _("possible double")
        verbose_name_plural = _("possible doubles")
        ordering = ["-opened_at", "id"]
        permissions = [("settle_twins", "Can settle whether two records are one person")]
        constraints = [
            models.UniqueConstraint(
                name="one_ticket_per_pair",
                fields=["first", "second"],
                violation_error_message=_("This pair is known already."),
            ),
            models.CheckConstraint(
                name="twins_in_order",
                condition=Q(first__lt=F("second")),
                violation_error_message=_("A pair is two records, in their order."),
            ),
            models.CheckConstraint(
                name="twins_settled_by_two",
                condition=Q(state="open")
                | Q(settled_by__isnull=False, confirmed_by__isnull=False)
                & ~Q(settled_by=F("confirmed_by")),
                violation_error_message=_("Two people settle it."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization", "-opened_at"], name="twins_open", condition=Q(state="open")
            )
        ]

    def __str__(self) -> str:
        return f"{self.first.code} {self.second.code}"

    def get_absolute_url(self) -> str:
        return reverse("casework:twins", args=[self.pk])

    @property
    def people(self) -> tuple[Person, Person]:
        return self.first, self.second

    @property
    def pair(self) -> tuple[UUID, UUID]:
        return self.first_id, self.second_id

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def likeness_said(self) -> list[str]:
        """What is alike, in words."""
        return [str(Likeness(code).label) for code in self.likeness]


class PersonMergeQuerySet(models.QuerySet["PersonMerge"]):
    def visible_to(self, user: User) -> Self:
        """Merges of the people whom this user sees."""
        return self.filter(survivor__in=Person.objects.visible_to(user))

    def done(self) -> Self:
        return self.filter(state=PersonMerge.State.DONE)

    def needed_no_more(self, today: date) -> Self:
        """Refused, undone, or past the day until which they can be undone."""
        states = PersonMerge.State
        ended = Q(state__in=[states.REFUSED, states.UNDONE])
        return self.filter(ended | Q(state=states.DONE, undo_until__lt=today))


class PersonMerge(models.Model):
    """Two records made one: what was chosen, what moved, and what an exact undo needs.

    The other record stays as it was, empty of rows, and leads to the one that is kept. What is
    needed to undo goes when the time for it is over.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Being merged")
        DONE = "done", _("Merged")
        REFUSED = "refused", _("Not merged")
        UNDOING = "undoing", _("Being taken apart")
        UNDONE = "undone", _("Taken apart")

    class Refusal(models.TextChoices):
        CHANGED = "changed", _("One of the records was changed meanwhile.")
        GONE = "gone", _("One of the records waits to be erased, or is gone.")
        MERGED = "merged", _("One of the records was merged with another one since.")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    survivor = models.ForeignKey(Person, models.CASCADE, related_name="+")
    loser = models.ForeignKey(Person, models.CASCADE, related_name="+")
    # Whoever sees the survivor need not see the other record: its code is told here.
    loser_code = models.CharField(_("code of the other record"), max_length=7)
    ticket = models.ForeignKey(TwinTicket, models.CASCADE, related_name="merges")
    data_key = DataKeyField()
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    refusal = models.CharField(_("why not"), max_length=10, choices=Refusal, blank=True, default="")
    # {"facts": {field: [before, after]}, "identity": {…}, "languages": [[…], […]], "choice": {…}}
    kept = SealedJSONField(verbose_name=_("what was chosen"))
    # {"app.Model.field": [row, …]}: rows that moved, and those that stayed with the other record.
    moved = models.JSONField(default=dict, editable=False)
    left = models.JSONField(default=dict, editable=False)
    # Of two open cases the one that was closed, as it was before: {"case", "status", "version"}.
    closed = models.JSONField(default=dict, editable=False)
    versions = models.JSONField(default=list, editable=False)
    merged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    done_at = models.DateTimeField(null=True, editable=False)
    # The last day on which it can be undone.
    undo_until = models.DateField(_("can be undone until"), null=True, editable=False)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    undone_at = models.DateTimeField(null=True, editable=False)

    objects = PersonMergeQuerySet.as_manager()

    class Meta:
        verbose_name = _("merge of two records")
        verbose_name_plural = _("merges of two records")
        ordering = ["-asked_at", "id"]
        constraints = [
            models.UniqueConstraint(
                name="one_merge_of_a_record",
                fields=["loser"],
                condition=Q(state__in=["waiting", "done", "undoing"]),
                violation_error_message=_("This record is merged already."),
            )
        ]
        indexes = [models.Index(fields=["survivor", "-asked_at"], name="merge_by_survivor")]

    def __str__(self) -> str:
        return self.loser_code

    def get_absolute_url(self) -> str:
        return reverse("casework:merge", args=[self.pk])

    @property
    def is_waiting(self) -> bool:
        return self.state in {self.State.WAITING, self.State.UNDOING}

    @property
    def can_be_undone(self) -> bool:
        until = self.undo_until
        return self.state == self.State.DONE and until is not None and until >= timezone.localdate()

    def begin_time_to_undo(self) -> None:
        self.done_at = timezone.now()
        days = timedelta(days=settings.MERGE_UNDO_DAYS)
        self.undo_until = timezone.localdate(self.done_at) + days
