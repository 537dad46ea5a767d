"""Cases and their notes in the API, cut to the level of whoever asks."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.audit import record
from accounts.levels import Level
from casework import actions
from casework.actions.people import may_show_identity
from casework.api.client import CaseField, ClientViewSet, PersonField
from casework.models import Case, CaseNote, ContactRule, PersonIdentity


class CaseSerializer(serializers.Serializer[Case]):
    """What is operational of a case: codes and days."""

    id = serializers.UUIDField()
    code = serializers.CharField(source="person.code")
    person = serializers.UUIDField(source="person_id", read_only=True)
    organization = serializers.UUIDField(source="organization_id", read_only=True)
    team = serializers.IntegerField(source="team_id", read_only=True)
    owner = serializers.UUIDField(source="owner_id", read_only=True)
    status = serializers.CharField()
    risk = serializers.CharField()
    opened_on = serializers.DateField()
    closed_on = serializers.DateField()
    closure_reason = serializers.CharField()
    last_contact_on = serializers.DateField()
    contact_due_on = serializers.DateField()
    version = serializers.IntegerField()


class OpenCaseSerializer(serializers.Serializer[Any]):
    person = PersonField()


class ChangeCaseSerializer(serializers.Serializer[Any]):
    version = serializers.IntegerField()
    risk = serializers.ChoiceField(choices=Case.Risk.choices, required=False)
    status = serializers.ChoiceField(choices=Case.Status.choices, required=False)


class CloseSerializer(serializers.Serializer[Any]):
    version = serializers.IntegerField()
    closure_reason = serializers.ChoiceField(choices=Case.ClosureReason.choices)


class VersionSerializer(serializers.Serializer[Any]):
    version = serializers.IntegerField()


class ReasonSerializer(serializers.Serializer[Any]):
    reason = serializers.ChoiceField(choices=PersonIdentity.Reason.choices)
    override = serializers.ChoiceField(
        choices=ContactRule.Override.choices, required=False, default=""
    )


class CaseViewSet(ClientViewSet[Case]):
    """Cases: list, read, open, change, close, reopen; the name on request, for a reason."""

    model = Case
    noun = "case"
    serializer_class = CaseSerializer
    ordering = ("-last_contact_on", "pk")
    narrow_by = ("person",)

    def get_queryset(self) -> QuerySet[Case]:
        return Case.objects.visible_to(self.user).select_related("person")

    def case_of(self, row: Case) -> Any:
        return row.pk

    def told(self, row: Case) -> dict[str, Any]:
        level = row.level_for(self.user)
        return {**super().told(row), "level": level.name.lower()}

    def create(self, request: Request) -> Response:
        person = self.checked(OpenCaseSerializer)["person"]
        return self.created(self.perform(actions.open_case, person))

    def partial_update(self, request: Request, pk: str) -> Response:
        case = self.get_object()
        facts = self.checked(ChangeCaseSerializer, partial=True)
        return self.changed(self.perform(actions.change_case, case, **facts))

    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        case = self.get_object()
        return self.changed(self.perform(actions.close_case, case, **self.checked(CloseSerializer)))

    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: str) -> Response:
        case = self.get_object()
        return self.changed(
            self.perform(actions.reopen_case, case, **self.checked(VersionSerializer))
        )

    @action(detail=True, methods=["post"], url_path="show-identity")
    def show_identity(self, request: Request, pk: str) -> Response:
        """The name and contacts; each call is an act of its own, whatever key it carries.

        `kept_back` names what is empty because it is not safe to use now; `override` says why it
        is needed all the same.
        """
        case = self.get_object()
        if not may_show_identity(self.user, case):
            self.permission_denied(request)
        shown = actions.show_identity(case, **self.checked(ReasonSerializer), actor=self.user)
        return Response({**shown.parts, "kept_back": shown.kept_back})


class NoteSerializer(serializers.Serializer[CaseNote]):
    id = serializers.UUIDField()
    case = serializers.UUIDField(source="case_id", read_only=True)
    text = serializers.CharField()
    written_by = serializers.UUIDField(source="written_by_id", read_only=True)
    written_at = serializers.DateTimeField()


class NewNoteSerializer(serializers.Serializer[Any]):
    case = CaseField()
    text = serializers.CharField(max_length=20_000)


class NoteViewSet(ClientViewSet[CaseNote]):
    """Notes of the cases whose story the caller may read; added to, never changed."""

    model = CaseNote
    noun = "note"
    level = Level.NARRATIVE
    serializer_class = NoteSerializer
    ordering = ("-written_at", "pk")
    narrow_by = ("case",)

    def get_queryset(self) -> QuerySet[CaseNote]:
        return CaseNote.objects.visible_to(self.user).select_related("data_key")

    def list(self, request: Request) -> Response:
        """A list of notes is read as a note is: the trail names each case that was opened."""
        answer = super().list(request)
        for case_id in {row["case"] for row in answer.data["results"]}:
            record(self.user, "read_notes", Case(pk=case_id), case_id=case_id)
        return answer

    def create(self, request: Request) -> Response:
        given = self.checked(NewNoteSerializer)
        case = given.pop("case")
        return self.created(self.perform(actions.write_note, case, **given))
