"""The page of one verb on what belongs to a person: a form inside her frame."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.contrib import messages
from django.db import models
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.forms import ActionForm
from accounts.http import AuthedRequest
from casework.models import Person
from casework.views.person_file import person_context


class Words(NamedTuple):
    """What the page of a verb says; `tab` is the tab it belongs to and comes back to."""

    tab: str
    heading: Any
    verb: Any
    saved: Any
    text: Any = ""
    # A template with more to read above the form.
    beside: str = ""


def verb_page(
    request: AuthedRequest,
    person: Person,
    form: ActionForm,
    action: Callable[..., Any],
    target: models.Model,
    words: Words,
    **more: Any,
) -> HttpResponse:
    """Run the verb, or show its form; `target` is what the verb acts on."""
    back = reverse(f"casework:{words.tab}", args=[person.pk])
    if form.perform(action, target, actor=request.user):
        messages.success(request, words.saved)
        return redirect(back)
    context = person_context(person, request.user, words.tab)
    context |= {"form": form, "words": words, "back": back, **more}
    return render(request, "casework/person_verb.html", context)
