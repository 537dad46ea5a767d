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

        CONSENT = states.Verb.CONSENT.value, _("Agreed to")
        REVISE = states.Verb.REVISE.value, _("Back in preparation")
        SEND = states.Verb.SEND.value, _("Sent")
        RECEIVE = states.Verb.RECEIVE.value, _("Received")
        NEED_INFORMATION = states.Verb.NEED_INFORMATION.value, _("Information asked for")
        INFORM = states.Verb.INFORM.value, _("Information given")
        ACCEPT = states.Verb.ACCEPT.value, _("Accepted")
        DECLINE = states.Verb.DECLINE.value, _("Declined")
        REDIRECT = states.Verb.REDIRECT.value, _("Pointed elsewhere")
        REVIEW = states.Verb.REVIEW.value, _("Looked at by a coordinator")
        START = states.Verb.START.value, _("Service started")
        DELIVER = states.Verb.DELIVER.value, _("Service delivered")
        NO_SHOW = states.Verb.NO_SHOW.value, _("Did not come")
        REBOOK = states.Verb.REBOOK.value, _("New appointment")
        CLIENT_DECLINED = states.Verb.CLIENT_DECLINED.value, _("Not wanted any more")
        UNREACHABLE = states.Verb.UNREACHABLE.value, _("Cannot be reached")
        MOVED_ON = states.Verb.MOVED_ON.value, _("Moved on")
        MISSING = states.Verb.MISSING.value, _("Missing")
        MESSAGE = states.Verb.MESSAGE.value, _("Message")
        CLIENT_SAYS = states.Verb.CLIENT_SAYS.value, _("The client's word")
        RECALL = states.Verb.RECALL.value, _("Taken back")
        DELETED = states.Verb.DELETED.value, _("Deleted by the receiver")
        CLOSE = states.Verb.CLOSE.value, _("Closed")

    class Side(models.TextChoices):
        SENDER = states.Side.SENDER.value, _("Who asks")
        RECEIVER = states.Side.RECEIVER.value, _("Who was asked")

    class Channel(models.TextChoices):
        """How it was said; what came by telephone or on paper was written down by the house."""

        ACCOUNT = "account", _("In the system")
        LINK = "link", _("By personal link")
        PHONE = "phone", _("By telephone")
        LETTER = "letter", _("By letter")
        IN_PERSON = "in_person", _("In person")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    referral = models.ForeignKey(Referral, models.CASCADE, related_name="steps")
    data_key = DataKeyField()
    verb = models.CharField(max_length=20, choices=Verb)
    from_state = models.CharField(max_length=20, choices=Referral.State)
    to_state = models.CharField(max_length=20, choices=Referral.State)
    at = models.DateTimeField(default=timezone.now)
    side = models.CharField(_("who spoke"), max_length=10, choices=Side, default=Side.SENDER)
    channel = models.CharField(_("how"), max_length=10, choices=Channel, default=Channel.ACCOUNT)
    # Who writes it down: nobody, when the house itself took the referral back or a link was used.
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    reason = models.CharField(max_length=40, blank=True)
    # Who of the receiver said it, where it was not said from an account.
    said_by = SealedTextField(verbose_name=_("who said it"))
    comment = SealedTextField(verbose_name=_("a sentence to the other side"))

    objects = ReferralStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of a referral")
        verbose_name_plural = _("steps of referrals")
        ordering = ["-at"]
        indexes = [models.Index(fields=["referral", "at"], name="step_by_referral")]

    def __str__(self) -> str:
        return self.get_verb_display()
