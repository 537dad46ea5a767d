"""The API's map: what each app offers under /api/v1/."""

from rest_framework.routers import SimpleRouter

from casework import api as casework
from directory import api as directory
from outreach import api as outreach
from referrals import api as referrals
from reports import api as reports
from screening import api as screening

router = SimpleRouter()
for app in (casework, directory, screening, referrals, outreach, reports):
    for prefix, viewset, name in app.ROUTES:
        router.register(prefix, viewset, basename=name)
