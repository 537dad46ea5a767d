"""People in a hurry, a form that nobody finished, and a relative who is sought and may be here."""

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from casework import actions
from casework.actions.drafting import Place
from casework.actions.tracing import compare_sought
from casework.models import Consent, Person, PersonIdentity, SoughtRelative
from directory.models import Language, ServiceType

# Sex, birth years, language, nationality ("" is not asked yet), what was given at once.
HURRIED = (
    ("female", (1996, 2001), "ps", "", ("food", "information")),
    ("male", (2009, 2010), "ar", "SY", ("food",)),
    ("female", (None, None), "so", "", ()),
)
AGE = ("birth_year_from",)
REST = ("unaccompanied_or_separated", "residence_status", "disability")
# A browser that is nobody's.
ELSEWHERE = "0" * 32
DEVICE = "Chrome|Android"
NOTE = "Write only, in the evening. Shares the telephone."


def add_arrivals() -> None:
    """By the verbs themselves, for one caseworker."""
    worker = User.objects.get(username="caseworker")
    for each in HURRIED:
        _hurried(worker, *each)
    named = (
        PersonIdentity.objects.visible_to(worker)
        .filter(person__cases__owner=worker, person__cases__is_sealed=False)
        .select_related("person__data_key", "person__language", "data_key")
        .order_by("person__code")
    )
    _draft(worker, Person.objects.visible_to(worker))
    _sought(worker, named)


def _hurried(
    worker: User,
    sex: str,
    born: tuple[int | None, int | None],
    language: str,
    nationality: str,
    services: tuple[str, ...],
) -> None:
    team = worker.teams.order_by("name")[0]
    left = [*(AGE if born[0] is None else ()), *(() if nationality else ("nationality",)), *REST]
    source = Person.BirthYearSource
    actions.receive_in_transit(
        team=team,
        sex=sex,
        language=Language.objects.get(pk=language),
        nationality=nationality,
        birth_year_from=born[0],
        birth_year_to=born[1],
        birth_year_source=source.ESTIMATED if born[0] else source.UNKNOWN,
        services=ServiceType.objects.filter(pk__in=services),
        not_asked=left,
        actor=worker,
    )


def _draft(worker: User, people: QuerySet[Person]) -> None:
    """A form begun on a telephone and put away."""
    person = people.select_related("data_key").order_by("-last_visit_on", "code")[0]
    actions.keep_form_draft(
        Place("/people/{person}/change/", person, ELSEWHERE, DEVICE),
        typed={"handling_note": [NOTE]},
        version=0,
        operation=None,
        actor=worker,
    )


def _sought(worker: User, named: QuerySet[PersonIdentity]) -> None:
    """One who seeks, and whom she seeks is known here by another case."""
    pairs = [each for each in named if len(each.name.split()) > 1]
    seekers = [each.person for each in pairs if each.person.birth_year_to is not None]
    seeker = next(each for each in seekers if not each.may_be_child(timezone.localdate()))
    found = next(each for each in pairs if each.person_id != seeker.pk)
    actions.record_consent(
        seeker.cases.get(owner=worker, is_sealed=False),
        purpose=Consent.Purpose.TRACING,
        decision=Consent.Decision.GIVEN,
        channel=Consent.Channel.SPOKEN,
        language=seeker.language,
        actor=worker,
    )
    sought = actions.record_sought(
        seeker,
        kin=SoughtRelative.Kin.SIBLING,
        name=found.name,
        sex=found.person.sex,
        last_seen="Bihać, in spring",
        actor=worker,
    )
    compare_sought(sought.pk)
