"""Make and end the keys of machines."""

from datetime import timedelta
from ipaddress import ip_network

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import ApiToken, User
from accounts.models.token import LONGEST


@transaction.atomic
def create_api_token(
    user: User,
    *,
    label: str,
    scopes: list[str],
    days: int,
    known_scopes: set[str],
    addresses: list[str] | None = None,
    actor: User | None = None,
) -> tuple[ApiToken, str]:
    """The token's row and its text, which nobody can read again.

    Raises ValidationError for a scope that no resource has, an address that is none, or a life
    longer than 90 days.
    """
    unknown = ", ".join(sorted(set(scopes) - known_scopes))
    if unknown:
        raise ValidationError(_("Unknown scope: %(names)s.") % {"names": unknown})
    if not scopes:
        raise ValidationError(_("A token needs at least one scope."))
    if not 1 <= days <= LONGEST.days:
        raise ValidationError(_("A token lives from 1 to %(days)s days.") % {"days": LONGEST.days})
    if not user.is_active:
        raise ValidationError(_("This account is closed."))
    token, text = ApiToken.objects.create(
        user,
        expiry=timedelta(days=days),
        label=label.strip(),
        scopes=sorted(set(scopes)),
        addresses=[_network(address) for address in addresses or []],
        made_by=actor,
    )
    token.full_clean(exclude=["digest"])
    record(actor, "create_api_token", token)
    return token, text


@transaction.atomic
def revoke_api_token(token: ApiToken, *, actor: User) -> ApiToken:
    """End a token from the next request on. Raises PermissionDenied."""
    if not ApiToken.objects.visible_to(actor).filter(pk=token.pk).exists():
        raise PermissionDenied
    token = ApiToken.objects.select_for_update().get(pk=token.pk)
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
        record(actor, "revoke_api_token", token)
    return token


def _network(text: str) -> str:
    """Raises ValidationError for what is no address and no network."""
    try:
        return str(ip_network(text.strip()))
    except ValueError as error:
        raise ValidationError(_("%(text)s is no address or network.") % {"text": text}) from error
