"""Who may see a case, from when until when, how much of it and why: the one table of access.

guardian's object permissions with a direct foreign key, read set-wise only. One row gives one
level and all levels below it.
"""

from datetime import datetime
from typing import Any, ClassVar, Self
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.models import Permission
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from accounts.levels import Level
from accounts.models import User

# Codename of the permission on Case that a row names, and the level it gives.
LEVELS = {
    "access_operational": Level.OPERATIONAL,
    "access_identity": Level.IDENTITY,
    "access_narrative": Level.NARRATIVE,
    "access_restricted": Level.RESTRICTED,
}
LEVEL_WORDS = {
    Level.OPERATIONAL: _("What is operational"),
    Level.IDENTITY: _("Name and contacts as well"),
    Level.NARRATIVE: _("Notes and answers as well"),
    Level.RESTRICTED: _("Everything"),
}


def codename(level: Level) -> str:
    return next(name for name, given in LEVELS.items() if given == level)


def permission_for(level: Level) -> Permission:
    """The permission row that stands for a level."""
    return Permission.objects.get(
        content_type__app_label="casework", content_type__model="case", codename=codename(level)
    )


class AccessKind(models.TextChoices):
    ASSIGNED = "assigned", _("Assigned")
    COVERING = "covering", _("Standing in")
    SUPERVISOR = "supervisor", _("Supervision")
    REFERRAL = "referral", _("Referral")
    BREAK_GLASS = "break_glass", _("Emergency access")


def _now_at_level(level: Level, at: datetime | None) -> Q:
    moment = at or timezone.now()
    names = [name for name, given in LEVELS.items() if given >= level]
    return (Q(ends_at=None) | Q(ends_at__gt=moment)) & Q(
        starts_at__lte=moment, permission__codename__in=names
    )


def _blocked(user: User) -> Q:
    """Access to a case of somebody whom the user must not meet here."""
    return Q(content_object__person__in=CaseBlock.objects.persons_closed_to(user))


class CaseAccessQuerySet(models.QuerySet["CaseAccess"]):
    def in_force(self, level: Level = Level.OPERATIONAL, at: datetime | None = None) -> Self:
        return self.filter(_now_at_level(level, at))

    def held_by(self, user: User, level: Level = Level.OPERATIONAL) -> Self:
        """Rows in force that count for this user: a block of hers beats each of them."""
        return self.in_force(level).filter(user=user).exclude(_blocked(user))

    def lasting(self) -> Self:
        """Without emergency access, which only reads."""
        return self.exclude(kind=AccessKind.BREAK_GLASS)


class TeamCaseAccessQuerySet(models.QuerySet["TeamCaseAccess"]):
    def in_force(self, level: Level = Level.OPERATIONAL, at: datetime | None = None) -> Self:
        return self.filter(_now_at_level(level, at))

    def held_by(self, user: User, level: Level = Level.OPERATIONAL) -> Self:
        """Rows in force that count for this user: a sealed case is open to no team."""
        rows = self.in_force(level).filter(group__in=user.team_ids)
        return rows.filter(content_object__is_sealed=False).exclude(_blocked(user))


class _Access(models.Model):
    """What both kinds of row carry beside guardian's permission and object."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kind = models.CharField(max_length=20, choices=AccessKind, default=AccessKind.ASSIGNED)
    starts_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=40, blank=True)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def level_said(self) -> str:
        return str(LEVEL_WORDS[self.level])

    @property
    def level(self) -> Level:
        """Needs the permission row: read with `select_related("permission")`."""
        return LEVELS[self.permission.codename]  # type: ignore[attr-defined]  # guardian's field


class CaseAccess(_Access, UserObjectPermissionBase):
    """One user's access to one case."""

    content_object = models.ForeignKey(
        "casework.Case", models.CASCADE, related_name="access", db_column="case_id"
    )

    objects = CaseAccessQuerySet.as_manager()  # type: ignore[assignment, misc]  # not guardian's

    class Meta:
        verbose_name = _("access")
        verbose_name_plural = _("access")
        # Not guardian's unique rule: two rows of one level may stand side by side.
        unique_together: ClassVar[tuple[()]] = ()
        indexes = [models.Index(fields=["user", "content_object"], name="access_by_user")]

    def __str__(self) -> str:
        return self.holder

    @property
    def holder(self) -> str:
        return str(self.user)


class TeamCaseAccess(_Access, GroupObjectPermissionBase):
    """One team's access to one case."""

    content_object = models.ForeignKey(
        "casework.Case", models.CASCADE, related_name="team_access", db_column="case_id"
    )

    objects = TeamCaseAccessQuerySet.as_manager()  # type: ignore[assignment, misc]  # as above

    class Meta:
        verbose_name = _("team access")
        verbose_name_plural = _("team access")
        unique_together: ClassVar[tuple[()]] = ()
        indexes = [models.Index(fields=["group", "content_object"], name="access_by_team")]

    def __str__(self) -> str:
        return self.holder

    @property
    def holder(self) -> str:
        return str(self.group)


class CaseBlockQuerySet(models.QuerySet["CaseBlock"]):
    def in_force(self) -> Self:
        return self.filter(lifted_at=None)

    def persons_closed_to(self, user: User) -> models.QuerySet["CaseBlock", Any]:
        """Keys of the people of whom this user must see nothing, whichever case the block names."""
        return self.in_force().filter(user=user).values("case__person")


class CaseBlock(models.Model):
    """A conflict of interest: closes a case, its person and all her cases to one user.

    It beats every access, a coordinator's view and emergency access included.
    """

    class Reason(models.TextChoices):
        RELATIVE = "relative", _("Relative or friend")
        KNOWN_PRIVATELY = "known_privately", _("Known privately")
        INVOLVED = "involved", _("Involved in the matter")
        OWN_CASE = "own_case", _("Own case")
        OTHER = "other", _("Other")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey("casework.Case", models.CASCADE, related_name="blocks")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="case_blocks")
    reason = models.CharField(_("reason"), max_length=20, choices=Reason)
    blocked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    lifted_at = models.DateTimeField(null=True, blank=True)

    objects = CaseBlockQuerySet.as_manager()

    class Meta:
        verbose_name = _("conflict of interest")
        verbose_name_plural = _("conflicts of interest")
        constraints = [
            models.UniqueConstraint(
                name="one_block_per_case_and_user",
                fields=["case", "user"],
                condition=Q(lifted_at=None),
                violation_error_message=_("This case is closed to this person already."),
            )
        ]
        indexes = [models.Index(fields=["user"], name="block_by_user", condition=Q(lifted_at=None))]

    def __str__(self) -> str:
        return self.get_reason_display()
