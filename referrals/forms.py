"""What a person may type about a referral, verb by verb."""

from collections.abc import Collection
from typing import Any, Self

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms import ActionForm
from accounts.widgets import Chips, Choices, Segments, Ticks
from casework.models import Consent
from casework.models.person import YesNo
from directory.models import DeclineReason, Language, Service
from referrals import states
from referrals.consents import agreement_to_share
from referrals.disclosure import BEFORE_ANSWER
from referrals.models import Referral
from referrals.states import Side, Verb

URGENCY_HINTS: dict[str, Any] = {
    Referral.Urgency.EMERGENCY: _("Danger to life or of vanishing. An answer within 24 hours."),
    Referral.Urgency.URGENT: _("Cannot wait for next week. An answer within 72 hours."),
    Referral.Urgency.NORMAL: _("An answer within 14 days."),
}
# What a receiver usually needs to decide; pre-ticked as far as the client agrees.
NEEDED = [item for item in Consent.Item if item in BEFORE_ANSWER]


class ServiceForm(ActionForm):
    """Choose the service; for a new draft and for one that changes its service."""

    service = forms.ModelChoiceField(
        label=_("Service"),
        queryset=Service.objects.referable(),
        error_messages={"required": _("Choose a service.")},
    )


class ConsentForm(ActionForm):
    """The client's answer to sharing with one receiver."""

    decision = forms.ChoiceField(
        label=_("The client's answer"), choices=Consent.Decision, widget=Segments
    )
    items = forms.MultipleChoiceField(
        label=_("What may be shared"),
        choices=Consent.Item,
        required=False,
        widget=Ticks(small=True),
        initial=NEEDED,
    )
    channel = forms.ChoiceField(
        label=_("How it was given"),
        choices=Consent.Channel,
        widget=Chips,
        initial=Consent.Channel.SPOKEN,
    )
    language = forms.ModelChoiceField(
        label=_("In which language"),
        queryset=Language.objects.spoken(),
        empty_label=_("Choose a language"),
    )
    valid_until = forms.DateField(
        label=_("Until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "class": "w-m"}),
    )

    given_by = forms.ChoiceField(
        label=_("Who answered?"),
        choices=Consent.GivenBy,
        widget=Chips,
        initial=Consent.GivenBy.OWN,
        required=False,
    )
    guardian_suspected = forms.ChoiceField(
        label=_("Is the guardian suspected?"),
        help_text=_("Then do not ask the guardian: the centre for social work decides."),
        choices=YesNo,
        widget=Segments,
        initial=YesNo.UNKNOWN,
        required=False,
    )

    def __init__(self, data: Any = None, *, referral: Referral) -> None:
        super().__init__(data)
        self.referral = referral
        person = referral.case.person
        self.fields["language"].initial = person.language_id
        if not person.may_be_child(timezone.localdate()):
            del self.fields["given_by"], self.fields["guardian_suspected"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        unsaid = {name for name in ("given_by", "guardian_suspected") if not cleaned.get(name)}
        return {
            **{name: value for name, value in cleaned.items() if name not in unsaid},
            "purpose": Consent.Purpose.REFERRAL,
            "organization": self.referral.organization,
        }


class ChangeForm(ActionForm):
    """How soon, what they need to know, and what is needed."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    urgency = forms.ChoiceField(
        label=_("How soon"), choices=Referral.Urgency, widget=Choices(hints=URGENCY_HINTS)
    )
    message = forms.CharField(
        label=_("What is needed"),
        help_text=_("What this service is asked for. No names, and not the whole story."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    items = forms.MultipleChoiceField(
        label=_("What do they need to know?"), choices=Consent.Item, required=False
    )

    def __init__(self, data: Any = None, *, referral: Referral) -> None:
        agreement = agreement_to_share(referral.case, referral.service)
        self.agreed = sorted(agreement.items) if referral.consent else []
        if referral.override:
            # Nobody agreed: the worker chooses as little as the danger demands.
            self.agreed = list(Consent.Item)
        super().__init__(
            data,
            initial={
                "version": referral.version,
                "urgency": referral.urgency,
                "message": referral.message,
                "items": referral.items or [item for item in NEEDED if item in self.agreed],
            },
        )

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Each item with whether it is ticked, may be ticked, and comes before the answer."""
        ticked = set(self["items"].value() or [])
        return [
            {
                "item": item,
                "ticked": item.value in ticked,
                "agreed": item.value in self.agreed,
                "needed": item in BEFORE_ANSWER,
            }
            for item in Consent.Item
        ]


class SendForm(ActionForm):
    """Nothing to fill in: it sends what was checked, in the version that was checked."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class RecallForm(ActionForm):
    """Why a referral is taken back; kept in the house."""

    reason = forms.ChoiceField(
        label=_("Why"),
        help_text=_("The receiver is not told why."),
        choices=Referral.RecallReason,
        widget=forms.RadioSelect,
    )


class CloseForm(ActionForm):
    """Nothing to fill in."""


class ReceiveForm(ActionForm):
    """Nothing to fill in."""


class DeletedForm(ActionForm):
    """Nothing to fill in."""


SENTENCE = forms.Textarea(attrs={"rows": 2})


MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local", "class": "w-m"})
NO_DETAILS = _("No health or therapy details.")
LOSS_WORDS: dict[Verb, Any] = {
    Verb.CLIENT_DECLINED: _("The person does not want it any more"),
    Verb.UNREACHABLE: _("The person cannot be reached"),
    Verb.MOVED_ON: _("The person has moved on"),
    Verb.MISSING: _("The person is missing"),
}
LOSSES = [(verb.value, LOSS_WORDS[verb]) for verb in states.LOSSES]


class AnswerForm(ActionForm):
    """Accept, ask, point elsewhere, or decline with a reason of the list."""

    answer = forms.ChoiceField(
        label=_("Your answer"),
        choices=[
            (Verb.ACCEPT.value, _("Accept")),
            (Verb.DECLINE.value, _("Decline")),
            (Verb.NEED_INFORMATION.value, _("We need to know more first")),
            (Verb.REDIRECT.value, _("Somebody else can help")),
        ],
        widget=Choices(hints={Verb.ACCEPT.value: _("You take this on and name a contact person.")}),
    )
    contact = forms.CharField(
        label=_("Contact person"),
        help_text=_("Whom the sender can call. You, when it stays empty."),
        max_length=200,
        required=False,
    )
    appointment_at = forms.DateTimeField(
        label=_("Appointment"),
        help_text=_("If there is one already."),
        required=False,
        widget=MOMENT,
    )
    decline_reason = forms.ModelChoiceField(
        label=_("Why?"),
        queryset=DeclineReason.objects.all(),
        required=False,
        empty_label=None,
        widget=forms.RadioSelect,
    )
    other_service = forms.CharField(label=_("Which service?"), max_length=200, required=False)
    comment = forms.CharField(
        label=_("Note to the sender"),
        help_text=NO_DETAILS,
        max_length=1000,
        required=False,
        widget=SENTENCE,
    )

    def offer(self, referral: Referral) -> Self:
        """A question that was asked already is not asked again before its answer."""
        _offer(self, "answer", referral)
        return self


class ProgressForm(ActionForm):
    """How it goes after acceptance; only the steps that are possible now are offered."""

    progress = forms.ChoiceField(
        label=_("How does it go?"),
        choices=[
            (Verb.START.value, _("The service has started")),
            (Verb.DELIVER.value, _("Finished: the need is met")),
            (Verb.NO_SHOW.value, _("The person did not come")),
            (Verb.REBOOK.value, _("There is a new appointment")),
            *LOSSES,
            (Verb.REDIRECT.value, _("Somebody else can help")),
            (Verb.CLOSE.value, _("Finished: the need is not met")),
            (Verb.MESSAGE.value, _("A message only")),
        ],
        widget=forms.RadioSelect,
    )
    extent = forms.ChoiceField(
        label=_("How much was given?"),
        choices=Referral.Extent,
        required=False,
        initial=Referral.Extent.FULL,
        widget=Segments,
    )
    appointment_at = forms.DateTimeField(label=_("Appointment"), required=False, widget=MOMENT)
    other_service = forms.CharField(label=_("Which service?"), max_length=200, required=False)
    comment = forms.CharField(
        label=_("A sentence for the sender"),
        help_text=_(
            "No health or therapy details. The sender needs to know only whether the need is met."
        ),
        max_length=1000,
        required=False,
        widget=SENTENCE,
    )

    def offer(self, referral: Referral) -> Self:
        """Show what the receiver can say where the referral stands; any step is still read."""
        if referral.delivered_at is not None:
            self.fields["progress"].widget.choices = [(Verb.CLOSE.value, _("Close the referral"))]
        else:
            _offer(self, "progress", referral)
        return self


def _offer(form: forms.Form, name: str, referral: Referral) -> None:
    """Leave of a field's choices those that the receiver may say where the referral stands."""
    verbs = states.verbs(referral.state, Side.RECEIVER)
    field = form.fields[name]
    field.widget.choices = [choice for choice in field.choices if choice[0] in verbs]  # type: ignore[attr-defined]  # a ChoiceField


class FollowForm(ActionForm):
    """What the sender's side writes down of how it goes on."""

    said = forms.ChoiceField(
        label=_("What happened?"),
        choices=[
            (Verb.INFORM.value, _("Answer their question")),
            (Verb.MESSAGE.value, _("A message to the receiver")),
            (Verb.CLIENT_SAYS.value, _("What the client says of the help")),
            (Verb.REBOOK.value, _("There is a new appointment")),
            *LOSSES,
        ],
        widget=forms.RadioSelect,
    )
    client_word = forms.ChoiceField(
        label=_("Was the help given?"), choices=Referral.Word, required=False, widget=Segments
    )
    client_rating = forms.TypedChoiceField(
        label=_("How was it, from 1 to 5?"),
        help_text=_("Only if the client wants to say it."),
        choices=[("", _("Not asked")), *((str(n), str(n)) for n in range(1, 6))],
        coerce=int,
        empty_value=None,
        required=False,
        widget=Segments,
    )
    appointment_at = forms.DateTimeField(label=_("Appointment"), required=False, widget=MOMENT)
    comment = forms.CharField(
        label=_("In a sentence"),
        help_text=NO_DETAILS,
        max_length=1000,
        required=False,
        widget=SENTENCE,
    )

    def offer(self, verbs: Collection[str]) -> Self:
        """Show what can be said now."""
        field = self.fields["said"]
        field.widget.choices = [choice for choice in field.choices if choice[0] in verbs]  # type: ignore[attr-defined]  # a ChoiceField
        return self


class ReviewForm(ActionForm):
    """What a coordinator makes of a refusal."""

    review = forms.ChoiceField(
        label=_("What follows"), choices=Referral.Review, widget=forms.RadioSelect
    )


class OverrideForm(ActionForm):
    """Why a referral may leave although there is no consent."""

    override = forms.ChoiceField(
        label=_("What stands above the consent?"),
        choices=Referral.Override,
        widget=forms.RadioSelect,
    )
    override_note = forms.CharField(
        label=_("What makes it necessary"),
        help_text=_("Sealed with the case. Who looks at it afterwards reads it."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class OverrideReviewForm(ActionForm):
    """Whether it was right, as somebody else sees it afterwards."""

    override_review = forms.ChoiceField(
        label=_("Was it right?"), choices=Referral.OverrideReview, widget=forms.RadioSelect
    )
