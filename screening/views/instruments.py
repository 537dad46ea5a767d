"""Instruments and their versions: which there are, what one says, how two differ, its end."""

from collections import Counter
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.audit import record, record_list
from accounts.http import AuthedRequest, asks_and_saves
from accounts.models import User
from screening import actions
from screening.change_words import told_proposals
from screening.comparing import differences
from screening.instrument_forms import BeginInstrumentForm, PlainForm, RetireForm, SwitchForm
from screening.instrument_words import DefinitionWords, told_differences
from screening.models import (
    ChangeProposal,
    InstrumentDraft,
    InstrumentSwitch,
    InstrumentTrial,
    InstrumentVersion,
)
from screening.models.change_proposal import ChangeProposalQuerySet


def _require_reading(user: User) -> None:
    if not user.has_perm("screening.view_instrument"):
        raise PermissionDenied


def version_of(user: User, pk: UUID) -> InstrumentVersion:
    """Raises Http404."""
    rows = InstrumentVersion.objects.visible_to(user)
    return get_object_or_404(rows.select_related("instrument", "published_by"), pk=pk)


@require_safe
def instruments(request: AuthedRequest) -> HttpResponse:
    """Every instrument with its versions, and what is being written."""
    user = request.user
    _require_reading(user)
    versions = list(InstrumentVersion.objects.visible_to(user).select_related("instrument"))
    in_force = set(
        InstrumentVersion.objects.visible_to(user).in_force().values_list("pk", flat=True)
    )
    switches = InstrumentSwitch.objects.visible_to(user).filter(is_on=False)
    off = set(switches.values_list("instrument", flat=True))
    drafts = InstrumentDraft.objects.visible_to(user).open().select_related("saved_by")
    waiting = ChangeProposal.objects.visible_to(user).open().values_list("instrument", flat=True)
    record_list(user, "list_instruments", InstrumentVersion, [row.pk for row in versions])
    context = {
        "instruments": _by_instrument(versions, in_force, off, Counter(waiting)),
        "drafts": drafts,
        "may_edit": actions.may_edit_instrument(user),
    }
    return render(request, "screening/instruments/list.html", context)


def _by_instrument(
    versions: list[InstrumentVersion],
    in_force: set[UUID],
    off: set[UUID],
    waiting: Mapping[UUID, int],
) -> list[dict[str, Any]]:
    """One entry an instrument: the version in force first told, then all of them."""
    found: dict[UUID, dict[str, Any]] = {}
    today = timezone.localdate()
    for version in versions:
        entry = found.setdefault(
            version.instrument_id,
            {"instrument": version.instrument, "rows": [], "is_on": True, "title": version.title},
        )
        entry["proposed"] = waiting.get(version.instrument_id, 0)
        entry["is_on"] = version.instrument_id not in off
        is_used = version.pk in in_force
        entry["rows"].append(
            {"version": version, "is_used": is_used, "is_due": version.review_on <= today}
        )
        if is_used:
            entry["title"] = version.title
    return list(found.values())


@require_safe
def instrument_version(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """One version with everything it says."""
    user = request.user
    version = version_of(user, pk)
    record(user, "view_instrument", version)
    others = InstrumentVersion.objects.visible_to(user).filter(instrument=version.instrument_id)
    is_own = version.organization_id == user.organization_id
    context = {
        "version": version,
        "words": DefinitionWords(version.definition),
        "others": others.exclude(pk=pk),
        "proposals": told_proposals(_proposed(user, version), version.definition),
        "trials": InstrumentTrial.objects.visible_to(user).filter(instrument_version=version)[:5],
        "may_edit": actions.may_edit_instrument(user),
        "may_retire": is_own and actions.may_publish_instrument(user),
        "plain": PlainForm(auto_id=False),
    }
    return render(request, "screening/instruments/version.html", context)


def _proposed(user: User, version: InstrumentVersion) -> ChangeProposalQuerySet:
    rows = ChangeProposal.objects.visible_to(user).open()
    return rows.filter(instrument=version.instrument_id).select_related("proposed_by")


@require_safe
def compare_versions(request: AuthedRequest, pk: UUID, other: UUID) -> HttpResponse:
    """What the second version has otherwise than the first."""
    user = request.user
    old, new = version_of(user, pk), version_of(user, other)
    record(user, "view_instrument", new)
    found = told_differences(differences(old.definition, new.definition))
    context: dict[str, Any] = {"title": new.title, "areas": found, "back": new.get_absolute_url()}
    context |= {"before_version": old.version, "after_version": new.version}
    reasons = ChangeProposal.objects.visible_to(user).filter(draft__published=new)
    context["reasons"] = told_proposals(reasons.select_related("proposed_by"), old.definition)
    return render(request, "screening/instruments/compare.html", context)


@asks_and_saves
def begin_instrument(request: AuthedRequest) -> HttpResponse:
    """A new instrument, empty."""
    if not actions.may_edit_instrument(request.user):
        raise PermissionDenied
    form = BeginInstrumentForm(request.POST or None)
    if form.perform(actions.begin_instrument, actor=request.user):
        return redirect(form.result)
    return render(request, "screening/instruments/begin.html", {"form": form})


@require_POST
def begin_draft(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Write the next version from this one."""
    version = version_of(request.user, pk)
    form = PlainForm(request.POST)
    if form.perform(actions.begin_draft, version, actor=request.user):
        return redirect(form.result)
    return redirect(version)


@asks_and_saves
def retire_version(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """The last day of a version of the house."""
    version = version_of(request.user, pk)
    if not actions.may_publish_instrument(request.user):
        raise PermissionDenied
    form = RetireForm(request.POST or None)
    if form.perform(actions.retire_version, version, actor=request.user):
        messages.success(request, _("Saved. Open talks go on with this version."))
        return redirect(version)
    record(request.user, "view_instrument", version)
    return render(request, "screening/instruments/retire.html", {"version": version, "form": form})


@require_POST
def switch_instrument(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Offer the instrument of a version to the house, or offer it no more."""
    version = version_of(request.user, pk)
    form = SwitchForm(request.POST)
    if form.perform(actions.switch_instrument, version.instrument, actor=request.user):
        messages.success(request, _("Saved."))
    return redirect("screening:instruments")


@require_POST
def try_version(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Count what this version changes."""
    version = version_of(request.user, pk)
    form = PlainForm(request.POST)
    if form.perform(actions.try_version, version, actor=request.user):
        return redirect(form.result)
    return redirect(version)
