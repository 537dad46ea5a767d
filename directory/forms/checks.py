"""What an institution may say by a link: which entries are right, where there is room."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.widgets import Segments
from directory.actions import answer_check
from directory.actions.checks import Said
from directory.models import Service

RIGHT = [("yes", _("Yes")), ("no", _("No"))]


class CheckForm(forms.Form):
    """Three answers for each service; nobody is signed in, so it is no ActionForm."""

    remark = forms.CharField(
        label=_("What is not right any more?"),
        help_text=_("About your services only. Nothing about people you help."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Any = None, *, services: Sequence[Service]) -> None:
        super().__init__(data)
        self.services = services
        for place, service in enumerate(services):
            self.fields[f"right_{place}"] = forms.ChoiceField(
                label=_("Is it still right?"), choices=RIGHT, widget=Segments
            )
            self.fields[f"accepting_{place}"] = forms.ChoiceField(
                label=_("Do you take people now?"),
                choices=Service.Accepting,
                widget=Segments,
                initial=service.accepts_now,
            )
            self.fields[f"free_{place}"] = forms.IntegerField(
                label=_("Places free today"), required=False, min_value=0, max_value=1000
            )

    def rows(self) -> Iterator[tuple[Service, list[forms.BoundField]]]:
        """Each service with its three fields."""
        for place, service in enumerate(self.services):
            yield service, [self[f"{name}_{place}"] for name in ("right", "accepting", "free")]

    def perform(self, token: str) -> bool:
        """Take the answer; refusals become form errors."""
        if not self.is_valid():
            return False
        told = self.cleaned_data
        said = {
            service.pk: Said(
                told[f"right_{place}"] == RIGHT[0][0],
                told[f"accepting_{place}"],
                told[f"free_{place}"],
            )
            for place, service in enumerate(self.services)
        }
        try:
            answer_check(token, said=said, remark=told["remark"])
        except ValidationError as error:
            self.add_error(None, error.messages)
            return False
        return True
