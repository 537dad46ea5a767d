"""What is typed about who may see a case: access, standing in, conflicts, emergencies."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import ActionForm, MomentField
from accounts.levels import Level
from accounts.models import User
from accounts.widgets import Chips, Choices
from casework.forms.fields import MomentInput
from casework.models import Case, CaseBlock, EmergencyAccess
from casework.models.access import LEVEL_WORDS, AccessKind

UNTIL_WRONG = {
    "invalid": _("Write the day and the time, such as 2026-12-01 18:00."),
    "required": _("Say until when."),
}


def _offer_workers(field: forms.Field, organization: Any) -> None:
    """To choose from: who works with cases in an organization."""
    workers = User.objects.filter(
        organization=organization,
        is_active=True,
        role_assignments__role__permissions__codename="view_cases",
    )
    chosen_from = workers.distinct().order_by("name")
    field.queryset = chosen_from  # type: ignore[attr-defined]  # a model choice


class GiveAccessForm(ActionForm):
    """Access of one colleague to one case: the keywords of `give_access`."""

    user = forms.ModelChoiceField(
        label=_("Who"), queryset=User.objects.none(), empty_label=_("Choose a colleague")
    )
    level = forms.TypedChoiceField(
        label=_("How much"),
        choices=[
            (level.value, words) for level, words in LEVEL_WORDS.items() if level < Level.RESTRICTED
        ],
        coerce=lambda value: Level(int(value)),
        widget=Choices,
    )
    kind = forms.ChoiceField(
        label=_("Why"),
        choices=[
            (kind.value, kind.label)
            for kind in (AccessKind.ASSIGNED, AccessKind.COVERING, AccessKind.SUPERVISOR)
        ],
        widget=Chips,
    )
    ends_at = MomentField(
        label=_("Until"),
        help_text=_("Empty: no end. Standing in always has one."),
        widget=MomentInput,
        error_messages=UNTIL_WRONG,
        required=False,
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_workers(self.fields["user"], case.organization_id)


class EndAccessForm(ActionForm):
    access = forms.UUIDField(widget=forms.HiddenInput)


class CoverForm(ActionForm):
    """Who stands in for whom, until when: the keywords of `cover_colleague`."""

    absent = forms.ModelChoiceField(
        label=_("Who is away"), queryset=User.objects.none(), empty_label=_("Choose a colleague")
    )
    user = forms.ModelChoiceField(
        label=_("Who stands in"), queryset=User.objects.none(), empty_label=_("Choose a colleague")
    )
    ends_at = MomentField(label=_("Until"), widget=MomentInput, error_messages=UNTIL_WRONG)

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("absent", "user"):
            _offer_workers(self.fields[name], actor.organization_id)


class SealForm(ActionForm):
    """Nothing is typed: sealing and its opposite are one button."""


class ConflictForm(ActionForm):
    """The keyword of `declare_conflict`."""

    reason = forms.ChoiceField(
        label=_("How do you know the person?"),
        choices=CaseBlock.Reason.choices,
        widget=Choices,
        error_messages={"required": _("Choose what comes nearest.")},
    )


class BlockForm(ActionForm):
    """The keywords of `block_user`."""

    user = forms.ModelChoiceField(
        label=_("To whom"), queryset=User.objects.none(), empty_label=_("Choose a colleague")
    )
    reason = forms.ChoiceField(label=_("Why"), choices=CaseBlock.Reason.choices)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_workers(self.fields["user"], case.organization_id)


class LiftForm(ActionForm):
    block = forms.UUIDField(widget=forms.HiddenInput)


class EmergencyForm(ActionForm):
    """The keywords of `ask_emergency_access`."""

    code = forms.CharField(
        label=_("Code"),
        help_text=_("Whole, as it stands on the card."),
        max_length=12,
        widget=forms.TextInput(attrs={"class": "w-s", "autocapitalize": "characters"}),
        error_messages={"required": _("Type the whole code, as it stands on the card.")},
    )
    category = forms.ChoiceField(
        label=_("Why"),
        choices=EmergencyAccess.Category.choices,
        widget=Choices,
        error_messages={"required": _("Choose why.")},
    )
    reason = forms.CharField(
        label=_("What happened?"),
        help_text=_("At least 20 characters. Sealed; read by those who review it."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say in at least 20 characters what happened.")},
    )


class AnswerForm(ActionForm):
    """The keyword of `answer_emergency_access`, from one of two buttons."""

    agrees = forms.TypedChoiceField(
        choices=[("yes", _("Agree")), ("no", _("Do not agree"))],
        coerce=lambda value: value == "yes",
        widget=forms.HiddenInput,
    )


class ReviewForm(ActionForm):
    """The keyword of `review_emergency_access`."""

    verdict = forms.ChoiceField(
        label=_("Was it right?"),
        choices=EmergencyAccess.Verdict.choices,
        widget=Choices,
        error_messages={"required": _("Choose one.")},
    )
