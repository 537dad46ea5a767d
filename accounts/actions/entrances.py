"""Verbs at the door: agreements, invitations, and new passwords by mail."""

import secrets
from datetime import date, timedelta
from hashlib import sha256

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions.sessions import end_all_sessions
from accounts.audit import record
from accounts.exclusive_roles import belongs, clash
from accounts.models import (
    Agreement,
    AgreementAcceptance,
    AuditEvent,
    HalfSignIn,
    Invitation,
    Organization,
    PasswordReset,
    Role,
    RoleAssignment,
    Team,
    User,
)
from accounts.notices import notify
from accounts.outbox import enqueue

OVER = _("This link is over. Ask for a new one.")
WAITS = _("A second person has not agreed to this invitation yet. Come back later.")
TOKEN_BYTES = 32
DAYS_OF_A_MONTH = 30.4375


def token_hash(token: str) -> str:
    """The stored form of a link's secret; it is long and random, so a plain hash is enough."""
    return sha256(token.encode()).hexdigest()


@transaction.atomic
def note_failed_sign_in() -> None:
    """Write down a wrong password; whose it should have been is not said."""
    record(None, "fail_sign_in", User(id=None), result=AuditEvent.Result.FAILED)


@transaction.atomic
def refuse_sign_in(user: User) -> None:
    """Write down that somebody was turned away because her agreement has run out."""
    HalfSignIn.objects.filter(user=user).delete()
    record(user, "sign_in", user, note="agreement_over", result=AuditEvent.Result.DENIED)


# Agreements


def is_confidentiality_over(user: User) -> bool:
    """Whether an administrator has to renew her confidentiality agreement before she comes in."""
    rows = AgreementAcceptance.objects.filter(
        user=user, agreement__kind=Agreement.Kind.CONFIDENTIALITY
    )
    days = list(rows.values_list("expires_on", flat=True))
    today = timezone.localdate()
    return bool(days) and all(day is not None and day < today for day in days)


@transaction.atomic
def accept_agreement(agreement: Agreement, *, actor: User) -> AgreementAcceptance:
    """Agree to a version for oneself."""
    acceptance = AgreementAcceptance.objects.create(
        user=actor, agreement=agreement, expires_on=_expiry(agreement), recorded_by=actor
    )
    record(actor, "accept_agreement", agreement)
    return acceptance


@transaction.atomic
def renew_confidentiality(user: User, *, actor: User) -> AgreementAcceptance:
    """Record that somebody signed her confidentiality agreement anew, on paper."""
    actor.require("accounts.manage_users")
    if user.pk == actor.pk:
        raise ValidationError(_("A colleague has to record this for you."))
    agreement = Agreement.objects.current().filter(kind=Agreement.Kind.CONFIDENTIALITY).get()
    acceptance = AgreementAcceptance.objects.create(
        user=user, agreement=agreement, expires_on=_expiry(agreement), recorded_by=actor
    )
    record(actor, "renew_confidentiality", user)
    return acceptance


@transaction.atomic
def end_confidentiality(user: User, *, actor: User) -> None:
    """Let a confidentiality agreement end today; her sessions end at once."""
    actor.require("accounts.manage_users")
    yesterday = timezone.localdate() - timedelta(days=1)
    AgreementAcceptance.objects.filter(
        user=user, agreement__kind=Agreement.Kind.CONFIDENTIALITY
    ).update(expires_on=yesterday)
    end_all_sessions(user, actor=actor, reason="agreement_over")
    record(actor, "end_confidentiality", user)


def _expiry(agreement: Agreement) -> date | None:
    if agreement.months is None:
        return None
    return timezone.localdate() + timedelta(days=round(agreement.months * DAYS_OF_A_MONTH))


# Invitations


