"""Consents in the API."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Organization, User
from casework import actions
from casework.api.client import CaseField, ClientViewSet, InterpreterField, PersonField
from casework.api.people import SPOKEN
from casework.models import Consent, ConsentText
from casework.models.person import YesNo
from casework.models.visit import Interpreting
from directory.models import Service


class WitnessField(serializers.PrimaryKeyRelatedField[User]):
    """A colleague of the caller's organization."""

    def get_queryset(self) -> QuerySet[User]:
        house = self.context["request"].user.organization_id
        return User.objects.filter(organization=house, is_active=True)


@extend_schema_field(OpenApiTypes.UUID)
class WordingField(serializers.PrimaryKeyRelatedField[ConsentText]):
    """A wording of the caller's organization, or one that came with the product."""

    def get_queryset(self) -> QuerySet[ConsentText]:
        return ConsentText.objects.visible_to(self.context["request"].user)


class ConsentFactsSerializer(serializers.Serializer[Any]):
    """Keywords of `record_consent`."""

    purpose = serializers.ChoiceField(choices=Consent.Purpose.choices)
    decision = serializers.ChoiceField(choices=Consent.Decision.choices)
    given_by = serializers.ChoiceField(choices=Consent.GivenBy.choices, required=False)
    guardian_suspected = serializers.ChoiceField(choices=YesNo.choices, required=False)
    channel = serializers.ChoiceField(choices=Consent.Channel.choices)
    language = serializers.PrimaryKeyRelatedField(queryset=SPOKEN)
    interpreting = serializers.ChoiceField(choices=Interpreting.choices, required=False)
    is_read_back = serializers.BooleanField(required=False)
    organization = serializers.PrimaryKeyRelatedField(
        queryset=Organization.objects.all(), allow_null=True, required=False
    )
    service = serializers.PrimaryKeyRelatedField(
        queryset=Service.objects.all(), allow_null=True, required=False
    )
    items = serializers.ListField(
        child=serializers.ChoiceField(choices=Consent.Item.choices), required=False
    )
    text = WordingField(allow_null=True, required=False)
    valid_until = serializers.DateField(allow_null=True, required=False)


class NewConsentSerializer(ConsentFactsSerializer):
    """Either the case it was said in, or the person where there is none."""

    case = CaseField(required=False)
    person = PersonField(required=False)
    interpreter = InterpreterField(allow_null=True, required=False)
    witness = WitnessField(allow_null=True, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("case" in attrs) == ("person" in attrs):
            raise serializers.ValidationError({"case": ["Send either a case or a person."]})
        return attrs


class ConsentSerializer(ConsentFactsSerializer):
    id = serializers.UUIDField()
    case = serializers.UUIDField(source="case_id", read_only=True)
    person = serializers.UUIDField(source="person_id", read_only=True)
    interpreter = serializers.UUIDField(source="interpreter_id", read_only=True)
    text_version = serializers.CharField()
    given_on = serializers.DateField()
    withdrawn_at = serializers.DateTimeField()
    ended_with = serializers.UUIDField(source="ended_with_id", read_only=True)
    is_in_force = serializers.BooleanField()


class ConsentViewSet(ClientViewSet[Consent]):
    """Answers to questions of consent: list, read, record, take back."""

    model = Consent
    noun = "consent"
    serializer_class = ConsentSerializer
    ordering = ("-recorded_at", "pk")
    narrow_by = ("case", "person")

    def get_queryset(self) -> QuerySet[Consent]:
        return Consent.objects.visible_to(self.user).select_related("case", "person")

    def create(self, request: Request) -> Response:
        given = self.checked(NewConsentSerializer)
        subject = given.pop("case", None) or given.pop("person")
        return self.created(self.perform(actions.record_consent, subject, **given))

    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        return self.changed(self.perform(actions.withdraw_consent, self.get_object()))
