"""Tasks in the API."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import MomentField
from accounts.models import User
from casework import actions
from casework.actions.tasks import SETTLED
from casework.api.client import CaseField, ClientViewSet
from casework.models import Task


@extend_schema_field(OpenApiTypes.UUID)
class ColleagueField(serializers.PrimaryKeyRelatedField[User]):
    """Somebody of the caller's organization."""

    def get_queryset(self) -> QuerySet[User]:
        house = self.context["request"].user.organization_id
        return User.objects.filter(organization=house, is_active=True)


class NewTaskSerializer(serializers.Serializer[Any]):
    """Keywords of `add_task`."""

    case = CaseField()
    kind = serializers.ChoiceField(choices=Task.Kind.choices)
    due_at = MomentField()
    assigned_to = ColleagueField(required=False)


class ChangeTaskSerializer(serializers.Serializer[Any]):
    """Only what is sent is changed."""

    due_at = MomentField()
    assigned_to = ColleagueField()
    version = serializers.IntegerField()


class SettleTaskSerializer(serializers.Serializer[Any]):
    """Keywords of `settle_task`."""

    state = serializers.ChoiceField(choices=[(each.value, each.label) for each in SETTLED])
    reason = serializers.ChoiceField(choices=Task.Reason.choices, required=False)
    version = serializers.IntegerField()


class TaskSerializer(serializers.Serializer[Task]):
    """A task in neutral words."""

    id = serializers.UUIDField()
    case = serializers.UUIDField(source="case_id", read_only=True)
    kind = serializers.CharField()
    due_at = serializers.DateTimeField()
    assigned_to = serializers.UUIDField(source="assigned_to_id", read_only=True)
    state = serializers.CharField()
    reason = serializers.CharField()
    added_at = serializers.DateTimeField()
    settled_at = serializers.DateTimeField()
    version = serializers.IntegerField()


class TaskViewSet(ClientViewSet[Task]):
    """Tasks of cases: list, read, add, change, settle."""

    model = Task
    noun = "task"
    serializer_class = TaskSerializer
    ordering = ("-added_at", "pk")
    narrow_by = ("case", "assigned_to")

    def get_queryset(self) -> QuerySet[Task]:
        rows = Task.objects.visible_to(self.user).select_related("data_key", "case")
        return rows.with_story_for(self.user)

    def told(self, row: Task) -> dict[str, Any]:
        body = super().told(row)
        if vars(row)["tells_story"]:
            body |= {"words": row.words, "origin": row.origin}
        return body

    def create(self, request: Request) -> Response:
        given = self.checked(NewTaskSerializer)
        case = given.pop("case")
        return self.created(self.perform(actions.add_task, case, **given))

    def partial_update(self, request: Request, pk: str) -> Response:
        task = self.get_object()
        given = self.checked(ChangeTaskSerializer, partial=True)
        return self.changed(self.perform(actions.change_task, task, **given))

    @action(detail=True, methods=["post"])
    def settle(self, request: Request, pk: str) -> Response:
        task = self.get_object()
        given = self.checked(SettleTaskSerializer)
        return self.changed(self.perform(actions.settle_task, task, **given))
