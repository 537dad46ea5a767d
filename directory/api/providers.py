"""The directory in the API: read by those who work here, written by administrators."""

from typing import Any

from django.db import models
from django.db.models import Prefetch
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import VerbViewSet
from accounts.models import Organization
from directory import actions
from directory.models import (
    Cost,
    Language,
    Municipality,
    OrganizationProfile,
    RequiredDocument,
    Schedule,
    Service,
    ServiceType,
)


class OrganizationSerializer(serializers.Serializer[Organization]):
    id = serializers.UUIDField(read_only=True)
    code = serializers.SlugField(max_length=20)
    name_en = serializers.CharField(max_length=200)
    name_sr = serializers.CharField(max_length=200)
    type = serializers.ChoiceField(choices=Organization.Type.choices)
    kind = serializers.ChoiceField(source="profile.kind", choices=OrganizationProfile.Kind.choices)
    description_en = serializers.CharField(
        source="profile.description_en", max_length=300, allow_blank=True, required=False
    )
    description_sr = serializers.CharField(
        source="profile.description_sr", max_length=300, allow_blank=True, required=False
    )
    note_en = serializers.CharField(
        source="profile.note_en", max_length=300, allow_blank=True, required=False
    )
    note_sr = serializers.CharField(
        source="profile.note_sr", max_length=300, allow_blank=True, required=False
    )
    source_en = serializers.CharField(
        source="profile.source_en", max_length=200, allow_blank=True, required=False
    )
    source_sr = serializers.CharField(
        source="profile.source_sr", max_length=200, allow_blank=True, required=False
    )
    version = serializers.IntegerField(source="profile.version", required=False)


class HoursSerializer(serializers.Serializer[Schedule]):
    place = serializers.UUIDField(source="place_id", read_only=True)
    weekday = serializers.IntegerField(read_only=True)
    opens = serializers.TimeField(read_only=True)
    closes = serializers.TimeField(read_only=True)
    valid_from = serializers.DateField(read_only=True)
    valid_until = serializers.DateField(read_only=True)


class CostSerializer(serializers.Serializer[Cost]):
    name_en = serializers.CharField(read_only=True)
    name_sr = serializers.CharField(read_only=True)
    amount = serializers.DecimalField(max_digits=10, decimal_places=2, read_only=True)
    currency = serializers.CharField(read_only=True)


class DocumentSerializer(serializers.Serializer[RequiredDocument]):
    name_en = serializers.CharField(read_only=True)
    name_sr = serializers.CharField(read_only=True)


class CapacitySerializer(serializers.Serializer[Service]):
    accepting = serializers.ChoiceField(choices=Service.Accepting.choices)
    places_free = serializers.IntegerField(
        min_value=0, max_value=1000, allow_null=True, required=False
    )


class ServiceSerializer(serializers.Serializer[Service]):
    id = serializers.UUIDField(read_only=True)
    organization = serializers.PrimaryKeyRelatedField(queryset=Organization.objects.all())
    name_en = serializers.CharField(max_length=120)
    name_sr = serializers.CharField(max_length=120)
    service_types = serializers.PrimaryKeyRelatedField(
        queryset=ServiceType.objects.all(), many=True, allow_empty=False
    )
    languages = serializers.PrimaryKeyRelatedField(
        queryset=Language.objects.all(), many=True, required=False
    )
    min_age = serializers.IntegerField(min_value=0, max_value=120, allow_null=True, required=False)
    max_age = serializers.IntegerField(min_value=0, max_value=120, allow_null=True, required=False)
    sexes = serializers.ListField(
        child=serializers.ChoiceField(choices=Service.Sex.choices), required=False
    )
    phone = serializers.CharField(max_length=30, allow_blank=True, required=False)
    phone_status = serializers.ChoiceField(choices=Service.PhoneStatus.choices, required=False)
    phone_source = serializers.CharField(max_length=100, allow_blank=True, required=False)
    note_en = serializers.CharField(max_length=300, allow_blank=True, required=False)
    note_sr = serializers.CharField(max_length=300, allow_blank=True, required=False)
    is_referable = serializers.BooleanField(required=False)
    status = serializers.ChoiceField(choices=Service.Status.choices, required=False)
    residence = serializers.ListField(
        child=serializers.ChoiceField(choices=Service.Residence.choices), required=False
    )
    serves = serializers.PrimaryKeyRelatedField(
        queryset=Municipality.objects.all(), many=True, required=False
    )
    wait_days = serializers.IntegerField(
        min_value=0, max_value=1000, allow_null=True, required=False
    )
    hours = HoursSerializer(many=True, read_only=True)
    costs = CostSerializer(many=True, read_only=True)
    documents = DocumentSerializer(many=True, read_only=True)
    accepting = serializers.ChoiceField(
        source="accepts_now", choices=Service.Accepting.choices, read_only=True
    )
    places_free = serializers.IntegerField(source="places_today", read_only=True, allow_null=True)
    capacity_at = serializers.DateTimeField(read_only=True)
    verified_on = serializers.DateField(read_only=True)
    call_first = serializers.BooleanField(read_only=True)
    version = serializers.IntegerField(required=False)


class DirectoryViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, VerbViewSet[Any]):
    """What both resources share: who may read."""

    def check_permissions(self, request: Request) -> None:
        super().check_permissions(request)
        self.user.require("directory.view_services")

    def checked(self, *, instance: models.Model | None = None) -> dict[str, Any]:
        """What the caller sent, by the action's keywords."""
        serializer = self.get_serializer(
            instance, data=self.request.data, partial=instance is not None
        )
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)


class OrganizationViewSet(DirectoryViewSet):
    """Organizations as the directory describes them; `institutions` is another name for them."""

    model = Organization
    queryset = Organization.objects.select_related("profile")
    serializer_class = OrganizationSerializer
    ordering = ("code",)

    def create(self, request: Request) -> Response:
        facts = self._facts()
        facts.pop("version", None)
        organization = self.perform(actions.create_organization, **facts)
        return Response(self.get_serializer(organization).data, status.HTTP_201_CREATED)

    def partial_update(self, request: Request, pk: str) -> Response:
        organization = self.get_object()
        facts = self._facts(instance=organization)
        facts.pop("code", None)
        changed = self.perform(actions.change_organization, organization, **facts)
        return Response(self.get_serializer(changed).data)

    def _facts(self, *, instance: models.Model | None = None) -> dict[str, Any]:
        facts = self.checked(instance=instance)
        described = facts.pop("profile", {})
        return {**facts, **described}


@extend_schema_view(
    list=extend_schema(
        parameters=[
            OpenApiParameter("category", enum=ServiceType.Category.values),
            OpenApiParameter("language", description="ISO 639 code"),
            OpenApiParameter("organization", description="Code of the organization"),
        ]
    )
)
class ServiceViewSet(DirectoryViewSet):
    """What institutions offer, to whom, and when the entry was last confirmed."""

    model = Service
    serializer_class = ServiceSerializer

    def get_queryset(self) -> models.QuerySet[Any]:
        rows = Service.objects.select_related("organization")
        return rows.prefetch_related(
            "service_types",
            "languages",
            "serves",
            "costs",
            "documents",
            Prefetch("hours", Schedule.objects.shown_to(self.user)),
        )

    def filter_queryset(self, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Narrow the list by what the caller asked for; a code nobody knows finds nothing."""
        services = Service.objects.all()
        asked = self.request.query_params
        if category := asked.get("category"):
            services = services.in_category(category)
        if language := asked.get("language"):
            services = services.spoken_in(language)
        if organization := asked.get("organization"):
            services = services.filter(organization__code=organization)
        return super().filter_queryset(queryset).filter(pk__in=services.order_by().values("pk"))

    def create(self, request: Request) -> Response:
        facts = self.checked()
        facts.pop("version", None)
        service = self.perform(actions.create_service, facts.pop("organization"), **facts)
        return Response(self.get_serializer(service).data, status.HTTP_201_CREATED)

    def partial_update(self, request: Request, pk: str) -> Response:
        service = self.get_object()
        facts = self.checked(instance=service)
        facts.pop("organization", None)
        changed = self.perform(actions.change_service, service, **facts)
        return Response(self.get_serializer(changed).data)

    @extend_schema(request=CapacitySerializer)
    @action(detail=True, methods=["post"])
    def capacity(self, request: Request, pk: str) -> Response:
        """Say whether the service takes people now, and how many places are free today."""
        service = self.get_object()
        told = CapacitySerializer(data=request.data)
        told.is_valid(raise_exception=True)
        said = self.perform(actions.set_capacity, service, **told.validated_data)
        return Response(self.get_serializer(said).data)


ROUTES = [
    ("organizations", OrganizationViewSet, "organization"),
    ("institutions", OrganizationViewSet, "institution"),
    ("services", ServiceViewSet, "service"),
]
