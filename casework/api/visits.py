"""Visits in the API."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import MomentField
from accounts.models import User
from casework import actions
from casework.actions.people import may_see_people
from casework.api.client import ClientViewSet, InterpreterField, OwnTeamField, PersonField
from casework.api.people import SPOKEN
from casework.models import ServiceDelivered, Visit
from casework.models.visit import Interpreting
from directory.models import Grant, LeafletEdition, ServiceType, Topic


class VisitFactsSerializer(serializers.Serializer[Any]):
    """The facts that are sent: keywords of `record_visit` and `change_visit`."""

    at = MomentField(required=False)
    language = serializers.PrimaryKeyRelatedField(queryset=SPOKEN)
    services = serializers.PrimaryKeyRelatedField(
        queryset=ServiceType.objects.all(), many=True, allow_empty=False
    )
    interpreting = serializers.ChoiceField(choices=Interpreting.choices, required=False)
    interpreter = InterpreterField(allow_null=True, required=False)
    leaflets = serializers.PrimaryKeyRelatedField(
        queryset=LeafletEdition.objects.all(), many=True, required=False
    )
    explained = serializers.PrimaryKeyRelatedField(
        queryset=Topic.objects.all(), many=True, required=False
    )
    concern = serializers.ChoiceField(choices=Visit.Concern.choices, required=False)
    concern_note = serializers.CharField(max_length=500, allow_blank=True, required=False)
    grant = serializers.PrimaryKeyRelatedField(
        queryset=Grant.objects.all(), allow_null=True, required=False
    )
    override = serializers.ChoiceField(
        choices=ServiceDelivered.Override.choices, required=False, write_only=True
    )


class NewVisitSerializer(VisitFactsSerializer):
    person = PersonField()
    team = OwnTeamField()


class ChangeVisitSerializer(VisitFactsSerializer):
    """Only what is sent is changed."""

    version = serializers.IntegerField()


class VisitSerializer(serializers.Serializer[Visit]):
    """A visit as lists tell it: without what was seen or heard."""

    id = serializers.UUIDField()
    person = serializers.UUIDField(source="person_id", read_only=True)
    code = serializers.CharField(source="person.code")
    team = serializers.IntegerField(source="team_id", read_only=True)
    at = serializers.DateTimeField()
    language = serializers.CharField(source="language_id", read_only=True)
    interpreting = serializers.CharField()
    interpreter = serializers.UUIDField(source="interpreter_id", read_only=True)
    services = serializers.SerializerMethodField()
    leaflets = serializers.SerializerMethodField()
    explained = serializers.SerializerMethodField()
    concern = serializers.CharField()
    grant = serializers.UUIDField(source="grant_id", read_only=True)
    recorded_by = serializers.UUIDField(source="recorded_by_id", read_only=True)
    version = serializers.IntegerField()

    def get_services(self, visit: Visit) -> list[str]:
        """Codes of the services."""
        return [service.service_type_id for service in visit.services.all()]

    def get_leaflets(self, visit: Visit) -> list[int]:
        """Ids of the editions taken."""
        return [given.edition_id for given in visit.leaflets.all()]

    def get_explained(self, visit: Visit) -> list[str]:
        """Codes of the topics that the interpreter explained."""
        return [topic.pk for topic in visit.explained.all()]


class VisitViewSet(ClientViewSet[Visit]):
    """Visits: list, read, record, correct."""

    model = Visit
    noun = "visit"
    serializer_class = VisitSerializer
    ordering = ("-at", "pk")
    narrow_by = ("person",)

    def may_ask(self, user: User) -> bool:
        return may_see_people(user)

    def get_queryset(self) -> QuerySet[Visit]:
        rows = Visit.objects.visible_to(self.user).select_related("person", "data_key")
        return rows.prefetch_related("services", "leaflets", "explained")

    def told(self, row: Visit) -> dict[str, Any]:
        body = super().told(row)
        if row.note_is_open_to(self.user):
            body["concern_note"] = row.concern_note
        return body

    def create(self, request: Request) -> Response:
        given = self.checked(NewVisitSerializer)
        person = given.pop("person")
        return self.created(self.perform(actions.record_visit, person, **given))

    def partial_update(self, request: Request, pk: str) -> Response:
        visit = self.get_object()
        given = self.checked(ChangeVisitSerializer, partial=True)
        if "concern_note" in given and not visit.note_is_open_to(self.user):
            self.permission_denied(request)
        return self.changed(self.perform(actions.change_visit, visit, **given))
