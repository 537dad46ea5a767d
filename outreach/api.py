"""Outreach and trainings for machines: the same gate and verbs as the pages."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import MomentField, VerbViewSet
from accounts.audit import record
from accounts.models import Organization, Team, User
from casework.models import Person
from directory.models import AgeBand, Area, Grant, Language, LeafletEdition, Need, Topic
from outreach import actions
from outreach.models import OutreachSession, OutreachTally, Professional, Training


class CountSerializer(serializers.Serializer[Any]):
    sex = serializers.ChoiceField(choices=OutreachTally.Sex.choices)
    age_band = serializers.PrimaryKeyRelatedField(queryset=AgeBand.objects.all())
    people = serializers.IntegerField(source="quantity", min_value=0, max_value=2_000)


class LeafletSerializer(serializers.Serializer[Any]):
    edition = serializers.PrimaryKeyRelatedField(queryset=LeafletEdition.objects.all())
    copies = serializers.IntegerField(source="quantity", min_value=0, max_value=2_000)


class ContentSerializer(serializers.Serializer[Any]):
    """What a session holds beside its place and time."""

    method = serializers.ChoiceField(choices=OutreachSession.Method.choices)
    children_alone = serializers.IntegerField(min_value=0, default=0)
    counts = CountSerializer(many=True, source="tallies")
    leaflets = LeafletSerializer(many=True, required=False)
    languages = serializers.PrimaryKeyRelatedField(
        queryset=Language.objects.all(), many=True, required=False
    )
    topics = serializers.PrimaryKeyRelatedField(
        queryset=Topic.objects.all(), many=True, required=False
    )
    needs = serializers.PrimaryKeyRelatedField(
        queryset=Need.objects.all(), many=True, required=False
    )

    def validate_counts(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        _each_once([(row["sex"], row["age_band"]) for row in rows])
        return rows

    def validate_leaflets(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        _each_once([row["edition"] for row in rows])
        return rows

    def content(self) -> dict[str, Any]:
        """The validated fields as keywords of the actions."""
        data = dict(self.validated_data)
        return {
            "method": data["method"],
            "children_alone": data["children_alone"],
            "counts": {(row["sex"], row["age_band"]): row["quantity"] for row in data["tallies"]},
            "leaflets": {row["edition"]: row["quantity"] for row in data.get("leaflets", [])},
            "languages": data.get("languages", []),
            "topics": data.get("topics", []),
            "needs": data.get("needs", []),
        }


def _each_once(cells: list[Any]) -> None:
    """Raises ValidationError when two rows count the same: which of them is meant is not known."""
    if len(set(cells)) < len(cells):
        raise serializers.ValidationError(_("The same is counted twice."))


class CorrectionSerializer(ContentSerializer):
    """What a session holds; place, kind and times as well where they were the mistake."""

    version = serializers.IntegerField()
    area = serializers.PrimaryKeyRelatedField(queryset=Area.objects.all(), required=False)
    mode = serializers.ChoiceField(choices=OutreachSession.Mode.choices, required=False)
    started_at = MomentField(required=False)
    ended_at = MomentField(required=False)

    def place_and_time(self) -> dict[str, Any]:
        names = ("area", "mode", "started_at", "ended_at")
        return {name: self.validated_data[name] for name in names if name in self.validated_data}


class NewSessionSerializer(ContentSerializer):
    """A finished session in one go."""

    team = serializers.PrimaryKeyRelatedField(queryset=Team.objects.all())
    area = serializers.PrimaryKeyRelatedField(queryset=Area.objects.all())
    mode = serializers.ChoiceField(choices=OutreachSession.Mode.choices)
    started_at = MomentField()
    ended_at = MomentField()
    grant = serializers.PrimaryKeyRelatedField(
        queryset=Grant.objects.all(), required=False, allow_null=True
    )


class SessionSerializer(serializers.ModelSerializer[OutreachSession]):
    counts = CountSerializer(many=True, source="tallies")
    leaflets = LeafletSerializer(many=True)

    class Meta:
        model = OutreachSession
        fields = [
            "id",
            "team",
            "area",
            "mode",
            "started_at",
            "ended_at",
            "grant",
            "age_band_set",
            "method",
            "children_alone",
            "languages",
            "topics",
            "needs",
            "counts",
            "leaflets",
            "supersedes",
            "version",
        ]


class SessionViewSet(mixins.ListModelMixin, VerbViewSet[OutreachSession]):
    model = OutreachSession
    serializer_class = SessionSerializer
    ordering = ("-started_at", "-id")
    lookup_value_converter = "uuid"

    def get_queryset(self) -> QuerySet[OutreachSession]:
        self.user.require("outreach.view_sessions")
        return (
            OutreachSession.objects.visible_to(self.user)
            .standing()
            .prefetch_related("tallies", "leaflets", "languages", "topics", "needs")
        )

    def retrieve(self, request: Request, pk: str) -> Response:
        session = self.get_object()
        record(self.user, "view_session", session)
        return Response(SessionSerializer(session).data)

    def create(self, request: Request) -> Response:
        given = NewSessionSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        facts = given.validated_data
        session = self.perform(
            actions.log_session,
            team=facts["team"],
            area=facts["area"],
            mode=facts["mode"],
            started_at=facts["started_at"],
            ended_at=facts["ended_at"],
            grant=facts.get("grant"),
            content=given.content(),
        )
        return Response(SessionSerializer(session).data, status=status.HTTP_201_CREATED)

    @action(detail=True, methods=["post"])
    def correct(self, request: Request, pk: str) -> Response:
        session = self.get_object()
        given = CorrectionSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        corrected = self.perform(
            actions.correct_session,
            session,
            version=given.validated_data["version"],
            **given.place_and_time(),
            **given.content(),
        )
        return Response(SessionSerializer(corrected).data, status=status.HTTP_201_CREATED)


class TrainingSerializer(serializers.ModelSerializer[Training]):
    class Meta:
        model = Training
        fields = [
            "id",
            "programme",
            "topic",
            "accredited_by",
            "hours",
            "starts_on",
            "ends_on",
            "area",
            "grant",
        ]


class SeatSerializer(serializers.Serializer[Any]):
    """A seat by code, or of somebody new; no names by machine."""

    professional = serializers.SlugRelatedField(
        slug_field="code", queryset=Professional.objects.none(), required=False
    )
    profession = serializers.ChoiceField(choices=Professional.Profession.choices, required=False)
    institution_type = serializers.ChoiceField(choices=Organization.Type.choices, required=False)
    sex = serializers.ChoiceField(choices=Person.Sex.choices, required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = Professional.objects.visible_to(user)
        self.fields["professional"].queryset = known  # type: ignore[attr-defined]  # a relation


class TrainingViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, VerbViewSet[Training]):
    model = Training
    serializer_class = TrainingSerializer
    ordering = ("-starts_on", "-id")
    lookup_value_converter = "uuid"

    def get_queryset(self) -> QuerySet[Training]:
        self.user.require("outreach.record_training")
        return Training.objects.visible_to(self.user)

    def create(self, request: Request) -> Response:
        given = TrainingSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        training = self.perform(actions.record_training, **given.validated_data)
        return Response(TrainingSerializer(training).data, status=status.HTTP_201_CREATED)

    @action(detail=True, methods=["post"])
    def seats(self, request: Request, pk: str) -> Response:
        training = self.get_object()
        given = SeatSerializer(data=request.data, user=self.user)
        given.is_valid(raise_exception=True)
        seat = self.perform(actions.add_attendance, training, **given.validated_data)
        body = {"professional": seat.professional.code}
        return Response(body, status=status.HTTP_201_CREATED)


ROUTES: list[tuple[str, Any, str]] = [
    ("outreach-sessions", SessionViewSet, "outreach-session"),
    ("trainings", TrainingViewSet, "training"),
]
