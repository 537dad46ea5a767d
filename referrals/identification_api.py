"""Procedures of formal identification in the API."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import MomentField
from accounts.levels import Level
from accounts.models import Organization
from casework.api.client import CaseField, ClientViewSet
from casework.models.person import YesNo
from directory.models import Language
from referrals import actions
from referrals.models import Identification, ProcedureStep, SuspicionReport


class BeginProcedureSerializer(serializers.Serializer[Any]):
    """Keywords of `begin_identification`."""

    case = CaseField()
    organization = serializers.PrimaryKeyRelatedField(queryset=Organization.objects.all())
    at = MomentField()
    note = serializers.CharField(max_length=5000, required=False, allow_blank=True)


class TakeStepSerializer(serializers.Serializer[Any]):
    """Keywords of `record_procedure_step`."""

    version = serializers.IntegerField()
    step = serializers.ChoiceField(choices=ProcedureStep.Step.choices)
    outcome = serializers.ChoiceField(
        choices=ProcedureStep.Outcome.choices, required=False, allow_blank=True
    )
    at = MomentField()
    until = serializers.DateField(required=False, allow_null=True)
    organization = serializers.PrimaryKeyRelatedField(
        queryset=Organization.objects.filter(is_house=False), required=False, allow_null=True
    )
    barriers = serializers.ListField(
        child=serializers.ChoiceField(choices=ProcedureStep.Barrier.choices), required=False
    )
    note = serializers.CharField(max_length=5000, required=False, allow_blank=True)


class ReportSuspicionSerializer(serializers.Serializer[Any]):
    """Keywords of `report_suspicion`."""

    version = serializers.IntegerField()
    ground = serializers.ChoiceField(choices=SuspicionReport.Ground.choices)
    receivers = serializers.ListField(
        child=serializers.ChoiceField(choices=SuspicionReport.Receiver.choices), allow_empty=False
    )
    at = MomentField()
    in_danger = serializers.ChoiceField(choices=YesNo.choices)
    exploitation = serializers.ListField(
        child=serializers.ChoiceField(choices=SuspicionReport.Exploitation.choices),
        allow_empty=False,
    )
    control = serializers.ListField(
        child=serializers.ChoiceField(choices=SuspicionReport.Control.choices), required=False
    )
    language = serializers.PrimaryKeyRelatedField(
        queryset=Language.objects.spoken(), required=False, allow_null=True
    )
    text = serializers.CharField(max_length=10_000)


class ProcedureStepSerializer(serializers.ModelSerializer[ProcedureStep]):
    """One step with its clock; its note is read on the page."""

    class Meta:
        model = ProcedureStep
        fields = [
            "id",
            "step",
            "outcome",
            "at",
            "until",
            "organization",
            "barriers",
            "due_at",
            "met_at",
            "recorded_at",
        ]
        read_only_fields = fields


class ProcedureSerializer(serializers.ModelSerializer[Identification]):
    """One attempt and its steps, in their order."""

    steps = ProcedureStepSerializer(many=True, read_only=True)

    class Meta:
        model = Identification
        fields = [
            "id",
            "case",
            "number",
            "route",
            "organization",
            "begun_at",
            "ended_at",
            "version",
            "steps",
        ]
        read_only_fields = fields


class ProcedureViewSet(ClientViewSet[Identification]):
    """Procedures of cases whose story is open: list, read, begin, write steps."""

    model = Identification
    noun = "procedure"
    serializer_class = ProcedureSerializer
    level = Level.NARRATIVE
    ordering = ("-begun_at", "pk")
    narrow_by = ("case",)

    def get_queryset(self) -> QuerySet[Identification]:
        rows = Identification.objects.visible_to(self.user)
        return rows.select_related("case", "organization").prefetch_related("steps")

    @extend_schema(request=BeginProcedureSerializer)
    def create(self, request: Request) -> Response:
        given = self.checked(BeginProcedureSerializer)
        case = given.pop("case")
        return self.created(self.perform(actions.begin_identification, case, **given))

    @extend_schema(request=TakeStepSerializer)
    @action(detail=True, methods=["post"])
    def steps(self, request: Request, pk: str) -> Response:
        attempt = self.get_object()
        given = self.checked(TakeStepSerializer)
        self.perform(actions.record_procedure_step, attempt, **given)
        return self.created(attempt)

    @extend_schema(request=ReportSuspicionSerializer)
    @action(detail=True, methods=["post"])
    def report(self, request: Request, pk: str) -> Response:
        attempt = self.get_object()
        given = self.checked(ReportSuspicionSerializer)
        self.perform(actions.report_suspicion, attempt, **given)
        return self.created(attempt)


ROUTES = [("procedures", ProcedureViewSet, "procedure")]
