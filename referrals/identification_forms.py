"""What is typed about a procedure: its begin, one step, the report of suspicion."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms import ActionForm, MomentField
from accounts.models import Organization
from accounts.widgets import Choices, Segments, Ticks
from casework.forms.fields import DayInput, MomentInput
from casework.models import Case
from casework.models.person import YesNo
from directory.models import Language
from referrals import identification as path
from referrals.actions.identification import bodies_for
from referrals.identification import Party
from referrals.models import Identification, ProcedureStep, SuspicionReport

NOT_A_MOMENT = {"invalid": _("Write a day and a time that are in the calendar.")}
Ground = SuspicionReport.Ground
GROUND_HINTS = {
    Ground.CONSENT.value: _("Consent to share with this body is in force."),
    Ground.CHILD.value: _("Nobody has to agree. Tell the child what happens."),
    Ground.DANGER.value: _("Only for danger to life now. Say that you report it, and why."),
}


def moment_field() -> MomentField:
    return MomentField(
        label=_("When?"),
        widget=MomentInput,
        initial=timezone.localtime,
        error_messages=NOT_A_MOMENT,
    )


def until_field() -> forms.DateField:
    return forms.DateField(
        label=_("Until when?"),
        widget=DayInput,
        required=False,
        error_messages={"invalid": _("Write a day that is in the calendar.")},
    )


def barriers_field() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("What stood in the way?"),
        choices=ProcedureStep.Barrier,
        required=False,
        widget=Ticks(small=True),
    )


def note_field() -> forms.CharField:
    return forms.CharField(
        label=_("Note"),
        help_text=_("Sealed. Only people who may read the story of this case see it."),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class BeginForm(ActionForm):
    """The keywords of `begin_identification`."""

    organization = forms.ModelChoiceField(
        label=_("With which body?"), queryset=Organization.objects.none(), empty_label=None
    )
    at = moment_field()
    note = note_field()

    def __init__(self, data: Any = None, *, case: Case, first: Organization | None) -> None:
        super().__init__(data, initial={"organization": first and first.pk})
        self.fields["organization"].queryset = bodies_for(case.person)  # type: ignore[attr-defined]  # a ModelChoiceField


class StepForm(ActionForm):
    """The keywords of `record_procedure_step`; only what this step asks for is shown."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    step = forms.ChoiceField(choices=ProcedureStep.Step, widget=forms.HiddenInput)
    outcome = forms.ChoiceField(
        label=_("What came of it?"), widget=Choices, required=False, choices=ProcedureStep.Outcome
    )
    at = moment_field()
    until = until_field()
    organization = forms.ModelChoiceField(
        label=_("Which institution?"),
        queryset=Organization.objects.filter(is_house=False).order_by("name_en"),
        empty_label=_("The body that decides"),
        required=False,
    )
    barriers = barriers_field()
    note = note_field()

    def __init__(self, data: Any = None, *, identification: Identification, step: str) -> None:
        span = path.SPANS.get(path.Step(step))
        start = {"version": identification.version, "step": step}
        if span:
            start["until"] = timezone.localdate() + timedelta(days=span.usual)
        super().__init__(data, initial=start)
        outcomes = path.OUTCOMES.get(path.Step(step), ())
        words = dict(ProcedureStep.Outcome.choices)
        self.fields["outcome"].choices = [(code.value, words[code]) for code in outcomes]  # type: ignore[attr-defined]  # a ChoiceField
        party = path.rule_of(step).party
        unasked = [
            ("outcome", not outcomes),
            ("until", span is None),
            ("organization", party == Party.HOUSE),
            ("barriers", step == path.Step.PRELIMINARY),
        ]
        for name, is_left_out in unasked:
            if is_left_out:
                del self.fields[name]
        if step in {path.Step.PLAN, path.Step.REVIEW}:
            self.fields["until"].label = _("When is it looked at again?")


class CorrectStepForm(ActionForm):
    """The keywords of `correct_procedure_step`: what can be a slip of the keyboard."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    at = moment_field()
    until = until_field()
    barriers = barriers_field()
    note = note_field()

    def __init__(self, data: Any = None, *, step: ProcedureStep) -> None:
        start = {
            "version": step.identification.version,
            "at": timezone.localtime(step.at),
            "until": step.until,
            "barriers": step.barriers,
            "note": step.note,
        }
        super().__init__(data, initial=start)
        if step.until is None:
            del self.fields["until"]


class ReportForm(ActionForm):
    """The keywords of `report_suspicion`."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    ground = forms.ChoiceField(
        label=_("On which ground?"), choices=Ground, widget=Choices(hints=GROUND_HINTS)
    )
    receivers = forms.MultipleChoiceField(
        label=_("Who gets the report?"),
        choices=SuspicionReport.Receiver,
        widget=Ticks(small=True),
        initial=[SuspicionReport.Receiver.BODY],
    )
    at = moment_field()
    in_danger = forms.ChoiceField(
        label=_("In danger now?"), choices=YesNo, widget=Segments, initial=YesNo.UNKNOWN
    )
    exploitation = forms.MultipleChoiceField(
        label=_("What is suspected?"),
        choices=SuspicionReport.Exploitation,
        widget=Ticks(small=True),
    )
    control = forms.MultipleChoiceField(
        label=_("How was the person controlled?"),
        choices=SuspicionReport.Control,
        required=False,
        widget=Ticks(small=True),
    )
    language = forms.ModelChoiceField(
        label=_("Interpreter for"),
        queryset=Language.objects.spoken(),
        empty_label=_("No interpreter needed"),
        required=False,
    )
    text = forms.CharField(
        label=_("What was noticed"),
        help_text=_("What was seen and said, and when. No names of helpers, no guesses."),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 8}),
    )

    def __init__(self, data: Any = None, *, identification: Identification) -> None:
        person = identification.case.person
        may_be_child = person.may_be_child(timezone.localdate())
        start = {
            "version": identification.version,
            "ground": Ground.CHILD if may_be_child else Ground.CONSENT,
            "language": person.language_id,
        }
        super().__init__(data, initial=start)
        offered = [ground for ground in Ground if may_be_child or ground != Ground.CHILD]
        self.fields["ground"].choices = [(ground.value, ground.label) for ground in offered]  # type: ignore[attr-defined]  # a ChoiceField
