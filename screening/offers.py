"""Which instruments a worker is offered for somebody: in force, switched on, and meant for her."""

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from casework.models import Person
from directory.models import Route
from screening.models import InstrumentVersion, Screening
from screening.models.instrument import InstrumentVersionQuerySet
from screening.scopes import fits


def offered_to(user: User, person: Person, *, route: str = "") -> InstrumentVersionQuerySet:
    """The versions to choose from. Countries are that of nationality and that of the houses."""
    day = timezone.localdate()
    countries = {settings.HOUSE_COUNTRY, str(person.nationality)} - {""}
    rows = InstrumentVersion.objects.visible_to(user).in_force(day)
    used = InstrumentVersion.objects.filter(pk__in=rows.values("pk"))
    fitting = [
        version.pk
        for version in used.switched_on(user.organization_id)
        if fits(
            version.definition,
            ages=person.ages_on(day),
            countries=countries,
            routes={route} - {""},
        )
    ]
    return InstrumentVersion.objects.filter(pk__in=fitting).select_related("instrument")


def route_known(user: User, person: Person) -> Route | None:
    """By which route she came, as the last talk says that this worker may read."""
    talks = Screening.objects.visible_to(user).filter(case__person=person)
    last = talks.filter(route__isnull=False).select_related("route").order_by("-started_at").first()
    return last.route if last else None
