"""What a house wants changed in an instrument, and what its talks showed: codes and counts."""

from datetime import date, timedelta
from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from screening.models.instrument import Instrument
from screening.models.instrument_draft import InstrumentDraft

READERS = (
    "screening.propose_change",
    "screening.edit_instrument",
    "screening.publish_instrument",
)


class ChangeProposalQuerySet(models.QuerySet["ChangeProposal"]):
    def visible_to(self, user: User) -> Self:
        """Those of her house, for who proposes changes or writes instruments."""
        if not any(user.has_perm(perm) for perm in READERS):
            return self.none()
        return self.filter(organization=user.organization_id)

    def open(self) -> Self:
        return self.filter(state=ChangeProposal.State.OPEN)


class ChangeProposal(models.Model):
    """A reason to write another version, with the counts that it rests on.

    The counts are those of a study, which are protected. There is no place for a text.
    """

    class Reason(models.TextChoices):
        NEVER = "never", _("Never holds")
        NEARLY_ALWAYS = "nearly_always", _("Nearly always holds")
        OTHERWISE = "otherwise", _("Workers decide otherwise")

    class State(models.TextChoices):
        OPEN = "open", _("Proposed")
        TAKEN_UP = "taken_up", _("In a draft")
        SET_ASIDE = "set_aside", _("Put aside")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="change_proposals")
    reason = models.CharField(_("why"), max_length=15, choices=Reason)
    # Which question or sign; empty when it is about the results.
    indicator = models.CharField(max_length=20, blank=True)
    asked = models.PositiveIntegerField(null=True, blank=True)
    # Nothing where the number, or what is left without it, is small.
    yes = models.PositiveIntegerField(null=True, blank=True)
    tenths = models.PositiveSmallIntegerField(null=True, blank=True)
    # Of the talks that were counted; half-open.
    starts_on = models.DateField(_("from"))
    ends_before = models.DateField(_("until"))
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    draft = models.ForeignKey(
        InstrumentDraft, models.PROTECT, related_name="change_proposals", null=True, blank=True
    )
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = ChangeProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("change proposal")
        verbose_name_plural = _("change proposals")
        ordering = ["-proposed_at", "-id"]
        permissions = [("propose_change", "Can propose a change of an instrument")]
        constraints = [
            models.UniqueConstraint(
                name="proposed_once_from_a_period",
                fields=["organization", "instrument", "indicator", "reason", "starts_on"],
                violation_error_message=_("This was proposed already."),
            ),
            models.CheckConstraint(
                name="proposal_period_in_order", condition=Q(ends_before__gt=F("starts_on"))
            ),
            models.CheckConstraint(
                name="settled_proposal_has_person_and_day",
                condition=Q(state="open", settled_by=None, settled_at=None, draft=None)
                | Q(state="taken_up", settled_by__isnull=False, settled_at__isnull=False)
                & Q(draft__isnull=False)
                | Q(state="set_aside", settled_by__isnull=False, settled_at__isnull=False)
                & Q(draft=None),
            ),
            models.CheckConstraint(
                name="proposal_is_of_an_indicator_or_of_results",
                condition=Q(reason="otherwise", indicator="", tenths__isnull=False)
                | ~Q(reason="otherwise") & ~Q(indicator="") & Q(asked__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instrument} {self.indicator}".strip()

    @property
    def ends_on(self) -> date:
        """The last day that was counted."""
        return self.ends_before - timedelta(days=1)
