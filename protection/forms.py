"""What is typed at the desk of data protection, verb by verb."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from accounts.forms import ActionForm, MomentField
from accounts.models import Organization, User
from accounts.widgets import Chips, Choices, Ticks
from casework.codes import read_code
from casework.forms.fields import DayInput, MomentInput
from casework.models import Case, Person
from exports.models import Export
from protection.models import (
    AuthorityRequest,
    Breach,
    DueRow,
    ErasureRequest,
    LegalHold,
    PersonRequest,
    SharingAgreement,
)
from protection.package import Text
from protection.papers import PAPERS


def day(label: Any, *, today: bool = False, **more: Any) -> forms.DateField:
    if today:
        more["initial"] = timezone.localdate
    return forms.DateField(label=label, widget=DayInput(), **more)


def text(label: Any, *, required: bool = False, hint: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


def one_of(label: Any, choices: Any, **more: Any) -> forms.ChoiceField:
    """A choice of few, each on its line."""
    return forms.ChoiceField(label=label, choices=choices, widget=Choices, **more)


def yes(label: Any) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False)


class VersionedForm(ActionForm):
    """A form that was filled in on one version of a line."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class ClientCodeField(forms.CharField):
    """A client's code, however it was typed."""

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        code = read_code(typed) if typed else ""
        if code is None:
            raise forms.ValidationError(_("This is no code. Look at its six signs again."))
        return code


class FindForm(forms.Form):
    """The code of the person that something is done about; no ActionForm: nothing is written."""

    code = ClientCodeField(label=_("Code"), max_length=20)

    def person(self, user: User) -> Person | None:
        """The person with this code, if the user may see her."""
        if not self.is_valid():
            return None
        found = Person.objects.visible_to(user).filter(code=self.cleaned_data["code"]).first()
        if found is None:
            self.add_error("code", _("Nobody with this code can be seen by you."))
        return found


class PersonRequestForm(ActionForm):
    kind = one_of(_("What is asked?"), PersonRequest.Kind.choices)
    asker = one_of(_("Who asks?"), PersonRequest.Asker.choices)
    channel = forms.ChoiceField(
        label=_("How did it come?"), choices=PersonRequest.Channel.choices, widget=Chips
    )
    received_on = day(_("Received on"), today=True)
    code = ClientCodeField(
        label=_("Code"),
        help_text=_("Leave it empty when it is not known; a name does not belong here."),
        max_length=20,
        required=False,
    )
    identity_checked = yes(_("We know who is asking"))
    is_safe = yes(_("An answer puts nobody in danger, and we asked alone"))
    details = text(_("What exactly"))


class AnswerPersonRequestForm(VersionedForm):
    identity_checked = yes(PersonRequestForm.base_fields["identity_checked"].label)
    is_safe = yes(PersonRequestForm.base_fields["is_safe"].label)
    state = one_of(_("What became of it?"), PersonRequest.State.choices)
    refusal_reason = forms.ChoiceField(
        label=_("Why, if it is refused"),
        choices=[("", "—"), *PersonRequest.RefusalReason.choices],
        required=False,
    )


class ExtendForm(VersionedForm):
    """Sixty days more: one button."""


class AuthorityRequestForm(ActionForm):
    authority = one_of(_("Which authority?"), AuthorityRequest.Authority.choices)
    reference = forms.CharField(label=_("Their number"), max_length=60, required=False)
    received_on = day(_("Received on"), today=True)
    answer_by = day(_("They want an answer by"), required=False)
    basis = one_of(_("What legal basis do they give?"), AuthorityRequest.Basis.choices)
    scope = one_of(_("About whom?"), AuthorityRequest.Scope.choices)
    asked = text(_("What they ask"), required=True)


class DecideForm(VersionedForm):
    decision = one_of(_("Decision"), AuthorityRequest.Decision.choices)
    reasons = text(_("Why"), required=True)
    given = text(_("What was given, and in what form"))
    person_told = yes(_("The person was told"))


class BreachForm(ActionForm):
    kind = one_of(_("What happened?"), Breach.Kind.choices)
    severity = one_of(_("How bad is it?"), Breach.Severity.choices)
    happened_at = MomentField(label=_("Happened at"), widget=MomentInput, required=False)
    known_at = MomentField(
        label=_("Known since"),
        help_text=_("The clock of 72 hours starts here."),
        widget=MomentInput,
        initial=timezone.now,
    )
    people_affected = forms.IntegerField(
        label=_("People affected"), min_value=0, max_value=1_000_000, required=False
    )
    was_unreadable = yes(_("The data were locked and the key was not with them"))
    account = text(_("What happened, step by step"), required=True)


