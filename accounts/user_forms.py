"""Forms about those who work here."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.exclusive_roles import belongs
from accounts.forms import ActionForm
from accounts.models import Organization, Role, Team, User
from accounts.widgets import Ticks


def day_field(label: Any, help_text: Any = "", *, required: bool = False) -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=required,
        widget=forms.DateInput(attrs={"type": "date", "class": "w-m"}),
    )


class UserForm(ActionForm):
    """What is known of a colleague."""

    name = forms.CharField(label=_("Name"), max_length=150)
    teams = forms.ModelMultipleChoiceField(
        label=_("Teams"), queryset=Team.objects.none(), required=False, widget=Ticks
    )
    trained_on = day_field(_("Last training in data protection"))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "name": user.name,
            "teams": list(user.team_ids),
            "trained_on": user.trained_on,
        }
        super().__init__(*args, **kwargs)
        field = self.fields["teams"]
        field.queryset = user.organization.teams.order_by("name")  # type: ignore[attr-defined]  # the field is a model's


class EmailForm(ActionForm):
    email = forms.EmailField(
        label=_("Work email"),
        help_text=_("The old address is told that it was changed."),
        required=False,
    )


class LeavingForm(ActionForm):
    leaves_on = day_field(
        _("Last day"),
        _("Afterwards the account opens nothing. Leave empty when there is no end yet."),
    )


class RoleAssignmentForm(ActionForm):
    """A role from a day to a day."""

    role = forms.ChoiceField(label=_("Role"))
    starts_on = day_field(_("From"), required=True)
    ends_on = day_field(_("To"), _("The last day. Leave empty when there is no end yet."))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"starts_on": timezone.localdate()})
        super().__init__(*args, **kwargs)
        is_house = user.organization.is_house
        self.fields["role"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            (code, name) for code, name in Role.Code.choices if belongs(code, is_house=is_house)
        ]


class EndRoleForm(ActionForm):
    """Which of the roles she holds, or is to hold, ends on which day."""

    assignment = forms.TypedChoiceField(label=_("Role"), coerce=int)
    ends_on = day_field(_("Last day"), required=True)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lasting = Q(ends_on=None) | Q(ends_on__gte=timezone.localdate())
        rows = user.role_assignments.filter(lasting).select_related("role").order_by("starts_on")
        self.fields["assignment"].choices = [(row.pk, str(row.role)) for row in rows]  # type: ignore[attr-defined]  # a ChoiceField


class ConfirmForm(ActionForm):
    """A press that asks for nothing else."""


class OrganizationForm(ActionForm):
    name_en = forms.CharField(label=_("Name in English"), max_length=200)
    name_sr = forms.CharField(label=_("Name in Serbian"), max_length=200)

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        kwargs["initial"] = {"name_en": organization.name_en, "name_sr": organization.name_sr}
        super().__init__(*args, **kwargs)


class TeamForm(ActionForm):
    """A team: an office's desk, a mobile team or a phone line."""

    name = forms.CharField(label=_("Name"), max_length=150)
    kind = forms.ChoiceField(label=_("Kind"), choices=Team.Kind)


class TeamMembersForm(TeamForm):
    members = forms.ModelMultipleChoiceField(
        label=_("Members"), queryset=User.objects.none(), required=False, widget=Ticks
    )

    def __init__(self, *args: Any, team: Team, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "name": team.name,
            "kind": team.kind,
            "members": [user.pk for user in team.members.all()],
        }
        super().__init__(*args, **kwargs)
        of_house = User.objects.filter(organization=team.organization_id, is_active=True)
        self.fields["members"].queryset = of_house.order_by("name")  # type: ignore[attr-defined]  # the field is a model's
