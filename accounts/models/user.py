"""People who sign in, and the roles that give them functions."""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cached_property
from typing import Any, ClassVar, Self
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import Permission
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.levels import Level
from accounts.models.organization import Organization, Team


class Role(models.Model):
    """A set of functions; which data they reach is decided by access, not by the role."""

    class Code(models.TextChoices):
        CASEWORKER = "caseworker", _("Caseworker")
        PHONE_OPERATOR = "phone_operator", _("Phone operator")
        MOBILE = "mobile", _("Mobile team")
        INTERPRETER = "interpreter", _("Interpreter")
        COORDINATOR = "coordinator", _("Coordinator")
        LEADERSHIP = "leadership", _("Leadership")
        PARTNER = "partner", _("Partner")
        DONOR = "donor", _("Donor")
        DATA_PROTECTION = "data_protection", _("Data protection")
        ADMINISTRATOR = "administrator", _("Administrator")

    code = models.CharField(max_length=20, choices=Code, primary_key=True)
    permissions = models.ManyToManyField(Permission, related_name="roles")

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        permissions = [
            ("view_roles", "Can read what each role may do"),
            ("edit_roles", "Can change what a role may do"),
            ("view_dictionary", "Can read which data is kept and why"),
        ]

    def __str__(self) -> str:
        return self.get_code_display()


class RoleChange(models.Model):
    """Where this house departs from roles.json: one function given to a role, or taken away.

    `load_roles` applies the file first and these rows then, so that neither overwrites the other.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    role = models.ForeignKey(Role, models.CASCADE, related_name="changes")
    permission = models.ForeignKey(Permission, models.CASCADE, related_name="+")
    is_given = models.BooleanField()
    changed_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("change of a role")
        verbose_name_plural = _("changes of roles")
        constraints = [
            models.UniqueConstraint(
                fields=["role", "permission"], name="one_change_per_role_and_permission"
            )
        ]

    def __str__(self) -> str:
        return f"{self.role_id} {self.permission_id}"


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def in_house_of(self, actor: "User") -> "models.QuerySet[User]":
        """Colleagues of the same organization."""
        return self.filter(organization=actor.organization_id)

    def at_work_as(self, *roles: str) -> "models.QuerySet[User]":
        """Whoever holds one of these roles today and may sign in."""
        held = RoleAssignment.objects.in_force().filter(role__in=roles)
        return self.filter(is_active=True, pk__in=held.values("user"))

    def in_care_of(self, actor: "User") -> "models.QuerySet[User]":
        """Whom an administrator looks after: her own house, and people of other institutions.

        Never another house that keeps its data here as well.
        """
        return self.filter(Q(organization=actor.organization_id) | Q(organization__is_house=False))

    def second_to(self, actor: "User") -> "models.QuerySet[User]":
        """Who may be the second person to what this one began."""
        roles = Role.objects.filter(
            permissions__codename="confirm_factor_reset",
            permissions__content_type__app_label="accounts",
        )
        held = RoleAssignment.objects.in_force().filter(role__in=roles)
        here = Q(leaves_on=None) | Q(leaves_on__gte=timezone.localdate())
        rows = self.in_house_of(actor).filter(here, is_active=True, role_assignments__in=held)
        return rows.exclude(pk=actor.pk).distinct()


class User(AbstractBaseUser):  # type: ignore[django-manager-missing]  # of the tokens: knox has no types
    """One person who signs in. There is no superuser: every function comes from a role."""

    class Theme(models.TextChoices):
        SYSTEM = "system", _("Same as device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")
        DIM = "dim", _("Dim")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    username = models.CharField(
        max_length=150,
        unique=True,
        validators=[UnicodeUsernameValidator()],
        error_messages={"unique": _("This login is taken.")},
    )
    name = models.CharField(max_length=150)
    email = models.EmailField(blank=True)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="users")
    teams = models.ManyToManyField(Team, related_name="members", blank=True)
    language = models.CharField(max_length=10, blank=True)
    theme = models.CharField(max_length=10, choices=Theme, default=Theme.SYSTEM)
    is_active = models.BooleanField(default=True)
    # The last day of the contract; afterwards nobody comes in by this account.
    leaves_on = models.DateField(null=True, blank=True)
    trained_on = models.DateField(null=True, blank=True)
    # Each session carries the number it began with; a higher one ends them all at once.
    auth_epoch = models.PositiveIntegerField(default=0, editable=False)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    # A machine's token lowers it for its own requests: what is above does not exist for it.
    highest_level = Level.RESTRICTED

    # Django and its admin ask for these two; nobody here has them.
    is_superuser = False
    is_staff = False

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        permissions = [
            ("use_admin_site", "Can change reference data"),
            ("manage_users", "Can manage users, their roles and teams"),
            ("end_sessions", "Can end the sessions of colleagues"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def has_left(self) -> bool:
        return not self.is_active or (
            self.leaves_on is not None and self.leaves_on < timezone.localdate()
        )

    def get_session_auth_hash(self) -> str:
        """What a session must carry to be this user's: it ends with the password or the epoch."""
        return self._session_hash()

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        for secret in settings.SECRET_KEY_FALLBACKS:
            yield self._session_hash(secret)

    def _session_hash(self, secret: str | bytes | None = None) -> str:
        told = f"{self.password}|{self.auth_epoch}"
        salt = "accounts.User.session"
        return salted_hmac(salt, told, secret=secret, algorithm="sha256").hexdigest()

    @cached_property
    def role_codes(self) -> frozenset[str]:
        """Codes of the roles in force today; read once per request."""
        return frozenset(self.role_assignments.in_force().values_list("role_id", flat=True))

    @cached_property
    def team_ids(self) -> frozenset[int]:
        return frozenset(self.teams.values_list("pk", flat=True))

    @cached_property
    def permission_names(self) -> frozenset[str]:
        """`app.codename` of everything the roles in force allow; read once per request."""
        rows = Permission.objects.filter(roles__code__in=self.role_codes).values_list(
            "content_type__app_label", "codename"
        )
        return frozenset(f"{app}.{codename}" for app, codename in rows)

    def has_role(self, *codes: str) -> bool:
        return not self.role_codes.isdisjoint(codes)

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Whether a role in force allows this function; never a question about one record."""
        return self.is_active and perm in self.permission_names

    def has_perms(self, perm_list: Iterable[str], obj: object = None) -> bool:
        return all(self.has_perm(perm, obj) for perm in perm_list)

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and any(
            name.startswith(f"{app_label}.") for name in self.permission_names
        )

    def require(self, permission: str) -> None:
        """Raises PermissionDenied when no role in force allows this function."""
        if not self.has_perm(permission):
            raise PermissionDenied


class RoleAssignmentQuerySet(models.QuerySet["RoleAssignment"]):
    def in_force(self, on: date | None = None) -> Self:
        day = on or timezone.localdate()
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)


class RoleAssignment(models.Model):
    """A role held by one user from a day to a day, the last one included."""

    user = models.ForeignKey(User, models.CASCADE, related_name="role_assignments")
    role = models.ForeignKey(Role, models.PROTECT, related_name="assignments")
    starts_on = models.DateField(default=timezone.localdate)
    ends_on = models.DateField(null=True, blank=True)

    objects = RoleAssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("role assignment")
        verbose_name_plural = _("role assignments")
        constraints = [
            models.CheckConstraint(
                name="role_assignment_ends_after_it_starts",
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")),
                violation_error_message=_("A role cannot end before it starts."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role_id}"
