"""What is said before the first question: what may have to be passed on, whatever she wishes.

A text that was said stays here for ever under its number; a change is a new number. These are
words of this house. A lawyer has to check them before they are taken for the law.
"""

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TEXTS: Mapping[str, Sequence[str | Promise]] = {
    "adult-1": (
        _("What you tell us goes to nobody without your agreement. There are three exceptions."),
        _("When a life is in danger now, we call for help."),
        _("The law asks everybody to report violence in a family, or the danger of it."),
        _("When a child is in danger, we tell the centre for social work."),
        _("We say so to you before we do it, if that is safe."),
    ),
    "child-1": (
        _("When somebody hurts you or you are in danger, we must tell the centre for social work."),
        _("Sometimes the police or the prosecutor have to know as well."),
        _("We pass on only what is needed to keep you safe."),
        _("You hear it from us before we do it."),
    ),
}
# {whom we ask as: the text that is said now}
CURRENT = {"adult": "adult-1", "child": "child-1"}


def words_of(number: str) -> Sequence[str | Promise]:
    """The sentences of a text, also of one that is no longer said; none when nothing was."""
    return TEXTS.get(number, ())
