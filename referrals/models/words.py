"""The coded words of a referral: how soon, why taken back, above a consent, what was given."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Urgency(models.TextChoices):
    """Source: IASC inter-agency referral form."""

    EMERGENCY = "emergency", _("Emergency")
    URGENT = "urgent", _("Urgent")
    NORMAL = "normal", _("Normal")


class RecallReason(models.TextChoices):
    """Kept for the sender; the receiver is never told why."""

    CONSENT = "consent", _("The client took the consent back")
    SAFETY = "safety", _("It is not safe")
    NOT_NEEDED = "not_needed", _("The help is no longer needed")
    MISTAKE = "mistake", _("Sent by mistake")


class Override(models.TextChoices):
    """What stands above a missing consent. Source: GDPR art. 6 (1) c, d; best interests."""

    DANGER = "danger_to_life", _("Danger to life")
    DUTY = "duty_to_report", _("The law demands a report")
    CHILD = "best_interests", _("Best interests of the child")


class OverrideReview(models.TextChoices):
    RIGHT = "right", _("It was right")
    WRONG = "wrong", _("It was not right")


class Review(models.TextChoices):
    """What a coordinator made of a refusal."""

    ELSEWHERE = "elsewhere", _("Asked somewhere else")
    AGAIN = "again", _("Talked to the service, asked again")
    STANDS = "stands", _("The refusal stands")


class Extent(models.TextChoices):
    """How much of what was asked for was given, in the words of the service."""

    FULL = "full", _("Everything")
    PARTIAL = "partial", _("A part of it")


class Word(models.TextChoices):
    """What the client says: was it given?"""

    YES = "yes", _("Yes")
    PARTLY = "partly", _("Partly")
    NO = "no", _("No")


class ConfirmedBy(models.TextChoices):
    """Who says that the help was given. Two sides that agree are two."""

    BOTH = "both", _("The service and the client")
    PARTNER = "partner", _("The service")
    CLIENT = "client", _("The client")
    NOBODY = "nobody", _("Nobody")
