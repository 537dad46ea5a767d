"""What the data-protection officer may look for in the trail."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms import ActionForm
from accounts.models import AuditEvent, User
from protection.models import Anomaly

DAYS = 30
# Kinds of act, each as the beginnings of its verbs.
KINDS = {
    "reading": ["view_", "read_", "show_", "list_", "preview_", "open_file"],
    "searching": ["find_", "ask_everywhere", "search_"],
    "changing": [
        "change_",
        "record_",
        "write_",
        "deliver_",
        "close_",
        "reopen_",
        "open_case",
        "merge_",
        "undo_merge",
        "settle_",
    ],
    "access": ["give_access", "end_access", "cover_", "seal_", "unseal_", "block_", "lift_block"],
    "emergency": ["ask_emergency", "open_emergency", "review_emergency", "vote_"],
    "leaving": ["download_", "hand_out_", "request_export", "give_access_package"],
    "entrance": ["sign_", "fail_", "leave_second", "reset_", "use_recovery", "invite_", "accept_"],
}
KIND_WORDS = [
    ("", _("Everything")),
    ("reading", _("Reading")),
    ("searching", _("Searching")),
    ("changing", _("Changing")),
    ("access", _("Giving and ending access")),
    ("emergency", _("Emergency access")),
    ("leaving", _("What left the house")),
    ("entrance", _("Signing in and out")),
]


class TrailFilterForm(forms.Form):
    """Every part may be left out; the days begin with the last thirty."""

    person = forms.ModelChoiceField(
        User.objects.none(), required=False, label=_("Who"), empty_label=_("Everybody")
    )
    kind = forms.ChoiceField(choices=KIND_WORDS, required=False, label=_("What"))
    result = forms.ChoiceField(
        choices=[("", _("Any")), *AuditEvent.Result.choices], required=False, label=_("Result")
    )
    record = forms.CharField(
        required=False,
        max_length=60,
        label=_("Record"),
        help_text=_("The code of a person, or the number of a record."),
    )
    since = forms.DateField(
        required=False, label=_("From"), widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        required=False, label=_("To"), widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.filter(
            Q(organization=user.organization_id) | Q(organization__is_house=False)
        )
        field = self.fields["person"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = people.order_by("name")

    def narrowed(self, ids: list[UUID] | None) -> Q:
        """What was asked for; `ids` are those that the typed record stands for, None for any."""
        told = self.cleaned_data if self.is_valid() else {}
        wanted = Q(at__gte=_morning(told.get("since"), timezone.localdate() - timedelta(DAYS)))
        if until := told.get("until"):
            wanted &= Q(at__lt=_morning(until + timedelta(1), until))
        if person := told.get("person"):
            wanted &= Q(actor=person)
        if result := told.get("result"):
            wanted &= Q(result=result)
        if kind := told.get("kind"):
            begins = Q()
            for start in KINDS[kind]:
                begins |= Q(verb__startswith=start)
            wanted &= begins
        if ids is not None:
            texts = [str(each) for each in ids]
            wanted &= Q(object_id__in=texts) | Q(case_id__in=ids) | Q(listed__overlap=ids)
        return wanted

    def asked(self) -> dict[str, str]:
        """By which parts was searched, for the trail: names of parts, never what was typed."""
        return {name: "given" for name, value in self.data.items() if name in self.fields and value}


def _morning(day: Any, otherwise: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day or otherwise, time.min))


class FindingForm(ActionForm):
    """What an anomaly turned out to be."""

    finding = forms.ChoiceField(
        choices=Anomaly.Finding.choices, widget=forms.RadioSelect, label=_("What was it?")
    )
