"""Keys of machines: what a tool or a partner's system signs in with, and how little it opens."""

from datetime import timedelta
from ipaddress import ip_address, ip_network
from typing import Self
from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken, AuthTokenManager
from knox.settings import CONSTANTS

from accounts.models.user import User

LONGEST = timedelta(days=90)


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def in_force(self) -> Self:
        return self.filter(revoked_at=None, expiry__gt=timezone.now())

    def visible_to(self, user: User) -> Self:
        """Her own, and for who manages them those of everybody in her care."""
        if not user.has_perm("accounts.manage_tokens"):
            return self.filter(user=user)
        return self.filter(user__in=User.objects.in_care_of(user))


class ApiToken(AbstractAuthToken):
    """One token of one account. Its text is shown once and only its hash is kept.

    It opens the resources and verbs it names and nothing above what is operational, whatever its
    owner may see. `scopes` are `<resource>:read` and `<resource>:write`; `addresses` are networks,
    none for any.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    # Not the package's key: a key stands in the trail, and a hash has no business there.
    digest = models.CharField(max_length=CONSTANTS.DIGEST_LENGTH, unique=True, editable=False)
    label = models.CharField(_("what it is for"), max_length=80)
    scopes = ArrayField(models.CharField(max_length=60), default=list)
    addresses = ArrayField(models.CharField(max_length=50), default=list, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    last_used_on = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = AuthTokenManager.from_queryset(ApiTokenQuerySet)()

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        permissions = [("manage_tokens", "Can see and end API tokens")]
        constraints = [
            models.CheckConstraint(name="token_has_an_end", condition=Q(expiry__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def is_in_force(self) -> bool:
        return self.revoked_at is None and self.expiry is not None and self.expiry > timezone.now()

    def may_come_from(self, address: str) -> bool:
        return not self.addresses or any(
            ip_address(address) in ip_network(network) for network in self.addresses
        )

    def allows(self, resource: str, *, writes: bool) -> bool:
        return f"{resource}:{'write' if writes else 'read'}" in self.scopes
