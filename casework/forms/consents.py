"""What is typed about an answer: which question, what was said, by whom and how."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms import ActionForm
from accounts.models import Organization, User
from accounts.widgets import Chips, Segments, Ticks
from casework.actions.interpreters import WITH_INTERPRETER, may_view_interpreters
from casework.agreement import is_suspected, own_age, person_of
from casework.consent_rules import GROWN_UP
from casework.forms.cases import WRONG_DAY
from casework.forms.fields import DayInput
from casework.forms.talking import InterpreterField
from casework.interpreting import interpreters_for
from casework.models import Case, CaseFile, Consent, ConsentText, Person
from casework.models.consent_text import wordings_for
from casework.models.person import YesNo
from casework.models.visit import Interpreting
from directory.models import Language, Service

# What is not needed for most answers; folded away, and unfolded after an error in it.
RARE = ("valid_until", "is_read_back", "witness", "signed_file", "reason", "service")


class ConsentForm(ActionForm):
    """One answer to one question: the keywords of `record_consent`."""

    purpose = forms.ChoiceField(
        label=_("What was asked?"), choices=Consent.Purpose.choices, widget=Chips
    )
    organization = forms.ModelChoiceField(
        label=_("Shared with"),
        help_text=_("Only when it is about sharing with a service."),
        queryset=Organization.objects.all(),
        empty_label=_("Nobody else"),
        required=False,
    )
    items = forms.MultipleChoiceField(
        label=_("What may be shared"),
        choices=Consent.Item.choices,
        widget=Ticks(small=True),
        required=False,
    )
    decision = forms.ChoiceField(
        label=_("The answer"),
        choices=Consent.Decision.choices,
        widget=Segments,
        error_messages={"required": _("Say whether the person agreed. “No” is an answer too.")},
    )
    given_by = forms.ChoiceField(
        label=_("Who answered?"),
        choices=Consent.GivenBy.choices,
        initial=Consent.GivenBy.OWN,
        widget=Chips,
        required=False,
    )
    guardian_suspected = forms.ChoiceField(
        label=_("Is the guardian suspected?"),
        help_text=_("Then do not ask the guardian: the centre for social work decides."),
        choices=YesNo.choices,
        initial=YesNo.UNKNOWN,
        widget=Segments,
        required=False,
    )
    channel = forms.ChoiceField(
        label=_("How it was given"),
        choices=Consent.Channel.choices,
        initial=Consent.Channel.SPOKEN,
        widget=Segments,
    )
    language = forms.ModelChoiceField(
        label=_("Language it was asked in"), queryset=Language.objects.spoken(), empty_label=None
    )
    interpreting = forms.ChoiceField(
        label=_("Who interpreted?"),
        choices=Interpreting.choices,
        initial=Interpreting.NOT_NEEDED,
        widget=Chips,
        required=False,
    )
    valid_until = forms.DateField(
        label=_("Until"), widget=DayInput, error_messages=WRONG_DAY, required=False
    )
    service = forms.ModelChoiceField(
        label=_("Only this service"),
        queryset=Service.objects.referable(),
        empty_label=_("All of them"),
        required=False,
    )
    is_read_back = forms.BooleanField(
        label=_("The person told in her or his own words what was agreed"), required=False
    )
    witness = forms.ModelChoiceField(
        label=_("Witness"),
        queryset=User.objects.none(),
        empty_label=_("Nobody"),
        required=False,
    )
    signed_file = forms.ModelChoiceField(
        label=_("Signed paper"),
        queryset=CaseFile.objects.none(),
        empty_label=_("None, or not added yet"),
        required=False,
    )
    reason = forms.CharField(
        label=_("Why must they not know?"),
        help_text=_("Sealed: only who reads the notes of the case sees it."),
        max_length=500,
        required=False,
    )
    # The wordings that this page showed, so that the answer keeps the one that was read out.
    shown = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, subject: Case | Person, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person = person_of(subject)
        self.wordings = wordings_for(person.language, person.organization_id)
        self.house = person.organization_id
        self.tongue = person.language
        self.initial.setdefault("language", person.language_id)
        self.initial["shown"] = " ".join(str(text.pk) for text in self.wordings.values())
        colleagues = User.objects.filter(organization=person.organization_id, is_active=True)
        self._offer("witness", colleagues.exclude(pk=actor.pk).order_by("name"))
        papers = CaseFile.objects.none()
        if isinstance(subject, Case):
            own = Q(case=subject, kind=CaseFile.Kind.CONSENT)
            papers = CaseFile.objects.visible_to(actor).filter(own).select_related("data_key")
        else:
            del self.fields["reason"]
        self._offer("signed_file", papers)
        if may_view_interpreters(actor):
            self.fields["interpreter"] = InterpreterField(
                label=_("Which interpreter?"),
                offers=interpreters_for(person, actor),
                nobody=_("Not said"),
                required=False,
            )
        if isinstance(subject, Case):
            self.fields["signed_file"].label_from_instance = _paper  # type: ignore[attr-defined]  # a choice of models
        self._suit(person, is_suspected(subject))

    def _offer(self, name: str, rows: Any) -> None:
        self.fields[name].queryset = rows  # type: ignore[attr-defined]  # a choice of models

    def _suit(self, person: Person, suspected: bool) -> None:
        """A grown-up is not asked who answers for her; a suspected guardian is not offered."""
        ages = person.ages_on(timezone.localdate())
        self.is_of_child = ages is None or ages[0] < GROWN_UP
        if not self.is_of_child:
            del self.fields["given_by"], self.fields["guardian_suspected"]
        elif suspected:
            self.initial.setdefault("guardian_suspected", YesNo.YES)

    def clean(self) -> dict[str, Any]:
        """Leave out what was not asked here, and find the wording that was shown."""
        cleaned = super().clean() or self.cleaned_data
        shown = cleaned.pop("shown", "").split()
        purpose = cleaned.get("purpose")
        texts = [text for text in self._shown(shown) if text.purpose == purpose]
        cleaned["text"] = texts[0] if texts else None
        if "interpreter" in cleaned and cleaned.get("interpreting") not in WITH_INTERPRETER:
            cleaned["interpreter"] = None
        for name in ("given_by", "guardian_suspected", "interpreting"):
            if not cleaned.get(name):
                cleaned.pop(name, None)
        return cleaned

    def _shown(self, told: list[str]) -> list[ConsentText]:
        known = {str(text.pk): text for text in self.wordings.values()}
        if set(told) <= known.keys():
            return [known[pk] for pk in told]
        field = forms.UUIDField()
        wanted = [field.clean(pk) for pk in told[: len(Consent.Purpose)]]
        return list(ConsentText.objects.of_house(self.house).filter(pk__in=wanted))

    @property
    def questions(self) -> Iterator[dict[str, Any]]:
        """Each purpose with the text to read out, and the control that shows it."""
        for number, (purpose, label) in enumerate(Consent.Purpose.choices):
            text = self.wordings.get(purpose)
            yield {
                "shown_by": f"id_purpose_{number}",
                "label": label,
                "text": text,
                "is_own_language": text is not None and text.language_id == self.tongue.pk,
                "own_age": own_age(purpose),
            }

    @property
    def is_unfolded(self) -> bool:
        """Whether something that is folded away was typed, or is wrong."""
        names = [name for name in RARE if name in self.fields]
        return any(self[name].errors or (self.is_bound and self[name].data) for name in names)


def _paper(row: CaseFile) -> str:
    return str(row.label) or timezone.localtime(row.added_at).strftime("%Y-%m-%d %H:%M")


class WithdrawForm(ActionForm):
    """Nothing is typed: taking back is one button."""


class WriteTextForm(ActionForm):
    """A new wording: the keywords of `write_consent_text`."""

    purpose = forms.ChoiceField(
        label=_("What is asked?"), choices=Consent.Purpose.choices, widget=Chips
    )
    language = forms.ModelChoiceField(
        label=_("Language"), queryset=Language.objects.spoken(), empty_label=None
    )
    version = forms.CharField(label=_("Version"), max_length=20)
    text = forms.CharField(
        label=_("Text"),
        help_text=_("One sentence on a line, twelve words at most, so that it can be read aloud."),
        max_length=3_000,
        widget=forms.Textarea(attrs={"rows": 10}),
    )


class ReviewTextForm(ActionForm):
    """The keyword of `review_consent_text`."""

    valid_until = forms.DateField(
        label=_("Used until"),
        help_text=_("Leave it empty when it holds until there is a newer one."),
        widget=DayInput,
        error_messages=WRONG_DAY,
        required=False,
    )
