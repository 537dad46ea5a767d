"""Consent and status at the door: what was agreed, what was decided."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.data_dictionary import level_of
from accounts.http import AuthedRequest
from accounts.models import User
from casework import actions
from casework.actions.consents import may_record_consent, may_withdraw_consent
from casework.actions.exporting import may_export
from casework.actions.statuses import may_record_trafficking_status
from casework.agreement import agreements
from casework.consent_uses import uses_of
from casework.forms.cases import StatusForm
from casework.forms.consents import ConsentForm, WithdrawForm
from casework.models import Case, CaseFile, Consent, Person, TraffickingStatus
from casework.views.drafting import long_form, of_case, of_person, restore
from casework.views.person_file import open_person_file, person_context
from casework.views.shell import open_case_file, shell_context


@require_safe
def consents(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Every answer ever given, the latest first; what they amount to stands above them."""
    user = request.user
    file = open_case_file(pk, user)
    context = shell_context(file, user, "consents")
    may_write = not context["is_read_only"]
    context |= _answers(file, user, may_write=may_write)
    context["may_export"] = may_export(user) and context["may_write_story"]
    return render(request, "casework/consents.html", context)


@require_safe
def person_consents(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """The answers of somebody that hang on no case."""
    user = request.user
    person = open_person_file(pk, user)
    context = person_context(person, user, "consents")
    context |= _answers(person, user, may_write=_may_write(person, user))
    return render(request, "casework/person_consents.html", context)


def _answers(subject: Case | Person, user: User, *, may_write: bool) -> dict[str, Any]:
    rows = Consent.objects.visible_to(user).about(subject)
    answers = list(rows.with_words())
    return {
        "answers": answers,
        "agreements": agreements(subject, answers),
        "may_record": may_write and may_record_consent(user),
        "may_withdraw": may_write and may_withdraw_consent(user),
    }


def _may_write(person: Person, user: User) -> bool:
    return Person.objects.visible_to(user, lasting=True).filter(pk=person.pk).exists()


@long_form(gettext_lazy("Consent"), of_case)
def record_consent(request: AuthedRequest, pk: UUID) -> HttpResponse:
    user = request.user
    file = open_case_file(pk, user, writing=True)
    form = _asked(request, file)
    if form.perform(actions.record_consent, file, actor=user):
        _tell(request, form.result)
        return redirect("casework:consents", pk)
    context = {**shell_context(file, user, "consents"), "form": form}
    return render(request, "casework/record_consent.html", context)


@long_form(gettext_lazy("Consent"), of_person)
def record_person_consent(request: AuthedRequest, pk: UUID) -> HttpResponse:
    user = request.user
    person = open_person_file(pk, user, writing=True)
    form = _asked(request, person)
    if form.perform(actions.record_consent, person, actor=user):
        _tell(request, form.result)
        return redirect("casework:person_consents", pk)
    context = {**person_context(person, user, "consents"), "form": form}
    return render(request, "casework/record_person_consent.html", context)


def _asked(request: AuthedRequest, subject: Case | Person) -> ConsentForm:
    """The form of an answer. Raises PermissionDenied."""
    if not may_record_consent(request.user):
        raise PermissionDenied
    form = ConsentForm(request.POST or None, subject=subject, actor=request.user)
    purpose = request.GET.get("purpose", "")
    if purpose in Consent.Purpose.values:
        form.initial["purpose"] = purpose
    restore(request, form)
    return form


def _tell(request: AuthedRequest, consent: Consent) -> None:
    """A no is as good an answer as a yes: what is still possible is said at once."""
    if consent.is_given:
        messages.success(request, _("Answer saved."))
    else:
        said = _("Answer saved. Still possible: %(what)s")
        messages.success(request, said % {"what": consent.remains})


def _found(user: User, pk: UUID) -> Consent:
    rows = Consent.objects.visible_to(user).with_words()
    rows = rows.select_related("case", "person", "data_key", "interpreter")
    return get_object_or_404(rows, pk=pk)


def _frame(
    request: AuthedRequest, consent: Consent, *, writing: bool = False
) -> tuple[dict[str, Any], str]:
    """The frame that an answer is shown in, and where one goes back to."""
    user = request.user
    if consent.case_id is not None:
        file = open_case_file(consent.case_id, user, writing=writing)
        context = shell_context(file, user, "consents")
        context["may_read_reason"] = context["level"] >= level_of(Consent, "reason")
        context["frame"] = "casework/shell.html"
        return context, reverse("casework:consents", args=[file.pk])
    person = open_person_file(consent.person_id, user, writing=writing)
    context = {**person_context(person, user, "consents"), "may_read_reason": False}
    context["is_read_only"] = not _may_write(person, user)
    context["frame"] = "casework/person_shell.html"
    return context, reverse("casework:person_consents", args=[person.pk])


@require_safe
def consent(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """One answer in words, and everything that hangs on it."""
    user = request.user
    found = _found(user, pk)
    context, back = _frame(request, found)
    context |= {
        "consent": found,
        "uses": uses_of(found),
        "back": back,
        "may_withdraw": not context["is_read_only"] and may_withdraw_consent(user),
        "paper": CaseFile.objects.visible_to(user).filter(pk__in=[found.signed_file_id]).first(),
    }
    return render(request, "casework/consent.html", context)


def withdraw_consent(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Take a consent back: one page that says what hangs on it and what follows, one button."""
    user = request.user
    found = _found(user, pk)
    context, _back = _frame(request, found, writing=True)
    if not may_withdraw_consent(user):
        raise PermissionDenied
    form = WithdrawForm(request.POST or None)
    if form.perform(actions.withdraw_consent, found, actor=user):
        messages.success(request, _("Taken back. It holds at once."))
        return redirect("casework:consent", pk)
    context |= {"form": form, "consent": found, "uses": uses_of(found)}
    return render(request, "casework/withdraw_consent.html", context)


@require_safe
def statuses(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """The dated decisions of all bodies."""
    user = request.user
    file = open_case_file(pk, user)
    rows = TraffickingStatus.objects.visible_to(user).filter(case=file)
    context = shell_context(file, user, "statuses")
    may_write = not context["is_read_only"]
    context |= {
        "statuses": rows.select_related("organization", "recorded_by"),
        "may_record": may_write and may_record_trafficking_status(user),
    }
    return render(request, "casework/statuses.html", context)


def record_trafficking_status(request: AuthedRequest, pk: UUID) -> HttpResponse:
    user = request.user
    file = open_case_file(pk, user, writing=True)
    if not may_record_trafficking_status(user):
        raise PermissionDenied
    form = StatusForm(request.POST or None, initial={"organization": file.organization_id})
    if form.perform(actions.record_trafficking_status, file, actor=user):
        messages.success(request, _("Decision saved."))
        return redirect("casework:statuses", pk)
    context = {**shell_context(file, user, "statuses"), "form": form}
    return render(request, "casework/record_status.html", context)
