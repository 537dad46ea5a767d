"""What a person may type about trainings and who attended them, field by field."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.forms import ActionForm
from accounts.models import Organization, User
from accounts.widgets import Chips
from casework.codes import read_code
from casework.models import Person
from directory.models import Area, Grant, Topic
from outreach.models import Professional


class TrainingForm(ActionForm):
    programme = forms.CharField(label=_("Name of the programme"), max_length=120)
    topic = forms.ModelChoiceField(
        label=_("Topic"), queryset=Topic.objects.all(), empty_label=_("Choose a topic")
    )
    accredited_by = forms.CharField(label=_("Accredited by"), max_length=120, required=False)
    hours = forms.IntegerField(
        label=_("Hours"),
        min_value=1,
        max_value=400,
        widget=forms.NumberInput(attrs={"class": "w-s", "inputmode": "numeric"}),
    )
    starts_on = forms.DateField(
        label=_("First day"), widget=forms.DateInput(attrs={"type": "date"})
    )
    ends_on = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}))
    area = forms.ModelChoiceField(
        label=_("Place"), queryset=Area.objects.all(), empty_label=_("Choose an area")
    )
    grant = forms.ModelChoiceField(
        label=_("Grant"),
        queryset=Grant.objects.none(),
        required=False,
        empty_label=_("No grant"),
    )

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        grants = Grant.objects.held_by(actor.organization)
        self.fields["grant"].queryset = grants  # type: ignore[attr-defined]  # a model choice


class AttendanceForm(ActionForm):
    """A seat for somebody known by code, or for a new professional."""

    NEEDED_OF_THE_NEW = ("profession", "institution_type", "sex")
    OF_THE_NEW = ("name", *NEEDED_OF_THE_NEW, "institution")

    professional = forms.CharField(
        label=_("Code, if trained by us before"),
        required=False,
        max_length=12,
        widget=forms.TextInput(attrs={"class": "w-s"}),
    )
    name = forms.CharField(label=_("Name"), required=False, max_length=120)
    profession = forms.ChoiceField(
        label=_("Profession"),
        choices=[("", _("Choose")), *Professional.Profession.choices],
        required=False,
    )
    institution_type = forms.ChoiceField(
        label=_("Kind of institution"),
        choices=[("", _("Choose")), *Organization.Type.choices],
        required=False,
    )
    institution = forms.ModelChoiceField(
        label=_("Institution"),
        queryset=Organization.objects.all(),
        required=False,
        empty_label=_("Not in the list"),
    )
    sex = forms.ChoiceField(label=_("Sex"), choices=Person.Sex, required=False, widget=Chips)

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor

    def clean_professional(self) -> Professional | None:
        typed = self.cleaned_data["professional"]
        if not typed:
            return None
        code = read_code(typed)
        known = Professional.objects.visible_to(self.actor).filter(code=code).first()
        if known is None:
            raise ValidationError(
                _(
                    "Nobody with this code was trained by you."
                    " Leave the code empty for somebody new."
                )
            )
        return known

    def clean(self) -> dict[str, Any]:
        """Somebody known is named by the code alone; of somebody new the rest is asked."""
        data = super().clean() or self.cleaned_data
        told = [name for name in self.OF_THE_NEW if data.get(name)]
        if data.get("professional") and told:
            raise ValidationError(
                _("The code stands for somebody known. Leave out either the code or the rest.")
            )
        if not data.get("professional") and "professional" not in self.errors:
            for name in self.NEEDED_OF_THE_NEW:
                if not data.get(name):
                    self.add_error(name, _("Needed for somebody new."))
        return data
