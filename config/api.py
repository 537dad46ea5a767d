"""The API's map: what each app offers under /api/v1/."""

from rest_framework.routers import SimpleRouter

from casework import api as casework
from directory import api as directory
from outreach import api as outreach
from referrals import api as referrals
from referrals import identification_api as procedures
from referrals import unmet_need_api as beside_referrals
from reports import api as reports
from screening import api as screening

router = SimpleRouter()
PLACES = (casework, directory, screening, referrals, procedures, beside_referrals)
for place in (*PLACES, outreach, reports):
    for prefix, viewset, name in place.ROUTES:
        router.register(prefix, viewset, basename=name)


def known_scopes() -> set[str]:
    """Every scope a token can have: reading and writing of each resource."""
    prefixes = [prefix for prefix, _viewset, _name in router.registry]
    return {f"{prefix}:{verb}" for prefix in prefixes for verb in ("read", "write")}
