"""What the component page shows: invented values, no data."""

from typing import Any

from django import forms

from accounts.widgets import Chips, Choices, Counter, Segments, Stepper, Ticks

ANSWERS = [("yes", "Yes"), ("no", "No"), ("unclear", "Unclear"), ("not_asked", "Not asked")]
LANGUAGES = [("fa", "Farsi"), ("ps", "Pashto"), ("ar", "Arabic"), ("ur", "Urdu")]
SERVICES = [("1", "Information"), ("2", "Food, drink"), ("3", "Clothes"), ("4", "Safe space")]
REASONS = [("full", "No place or staff now"), ("other", "Another service fits better")]


class SampleForm(forms.Form):
    """One field for each kind of control; sent, it shows each kind of error."""

    code = forms.CharField(
        label="Client code",
        help_text="Six letters and figures, such as 7KM-2XQ.",
        widget=forms.TextInput(attrs={"class": "w-m"}),
    )
    born = forms.DateField(
        label="Day", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    place = forms.ChoiceField(label="Place", choices=[("", "Choose"), ("hub", "Hub")])
    services = forms.MultipleChoiceField(
        label="What did we do?", choices=SERVICES, widget=Ticks(keys=True)
    )
    language = forms.ChoiceField(label="Language used", choices=LANGUAGES, widget=Chips)
    alone = forms.ChoiceField(
        label="Is the person alone and safe to talk?", choices=ANSWERS, widget=Segments
    )
    reason = forms.ChoiceField(
        label="Why?",
        choices=REASONS,
        widget=Choices(hints={"other": "Name it, so that the sender can go on today."}),
    )
    told = forms.BooleanField(
        label="Tell the duty lead now", required=False, help_text="They get a notice without data."
    )
    women = forms.IntegerField(
        label="Women", initial=3, widget=Counter(attrs={"aria-label": "Women"})
    )
    alone_children = forms.IntegerField(label="Children alone", initial=1, widget=Stepper)
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea(attrs={"rows": 2}))


SWATCHES = [
    ("canvas", "Page"), ("surface", "Card"), ("sunken", "Wells"), ("ink", "Text"),
    ("muted", "Second text"), ("brand", "Links, place"), ("brand-solid", "Actions"),
    ("brand-tint", "Chosen"), ("danger", "Harm, late"), ("danger-tint", ""),
    ("warn", "Soon, care"), ("warn-tint", ""), ("ok", "Done, agreed"), ("ok-tint", ""),
    ("info", "News"), ("info-tint", ""), ("private", "Withheld"), ("private-tint", ""),
]  # fmt: skip
AMP = [
    {"name": "act", "state": "met", "findings": [
        {"text": "Recruited with a promise", "state": "on", "source": "A 1"},
        {"text": "Kept in a place", "state": "", "source": ""}]},
    {"name": "means", "state": "some", "findings": [
        {"text": "Papers and phone held", "state": "maybe", "source": "B 4"}]},
    {"name": "purpose", "state": "none", "findings": [], "note": "The next part asks about this."},
]  # fmt: skip
CHILD = [
    AMP[0],
    {"name": "means", "state": "na", "findings": [], "note": "Under 18: not needed."},
    {"name": "purpose", "state": "met", "findings": [
        {"text": "Made to guide groups at night", "state": "on", "source": "C 7"}]},
]  # fmt: skip
SERVICE = {
    "id": "1", "name": "Safe house North", "organization": "Women’s organisation", "place": "North",
    "fits": [("yes", "Women 18+"), ("yes", "Children up to 12"), ("care", "Bring an interpreter")],
    "places": "2 family rooms", "places_kind": "few", "said": "Said by them today",
    "answers": "Usually answers in 5 hours", "off": "",
}  # fmt: skip


def sample_context(form: forms.Form) -> dict[str, Any]:
    """What the page needs beside the form."""
    return {
        "form": form,
        "swatches": SWATCHES,
        "amp": AMP,
        "child": CHILD,
        "service": SERVICE,
        "closed": {**SERVICE, "id": "2", "name": "State safe house", "places_kind": "no",
                   "places": "Not open to this person", "off": "Asks for a residence permit."},
        "facts": [("Language", "Farsi"), ("Year of birth", "1990–1999"), ("Nationality", None)],
        "reasons": ["“Papers held: yes” counts as a means.", "For a child, means are not needed."],
        "trail": ["Need", "Service", "Consent", "What they will see", "Check and send"],
        "parts": [
            {"label": "Before you start", "url": "#", "state": "done"},
            {"label": "Papers and money", "url": "#", "state": "started", "current": True},
            {"label": "Result", "url": "", "state": "open"},
        ],
        "bars": [("Safe accommodation", 14, ""), ("Pashto interpreter", 11, ""),
                 ("Child psychiatrist", 6, ""), ("Dentist", None, "")],
        "stacks": [("Jelena M.", [4, 11, 8]), ("Marko P.", [1, 7, 6]), ("Sanja P.", [2, 5, 4])],
        "risks": [("High", "high"), ("Medium", "medium"), ("Low", "low")],
    }  # fmt: skip
