"""Going along, and needs that could not be referred, in the API."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import MomentField
from accounts.models import Organization, User
from casework.api.client import CaseField, ClientViewSet, InterpreterField
from casework.api.tasks import ColleagueField
from casework.models import Person
from directory.models import Need
from referrals import actions
from referrals.models import Accompaniment, Referral, UnmetNeed
from referrals.models.accompaniment import LONGEST
from referrals.models.unmet_need import MOST


@extend_schema_field(OpenApiTypes.UUID)
class OwnReferralField(serializers.PrimaryKeyRelatedField[Referral]):
    """A referral of a case that the caller may see."""

    def get_queryset(self) -> QuerySet[Referral]:
        return Referral.objects.visible_to(self.context["request"].user)


class NewAccompanimentSerializer(serializers.Serializer[Any]):
    """Keywords of `record_accompaniment`."""

    case = CaseField()
    worker = ColleagueField()
    why = serializers.ChoiceField(choices=Accompaniment.Why.choices)
    place = serializers.ChoiceField(choices=Accompaniment.Place.choices, required=False)
    organization = serializers.PrimaryKeyRelatedField(
        queryset=Organization.objects.filter(is_house=False), required=False, allow_null=True
    )
    started_at = MomentField()
    minutes = serializers.IntegerField(min_value=1, max_value=LONGEST)
    outcome = serializers.ChoiceField(choices=Accompaniment.Outcome.choices)
    interpreter = InterpreterField(required=False, allow_null=True)
    referral = OwnReferralField(required=False, allow_null=True)


class AccompanimentSerializer(serializers.ModelSerializer[Accompaniment]):
    """One time that somebody went along."""

    class Meta:
        model = Accompaniment
        fields = [
            "id",
            "case",
            "worker",
            "why",
            "place",
            "organization",
            "started_at",
            "minutes",
            "outcome",
            "interpreter",
            "referral",
            "service",
            "recorded_at",
        ]
        read_only_fields = fields


class AccompanimentViewSet(ClientViewSet[Accompaniment]):
    """Going along: list, read, record."""

    model = Accompaniment
    noun = "accompaniment"
    serializer_class = AccompanimentSerializer
    ordering = ("-recorded_at", "pk")
    narrow_by = ("case", "worker")

    def get_queryset(self) -> QuerySet[Accompaniment]:
        return Accompaniment.objects.visible_to(self.user)

    @extend_schema(request=NewAccompanimentSerializer)
    def create(self, request: Request) -> Response:
        given = self.checked(NewAccompanimentSerializer)
        case = given.pop("case")
        return self.created(self.perform(actions.record_accompaniment, case, **given))


# Of a case it is one person, whose sex is known from the record.
OF_COUNTED = ("quantity", "sex")


class NewNeedSerializer(serializers.Serializer[Any]):
    """Keywords of `record_unmet_need`, and without a case those of `count_unmet_need`."""

    case = CaseField(required=False, allow_null=True)
    need = serializers.PrimaryKeyRelatedField(queryset=Need.objects.all())
    reason = serializers.ChoiceField(choices=UnmetNeed.Reason.choices)
    barrier = serializers.ChoiceField(choices=UnmetNeed.Barrier.choices, required=False)
    refused_by = serializers.PrimaryKeyRelatedField(
        queryset=Organization.objects.filter(is_house=False), required=False, allow_null=True
    )
    day = serializers.DateField(required=False)
    quantity = serializers.IntegerField(min_value=1, max_value=MOST, required=False)
    sex = serializers.ChoiceField(choices=Person.Sex.choices, required=False)


class UnmetNeedSerializer(serializers.ModelSerializer[UnmetNeed]):
    """One need that could not be met."""

    class Meta:
        model = UnmetNeed
        fields = [
            "id",
            "case",
            "need",
            "reason",
            "barrier",
            "refused_by",
            "day",
            "quantity",
            "sex",
            "recorded_at",
        ]
        read_only_fields = fields


class UnmetNeedViewSet(ClientViewSet[UnmetNeed]):
    """Needs of visible cases, and of nobody in particular of the own house."""

    model = UnmetNeed
    noun = "unmet_need"
    serializer_class = UnmetNeedSerializer
    ordering = ("-recorded_at", "pk")
    narrow_by = ("case",)

    def may_ask(self, user: User) -> bool:
        return actions.may_record_unmet_need(user)

    def get_queryset(self) -> QuerySet[UnmetNeed]:
        return UnmetNeed.objects.visible_to(self.user)

    @extend_schema(request=NewNeedSerializer)
    def create(self, request: Request) -> Response:
        given = self.checked(NewNeedSerializer)
        case = given.pop("case", None)
        if case is None:
            return self.created(self.perform(actions.count_unmet_need, **given))
        needless = [name for name in OF_COUNTED if name in given]
        if needless:
            said = [_("Only for people who have no record here.")]
            raise serializers.ValidationError(dict.fromkeys(needless, said))
        return self.created(self.perform(actions.record_unmet_need, case, **given))


ROUTES: list[tuple[str, Any, str]] = [
    ("accompaniments", AccompanimentViewSet, "accompaniment"),
    ("unmet-needs", UnmetNeedViewSet, "unmet-need"),
]
