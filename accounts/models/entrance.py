"""Ways in that exist for a short time: invitations, resets, and steps somebody did not finish."""

from typing import Self
from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.organization import Organization, Team
from accounts.models.user import User


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> Self:
        """Those that are not over."""
        return self.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=timezone.now())

    def waiting_for(self, user: User) -> Self:
        """Those that this user may agree to as the second person."""
        rows = self.open().filter(agreed_at=None, organization=user.organization_id)
        return rows.exclude(invited_by=user)


class Invitation(models.Model):
    """An account that waits for its owner: the link is handed over, only its hash is kept.

    One with a role inside the house opens nothing until a second person agreed.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    name = models.CharField(max_length=150)
    username = models.CharField(max_length=150)
    email = models.EmailField(blank=True)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    teams = models.ManyToManyField(Team, related_name="+", blank=True)
    roles = ArrayField(models.CharField(max_length=20))
    roles_end_on = models.DateField(null=True, blank=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    # Without a name where nobody had to: no role inside the house, or nobody else who could.
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    agreed_at = models.DateTimeField(null=True, editable=False)
    accepted_at = models.DateTimeField(null=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="invitation"
    )

    objects = InvitationQuerySet.as_manager()

    # The secret of the link, known to the request that made it and to nobody afterwards.
    secret = ""

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_open(self) -> bool:
        ended = self.accepted_at or self.withdrawn_at
        return not ended and self.expires_at > timezone.now()


class PasswordReset(models.Model):
    """A new password that somebody asked for; without a user when nobody has that account.

    The link's token is made when the mail is written, and only its hash is kept.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="password_resets"
    )
    token_hash = models.CharField(max_length=64, blank=True, editable=False)
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("password reset")
        verbose_name_plural = _("password resets")
        indexes = [models.Index(fields=["token_hash"], name="password_reset_by_token")]

    def __str__(self) -> str:
        return str(self.pk)


class FactorReset(models.Model):
    """A lost second factor: one person asks, another confirms that it was her, both are named."""

    class Proof(models.TextChoices):
        IN_PERSON = "in_person", _("She stood in front of me")
        KNOWN_PHONE = "known_phone", _("I called her on the number we know")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="factor_resets")
    proof = models.CharField(max_length=20, choices=Proof)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("reset of a second factor")
        verbose_name_plural = _("resets of second factors")
        permissions = [("confirm_factor_reset", "Can confirm that a second factor was lost")]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_open(self) -> bool:
        return self.confirmed_at is None and self.expires_at > timezone.now()


class HalfSignIn(models.Model):
    """A right password whose second step has not come; it goes when the step is done."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("unfinished sign-in")
        verbose_name_plural = _("unfinished sign-ins")

    def __str__(self) -> str:
        return str(self.user_id)
