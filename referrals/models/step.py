"""The steps of a referral: each change of its state, with who made it and why."""

from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from referrals import states
from referrals.models.referral import Referral
from referrals.states import Side
from vault.fields import DataKeyField, SealedTextField


class ReferralStepQuerySet(models.QuerySet["ReferralStep"]):
    def visible_to(self, user: User, side: Side = Side.SENDER) -> Self:
        """Steps of the referrals that this user may see from that side."""
        return self.filter(referral__in=Referral.objects.visible_to(user, side))


class ReferralStep(models.Model):
    """One change of a referral's state: from where, to where, by whom, why."""

    class Verb(models.TextChoices):
        """The codes of `states.Verb` as they are told afterwards."""

        SEND = states.Verb.SEND.value, _("Sent")
        RECEIVE = states.Verb.RECEIVE.value, _("Received")
        ACCEPT = states.Verb.ACCEPT.value, _("Accepted")
        DECLINE = states.Verb.DECLINE.value, _("Declined")
        START = states.Verb.START.value, _("Service started")
        DELIVER = states.Verb.DELIVER.value, _("Service delivered")
        RECALL = states.Verb.RECALL.value, _("Taken back")
        CLOSE = states.Verb.CLOSE.value, _("Closed")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    referral = models.ForeignKey(Referral, models.CASCADE, related_name="steps")
    data_key = DataKeyField()
    verb = models.CharField(max_length=20, choices=Verb)
    from_state = models.CharField(max_length=20, choices=Referral.State)
    to_state = models.CharField(max_length=20, choices=Referral.State)
    at = models.DateTimeField(default=timezone.now)
    # Nobody, when the house itself took the referral back.
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    reason = models.CharField(max_length=40, blank=True)
    comment = SealedTextField(verbose_name=_("a sentence to the other side"))

    objects = ReferralStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of a referral")
        verbose_name_plural = _("steps of referrals")
        ordering = ["-at"]
        indexes = [models.Index(fields=["referral", "at"], name="step_by_referral")]

    def __str__(self) -> str:
        return self.get_verb_display()