@transaction.atomic
def invite_user(
    *,
    name: str,
    username: str,
    email: str,
    organization: Organization,
    teams: list[Team],
    roles: list[str],
    roles_end_on: date | None,
    actor: User,
) -> Invitation:
    """Prepare an account; the secret of its link is on what is returned, this once.

    A role inside the house needs a second person's word, and everybody who may give it is told.
    Where nobody may - the first days of an installation - the trail says that nobody was asked.
    Raises ValidationError for a taken login, or a team of another organization.
    """
    actor.require("accounts.manage_users")
    token = secrets.token_urlsafe(TOKEN_BYTES)
    invitation = Invitation(
        token_hash=token_hash(token),
        name=name,
        username=username,
        email=email,
        organization=organization,
        roles=roles,
        roles_end_on=roles_end_on,
        invited_by=actor,
        expires_at=timezone.now() + timedelta(seconds=settings.INVITATION_SECONDS),
    )
    invitation.full_clean(exclude=["user"])
    if organization.is_house and organization.pk != actor.organization_id:
        raise PermissionDenied
    if not roles or not set(roles) <= set(Role.Code.values):
        raise ValidationError({"roles": _("Choose at least one role.")})
    if any(not belongs(role, is_house=organization.is_house) for role in roles):
        raise ValidationError({"roles": _("These roles do not fit this organization.")})
    reason = clash(set(roles))
    if reason is not None:
        raise ValidationError({"roles": reason}, code="exclusive")
    if User.objects.filter(username__iexact=username).exists():
        raise ValidationError({"username": _("Somebody signs in with this already.")})
    if any(team.organization_id != organization.pk for team in teams):
        raise ValidationError({"teams": _("Choose teams of this organization.")})
    others = list(User.objects.second_to(actor)) if organization.is_house else []
    invitation.agreed_at = None if others else timezone.now()
    invitation.save()
    invitation.teams.set(teams)
    is_alone = organization.is_house and not others
    record(actor, "invite_user", invitation, note="no_second_person" if is_alone else "")
    notify(others, "invitation_waiting", url_name="accounts:agree_to_invitation")
    invitation.secret = token
    return invitation


@transaction.atomic
def agree_to_invitation(invitation: Invitation, *, actor: User) -> None:
    """Say as the second person that whoever is invited is to have these roles.

    Raises PermissionDenied, ValidationError.
    """
    actor.require("accounts.confirm_factor_reset")
    rows = Invitation.objects.waiting_for(actor).select_for_update(of=("self",))
    found = rows.filter(pk=invitation.pk).first()
    if found is None:
        raise ValidationError(_("This invitation does not wait for you any more."), code="stale")
    found.agreed_by, found.agreed_at = actor, timezone.now()
    found.save(update_fields=["agreed_by", "agreed_at"])
    record(actor, "agree_to_invitation", found)
    notify([found.invited_by], "invitation_agreed")


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, actor: User) -> None:
    """Make a link that was handed out worthless."""
    actor.require("accounts.manage_users")
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if not invitation.is_open:
        raise ValidationError(_("This invitation is over already."))
    invitation.withdrawn_at = timezone.now()
    invitation.save(update_fields=["withdrawn_at"])
    record(actor, "withdraw_invitation", invitation)


def find_invitation(token: str) -> Invitation | None:
    """The open invitation of a link."""
    return Invitation.objects.open().filter(token_hash=token_hash(token)).first()


@transaction.atomic
def accept_invitation(token: str, *, password: str) -> User:
    """Make the account, with the password its owner chose. Raises ValidationError."""
    invitation = (
        Invitation.objects.open().select_for_update().filter(token_hash=token_hash(token)).first()
    )
    if invitation is None:
        raise ValidationError(OVER, code="over")
    if invitation.agreed_at is None:
        raise ValidationError(WAITS, code="over")
    inviter = invitation.invited_by
    # Whoever was let go must not come back by a link of her own making.
    if inviter.has_left or not inviter.has_perm("accounts.manage_users"):
        raise ValidationError(OVER, code="over")
    user = User(
        username=invitation.username,
        name=invitation.name,
        email=invitation.email,
        organization=invitation.organization,
    )
    _set_password(user, password)
    user.full_clean()
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as error:
        raise ValidationError(OVER, code="over") from error
    user.teams.set(invitation.teams.all())
    RoleAssignment.objects.bulk_create(
        RoleAssignment(user=user, role_id=role, ends_on=invitation.roles_end_on)
        for role in invitation.roles
    )
    invitation.accepted_at, invitation.user = timezone.now(), user
    invitation.save(update_fields=["accepted_at", "user"])
    record(user, "accept_invitation", invitation)
    notify([invitation.invited_by], "invitation_accepted")
    return user


