"""A referral of a case to a service, and which referrals are meant."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Self
from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, F, Func, Q, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from casework.models import Case, Consent
from directory.models import DeclineReason, Service
from referrals import states
from referrals.models import words
from referrals.states import Side
from vault.fields import DataKeyField, SealedTextField

# Numbers of referrals come from this sequence, so that two at once never get the same.
NUMBERS = "referrals_referral_number"


class ReferralQuerySet(models.QuerySet["Referral"]):
    def visible_to(self, user: User, side: Side = Side.SENDER) -> Self:
        """Referrals of the cases this user may see; as a receiver, those open to her institution.

        The sides never mix: a case gives no look at the partner's page, nor the other way round.
        """
        if side == Side.RECEIVER:
            return self.open_to_partner(user)
        return self.filter(case__in=Case.objects.visible_to(user))

    def open_to_partner(self, user: User) -> Self:
        """Referrals sent to this user's institution while the consent to share is in force.

        Consent is asked here, each time: taken back, it shuts the page with the next request.
        One that left without consent, for a reason that stands above it, stays open.
        """
        if not user.has_perm("referrals.answer_referral"):
            return self.none()
        return self.filter(
            Q(consent__in=Consent.objects.in_force()) | Q(consent=None) & ~Q(override=""),
            organization=user.organization_id,
            state__in=states.SHOWN_TO_RECEIVER,
        )

    def recalled_from(self, user: User) -> Self:
        """Referrals that this user's institution once had; only their numbers may be told."""
        if not user.has_perm("referrals.answer_referral"):
            return self.none()
        return self.filter(
            organization=user.organization_id,
            state=states.State.RECALLED,
            sent_at__isnull=False,
        )

    def in_states(self, wanted: Collection[str]) -> Self:
        return self.filter(state__in=wanted)

    def open(self) -> Self:
        """With the receiver, and not finished there."""
        return self.in_states(states.OPEN)

    def to_review(self) -> Self:
        """Refused by the receiver, and no coordinator has looked at it."""
        return self.filter(
            state__in=[states.State.DECLINED, states.State.REDIRECTED], reviewed_at=None
        )

    def overrides_to_review(self) -> Self:
        """Sent without consent, and nobody has looked at the reason since."""
        return self.exclude(override="").filter(sent_at__isnull=False, override_reviewed_at=None)

    def with_clock_at(self, at: datetime) -> Self:
        """Those whose next look is due: somebody is to be reminded."""
        return self.filter(next_check_at__lte=at, case__archived_on=None)

    def overdue(self, at: datetime | None = None) -> Self:
        """Not answered, although the time for it is over."""
        return self.in_states(states.WAITING).filter(due_at__lt=at or timezone.now())

    def by_due_time(self) -> Self:
        """Those first whose answer is due first; drafts, which have no clock, last."""
        return self.order_by(F("due_at").asc(nulls_last=True), "-number")

    def latest_first(self) -> Self:
        return self.order_by("-number")

    def count_by(self, lists: Mapping[str, Collection[str]]) -> dict[str, int]:
        """How many rows stand in each list of states."""
        totals = {name: Count("pk", filter=Q(state__in=wanted)) for name, wanted in lists.items()}
        return self.aggregate(**totals)

    def with_person(self) -> Self:
        """With what a line about a referral shows: whose case, which service, who asks."""
        return self.select_related(
            "case__person__language", "case__team", "service__organization", "organization"
        )

    def with_agreed(self) -> Self:
        """With `agreed`: which items the newest answers in force cover; None where none holds.

        The database says so: a receiver sees the answer that it rests on and no later one.
        """
        return self.annotate(
            agreed=Func(
                F("pk"),
                function="gate_items_told",
                output_field=ArrayField(models.CharField(), null=True),
            )
        )

    def as_received(self) -> Self:
        """With what a receiver sees of the referral itself; of the case, `receiving` says more."""
        return self.with_agreed().select_related(
            "service__organization",
            "organization",
            "data_key",
            "consent__language",
            "decline_reason",
            "sent_by",
            "created_by",
        )

    def with_sheet(self) -> Self:
        """With what the page of one referral shows, the keys of what is sealed included."""
        return (
            self.with_agreed()
            .with_person()
            .select_related(
                "data_key",
                "case__person__data_key",
                "case__organization",
                "consent__language",
                "decline_reason",
                "sent_by",
                "created_by",
                "previous",
                "overridden_by",
                "override_reviewed_by",
            )
        )


