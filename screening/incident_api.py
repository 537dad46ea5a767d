"""Incidents for machines: the same gate and verbs as the pages."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import VerbViewSet
from accounts.audit import record, record_list
from accounts.levels import Level
from casework.models import Case
from directory.models import Area
from screening import actions
from screening.incident_types import (
    Abduction,
    Age,
    Answer,
    CoreType,
    Practice,
    Relation,
)
from screening.models import Incident
from screening.models.incident import LAST_HOUR


def _coded(words: Any) -> serializers.ChoiceField:
    return serializers.ChoiceField(choices=words.choices, required=False, allow_blank=True)


def _hour() -> serializers.IntegerField:
    return serializers.IntegerField(
        min_value=0, max_value=LAST_HOUR, required=False, allow_null=True
    )


class FactsSerializer(serializers.Serializer[Any]):
    """What it was. `asked` holds the answer to each ordered question, by type."""

    asked = serializers.DictField(
        child=serializers.ChoiceField(choices=Answer.choices), required=False
    )
    relation = _coded(Relation)
    age = _coded(Age)
    goods = _coded(Answer)
    abduction = _coded(Abduction)
    practice = _coded(Practice)
    online = _coded(Answer)

    def validate_asked(self, asked: dict[str, str]) -> dict[str, str]:
        if unknown := sorted(set(asked) - set(CoreType.values)):
            raise serializers.ValidationError(f"Unknown question: {', '.join(unknown)}")
        return asked


class HappenedSerializer(serializers.Serializer[Any]):
    """When and where; what is left out is not known."""

    facts = FactsSerializer()
    first_on = serializers.DateField(required=False, allow_null=True)
    first_hour = _hour()
    last_on = serializers.DateField(required=False, allow_null=True)
    last_hour = _hour()
    stage = serializers.ChoiceField(choices=Incident.Stage.choices, required=False)
    place = serializers.ChoiceField(choices=Incident.Place.choices, required=False)
    area = serializers.SlugRelatedField(
        slug_field="code", queryset=Area.objects.all(), required=False, allow_null=True
    )


class NewIncidentSerializer(HappenedSerializer):
    case = serializers.UUIDField()


class CorrectionSerializer(HappenedSerializer):
    version = serializers.IntegerField()


class ClosingSerializer(serializers.Serializer[Any]):
    closing_reason = serializers.ChoiceField(choices=Incident.ClosingReason.choices)
    version = serializers.IntegerField()


class ClockSerializer(serializers.Serializer[Any]):
    """A window of care: how many hours, until when, whether only the day is known."""

    hours = serializers.IntegerField()
    ends_at = serializers.DateTimeField()
    is_by_day = serializers.BooleanField()


class IncidentSerializer(serializers.ModelSerializer[Incident]):
    facts = FactsSerializer(source="what")
    area: serializers.SlugRelatedField[Area] = serializers.SlugRelatedField(
        slug_field="code", read_only=True
    )
    core_type = serializers.CharField(source="what.core_type")
    not_clear = serializers.ListField(source="what.not_clear")
    contexts = serializers.DictField(source="what.contexts")
    clocks = ClockSerializer(many=True)

    class Meta:
        model = Incident
        fields = [
            "id",
            "case",
            "facts",
            "core_type",
            "not_clear",
            "contexts",
            "first_on",
            "first_hour",
            "last_on",
            "last_hour",
            "stage",
            "place",
            "area",
            "clocks",
            "state",
            "closing_reason",
            "is_conduct",
            "recorded_by",
            "recorded_at",
            "closed_by",
            "closed_at",
            "version",
        ]


class IncidentViewSet(VerbViewSet[Incident]):
    """What happened, by code: recorded, corrected, closed, never deleted."""

    model = Incident
    serializer_class = IncidentSerializer
    ordering = ("-recorded_at", "-id")
    lookup_value_converter = "uuid"

    def check_permissions(self, request: Request) -> None:
        super().check_permissions(request)
        if not actions.may_receive_conduct(self.user):
            self.user.require("casework.view_cases")

    def get_queryset(self) -> QuerySet[Incident]:
        return Incident.objects.visible_to(self.user).select_related("data_key", "area")

    def list(self, request: Request) -> Response:
        page = self.paginate_queryset(self.get_queryset()) or []
        record_list(self.user, "list_incidents", Incident, [row.pk for row in page])
        return self.get_paginated_response(IncidentSerializer(page, many=True).data)

    def retrieve(self, request: Request, pk: str) -> Response:
        return self._told(self.get_object())

    def create(self, request: Request) -> Response:
        given = NewIncidentSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        told = dict(given.validated_data)
        cases = Case.objects.visible_to(self.user, Level.NARRATIVE)
        case = get_object_or_404(cases, pk=told.pop("case"))
        incident = self.perform(actions.record_incident, case, **told)
        return self._told(incident, status.HTTP_201_CREATED)

    @action(detail=True, methods=["post"])
    def correct(self, request: Request, pk: str) -> Response:
        """The facts in the place of those before; of the rest, what is named."""
        incident = self.get_object()
        given = CorrectionSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        return self._told(self.perform(actions.correct_incident, incident, **given.validated_data))

    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        incident = self.get_object()
        given = ClosingSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        return self._told(self.perform(actions.close_incident, incident, **given.validated_data))

    def _told(self, incident: Incident, code: int = status.HTTP_200_OK) -> Response:
        case_id = None if incident.is_conduct else incident.case_id
        record(self.user, "view_incident", incident, case_id=case_id)
        return Response(IncidentSerializer(incident).data, status=code)