# Logins of another provider


def has_linked_login(user: User) -> bool:
    return bool(SocialAccount.objects.filter(user=user).exists())


@transaction.atomic
def link_login(account: SocialAccount, *, actor: User) -> None:
    """Let somebody come in by this login of a provider; an earlier one opens nothing any more.

    Raises ValidationError for a login that is somebody else's.
    """
    taken = SocialAccount.objects.filter(provider=account.provider, uid=account.uid)
    if taken.exclude(user=actor).exists():
        raise ValidationError(_("This login belongs to another account."))
    SocialAccount.objects.filter(user=actor).delete()
    SocialAccount.objects.create(
        user=actor, provider=account.provider, uid=account.uid, extra_data=account.extra_data
    )
    record(actor, "link_login", actor)
    notify([actor], "factor_changed", url_name="accounts:security")


@transaction.atomic
def forget_ways_by_address(user: User) -> None:
    """End what an earlier address of hers could still open: linked logins, links that wait."""
    SocialAccount.objects.filter(user=user).delete()
    _end_resets(user)


# New passwords by mail


@transaction.atomic
def ask_for_reset(*, username: str) -> None:
    """Promise a mail with a link, if somebody has this username; the work is the same if not."""
    user = User.objects.filter(username__iexact=username).first()
    if user is not None and (user.has_left or not user.email):
        user = None
    reset = PasswordReset.objects.create(
        user=user, expires_at=timezone.now() + timedelta(seconds=settings.PASSWORD_RESET_SECONDS)
    )
    record(None, "ask_for_reset", reset)
    enqueue("password_reset_asked", key=str(reset.pk), reset=reset.pk)


@transaction.atomic
def begin_reset(reset: PasswordReset) -> str:
    """Make the secret of the link that is mailed now; an earlier one of this reset is dead."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    reset.token_hash = token_hash(token)
    reset.save(update_fields=["token_hash"])
    return token


def find_reset(token: str) -> PasswordReset | None:
    """The open reset of a link."""
    now = timezone.now()
    rows = PasswordReset.objects.filter(used_at=None, expires_at__gt=now).exclude(user=None)
    return rows.filter(token_hash=token_hash(token)).select_related("user").first()


@transaction.atomic
def reset_password(token: str, *, password: str) -> User:
    """Set the password that the owner of the link chose. The second step stays as it is.

    Raises ValidationError, code `over` for a link that opens no more.
    """
    reset = find_reset(token)
    if reset is None or reset.user is None:
        raise ValidationError(OVER, code="over")
    user = User.objects.select_for_update().get(pk=reset.user.pk)
    if find_reset(token) is None or user.has_left:
        raise ValidationError(OVER, code="over")
    _set_password(user, password)
    user.save(update_fields=["password"])
    _end_resets(user)
    end_all_sessions(user, actor=user, reason="password_reset")
    record(user, "reset_password", user)
    notify([user], "password_changed", url_name="accounts:security")
    return user


@transaction.atomic
def change_password(user: User, *, password: str, actor: User) -> User:
    """Set one's own password; links to a new one are dead."""
    _set_password(user, password)
    user.save(update_fields=["password"])
    _end_resets(user)
    record(actor, "change_password", user)
    notify([user], "password_changed", url_name="accounts:security")
    return user


def _end_resets(user: User) -> None:
    PasswordReset.objects.filter(user=user, used_at=None).update(used_at=timezone.now())


def _set_password(user: User, password: str) -> None:
    validate_password(password, user)
    user.set_password(password)


@transaction.atomic
def sweep_entrances() -> None:
    """Forget resets that are over."""
    day_ago = timezone.now() - timedelta(days=1)
    PasswordReset.objects.filter(expires_at__lt=day_ago).delete()