class Referral(models.Model):
    """One request that one service take up one case; it is answered once, by the receiver.

    `items` are the codes of what the person agreed to share with this receiver for this referral.
    What of it is shown at which step is decided in `disclosure`.
    """

    class State(models.TextChoices):
        """The codes of `states.State` with their words."""

        DRAFT = states.State.DRAFT.value, _("Draft")
        CONSENT = states.State.CONSENT.value, _("Ready to send")
        SENT = states.State.SENT.value, _("Sent")
        RECEIVED = states.State.RECEIVED.value, _("Received")
        NEED_INFORMATION = states.State.NEED_INFORMATION.value, _("Information needed")
        ACCEPTED = states.State.ACCEPTED.value, _("Accepted")
        DECLINED = states.State.DECLINED.value, _("Declined")
        REDIRECTED = states.State.REDIRECTED.value, _("Pointed elsewhere")
        STARTED = states.State.STARTED.value, _("Started")
        DELIVERED = states.State.DELIVERED.value, _("Delivered")
        NO_SHOW = states.State.NO_SHOW.value, _("Did not come")
        CLIENT_DECLINED = states.State.CLIENT_DECLINED.value, _("Not wanted any more")
        UNREACHABLE = states.State.UNREACHABLE.value, _("Cannot be reached")
        MOVED_ON = states.State.MOVED_ON.value, _("Moved on")
        MISSING = states.State.MISSING.value, _("Missing")
        RECALLED = states.State.RECALLED.value, _("Taken back")
        CLOSED = states.State.CLOSED.value, _("Closed")

    Urgency, RecallReason = words.Urgency, words.RecallReason
    Override, OverrideReview, Review = words.Override, words.OverrideReview, words.Review
    Extent, Word, ConfirmedBy = words.Extent, words.Word, words.ConfirmedBy

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    number = models.PositiveIntegerField(
        unique=True,
        editable=False,
        db_default=Func(
            Value(NUMBERS), function="nextval", output_field=models.PositiveIntegerField()
        ),
    )
    case = models.ForeignKey(Case, models.PROTECT, related_name="referrals")
    data_key = DataKeyField()
    service = models.ForeignKey(
        Service, models.PROTECT, related_name="+", verbose_name=_("service")
    )
    # The receiver as it was when the referral was drafted, also when the service moves later.
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", verbose_name=_("receiver")
    )
    consent = models.ForeignKey(
        Consent, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("consent")
    )
    urgency = models.CharField(
        _("how soon"), max_length=10, choices=Urgency, default=Urgency.NORMAL
    )
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.DRAFT)
    items = ArrayField(
        models.CharField(max_length=40, choices=Consent.Item),
        default=list,
        blank=True,
        verbose_name=_("what they need to know"),
    )
    message = SealedTextField(verbose_name=_("what is needed"))
    due_at = models.DateTimeField(_("answer by"), null=True, blank=True)
    decline_reason = models.ForeignKey(
        DeclineReason,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("reason"),
    )
    # The one that this one continues, after a refusal or when it was pointed elsewhere.
    previous = models.ForeignKey(
        "self", models.PROTECT, related_name="following", null=True, blank=True
    )
    # Why it leaves without a consent in force; looked at afterwards by somebody else.
    override = models.CharField(
        _("why without consent"), max_length=20, choices=Override, blank=True
    )
    override_note = SealedTextField(verbose_name=_("what makes it necessary"))
    overridden_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    overridden_at = models.DateTimeField(null=True, blank=True)
    override_review = models.CharField(max_length=10, choices=OverrideReview, blank=True)
    override_reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    override_reviewed_at = models.DateTimeField(null=True, blank=True)
    # What the receiver wrote with the answer: another service, and whom to call there.
    other_service = SealedTextField(verbose_name=_("another service"))
    contact = SealedTextField(verbose_name=_("contact person"))
    appointment_at = models.DateTimeField(_("appointment"), null=True, blank=True)
    extent = models.CharField(_("how much was given"), max_length=10, choices=Extent, blank=True)
    client_word = models.CharField(
        _("was the help given?"), max_length=10, choices=Word, blank=True
    )
    # 1 is the lowest, 5 the highest; nobody has to give one.
    client_rating = models.PositiveSmallIntegerField(_("how was it?"), null=True, blank=True)
    client_said_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.CharField(
        _("who says it was given"), max_length=10, choices=ConfirmedBy, blank=True
    )
    review = models.CharField(_("what follows"), max_length=10, choices=Review, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    sent_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # When the house noticed that no answer had come; written once.
    overdue_at = models.DateTimeField(null=True, blank=True)
    # When somebody is to be reminded next, and how often that has happened since the last step.
    next_check_at = models.DateTimeField(null=True, blank=True, editable=False)
    rung = models.PositiveSmallIntegerField(default=0, editable=False)
    # The receiver of one that was taken back is asked to delete what she noted down.
    deletion_asked_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    # Set by `with_agreed`.
    agreed: list[str] | None

    objects = ReferralQuerySet.as_manager()

    class Meta:
        verbose_name = _("referral")
        verbose_name_plural = _("referrals")
        ordering = ["-created_at", "-number"]
        permissions = [
            ("view_referrals", "Can work with the referrals of visible cases"),
            ("draft_referral", "Can prepare a referral"),
            ("send_referral", "Can send a referral"),
            ("recall_referral", "Can take a referral back"),
            ("close_referral", "Can close a referral"),
            ("follow_referral", "Can write down how a referral goes on, and what the client says"),
            ("review_referral", "Can look at refusals, and at referrals without consent"),
            ("override_consent", "Can let a referral leave without consent"),
            ("answer_referral", "Can answer the referrals to the own institution"),
        ]
        constraints = [
            models.CheckConstraint(
                name="sent_referral_has_consent_and_clock",
                condition=Q(state__in=["draft", "consent", "recalled"])
                | Q(due_at__isnull=False, sent_at__isnull=False, sent_by__isnull=False)
                & (Q(consent__isnull=False) | ~Q(override="")),
                violation_error_message=_(
                    "A referral is sent with a consent and a time to answer."
                ),
            ),
            models.CheckConstraint(
                name="declined_referral_has_reason",
                condition=~Q(state="declined") | Q(decline_reason__isnull=False),
                violation_error_message=_("Say why the referral is declined."),
            ),
            models.CheckConstraint(
                name="answered_referral_was_received",
                condition=Q(answered_at=None)
                | Q(received_at__isnull=False, received_at__lte=F("answered_at")),
                violation_error_message=_("An answer comes after the referral was received."),
            ),
            models.CheckConstraint(
                name="override_has_person_and_moment",
                condition=Q(override="", overridden_by=None, overridden_at=None)
                | ~Q(override="")
                & Q(consent=None, overridden_by__isnull=False, overridden_at__isnull=False),
                violation_error_message=_("Say why it leaves without consent."),
            ),
            models.CheckConstraint(
                name="override_reviewed_by_somebody_else",
                condition=Q(override_review="", override_reviewed_by=None)
                | ~Q(override_review="")
                & Q(override_reviewed_by__isnull=False, override_reviewed_at__isnull=False)
                & ~Q(override_reviewed_by=F("overridden_by")),
                violation_error_message=_("Somebody else looks at it afterwards."),
            ),
            models.CheckConstraint(
                name="refusal_reviewed_by_somebody",
                condition=Q(review="", reviewed_by=None, reviewed_at=None)
                | ~Q(review="") & Q(reviewed_by__isnull=False, reviewed_at__isnull=False),
                violation_error_message=_("Say what follows from the refusal."),
            ),
            models.CheckConstraint(
                name="client_rates_from_one_to_five",
                condition=Q(client_rating=None) | Q(client_rating__gte=1, client_rating__lte=5),
                violation_error_message=_("Choose from one to five."),
            ),
            models.CheckConstraint(
                name="client_said_something_then",
                condition=Q(client_word="", client_rating=None, client_said_at=None)
                | ~Q(client_word="") & Q(client_said_at__isnull=False),
                violation_error_message=_("Say whether the help was given."),
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "state", "due_at"], name="referral_by_receiver"),
            models.Index(fields=["case", "-created_at"], name="referral_by_case"),
            models.Index(
                fields=["due_at"],
                name="referral_overdue",
                condition=Q(state__in=["sent", "received", "need_information"], overdue_at=None),
            ),
            models.Index(
                fields=["next_check_at"],
                name="referral_next_check",
                condition=Q(next_check_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"R-{self.number}"

    def get_absolute_url(self) -> str:
        return reverse("referrals:detail", args=[self.pk])

    @property
    def is_draft(self) -> bool:
        """Still in the house: it can be changed and sent."""
        return self.state in states.PREPARING

    @property
    def is_waiting(self) -> bool:
        return self.state in states.WAITING

    @property
    def is_open(self) -> bool:
        return self.state in states.OPEN

    @property
    def is_overdue(self) -> bool:
        return self.is_waiting and self.due_at is not None and self.due_at < timezone.now()
