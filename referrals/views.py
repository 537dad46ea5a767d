"""The sender's side at the door: prepare, check, send, see where it stands."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.audit import record, record_list
from accounts.forms import ActionForm
from accounts.http import AuthedRequest, asks_and_saves
from accounts.levels import Level
from accounts.models import User
from casework.actions import record_consent
from casework.models import Case, Person
from casework.models.child import route_of
from casework.views.drafting import long_form, restore
from casework.views.shell import open_case_file, shell_context
from directory.forms import FindServiceForm
from directory.models import Place, Service
from referrals import actions, forms, states
from referrals.actions.telling import disagree
from referrals.consents import agreement_to_share, consent_to_share, last_answer
from referrals.disclosure import Stage, disclosed_sheet, stage_of
from referrals.fit import Offer, best_first
from referrals.models import Referral, ReferralStep
from referrals.states import Side, Verb

PAGE = 25
TRAIL = [
    gettext_lazy("Service"),
    gettext_lazy("Consent"),
    gettext_lazy("What they will see"),
    gettext_lazy("Check and send"),
]
# What the list shows, by the word in its address; the first one unless asked otherwise.
LISTS = {
    "waiting": states.WAITING,
    "progress": states.IN_PROGRESS | {states.State.DELIVERED},
    "drafts": states.PREPARING,
    "finished": states.FINISHED - {states.State.DELIVERED},
}


@require_safe
def referrals(request: AuthedRequest) -> HttpResponse:
    """List the referrals of visible cases, those first whose answer is due first."""
    request.user.require("referrals.view_referrals")
    shown = request.GET.get("show", "")
    shown = shown if shown in LISTS else "waiting"
    mine = Referral.objects.visible_to(request.user)
    rows = mine.in_states(LISTS[shown]).with_person().by_due_time()
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    record_list(request.user, "list_referrals", Referral, [row.pk for row in page])
    context = {"page": page, "shown": shown, "counts": mine.count_by(LISTS)}
    may_count = {"may_count_needs": actions.may_record_unmet_need(request.user)}
    return render(request, "referrals/list.html", {**context, **may_count})


@require_safe
def of_case(request: AuthedRequest, case: UUID) -> HttpResponse:
    """The tab of a case: every referral of it, newest first."""
    file = open_case_file(case, request.user)
    rows = Referral.objects.visible_to(request.user).filter(case=file)
    shown = list(rows.with_person().latest_first())
    ids = [row.pk for row in shown]
    record_list(request.user, "list_referrals", Referral, ids, case_id=file.pk)
    context = {
        **shell_context(file, request.user, "referrals"),
        "referrals": shown,
        "may_draft": file.is_open and actions.may_draft_referral(request.user),
    }
    return render(request, "referrals/of_case.html", context)


@asks_and_saves
def new(request: AuthedRequest, case: UUID) -> HttpResponse:
    """Choose the service of a new referral."""
    file = get_object_or_404(Case.objects.visible_to(request.user).with_person(), pk=case)
    _require_preparing(request.user, file)
    form = forms.ServiceForm(request.POST or None)
    if form.perform(actions.draft_referral, file, actor=request.user):
        return redirect("referrals:change", form.result.pk)
    return _choice(request, file, form)


@asks_and_saves
def choose_service(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Point a draft at another service."""
    referral = _prepared(request.user, pk)
    form = forms.ServiceForm(request.POST or None, initial={"service": referral.service_id})
    if form.perform(actions.choose_service, referral, actor=request.user):
        return redirect("referrals:change", referral.pk)
    referral = _again(request, referral)
    if not referral.is_draft:
        return shown(request, referral, form)
    return _choice(request, referral.case, form, referral)


def _require_preparing(user: User, case: Case) -> None:
    """Raises PermissionDenied for who may not prepare a referral of this case."""
    user.require("referrals.draft_referral")
    actions.require_story(case, user)


