import io
from uuid import UUID

import pytest
from django.test.utils import CaptureQueriesContext
from django.db import connection
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import AuditEvent, OutboxJob, Role
from reports.models import Report
from tests import factories
from tests.casework.test_views_people import ANY
from tests.reports.factories import (
    FIRST,
    INSIDE,
    FailedReportFactory,
    FinishedReportFactory,
    ReleasedReportFactory,
    ReportFactory,
    template,
)
