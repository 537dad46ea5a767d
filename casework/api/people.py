"""People in the API: what is operational of them; names are not in here."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django_countries import countries
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from accounts.models import User
from casework import actions
from casework.actions.people import may_see_people
from casework.alike import Sought, alike_people
from casework.api.client import ClientViewSet, OwnTeamField
from casework.models import Person
from casework.models.gate import leads_to
from casework.models.person import YesNo
from directory.models import Language

SPOKEN = Language.objects.filter(is_spoken=True)


class PersonFactsSerializer(serializers.Serializer[Any]):
    """The facts that are sent: keywords of `register_person` and `change_person`."""

    sex = serializers.ChoiceField(choices=Person.Sex.choices)
    birth_year_from = serializers.IntegerField(min_value=1900, max_value=2200, required=False)
    birth_year_to = serializers.IntegerField(min_value=1900, max_value=2200, required=False)
    birth_year_source = serializers.ChoiceField(
        choices=Person.BirthYearSource.choices, required=False
    )
    nationality = serializers.ChoiceField(choices=[*countries])
    language = serializers.PrimaryKeyRelatedField(queryset=SPOKEN)
    other_languages = serializers.PrimaryKeyRelatedField(queryset=SPOKEN, many=True, required=False)
    residence_status = serializers.ChoiceField(
        choices=Person.ResidenceStatus.choices, required=False
    )
    disability = serializers.ChoiceField(choices=YesNo.choices, required=False)
    unaccompanied_or_separated = serializers.ChoiceField(choices=YesNo.choices, required=False)
    handling_note = serializers.CharField(max_length=300, allow_blank=True, required=False)


class NewPersonSerializer(PersonFactsSerializer):
    team = OwnTeamField()


class ChangePersonSerializer(PersonFactsSerializer):
    """Only what is sent is changed."""

    version = serializers.IntegerField()


class PersonSerializer(PersonFactsSerializer):
    """A person as she is told to a machine: by code."""

    id = serializers.UUIDField()
    code = serializers.CharField()
    organization = serializers.UUIDField(source="organization_id", read_only=True)
    team = serializers.IntegerField(source="team_id", read_only=True)
    registered_at = serializers.DateTimeField()
    last_visit_on = serializers.DateField()
    intake = serializers.ChoiceField(choices=Person.Intake.choices, read_only=True)
    not_asked = serializers.ListField(child=serializers.CharField(), read_only=True)
    version = serializers.IntegerField()


def lead_on(seen: QuerySet[Person], pk: str) -> UUID:
    """Where the id of a record that was merged leads. Raises Http404 for whoever sees neither."""
    try:
        kept = leads_to(UUID(pk))
    except ValueError as error:
        raise Http404 from error
    if kept is None or not seen.filter(pk=kept).exists():
        raise Http404
    return kept


def _sought(sent: dict[str, Any]) -> Sought:
    first, last = sent.get("birth_year_from"), sent.get("birth_year_to")
    return Sought(
        sex=sent["sex"],
        born=None if first is None or last is None else (first, last),
        nationality=sent["nationality"],
        language=sent["language"].pk,
        team=sent["team"],
    )


class PersonViewSet(ClientViewSet[Person]):
    """People by code: list, read, register, change."""

    model = Person
    noun = "person"
    serializer_class = PersonSerializer
    ordering = ("-registered_at", "pk")

    def may_ask(self, user: User) -> bool:
        return may_see_people(user)

    def get_queryset(self) -> QuerySet[Person]:
        rows = Person.objects.visible_to(self.user).select_related("data_key")
        return rows.prefetch_related("other_languages")

    def create(self, request: Request) -> Response:
        """Who is like her and known already is told beside her: look before more is recorded."""
        sent = self.checked(NewPersonSerializer)
        alike = alike_people(self.user, _sought(sent))
        answer = self.created(self.perform(actions.register_person, **sent))
        answer.data["alike"] = [
            {"id": str(each.person.pk), "code": each.person.code, "because": each.likeness}
            for each in alike
        ]
        return answer

    def retrieve(self, request: Request, pk: str) -> Response:
        """A record that was merged into another one answers where that one is."""
        try:
            return super().retrieve(request, pk)
        except Http404:
            kept = lead_on(self.get_queryset(), pk)
        place = reverse("person-detail", args=[kept], request=request)
        told = {"id": pk, "merged_into": str(kept)}
        return Response(told, status=301, headers={"Location": place})

    def partial_update(self, request: Request, pk: str) -> Response:
        person = self.get_object()
        facts = self.checked(ChangePersonSerializer, partial=True)
        return self.changed(self.perform(actions.change_person, person, **facts))
