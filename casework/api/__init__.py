"""People, visits and cases for machines: the same gate, verbs and audit rows as the pages."""

from typing import Any

from casework.api.cases import CaseViewSet, NoteViewSet
from casework.api.consents import ConsentViewSet
from casework.api.families import (
    AgeViewSet,
    HouseholdMemberViewSet,
    RelationViewSet,
    StepViewSet,
)
from casework.api.files import CaseFileViewSet
from casework.api.people import PersonViewSet
from casework.api.services import ServiceDeliveredViewSet
from casework.api.talking import ContactRuleViewSet, TalkWishViewSet
from casework.api.tasks import TaskViewSet
from casework.api.visits import VisitViewSet

ROUTES: list[tuple[str, Any, str]] = [
    ("people", PersonViewSet, "person"),
    ("cases", CaseViewSet, "case"),
    ("visits", VisitViewSet, "visit"),
    ("services-delivered", ServiceDeliveredViewSet, "service-delivered"),
    ("consents", ConsentViewSet, "consent"),
    ("notes", NoteViewSet, "note"),
    ("tasks", TaskViewSet, "task"),
    ("files", CaseFileViewSet, "file"),
    ("household-members", HouseholdMemberViewSet, "household-member"),
    ("relations", RelationViewSet, "relation"),
    ("ages", AgeViewSet, "age"),
    ("steps", StepViewSet, "step"),
    ("talk-wishes", TalkWishViewSet, "talk-wish"),
    ("contact-rules", ContactRuleViewSet, "contact-rule"),
]
