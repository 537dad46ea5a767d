"""Record what a person agreed to, refused or took back, and who answered."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import Organization, User
from accounts.outbox import enqueue
from casework.actions.access import (
    lock_person,
    require_may_write,
    require_may_write_person,
)
from casework.actions.days import check_not_over
from casework.actions.events import record_case_event
from casework.actions.interpreters import check_interpreter
from casework.agreement import agreement_on, is_suspected, person_of
from casework.consent_rules import GROWN_UP, URGENT, Giver
from casework.models import (
    Case,
    CaseEvent,
    CaseFile,
    Consent,
    ConsentText,
    Interpreter,
    Person,
)
from casework.models.consent_text import wordings_for
from casework.models.person import YesNo
from casework.models.visit import Interpreting
from directory.models import Language, Service


def may_record_consent(user: User) -> bool:
    return user.has_perm("casework.record_consent")


@transaction.atomic
def record_consent(
    subject: Case | Person,
    *,
    purpose: str,
    decision: str,
    channel: str,
    language: Language,
    actor: User,
    organization: Organization | None = None,
    service: Service | None = None,
    items: Iterable[str] = (),
    valid_until: date | None = None,
    given_by: str = Consent.GivenBy.OWN,
    guardian_suspected: str = YesNo.UNKNOWN,
    reason: str = "",
    signed_file: CaseFile | None = None,
    interpreting: str = Interpreting.NOT_NEEDED,
    interpreter: Interpreter | None = None,
    is_read_back: bool = False,
    witness: User | None = None,
    text: ConsentText | None = None,
) -> Consent:
    """Record an answer in a case, or of somebody who has none; a refusal ends an earlier yes.

    A no of the child, or of whoever has to agree beside the child, ends what the others agreed to.
    Raises PermissionDenied, ValidationError.
    """
    if not may_record_consent(actor):
        raise PermissionDenied
    _require_may_write(subject, actor)
    # Of two who record at once the later answer is the later row.
    person = lock_person(person_of(subject).pk)
    given = decision == Consent.Decision.GIVEN
    consent = Consent(
        person=person,
        case=subject if isinstance(subject, Case) else None,
        data_key=subject.data_key,
        purpose=purpose,
        organization=service.organization if service else organization,
        service=service,
        items=sorted(items) if given else [],
        decision=decision,
        given_by=given_by,
        guardian_suspected=guardian_suspected,
        reason="" if given else reason.strip(),
        channel=channel,
        signed_file=signed_file,
        language=language,
        interpreting=interpreting,
        interpreter=interpreter,
        is_read_back=is_read_back,
        witness=witness,
        text=text,
        text_version=text.version if text else "",
        valid_until=_end_of(given_by, valid_until),
        recorded_by=actor,
    )
    check_not_over("valid_until", valid_until)
    consent.full_clean(exclude=["person", "case", "signed_file", "interpreter"])
    _check(consent, actor)
    consent.save()
    _write_down(consent, "record_consent", CaseEvent.Code.CONSENT_RECORDED, actor)
    if not consent.is_given:
        for earlier in _same(consent).filter(given_by=given_by):
            _take_back(earlier, actor)
    elif _covers_less(consent):
        enqueue("consent_narrowed", key=str(consent.pk), consent_id=consent.pk)
    _end_what_is_not_enough(consent, actor)
    return consent


def _covers_less(consent: Consent) -> bool:
    """Whether something was agreed to before that this answer leaves out."""
    earlier = _same(consent).exclude(pk=consent.pk)
    return any(set(other.items) - set(consent.items) for other in earlier)


def _require_may_write(subject: Case | Person, actor: User) -> None:
    if isinstance(subject, Case):
        require_may_write(subject, actor)
    else:
        require_may_write_person(subject, actor)


def _end_of(given_by: str, valid_until: date | None) -> date | None:
    """What nobody was asked for holds for a few days: then somebody has to be asked."""
    if given_by != Giver.BEST_INTERESTS:
        return valid_until
    last = timezone.localdate() + timedelta(days=settings.CONSENT_BEST_INTERESTS_DAYS)
    return min(valid_until, last) if valid_until else last


def _check(consent: Consent, actor: User) -> None:
    if consent.purpose == Consent.Purpose.REFERRAL and consent.is_given and not consent.items:
        raise ValidationError({"items": _("Tick what the client agreed to share.")})
    _check_giver(consent)
    check_interpreter(
        consent.interpreter, consent.person, consent.interpreting, timezone.localdate()
    )
    paper = consent.signed_file
    if paper and (paper.case_id != consent.case_id or not _sees(paper, actor)):
        raise ValidationError({"signed_file": _("Choose a file of this case.")})
    if consent.reason and consent.case_id is None:
        raise ValidationError(
            {"reason": _("Why belongs to the story. Open a case to write it down.")}
        )
    witness = consent.witness
    if witness and (
        witness.pk == actor.pk or witness.organization_id != consent.person.organization_id
    ):
        raise ValidationError({"witness": _("A witness is a colleague who was there.")})
    text = consent.text
    if text and text.organization_id not in {None, consent.person.organization_id}:
        raise ValidationError({"text": _("Choose a wording of this house.")})
    if text and text.purpose != consent.purpose:
        raise ValidationError({"text": _("This wording asks something else.")})
    if text and not (text.is_reviewed or text in _wordings(consent.person)):
        raise ValidationError({"text": _("Nobody has reviewed this wording yet.")})


def _wordings(person: Person) -> Collection[ConsentText]:
    return wordings_for(person.language, person.organization_id).values()


def _sees(paper: CaseFile, actor: User) -> bool:
    return CaseFile.objects.visible_to(actor).filter(pk=paper.pk).exists()


def _check_giver(consent: Consent) -> None:
    """Who cannot answer this question for this person."""
    ages = consent.person.ages_on(timezone.localdate())
    if consent.is_own:
        return
    if ages and ages[0] >= GROWN_UP:
        raise ValidationError({"given_by": _("A grown-up answers for herself or himself.")})
    if consent.given_by == Giver.BEST_INTERESTS and consent.purpose not in URGENT:
        raise ValidationError({"given_by": _("This can wait until somebody is asked.")})
    suspected = consent.guardian_suspected == YesNo.YES or is_suspected(consent.person)
    suspected = suspected and consent.guardian_suspected != YesNo.NO
    if suspected and consent.given_by in {Giver.GUARDIAN, Giver.CAREGIVER}:
        raise ValidationError(
            {"given_by": _("Do not ask the guardian: the centre for social work decides.")}
        )


def may_withdraw_consent(user: User) -> bool:
    return user.has_perm("casework.withdraw_consent")


@transaction.atomic
def withdraw_consent(consent: Consent, *, actor: User) -> Consent:
    """Take a consent back; it holds at once, and whoever relied on it is told.

    Raises PermissionDenied, ValidationError.
    """
    if not may_withdraw_consent(actor):
        raise PermissionDenied
    _require_may_write(consent.subject, actor)
    lock_person(consent.person_id)
    consent = Consent.objects.select_for_update(of=("self",)).get(pk=consent.pk)
    if consent.decision != Consent.Decision.GIVEN or consent.withdrawn_at is not None:
        raise ValidationError(_("There is no consent here to take back."))
    _take_back(consent, actor)
    _end_what_is_not_enough(consent, actor)
    return consent


def _same(consent: Consent) -> QuerySet[Consent]:
    """Answers in force to the same question, locked; a no to an institution is one to each service.

    What was said before there was a case, and in it, is one answer.
    """
    rows = Consent.objects.about(consent.subject).in_force()
    rows = rows.filter(purpose=consent.purpose, organization=consent.organization)
    if consent.service_id is not None:
        # Whether the others of the institution may know has to be asked again.
        rows = rows.filter(Q(service=None) | Q(service=consent.service))
    return rows.select_related("person", "case").select_for_update(of=("self",)).order_by("pk")


def _end_what_is_not_enough(consent: Consent, actor: User) -> None:
    """What others agreed to for the child ends with the answer without which it is not enough."""
    if consent.is_given and consent.withdrawn_at is None:
        return
    left = list(_same(consent))
    question = (consent.purpose, consent.organization, consent.service)
    if left and not agreement_on(consent.subject, *question).is_enough:
        for other in left:
            _take_back(other, actor, ended_with=consent)


def _take_back(consent: Consent, actor: User, ended_with: Consent | None = None) -> None:
    consent.withdrawn_at = timezone.now()
    consent.ended_with = ended_with
    consent.save(update_fields=["withdrawn_at", "ended_with"])
    _write_down(consent, "withdraw_consent", CaseEvent.Code.CONSENT_WITHDRAWN, actor)
    enqueue("consent_withdrawn", key=str(consent.pk), consent_id=consent.pk)


def _write_down(consent: Consent, verb: str, code: CaseEvent.Code, actor: User) -> None:
    note = consent.decision if verb == "record_consent" else ""
    fields = consent.items if note else ()
    record(actor, verb, consent, case_id=consent.case_id, fields=fields, note=note)
    if consent.case is not None:
        record_case_event(
            consent.case, code, actor=actor, url_name="casework:consent", object_id=consent.pk
        )
