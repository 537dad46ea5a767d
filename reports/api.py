"""Reports for machines: ask, watch, read, release; the same gate and verbs as the pages."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import VerbViewSet, authed
from accounts.audit import record
from directory.models import Grant
from reports import actions
from reports.actions.reports import may_see_exact
from reports.models import Report, ReportTemplate
from reports.release import exact


class TemplateSerializer(serializers.ModelSerializer[ReportTemplate]):
    title = serializers.JSONField(source="definition.title")
    indicators = serializers.JSONField(source="definition.indicators")

    class Meta:
        model = ReportTemplate
        fields = ["id", "code", "version", "title", "indicators"]


class TemplateViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, VerbViewSet[ReportTemplate]
):
    model = ReportTemplate
    serializer_class = TemplateSerializer
    ordering = ("code", "-version")
    lookup_value_converter = "uuid"

    def get_queryset(self) -> QuerySet[ReportTemplate]:
        self.user.require("reports.view_reports")
        return ReportTemplate.objects.filter(is_current=True)


class IndicatorViewSet(viewsets.ViewSet):
    """Every indicator of the current templates with its counting rule."""

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def list(self, request: Request) -> Response:
        authed(self).require("reports.view_reports")
        templates = ReportTemplate.objects.filter(is_current=True)
        rows = [
            {"template": template.code, **indicator}
            for template in templates
            for indicator in template.indicators
        ]
        return Response({"results": rows})


class GrantField(serializers.PrimaryKeyRelatedField[Grant]):
    """A grant of the caller's own organization; any other is as unknown as one that is not."""

    def get_queryset(self) -> QuerySet[Grant]:
        return Grant.objects.held_by(self.context["request"].user.organization)


class RequestSerializer(serializers.Serializer[Any]):
    """`ends_before` is the day after the last one."""

    template = serializers.SlugRelatedField(
        slug_field="code", queryset=ReportTemplate.objects.filter(is_current=True)
    )
    grant = GrantField(queryset=Grant.objects.all(), required=False, allow_null=True)
    starts_on = serializers.DateField()
    ends_before = serializers.DateField()


class LineSerializer(serializers.ModelSerializer[Report]):
    """A report as lists show it: without its figures."""

    template = serializers.SlugRelatedField[ReportTemplate](slug_field="code", read_only=True)
    progress = serializers.SerializerMethodField()

    class Meta:
        model = Report
        fields = [
            "id",
            "template",
            "grant",
            "starts_on",
            "ends_before",
            "version",
            "state",
            "progress",
            "sha256",
            "released_at",
        ]

    def get_progress(self, report: Report) -> dict[str, int]:
        return {"counted": report.counted, "of": len(report.template.indicators)}


class ReportSerializer(LineSerializer):
    """Figures are exact for the house and protected for a donor; null is a number kept back."""

    figures = serializers.SerializerMethodField()

    class Meta(LineSerializer.Meta):
        fields = [*LineSerializer.Meta.fields, "figures"]

    def get_figures(self, report: Report) -> dict[str, Any]:
        if may_see_exact(self.context["request"].user, report):
            return {code: exact(one) for code, one in report.figures.items()}
        return dict(report.released_figures)


class ReportViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, VerbViewSet[Report]):
    model = Report
    serializer_class = ReportSerializer
    ordering = ("-requested_at", "-id")
    lookup_value_converter = "uuid"

    def get_serializer_class(self) -> type[LineSerializer]:
        return LineSerializer if self.action == "list" else ReportSerializer

    def get_queryset(self) -> QuerySet[Report]:
        self.user.require("reports.view_reports")
        return Report.objects.visible_to(self.user).select_related("template")

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        record(self.user, "view_report", self.get_object())
        return super().retrieve(request, *args, **kwargs)

    def create(self, request: Request) -> Response:
        given = RequestSerializer(data=request.data, context={"request": request})
        given.is_valid(raise_exception=True)
        report = self.perform(actions.request_report, **given.validated_data)
        return Response(self.get_serializer(report).data, status=status.HTTP_202_ACCEPTED)

    @action(detail=True, methods=["post"])
    def release(self, request: Request, pk: str) -> Response:
        report = self.perform(actions.release_report, self.get_object())
        return Response(self.get_serializer(report).data)

    @action(detail=True, methods=["get"])
    def files(self, request: Request, pk: str) -> Response:
        report = self.get_object()
        urls = [
            {"format": ending, "url": request.build_absolute_uri(_download(report, ending))}
            for ending in ("xlsx", "csv")
        ]
        return Response({"results": urls if report.is_done else []})


def _download(report: Report, ending: str) -> str:
    return reverse("reports:download", args=[report.pk, ending])


ROUTES: list[tuple[str, Any, str]] = [
    ("indicators", IndicatorViewSet, "indicator"),
    ("report-templates", TemplateViewSet, "report-template"),
    ("reports", ReportViewSet, "report"),
]
