"""A version in the making: its blocks, one form each; what it would change; its publication."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.audit import record
from accounts.http import AuthedRequest, asks_and_saves
from accounts.models import User
from screening import actions
from screening.change_words import told_proposals
from screening.comparing import differences
from screening.drafting import NoSuchBlockError
from screening.instrument_files import faults
from screening.instrument_forms import BLOCKS, BlockForm, DraftVersionForm, PlainForm, ReviewForm
from screening.instrument_words import DefinitionWords, told_counts, told_differences
from screening.models import ChangeProposal, InstrumentDraft, InstrumentTrial


def _opened(user: User, pk: UUID) -> InstrumentDraft:
    """Raises Http404."""
    rows = InstrumentDraft.objects.visible_to(user)
    related = ("instrument", "based_on", "published", "saved_by", "begun_by")
    return get_object_or_404(rows.select_related(*related), pk=pk)


def _page(
    request: AuthedRequest, draft: InstrumentDraft, form: DraftVersionForm | None = None
) -> HttpResponse:
    """The draft, with the errors of a verb that was refused."""
    user = request.user
    record(user, "view_draft", draft)
    editors = {draft.begun_by_id, *draft.editors.values_list("pk", flat=True)}
    context = {
        "draft": draft,
        "words": DefinitionWords(draft.definition),
        "faults": list(faults(draft.definition)),
        "is_editor": user.pk in editors,
        "is_open": draft.published_id is None,
        "may_edit": actions.may_edit_instrument(user),
        "may_publish": actions.may_publish_instrument(user),
        "form": form or DraftVersionForm(initial={"version": draft.version}),
        "trials": draft.trials.all()[:5],
        "reasons": _reasons(user, draft),
    }
    return render(request, "screening/instruments/draft.html", context)


def _reasons(user: User, draft: InstrumentDraft) -> list[dict[str, Any]]:
    """Why it was begun, in words of the version it began from: what it is about may be gone."""
    rows = ChangeProposal.objects.visible_to(user).filter(draft=draft)
    before = draft.based_on or draft
    return told_proposals(rows.select_related("proposed_by"), before.definition)


@require_safe
def draft(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """What is being written, block by block."""
    return _page(request, _opened(request.user, pk))


@asks_and_saves
def change_draft(request: AuthedRequest, pk: UUID, block: str, key: str) -> HttpResponse:
    """One block of a draft."""
    opened = _opened(request.user, pk)
    if not actions.may_edit_instrument(request.user):
        raise PermissionDenied
    form = _block_form(request, opened, block, key)
    if form.perform(actions.change_draft, opened, actor=request.user):
        messages.success(request, _("Saved."))
        return redirect(f"{opened.get_absolute_url()}#{_place(opened, block, key)}")
    record(request.user, "view_draft", opened)
    context = {"draft": opened, "form": form, "heading": form.title}
    # The frame is one of its kind and needs no name.
    context["key"] = "" if key == block else key
    return render(request, "screening/instruments/change_draft.html", context)


def _block_form(request: AuthedRequest, draft: InstrumentDraft, block: str, key: str) -> BlockForm:
    """Raises Http404 for a block or an entry that the draft does not have."""
    if block not in BLOCKS:
        raise Http404
    try:
        return BLOCKS[block](request.POST or None, draft=draft, key=key)
    except NoSuchBlockError as error:
        raise Http404 from error


def _place(draft: InstrumentDraft, block: str, key: str) -> str:
    """Where on the page of the draft the reader was."""
    return {"frame": "frame", "band": "results"}.get(block, f"{block}-{key}")


@require_POST
def review_translation(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Confirm a translation by name."""
    opened = _opened(request.user, pk)
    form = ReviewForm(request.POST)
    if form.perform(actions.review_translation, opened, actor=request.user):
        messages.success(request, _("Confirmed with your name."))
        return redirect(opened)
    return _page(request, opened, form)


@require_POST
def publish_draft(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Put the draft into use."""
    opened = _opened(request.user, pk)
    form = DraftVersionForm(request.POST)
    if form.perform(actions.publish_draft, opened, actor=request.user):
        messages.success(request, _("Published. New talks use it from its first day."))
        return redirect(form.result)
    return _page(request, opened, form)


@require_safe
def compare_draft(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """What a draft has otherwise than the version it began from."""
    opened = _opened(request.user, pk)
    if opened.based_on is None:
        raise Http404
    record(request.user, "view_draft", opened)
    found = told_differences(differences(opened.based_on.definition, opened.definition))
    context: dict[str, Any] = {"title": opened.title, "areas": found}
    context["before_version"] = opened.based_on.version
    context["after_version"] = opened.definition["version"]
    context["reasons"] = _reasons(request.user, opened)
    context["back"] = opened.get_absolute_url()
    return render(request, "screening/instruments/compare.html", context)


@require_POST
def try_draft(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Count what a draft would change."""
    opened = _opened(request.user, pk)
    form = PlainForm(request.POST)
    if form.perform(actions.try_draft, opened, actor=request.user):
        return redirect(form.result)
    messages.error(request, " ".join(str(said) for said in form.non_field_errors()))
    return redirect(opened)


@require_safe
def trial(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """How results would differ; small numbers are not told."""
    rows = InstrumentTrial.objects.visible_to(request.user)
    found = get_object_or_404(rows.select_related("draft", "instrument_version"), pk=pk)
    record(request.user, "view_trial", found)
    source = found.draft or found.instrument_version
    context: dict[str, Any] = {
        "trial": found,
        "source": source,
        "back": source.get_absolute_url() if source else reverse("screening:instruments"),
        "tables": told_counts(found, source.definition) if source else [],
        "has_changed": found.draft is not None and found.draft.version != found.draft_version,
    }
    return render(request, "screening/instruments/trial.html", context)