def _prepared(user: User, pk: UUID) -> Referral:
    """A referral, for who may prepare it. Raises Http404, PermissionDenied."""
    referral = seen(user, pk)
    _require_preparing(user, referral.case)
    if referral.is_draft:
        # The consent that holds now may be newer than the draft.
        referral.consent = consent_to_share(referral.case, referral.service)
    return referral


def seen(user: User, pk: UUID) -> Referral:
    return get_object_or_404(Referral.objects.visible_to(user).with_sheet(), pk=pk)


def _person(user: User, pk: UUID) -> Person:
    """Whom a referral is about. Raises Http404."""
    rows = Referral.objects.visible_to(user).select_related("case__person__data_key")
    return get_object_or_404(rows, pk=pk).case.person


def _again(request: AuthedRequest, referral: Referral) -> Referral:
    """The referral as it is now: after a refusal it is not what it was before."""
    return _prepared(request.user, referral.pk) if request.method == "POST" else referral


def _choice(
    request: AuthedRequest, case: Case, form: forms.ServiceForm, referral: Referral | None = None
) -> HttpResponse:
    search = FindServiceForm(request.GET, reader=request.user)
    wanted = search.wanted()
    offers = _offers(request.user, case.person, wanted)
    if wanted["fitting"]:
        offers = [offer for offer in offers if offer.fit.is_open]
    record(request.user, "choose_service", case, case_id=case.pk)
    picked = str(form["service"].value() or "")
    context = {"case": case, "form": form, "filter": search, "offers": offers, "picked": picked}
    context["route"] = route_of(case.person)
    return render(
        request, "referrals/choose_service.html", {**context, "referral": referral, "trail": TRAIL}
    )


def _offers(user: User, person: Person, wanted: dict[str, Any]) -> list[Offer]:
    """The services to choose from, each with how it fits and the places that the user may know."""
    services = Service.objects.for_choice().prefetch_related("languages", "serves")
    if wanted["category"]:
        services = services.in_category(*wanted["category"])
    places = Place.objects.shown_to(user).select_related("municipality")
    return best_first(
        services.prefetch_related(Prefetch("places", places)),
        person,
        timezone.localdate(),
        first=route_of(person).centre,
        near=wanted["near"],
        heed=wanted["heed"],
    )


