"""Start, count, finish and correct an outreach session."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TypedDict

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import stale
from accounts.audit import record
from accounts.models import Team, User
from casework.actions.days import check_day
from casework.actions.services import check_grant
from directory.models import AgeBand, AgeBandSet, Area, Grant, Language, LeafletEdition, Need, Topic
from outreach.models import OutreachLeaflets, OutreachSession, OutreachTally
from outreach.models.session import LONGEST

# {(sex, age band): people met}
Counts = Mapping[tuple[str, AgeBand], int]


class Content(TypedDict):
    """What a session holds beside its place and time."""

    counts: Counts
    method: str
    children_alone: int
    languages: Iterable[Language]
    topics: Iterable[Topic]
    needs: Iterable[Need]
    leaflets: Mapping[LeafletEdition, int]


def may_record_session(user: User) -> bool:
    return user.has_perm("outreach.record_session")


@transaction.atomic
def start_session(
    *,
    team: Team,
    area: Area,
    mode: str,
    members: Iterable[User],
    actor: User,
    started_at: datetime | None = None,
    grant: Grant | None = None,
) -> OutreachSession:
    """Start a session; it stays open until it is finished.

    Its age bands are the grant's, or the first set of the list when there is no grant. Raises
    PermissionDenied (also for another team), ValidationError.
    """
    if not may_record_session(actor) or team.pk not in actor.team_ids:
        raise PermissionDenied
    moment = started_at or timezone.now()
    _check_start(moment)
    check_grant(grant, team.organization_id, timezone.localdate(moment))
    session = OutreachSession(
        organization=team.organization,
        team=team,
        area=area,
        mode=mode,
        started_at=moment,
        grant=grant,
        age_band_set=grant.age_band_set if grant else AgeBandSet.objects.all()[0],
        recorded_by=actor,
    )
    session.full_clean()
    session.save()
    session.members.set(members)
    record(actor, "start_session", session)
    return session


@transaction.atomic
def save_session(
    session: OutreachSession, *, version: int, actor: User, **content: object
) -> OutreachSession:
    """Set what was counted and told so far; `content` is a `Content`.

    Raises PermissionDenied, ValidationError (code `stale` when a colleague saved meanwhile).
    """
    session = _open_session(session, version, actor)
    _set_content(session, content)  # type: ignore[arg-type]  # a Content by contract
    record(actor, "save_session", session)
    return session


@transaction.atomic
def finish_session(
    session: OutreachSession,
    *,
    version: int,
    actor: User,
    ended_at: datetime | None = None,
    **content: object,
) -> OutreachSession:
    """Set what was counted, and end the session; from then on it can only be corrected.

    Raises PermissionDenied, ValidationError.
    """
    session = _open_session(session, version, actor)
    moment = ended_at or timezone.now()
    _check_end(session, moment)
    session.ended_at = moment
    _set_content(session, content)  # type: ignore[arg-type]  # a Content by contract
    record(actor, "finish_session", session)
    return session


@transaction.atomic
def log_session(
    *,
    team: Team,
    area: Area,
    mode: str,
    started_at: datetime,
    ended_at: datetime,
    content: Content,
    actor: User,
    grant: Grant | None = None,
) -> OutreachSession:
    """Record a session that is over, in one go. Raises PermissionDenied, ValidationError."""
    session = start_session(
        team=team,
        area=area,
        mode=mode,
        members=[actor],
        started_at=started_at,
        grant=grant,
        actor=actor,
    )
    return finish_session(
        session, version=session.version, ended_at=ended_at, actor=actor, **content
    )


@transaction.atomic
def correct_session(
    session: OutreachSession,
    *,
    version: int,
    actor: User,
    area: Area | None = None,
    mode: str = "",
    started_at: datetime | None = None,
    ended_at: datetime | None = None,
    **content: object,
) -> OutreachSession:
    """Put a corrected record in the place of a finished one, which is kept and no longer counts.

    Place, kind and times stay as they were unless they are given. Raises PermissionDenied,
    ValidationError.
    """
    if not may_record_session(actor):
        raise PermissionDenied
    old = OutreachSession.objects.select_for_update().get(pk=session.pk)
    stale(version, old.version)
    if old.is_open:
        raise ValidationError(_("This session is still open. Change it, then finish it."))
    if OutreachSession.objects.filter(supersedes=old).exists():
        raise ValidationError(_("This session was corrected already. Correct the newer record."))
    new = OutreachSession(
        organization=old.organization,
        team=old.team,
        area=area or old.area,
        mode=mode or old.mode,
        started_at=started_at or old.started_at,
        grant=old.grant,
        age_band_set=old.age_band_set,
        supersedes=old,
        recorded_by=actor,
    )
    _check_start(new.started_at)
    day = timezone.localdate(new.started_at)
    if new.grant is not None and not new.grant.pays(new.organization_id, day):
        raise ValidationError({"started_at": _("Its grant does not cover that day.")})
    new.ended_at = ended_at or old.ended_at or new.started_at
    _check_end(new, new.ended_at)
    new.full_clean()
    new.save()
    new.members.set(old.members.all())
    _set_content(new, content)  # type: ignore[arg-type]  # a Content by contract
    record(actor, "correct_session", new)
    return new


def _check_start(moment: datetime) -> None:
    if moment > timezone.now():
        raise ValidationError({"started_at": _("A session cannot start in the future.")})
    check_day("started_at", timezone.localdate(moment))


def _check_end(session: OutreachSession, moment: datetime) -> None:
    if moment > timezone.now():
        raise ValidationError({"ended_at": _("A session cannot end in the future.")})
    if moment - session.started_at > LONGEST:
        raise ValidationError(
            {"ended_at": _("A session lasts a day at most. Say when it really ended.")}
        )


def _open_session(session: OutreachSession, version: int, actor: User) -> OutreachSession:
    if not may_record_session(actor):
        raise PermissionDenied
    session = OutreachSession.objects.select_for_update().get(pk=session.pk)
    stale(version, session.version)
    if not session.is_open:
        raise ValidationError(_("This session is finished. You can correct it."))
    return session


def _set_content(session: OutreachSession, content: Content) -> None:
    """Replace tallies, leaflets, languages, topics and needs; nothing else refers to them."""
    children = sum(
        people for (_sex, band), people in content["counts"].items() if band.min_age < 18
    )
    if content["children_alone"] > children:
        raise ValidationError(
            {"children_alone": _("There are more children alone than children counted.")}
        )
    if any(band.age_band_set_id != session.age_band_set_id for _sex, band in content["counts"]):
        raise ValidationError(_("An age band of another programme was used."))
    session.method, session.children_alone = content["method"], content["children_alone"]
    session.version += 1
    session.full_clean()
    session.save()
    session.tallies.all().delete()
    session.leaflets.all().delete()
    tallies = [
        OutreachTally(session=session, sex=sex, age_band=band, quantity=people)
        for (sex, band), people in content["counts"].items()
        if people
    ]
    leaflets = [
        OutreachLeaflets(session=session, edition=edition, quantity=copies)
        for edition, copies in content["leaflets"].items()
        if copies
    ]
    OutreachTally.objects.bulk_create(tallies)
    OutreachLeaflets.objects.bulk_create(leaflets)
    session.languages.set(content["languages"])
    session.topics.set(content["topics"])
    session.needs.set(content["needs"])
