"""What is typed about talks: wishes, ways to reach somebody, what was told already."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.forms import ActionForm
from accounts.models import User
from accounts.widgets import Chips, Segments, Ticks
from casework.forms.fields import DayInput
from casework.interpreting import Offer
from casework.models import (
    Channel,
    ContactRule,
    DoNotAsk,
    Interpreter,
    InterpreterBlock,
    Person,
    TalkWish,
)
from casework.models.contact import Weekday
from casework.models.person import YesNo
from directory.models import Dialect, Language

NO_DAY = {"invalid": _("Write a day that is in the calendar.")}
NO_TIME = {"invalid": _("Write the time as 14:30.")}


class TimeInput(forms.TimeInput):
    """A time of the day."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(attrs={"class": "w-s"}, format="%H:%M")


class InterpreterField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic at type time only
    """One of those who are offered, in their order, each with why to choose her or not."""

    def __init__(self, *, offers: Iterable[Offer] = (), nobody: Any = "", **kwargs: Any) -> None:
        by_id = {offer.interpreter.pk: offer for offer in offers}
        super().__init__(
            queryset=Interpreter.objects.filter(pk__in=by_id),
            widget=forms.Select(attrs={"class": "w-l"}),
            **kwargs,
        )
        self.offered = {pk: offer.label for pk, offer in by_id.items()}
        self.nobody = nobody
        self.choices = [("", nobody), *self.offered.items()]

    def keep(self, interpreter: Interpreter) -> None:
        """Leave it to a correction who was chosen then, although not offered any more."""
        self.offered.setdefault(interpreter.pk, interpreter.called)
        self.queryset = Interpreter.objects.filter(pk__in=self.offered)
        self.choices = [("", self.nobody), *self.offered.items()]