class ChangeBreachForm(VersionedForm):
    severity = one_of(_("How bad is it?"), Breach.Severity.choices)
    people_affected = forms.IntegerField(
        label=_("People affected"), min_value=0, max_value=1_000_000, required=False
    )
    was_unreadable = yes(_("The data were locked and the key was not with them"))
    measures = text(_("What was done, and what keeps it from happening again"))
    authority_told_at = MomentField(
        label=_("Commissioner told at"), widget=MomentInput, required=False
    )
    people_told_at = MomentField(label=_("People told at"), widget=MomentInput, required=False)
    not_told_reason = text(_("Why somebody was not told"))


class CloseForm(VersionedForm):
    """Close an incident: one button."""


class AgreementForm(ActionForm):
    partner = forms.ModelChoiceField(
        label=_("With whom"), queryset=Organization.objects.filter(is_house=False)
    )
    kind = one_of(_("For what?"), SharingAgreement.Kind.choices)
    detail = one_of(_("How much is shared?"), SharingAgreement.Detail.choices)
    frequency = forms.ChoiceField(
        label=_("How often?"), choices=SharingAgreement.Frequency.choices, widget=Chips
    )
    basis = one_of(_("Legal basis"), SharingAgreement.Basis.choices)
    country = forms.ChoiceField(label=_("Country"), choices=countries, initial="RS")
    safeguard = one_of(_("What keeps it safe there?"), SharingAgreement.Safeguard.choices)
    reference = forms.CharField(label=_("Number of the paper"), max_length=60)
    approved_on = day(_("Approved on"))
    starts_on = day(_("From"))
    ends_on = day(_("Until"), required=False)


class EndAgreementForm(VersionedForm):
    ends_on = day(_("Last day"), today=True)


class HoldForm(ActionForm):
    reason = one_of(_("Why must it be kept?"), LegalHold.Reason.choices)
    until = day(_("Until"), required=False, help_text=_("Empty: until somebody lifts it."))


class LiftForm(ActionForm):
    """Lift a hold: one button."""


class BeginErasureForm(ActionForm):
    """`case` empty: everything of the person."""

    ORIGINS = [
        (ErasureRequest.Origin.ASKED.value, ErasureRequest.Origin.ASKED.label),
        (ErasureRequest.Origin.MISTAKE.value, ErasureRequest.Origin.MISTAKE.label),
    ]
    origin = one_of(_("Why?"), ORIGINS)

    def __init__(self, *args: Any, person: Person, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["case"] = forms.ModelChoiceField(
            label=_("What is erased?"),
            queryset=Case.objects.visible_to(user).filter(person=person),
            empty_label=_("Everything of this person"),
            required=False,
        )
        asked = PersonRequest.objects.visible_to(user).open()
        self.fields["asked"] = forms.ModelChoiceField(
            label=_("Which request?"),
            queryset=asked.filter(kind=PersonRequest.Kind.ERASURE, code=person.code),
            empty_label=_("None"),
            required=False,
        )


class ConfirmForm(ActionForm):
    """Confirm: one button."""


class StopForm(ActionForm):
    stop_reason = one_of(_("Why is it stopped?"), ErasureRequest.StopReason.choices)


class KeepForm(ActionForm):
    keep_reason = one_of(_("Why is it kept longer?"), DueRow.KeepReason.choices)
    keep_until = day(_("Keep until"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["keep_until"].initial = timezone.localdate() + timedelta(days=365)


class PackageForm(ActionForm):
    """Which texts speak of her alone; in which form she gets the file."""

    format = one_of(
        _("In which form?"),
        [
            (Export.Format.LOCKED_XLSX, _("A table that she can read, locked with a password")),
            (Export.Format.AGE, _("For machines (JSON), locked to her key")),
        ],
        initial=Export.Format.LOCKED_XLSX,
    )
    recipient_key = forms.CharField(
        label=_("Her public key (age1…)"), max_length=100, required=False
    )

    def __init__(self, *args: Any, written: Iterable[Text], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told = [(each.key, f"{each.label}: {each.said}") for each in written]
        self.fields["texts"] = forms.MultipleChoiceField(
            label=_("Which of these texts speak of her alone?"),
            help_text=_("What is not ticked is left out. Read each one to its end."),
            choices=told,
            widget=Ticks,
            required=False,
        )


class PaperForm(forms.Form):
    """A neutral paper; what is typed is printed and not kept."""

    paper = forms.ChoiceField(
        label=_("Which paper?"),
        choices=[(code, paper.label) for code, paper in PAPERS.items()],
        widget=Choices,
    )
    day = day(_("Day"))
    time = forms.TimeField(
        label=_("Time"), widget=forms.TimeInput(attrs={"type": "time"}), required=False
    )
    place = forms.CharField(label=_("Place, as it may be read by anybody"), max_length=200)
    phone = forms.CharField(label=_("Phone, if it is safe"), max_length=40, required=False)
    language = forms.ChoiceField(
        label=_("Language of the paper"), choices=[("en", _("English")), ("sr-latn", _("Serbian"))]
    )

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if told.get("paper") == "letter" and not told.get("phone"):
            self.add_error("phone", _("A letter needs a number that is answered."))
        return told
