"""Which instruments a worker is offered for somebody: in force, switched on, and meant for her."""

from django.utils import timezone

from accounts.models import User
from casework.models import Person
from screening.models import InstrumentVersion
from screening.models.instrument import InstrumentVersionQuerySet
from screening.scopes import fits

# Where the hubs of this house are.
HUB_COUNTRY = "RS"


def offered_to(user: User, person: Person, *, route: str = "") -> InstrumentVersionQuerySet:
    """The versions to choose from. Countries are that of nationality and that of the hub."""
    day = timezone.localdate()
    countries = {HUB_COUNTRY, str(person.nationality)} - {""}
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
