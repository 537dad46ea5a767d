"""Services delivered, in the API."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Organization
from casework import actions
from casework.api.client import CaseField, ClientViewSet
from casework.api.people import SPOKEN
from casework.models import ServiceDelivered
from directory.models import Grant, ServiceType


class ServiceFactsSerializer(serializers.Serializer[Any]):
    """The facts that are sent: keywords of `deliver_service` and `change_service`."""

    service_type = serializers.PrimaryKeyRelatedField(queryset=ServiceType.objects.all())
    delivered_on = serializers.DateField(required=False)
    organization = serializers.PrimaryKeyRelatedField(
        queryset=Organization.objects.all(), required=False
    )
    grant = serializers.PrimaryKeyRelatedField(
        queryset=Grant.objects.all(), allow_null=True, required=False
    )
    language = serializers.PrimaryKeyRelatedField(queryset=SPOKEN, allow_null=True, required=False)
    channel = serializers.ChoiceField(choices=ServiceDelivered.Channel.choices, required=False)
    quantity = serializers.IntegerField(min_value=1, max_value=1_000, required=False)
    override = serializers.ChoiceField(choices=ServiceDelivered.Override.choices, required=False)


class NewServiceSerializer(ServiceFactsSerializer):
    case = CaseField()


class ChangeServiceSerializer(ServiceFactsSerializer):
    """Only what is sent is changed."""

    version = serializers.IntegerField()


class ServiceDeliveredSerializer(ServiceFactsSerializer):
    id = serializers.UUIDField()
    person = serializers.UUIDField(source="person_id", read_only=True)
    case = serializers.UUIDField(source="case_id", read_only=True)
    visit = serializers.UUIDField(source="visit_id", read_only=True)
    version = serializers.IntegerField()


class ServiceDeliveredViewSet(ClientViewSet[ServiceDelivered]):
    """Services of visits and of cases: list, read, record in a case, correct."""

    model = ServiceDelivered
    noun = "service"
    serializer_class = ServiceDeliveredSerializer
    ordering = ("-recorded_at", "pk")
    narrow_by = ("case", "person", "visit")

    def get_queryset(self) -> QuerySet[ServiceDelivered]:
        return ServiceDelivered.objects.visible_to(self.user)

    def create(self, request: Request) -> Response:
        given = self.checked(NewServiceSerializer)
        case = given.pop("case")
        return self.created(self.perform(actions.deliver_service, case, **given))

    def partial_update(self, request: Request, pk: str) -> Response:
        service = self.get_object()
        given = self.checked(ChangeServiceSerializer, partial=True)
        return self.changed(self.perform(actions.change_service, service, **given))