@asks_and_saves
@long_form(gettext_lazy("Referral"), _person)
def change(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Consent, what is shared, how soon, what is needed; beside it what the receiver will see."""
    referral = _prepared(request.user, pk)
    form = forms.ChangeForm(request.POST or None, referral=referral)
    if form.perform(actions.change_referral, referral, actor=request.user):
        further = "send" if request.POST.get("then") == "check" else "change"
        return redirect(f"referrals:{further}", referral.pk)
    referral = _again(request, referral)
    if not referral.is_draft:
        return shown(request, referral, form)
    return _sharing(request, referral, form, forms.ConsentForm(referral=referral))


@require_POST
def consent(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Record the client's answer to sharing with this receiver."""
    referral = _prepared(request.user, pk)
    form = forms.ConsentForm(request.POST, referral=referral)
    if form.perform(record_consent, referral.case, actor=request.user):
        messages.success(request, _("The client's answer is recorded."))
        return redirect("referrals:change", referral.pk)
    return _sharing(request, referral, forms.ChangeForm(referral=referral), form)


def _sharing(
    request: AuthedRequest, referral: Referral, form: forms.ChangeForm, asked: forms.ConsentForm
) -> HttpResponse:
    if not form.is_bound and request.method == "GET":
        restore(request, form, apart={"version"})
    referral.items = referral.items or form.initial["items"]
    context = {
        "referral": referral,
        "form": form,
        "consent_form": asked,
        "answer": referral.consent or last_answer(referral.case, referral.service),
        "agreement": agreement_to_share(referral.case, referral.service),
        "trail": TRAIL,
        **_preview(request.user, referral),
    }
    return render(request, "referrals/change.html", context)


def _preview(user: User, referral: Referral) -> dict[str, Any]:
    """What the receiver will see before and after accepting; showing it is recorded."""
    before = disclosed_sheet(referral, Stage.BEFORE_ANSWER)
    after = disclosed_sheet(referral, Stage.AFTER_ACCEPTANCE)
    record(user, "preview_referral", referral, case_id=referral.case_id, fields=after.shown)
    return {"before": before, "after": after}


@asks_and_saves
def send(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Check everything once more, then send it."""
    referral = _prepared(request.user, pk)
    request.user.require("referrals.send_referral")
    form = forms.SendForm(request.POST or None)
    if form.perform(actions.send_referral, referral, actor=request.user):
        messages.success(request, _("Referral sent."))
        return redirect(referral)
    referral = _again(request, referral)
    if not referral.is_draft:
        return shown(request, referral, form)
    preview = _preview(request.user, referral)
    earlier = _earlier(request.user, referral)
    context = {"referral": referral, "form": form, "earlier": earlier, "trail": TRAIL}
    context["route"] = route_of(referral.case.person)
    return render(request, "referrals/send.html", {**context, **preview})


def _earlier(user: User, referral: Referral) -> Referral | None:
    """The last referral of the same person to the same service, as far as this user sees it."""
    same = Referral.objects.visible_to(user).filter(
        case__person=referral.case.person_id, service=referral.service_id, sent_at__isnull=False
    )
    return same.latest_first().first()


@require_safe
def detail(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Follow one referral: where it stands, what the receiver sees now, what can be done."""
    referral = seen(request.user, pk)
    request.user.require("referrals.view_referrals")
    return shown(request, referral)


def shown(
    request: AuthedRequest, referral: Referral, refused: ActionForm | None = None
) -> HttpResponse:
    """The page of one referral; `refused` is the form of a verb that could not be said."""
    user = request.user
    reads_story = referral.case.level_for(user) >= Level.NARRATIVE
    sheet = disclosed_sheet(referral, stage_of(referral)) if reads_story else None
    fields = sheet.shown if sheet else ()
    may = may_say(user, referral)
    record(user, "view_referral", referral, case_id=referral.case_id, fields=fields)
    steps = ReferralStep.objects.visible_to(user).filter(referral=referral)
    context = {
        "referral": referral,
        "sheet": sheet,
        "steps": steps.select_related("actor__organization", "data_key"),
        "form": refused,
        "may": may,
        "reads_story": reads_story,
        "disagree": disagree(referral),
        "may_override": referral.is_draft
        and reads_story
        and not (referral.consent_id or referral.override)
        and user.has_perm("referrals.override_consent"),
        "reviews_override": actions.may_review_override(user, referral),
        **_forms(may, refused),
    }
    return render(request, "referrals/detail.html", context)


def _forms(may: set[str], refused: ActionForm | None) -> dict[str, ActionForm]:
    """The form of each verb on the page, as it was typed where it was refused."""
    made: dict[str, ActionForm] = {
        "recall_form": forms.RecallForm(),
        "close_form": forms.CloseForm(),
        "follow_form": forms.FollowForm(),
        "review_form": forms.ReviewForm(),
        "override_review_form": forms.OverrideReviewForm(),
    }
    for name, form in made.items():
        if type(form) is type(refused) and refused is not None:
            made[name] = refused
    follow = made["follow_form"]
    if isinstance(follow, forms.FollowForm):
        follow.offer(may)
    return made


def may_say(user: User, referral: Referral) -> set[str]:
    """The verbs this user can say for the sender where the referral stands."""
    verbs = states.verbs(referral.state, Side.SENDER)
    return {
        verb.value
        for verb in verbs
        if actions.may_say(user, verb, Side.SENDER)
        and not (verb == Verb.REVIEW and referral.reviewed_at is not None)
    }
