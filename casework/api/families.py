"""Households, relations, ages and steps for children in the API."""

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django_countries import countries
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Organization, User
from casework import actions
from casework.actions.people import may_see_people
from casework.api.client import ClientViewSet, PersonField
from casework.models import AgeEstimate, BestInterestsStep, Case, HouseholdMember, Person, Relation
from casework.models.best_interests import may_read_note
from casework.models.person import YesNo


class NewMemberSerializer(serializers.Serializer[Any]):
    """Keywords of `join_household`."""

    person = PersonField()
    beside = PersonField(allow_null=True, required=False)
    role = serializers.ChoiceField(choices=HouseholdMember.Role.choices, required=False)
    since = serializers.DateField(required=False)


class MemberSerializer(serializers.Serializer[HouseholdMember]):
    id = serializers.UUIDField()
    household = serializers.UUIDField(source="household_id", read_only=True)
    person = serializers.UUIDField(source="person_id", read_only=True)
    role = serializers.CharField()
    since = serializers.DateField()
    until = serializers.DateField()


class OfPeopleViewSet(ClientViewSet[Any]):
    """Rows of people by code: for whoever sees people at all."""

    narrow_by = ("person",)

    def may_ask(self, user: User) -> bool:
        return may_see_people(user)


class HouseholdMemberViewSet(OfPeopleViewSet):
    """Who is in which household: list, read, join, leave."""

    model = HouseholdMember
    noun = "household_member"
    serializer_class = MemberSerializer
    ordering = ("-recorded_at", "pk")

    def get_queryset(self) -> QuerySet[HouseholdMember]:
        return HouseholdMember.objects.visible_to(self.user).select_related("person")

    def create(self, request: Request) -> Response:
        given = self.checked(NewMemberSerializer)
        person = given.pop("person")
        return self.created(self.perform(actions.join_household, person, **given))

    @action(detail=True, methods=["post"])
    def leave(self, request: Request, pk: str) -> Response:
        return self.changed(self.perform(actions.leave_household, self.get_object().person))


class RelationFactsSerializer(serializers.Serializer[Any]):
    """Keywords of `relate`."""

    kind = serializers.ChoiceField(choices=Relation.Kind.choices)
    basis = serializers.ChoiceField(choices=Relation.Basis.choices, required=False)
    is_caregiver = serializers.BooleanField(required=False)
    is_known_to_both = serializers.BooleanField(required=False)


class NewRelationSerializer(RelationFactsSerializer):
    person = PersonField()
    other = PersonField()


class RelationSerializer(RelationFactsSerializer):
    """A relation as the file of `person` tells it; `other` only where the caller may see her."""

    id = serializers.UUIDField()
    person = serializers.UUIDField(source="seen_person", read_only=True)
    other = serializers.UUIDField(source="seen_other", read_only=True)
    ended_at = serializers.DateTimeField()


class RelationViewSet(OfPeopleViewSet):
    """What people are to each other: list, read, record, take back."""

    model = Relation
    noun = "relation"
    serializer_class = RelationSerializer
    ordering = ("-recorded_at", "pk")

    def get_queryset(self) -> QuerySet[Relation]:
        seen = Person.objects.visible_to(self.user)
        sides = {
            f"seen_{side}": Subquery(seen.filter(pk=OuterRef(side)).values("pk"))
            for side in ("person", "other")
        }
        return Relation.objects.visible_to(self.user).annotate(**sides)

    def create(self, request: Request) -> Response:
        given = self.checked(NewRelationSerializer)
        person = given.pop("person")
        return self.created(self.perform(actions.relate, person, **given))

    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        return self.changed(self.perform(actions.end_relation, self.get_object()))


class AgeFactsSerializer(serializers.Serializer[Any]):
    """Keywords of `record_age`."""

    source = serializers.ChoiceField(  # type: ignore[assignment]  # a field, not where it reads
        choices=AgeEstimate.SOURCES
    )
    birth_year_from = serializers.IntegerField(min_value=1900, max_value=2200)
    birth_year_to = serializers.IntegerField(min_value=1900, max_value=2200)
    certainty = serializers.ChoiceField(choices=AgeEstimate.Certainty.choices, required=False)
    is_about = serializers.BooleanField(required=False)
    told_on = serializers.DateField(required=False)
    assessed_by = serializers.PrimaryKeyRelatedField(
        queryset=Organization.objects.all(), allow_null=True, required=False
    )
    has_consent = serializers.ChoiceField(choices=YesNo.choices, required=False)


class NewAgeSerializer(AgeFactsSerializer):
    person = PersonField()
    country = serializers.ChoiceField(choices=[*countries], required=False)
    is_chosen = serializers.BooleanField(required=False)


class AgeSerializer(AgeFactsSerializer):
    """An age without the day that was told."""

    country = serializers.CharField(source="country.code", read_only=True)
    id = serializers.UUIDField()
    person = serializers.UUIDField(source="person_id", read_only=True)
    chosen_at = serializers.DateTimeField()


class AgeViewSet(OfPeopleViewSet):
    """Ages that were told: list, read, record, choose."""

    model = AgeEstimate
    noun = "age"
    serializer_class = AgeSerializer
    ordering = ("-recorded_at", "pk")

    def get_queryset(self) -> QuerySet[AgeEstimate]:
        return AgeEstimate.objects.visible_to(self.user).select_related("person")

    def create(self, request: Request) -> Response:
        given = self.checked(NewAgeSerializer)
        person = given.pop("person")
        return self.created(self.perform(actions.record_age, person, **given))

    @action(detail=True, methods=["post"])
    def choose(self, request: Request, pk: str) -> Response:
        return self.changed(self.perform(actions.choose_age, self.get_object()))


class NewStepSerializer(serializers.Serializer[Any]):
    """Keywords of `begin_step`."""

    person = PersonField()
    step = serializers.ChoiceField(choices=BestInterestsStep.Step.choices)
    risk = serializers.ChoiceField(choices=Case.Risk.choices, required=False)


class FinishStepSerializer(serializers.Serializer[Any]):
    """Keywords of `finish_step`."""

    outcome = serializers.ChoiceField(choices=BestInterestsStep.Outcome.choices)
    note = serializers.CharField(max_length=10_000, allow_blank=True, required=False)


class StepSerializer(serializers.Serializer[BestInterestsStep]):
    id = serializers.UUIDField()
    person = serializers.UUIDField(source="person_id", read_only=True)
    step = serializers.CharField()
    risk = serializers.CharField()
    began_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    done_at = serializers.DateTimeField()
    outcome = serializers.CharField()


class StepViewSet(OfPeopleViewSet):
    """Steps in the best interests of children: list, read, begin, finish."""

    model = BestInterestsStep
    noun = "step"
    serializer_class = StepSerializer
    ordering = ("-began_at", "pk")

    def get_queryset(self) -> QuerySet[BestInterestsStep]:
        rows = BestInterestsStep.objects.visible_to(self.user)
        return rows.select_related("data_key", "person")

    def told(self, row: BestInterestsStep) -> dict[str, Any]:
        body = super().told(row)
        if row.is_done and may_read_note(row, self.user):
            body["note"] = row.note
        return body

    def create(self, request: Request) -> Response:
        given = self.checked(NewStepSerializer)
        person = given.pop("person")
        return self.created(self.perform(actions.begin_step, person, **given))

    @action(detail=True, methods=["post"])
    def finish(self, request: Request, pk: str) -> Response:
        step = self.get_object()
        given = self.checked(FinishStepSerializer)
        return self.changed(self.perform(actions.finish_step, step, **given))
