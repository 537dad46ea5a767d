"""Consents in the API."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Organization
from casework import actions
from casework.api.client import CaseField, ClientViewSet
from casework.api.people import SPOKEN
from casework.models import Consent


class ConsentFactsSerializer(serializers.Serializer[Any]):
    """Keywords of `record_consent`."""

    purpose = serializers.ChoiceField(choices=Consent.Purpose.choices)
    decision = serializers.ChoiceField(choices=Consent.Decision.choices)
    channel = serializers.ChoiceField(choices=Consent.Channel.choices)
    language = serializers.PrimaryKeyRelatedField(queryset=SPOKEN)
    organization = serializers.PrimaryKeyRelatedField(
        queryset=Organization.objects.all(), allow_null=True, required=False
    )
    items = serializers.ListField(
        child=serializers.ChoiceField(choices=Consent.Item.choices), required=False
    )
    valid_until = serializers.DateField(allow_null=True, required=False)


class NewConsentSerializer(ConsentFactsSerializer):
    case = CaseField()


class ConsentSerializer(ConsentFactsSerializer):
    id = serializers.UUIDField()
    case = serializers.UUIDField(source="case_id", read_only=True)
    text_version = serializers.CharField()
    given_on = serializers.DateField()
    withdrawn_at = serializers.DateTimeField()
    is_in_force = serializers.BooleanField()


class ConsentViewSet(ClientViewSet[Consent]):
    """Answers to questions of consent: list, read, record, take back."""

    model = Consent
    noun = "consent"
    serializer_class = ConsentSerializer
    ordering = ("-recorded_at", "pk")
    narrow_by = ("case",)

    def get_queryset(self) -> QuerySet[Consent]:
        return Consent.objects.visible_to(self.user)

    def create(self, request: Request) -> Response:
        given = self.checked(NewConsentSerializer)
        case = given.pop("case")
        return self.created(self.perform(actions.record_consent, case, **given))

    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        return self.changed(self.perform(actions.withdraw_consent, self.get_object()))
