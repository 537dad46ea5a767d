"""Questions read aloud: what there is for one version, a new one, its review and its end."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.audit import record_list
from accounts.http import AuthedRequest, asks_and_saves
from accounts.models import User
from files.actions import NotReadyError
from files.answers import attachment
from screening import actions
from screening.explain import say
from screening.models import InstrumentVersion, Recording
from screening.recording_forms import AddRecordingForm, PlainRecordingForm
from screening.views.instruments import version_of


@asks_and_saves
def recordings(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """The recordings of a version, and a form for another one."""
    if not actions.may_edit_instrument(request.user):
        raise PermissionDenied
    version = version_of(request.user, pk)
    form = AddRecordingForm(request.POST or None, request.FILES or None, version=version)
    if form.perform(actions.add_recording, version, actor=request.user):
        messages.success(request, _("Recording kept. Somebody else has to listen to it."))
        return redirect("screening:recordings", pk=pk)
    return _page(request, version, form)


def _page(
    request: AuthedRequest, version: InstrumentVersion, form: AddRecordingForm
) -> HttpResponse:
    rows = list(
        Recording.objects.visible_to(request.user)
        .filter(instrument_version=version)
        .select_related("stored_file", "language", "reviewed_by", "added_by")
    )
    record_list(request.user, "list_recordings", Recording, [row.pk for row in rows])
    texts = {i["id"]: say(i["text"]) for i in version.definition["indicators"]}
    context: dict[str, Any] = {
        "version": version,
        "form": form,
        "plain": PlainRecordingForm(),
        "rows": [(row, texts.get(row.indicator, "")) for row in rows],
    }
    return render(request, "screening/instruments/recordings.html", context)


def _found(pk: UUID, user: User) -> Recording:
    """Raises Http404 for another house, PermissionDenied for who writes no instruments."""
    rows = Recording.objects.visible_to(user).select_related("data_key", "stored_file__data_key")
    recording = get_object_or_404(rows, pk=pk)
    if not actions.may_edit_instrument(user):
        raise PermissionDenied
    return recording


@require_safe
def listen(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """The sound of one recording."""
    return heard(request, _found(pk, request.user))


def heard(request: AuthedRequest, recording: Recording) -> HttpResponse:
    """Raises Http404 for a sound that is not ready."""
    try:
        content = actions.open_recording(recording, actor=request.user)
    except NotReadyError as error:
        raise Http404 from error
    return attachment(request, recording.stored_file, content)


@require_POST
def review(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """It is right: clients may hear it."""
    recording, form = _found(pk, request.user), PlainRecordingForm(request.POST)
    if form.perform(actions.review_recording, recording, actor=request.user):
        messages.success(request, _("Clients can hear it now."))
    else:
        messages.error(request, " ".join(str(said) for said in form.non_field_errors()))
    return redirect("screening:recordings", pk=recording.instrument_version_id)


@require_POST
def remove(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Take a recording away."""
    recording, form = _found(pk, request.user), PlainRecordingForm(request.POST)
    if form.perform(actions.remove_recording, recording, actor=request.user):
        messages.success(request, _("Recording removed."))
    return redirect("screening:recordings", pk=recording.instrument_version_id)