class DialectField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic at type time only
    """Dialects with their language before them."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.language}: {obj}"


class TalkWishForm(ActionForm):
    """The keywords of `record_talk_wish`."""

    replaces = forms.UUIDField(widget=forms.HiddenInput, required=False)
    language = forms.ModelChoiceField(
        label=_("Language for talking"),
        queryset=Language.objects.spoken(),
        required=False,
    )
    dialect = DialectField(
        label=_("Dialect"),
        queryset=Dialect.objects.select_related("language").order_by("language__order", "order"),
        empty_label=_("Any, or not asked"),
        required=False,
    )
    interpreter_gender = forms.ChoiceField(
        label=_("The interpreter is to be"), choices=TalkWish.Gender.choices, widget=Chips
    )
    is_not_from_community = forms.BooleanField(
        label=_("Nobody from the same community"),
        help_text=_("Interpreters from the same country are then offered last."),
        required=False,
    )
    by_phone_only = forms.BooleanField(label=_("Interpreter by phone only, unseen"), required=False)
    interpreter = InterpreterField(required=False)
    read_aloud = forms.ChoiceField(
        label=_("Is written text to be read aloud?"), choices=YesNo.choices, widget=Segments
    )
    channel = forms.ChoiceField(
        label=_("Wishes to be reached by"),
        help_text=_("A wish. Whether it is safe stands in the rules of contact."),
        choices=[("", _("Not asked")), *Channel.choices],
        widget=Chips,
        required=False,
    )

    def __init__(
        self,
        *args: Any,
        person: Person,
        wish: TalkWish | None,
        offers: list[Offer],
        **kwargs: Any,
    ) -> None:
        kwargs["initial"] = self._said(wish)
        super().__init__(*args, **kwargs)
        languages = self.fields["language"]
        told = format_lazy(_("As among the facts: {language}"), language=person.language)
        languages.empty_label = told  # type: ignore[attr-defined]  # of a choice of rows
        self.fields["interpreter"] = InterpreterField(
            label=_("Asked for this interpreter"),
            offers=offers,
            nobody=_("Nobody in particular"),
            required=False,
        )

    @staticmethod
    def _said(wish: TalkWish | None) -> dict[str, Any]:
        """What stands; on a first visit nothing was asked yet."""
        row = wish or TalkWish()
        names = ["interpreter_gender", "is_not_from_community", "by_phone_only", "read_aloud"]
        linked = ("language", "dialect", "interpreter")
        links = {name: getattr(row, f"{name}_id") for name in linked}
        told = {name: getattr(row, name) for name in [*names, "channel"]}
        return {"replaces": wish.pk if wish else None, **links, **told}


class ContactRuleForm(ActionForm):
    """The keywords of `record_contact_rule`, for one way of reaching somebody."""

    channel = forms.ChoiceField(choices=Channel.choices, widget=forms.HiddenInput)
    replaces = forms.UUIDField(widget=forms.HiddenInput, required=False)
    is_safe = forms.ChoiceField(
        label=_("Safe, and agreed with the person?"),
        help_text=_("Only a yes is a yes. What is not known is treated as not safe."),
        choices=YesNo.choices,
        widget=Segments,
    )
    days = forms.MultipleChoiceField(
        label=_("Only on these days"),
        help_text=_("None ticked: every day."),
        choices=Weekday.choices,
        widget=Ticks(small=True),
        required=False,
    )
    since = forms.TimeField(
        label=_("From"), widget=TimeInput, error_messages=NO_TIME, required=False
    )
    until = forms.TimeField(
        label=_("To"),
        help_text=_("22:00 to 02:00 goes past midnight. Empty: the whole day."),
        widget=TimeInput,
        error_messages=NO_TIME,
        required=False,
    )
    answered_by = forms.ChoiceField(
        label=_("Who may answer"), choices=ContactRule.AnsweredBy.choices, widget=Chips
    )
    may_leave_message = forms.BooleanField(label=_("A message may be left"), required=False)
    cover_name = forms.CharField(
        label=_("Say you are"),
        help_text=_("A neutral name, such as a shop. Never the organization."),
        max_length=100,
        required=False,
    )
    safe_word = forms.CharField(
        label=_("Safe word"),
        help_text=_("What the person says when somebody listens."),
        max_length=60,
        required=False,
    )
    valid_until = forms.DateField(
        label=_("Valid until"), widget=DayInput, error_messages=NO_DAY, required=False
    )
    learned_on = forms.DateField(
        label=_("Learned on"), widget=DayInput, error_messages=NO_DAY, initial=timezone.localdate
    )
    learned_from = forms.ChoiceField(
        label=_("Learned from"), choices=ContactRule.LearnedFrom.choices, widget=Chips
    )

    def __init__(
        self,
        *args: Any,
        channel: str,
        rule: ContactRule | None,
        may_see_words: bool,
        **kwargs: Any,
    ) -> None:
        kwargs["initial"] = self._said(channel, rule)
        super().__init__(*args, **kwargs)
        if not may_see_words:
            del self.fields["cover_name"], self.fields["safe_word"]

    @classmethod
    def _said(cls, channel: str, rule: ContactRule | None) -> dict[str, Any]:
        row = rule or ContactRule(channel=channel, learned_from=ContactRule.LearnedFrom.HERSELF)
        kept = {"operation", "channel", "replaces", "learned_on"}
        told = {name: getattr(row, name) for name in cls.base_fields if name not in kept}
        return {**told, "channel": channel, "replaces": rule.pk if rule else None}


class DoNotAskForm(ActionForm):
    """The keywords of `mark_do_not_ask`."""

    topic = forms.ChoiceField(
        label=_("What was told already?"), choices=DoNotAsk.Topic.choices, widget=Chips
    )
    kept_in = forms.ChoiceField(
        label=_("Where whoever may reads it"), choices=DoNotAsk.KeptIn.choices, widget=Chips
    )
    told_on = forms.DateField(
        label=_("Told on"), widget=DayInput, error_messages=NO_DAY, initial=timezone.localdate
    )
    until = forms.DateField(
        label=_("Do not ask until"),
        help_text=_("Empty: never again, unless the person begins."),
        widget=DayInput,
        error_messages=NO_DAY,
        required=False,
    )


class OwnWordForm(ActionForm):
    """The keywords of `lift_interpreter_block`, for a block that the person asked for."""

    is_own_word = forms.BooleanField(
        label=_("The person said alone, without the interpreter, that the block may end"),
        required=False,
    )
    said_on = forms.DateField(
        label=_("On which day?"),
        widget=DayInput,
        initial=timezone.localdate,
        error_messages=NO_DAY,
    )
    asked_by = forms.ModelChoiceField(
        label=_("Which colleague asked?"), queryset=User.objects.none(), empty_label=_("Choose")
    )

    def __init__(self, *args: Any, house: UUID, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        colleagues = User.objects.filter(organization=house, is_active=True).order_by("name")
        self.fields["asked_by"].queryset = colleagues  # type: ignore[attr-defined]  # of rows
        self.fields["asked_by"].initial = actor.pk


class BlockInterpreterForm(ActionForm):
    """The keywords of `block_interpreter`."""

    interpreter = InterpreterField()
    reason = forms.ChoiceField(
        label=_("Why"), choices=InterpreterBlock.Reason.choices, widget=Chips
    )
    said_by = forms.ChoiceField(
        label=_("Who said so"), choices=InterpreterBlock.SaidBy.choices, widget=Chips
    )

    def __init__(self, *args: Any, offers: list[Offer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["interpreter"] = InterpreterField(
            label=_("Which interpreter?"), offers=offers, nobody=_("Choose an interpreter")
        )
