"""Verbs about the house itself: its name, its teams, and who is in them."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions.sessions import end_all_sessions
from accounts.audit import record
from accounts.models import Organization, Team, User


@transaction.atomic
def rename_organization(
    organization: Organization, *, name_en: str, name_sr: str, actor: User
) -> Organization:
    """Change what the house is called."""
    _require_own(organization, actor)
    organization.name_en, organization.name_sr = name_en, name_sr
    organization.full_clean()
    organization.save(update_fields=["name_en", "name_sr"])
    record(actor, "rename_organization", organization, fields=["name_en", "name_sr"])
    return organization


@transaction.atomic
def make_team(organization: Organization, *, name: str, kind: str, actor: User) -> Team:
    """Begin a team. Raises ValidationError for a name that is taken."""
    _require_own(organization, actor)
    team = Team(organization=organization, name=name, kind=kind)
    team.full_clean()
    team.save()
    record(actor, "make_team", team)
    return team


@transaction.atomic
def change_team(team: Team, *, name: str, kind: str, members: Iterable[User], actor: User) -> Team:
    """Rename a team and say who is in it; sessions of whoever comes or goes end."""
    _require_own(team.organization, actor)
    team = team.organization.teams.select_for_update().get(pk=team.pk)
    wanted = {user.pk: user for user in members}
    if any(user.organization_id != team.organization_id for user in wanted.values()):
        raise ValidationError({"members": _("Only people of this organization.")})
    team.name, team.kind = name, kind
    team.full_clean()
    team.save()
    before = {user.pk: user for user in team.members.all()}
    team.members.set(wanted.values())
    record(actor, "change_team", team, fields=["name", "kind", "members"])
    for pk in before.keys() ^ wanted.keys():
        user = before.get(pk) or wanted[pk]
        end_all_sessions(user, actor=actor, reason="teams_changed", tell=user.pk != actor.pk)
    return team


def _require_own(organization: Organization, actor: User) -> None:
    """Raises PermissionDenied for another house."""
    actor.require("accounts.manage_users")
    if organization.pk != actor.organization_id:
        raise PermissionDenied
