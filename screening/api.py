"""Instruments and screenings for machines: the same gate, verbs and scoring as the pages."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import VerbViewSet
from accounts.audit import record, record_list
from accounts.models import User
from casework.models import Interpreter, Person
from casework.models.visit import Interpreting
from directory.models import Language, Route
from screening import actions
from screening.actions.decisions import OWN_STATUSES
from screening.answers import DECLINED, NO, UNCLEAR, YES, assess_given, parts_from
from screening.circumstances import circumstances_of
from screening.explain import say
from screening.incident_api import IncidentViewSet
from screening.models import Instrument, InstrumentVersion, Screening
from screening.offers import offered_to
from screening.scoring import Assessment, Definition


def _result(definition: Definition, profile: str, found: Assessment) -> dict[str, Any]:
    """An assessment as the API tells it."""
    texts = {entry["code"]: say(entry["text"]) for entry in definition["actions"]}
    (band,) = (b for b in definition["bands"][profile] if b["band"] == found.band)
    return {
        "instrument": definition["code"],
        "version": definition["version"],
        "profile": profile,
        "band": found.band,
        "label": say(band["label"]),
        "elements": dict(found.elements),
        "positive_dimensions": list(found.positive_dimensions),
        "reasons": [
            {"dimension": r.dimension, "rule": r.rule, "because": list(r.because)}
            for r in found.reasons
        ],
        "actions": list(found.actions),
        "action_texts": [texts[code] for code in found.actions],
    }


def _refuse_unknown(definition: Definition, field: str, answers: list[str]) -> None:
    known = {indicator["id"] for indicator in definition["indicators"]}
    if unknown := sorted(set(answers) - known):
        raise serializers.ValidationError({field: [f"Unknown answer: {', '.join(unknown)}"]})


class AssessSerializer(serializers.Serializer[Any]):
    """The facts and the ticked indicators of nobody in particular."""

    profile = serializers.ChoiceField(choices=Screening.Profile.choices)
    act_recorded = serializers.BooleanField(default=False)
    purpose_recorded = serializers.BooleanField(default=False)
    unaccompanied_or_separated = serializers.BooleanField(default=False)
    answers = serializers.ListField(child=serializers.CharField(max_length=20), max_length=1_000)
    answered_no = serializers.ListField(
        child=serializers.CharField(max_length=20), max_length=1_000, default=list
    )
    unclear = serializers.ListField(
        child=serializers.CharField(max_length=20), max_length=1_000, default=list
    )
    declined = serializers.ListField(
        child=serializers.CharField(max_length=20), max_length=1_000, default=list
    )


class InstrumentSerializer(serializers.Serializer[Any]):
    """The version of an instrument that is in force."""

    code = serializers.CharField(source="instrument.code")
    version = serializers.CharField()
    title = serializers.CharField()
    valid_from = serializers.DateField()
    valid_until = serializers.DateField(allow_null=True)


class InstrumentViewSet(VerbViewSet[Instrument]):
    """Instruments in force, and what answers to them would add up to."""

    model = Instrument
    serializer_class = InstrumentSerializer
    ordering = ("code",)
    lookup_field = "code"
    lookup_value_converter = "slug"

    def get_queryset(self) -> QuerySet[Instrument]:
        return Instrument.objects.visible_to(self.user)

    def _in_force(self) -> QuerySet[InstrumentVersion]:
        versions = InstrumentVersion.objects.visible_to(self.user)
        return versions.in_force().select_related("instrument")

    def list(self, request: Request) -> Response:
        """One row per instrument; there are few, on one page."""
        page = self.paginate_queryset(self.get_queryset()) or []
        by_code = {version.instrument.code: version for version in self._in_force()}
        shown = [by_code[row.code] for row in page if row.code in by_code]
        return self.get_paginated_response(InstrumentSerializer(shown, many=True).data)

    def retrieve(self, request: Request, code: str) -> Response:
        version = get_object_or_404(self._in_force(), instrument__code=code)
        body = {**InstrumentSerializer(version).data, "definition": version.definition}
        return Response(body)

    @action(detail=True, methods=["post"])
    def assess(self, request: Request, code: str) -> Response:
        """What these answers add up to, and why. Nothing is stored."""
        definition = get_object_or_404(self._in_force(), instrument__code=code).definition
        given = AssessSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        facts = dict(given.validated_data)
        others: dict[str, str] = {}
        for field, answer in [("answered_no", NO), ("unclear", UNCLEAR), ("declined", DECLINED)]:
            _refuse_unknown(definition, field, facts[field])
            others |= dict.fromkeys(facts.pop(field), answer)
        _refuse_unknown(definition, "answers", facts["answers"])
        found = assess_given(definition, **facts, other_answers=others)
        return Response(_result(definition, facts["profile"], found))


class NewScreeningSerializer(serializers.Serializer[Any]):
    """A talk in one go: the first questions, the answers, whether it is finished."""

    person = serializers.PrimaryKeyRelatedField(queryset=Person.objects.none())
    instrument = serializers.SlugField(default="thb")
    safety = serializers.ChoiceField(choices=Screening.Safety.choices)
    agreed = serializers.BooleanField()
    limits_explained = serializers.BooleanField()
    limits_unsaid = serializers.ChoiceField(
        choices=["", *Screening.LimitsUnsaid.choices], default="", allow_blank=True
    )
    language = serializers.PrimaryKeyRelatedField(queryset=Language.objects.all())
    route = serializers.PrimaryKeyRelatedField(
        queryset=Route.objects.all(), allow_null=True, default=None
    )
    interpreting = serializers.ChoiceField(
        choices=Interpreting.choices, default=Interpreting.NOT_NEEDED
    )
    interpreter = serializers.PrimaryKeyRelatedField(
        queryset=Interpreter.objects.none(), allow_null=True, default=None
    )
    present = serializers.ListField(
        child=serializers.ChoiceField(choices=Screening.Present.choices), default=list
    )
    acts = serializers.ListField(child=serializers.CharField(max_length=40), default=list)
    purposes = serializers.ListField(child=serializers.CharField(max_length=40), default=list)
    answers = serializers.ListField(child=serializers.CharField(max_length=20), default=list)
    answered_no = serializers.ListField(child=serializers.CharField(max_length=20), default=list)
    unclear = serializers.ListField(child=serializers.CharField(max_length=20), default=list)
    comparison = serializers.DictField(child=serializers.CharField(max_length=20), default=dict)
    circumstances = serializers.DictField(
        child=serializers.DictField(child=serializers.CharField(max_length=20)), default=dict
    )
    complete = serializers.BooleanField(default=True)
    information_given = serializers.BooleanField(default=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        people = Person.objects.visible_to(user)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]  # a relation
        known = Interpreter.objects.visible_to(user)
        self.fields["interpreter"].queryset = known  # type: ignore[attr-defined]  # a relation

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        """The keywords of `record_screening`."""
        route = given["route"].pk if given["route"] else ""
        versions = offered_to(self.user, given["person"], route=route)
        version = versions.filter(instrument__code=given.pop("instrument")).first()
        if version is None:
            raise serializers.ValidationError(
                {"instrument": ["There is no such instrument for this person and route."]}
            )
        indicators: dict[str, str] = {}
        for field, answer in [("answered_no", NO), ("unclear", UNCLEAR), ("answers", YES)]:
            names = given.pop(field)
            _refuse_unknown(version.definition, field, names)
            indicators |= dict.fromkeys(names, answer)
        coded = {name: given.pop(name) for name in ("acts", "purposes", "comparison")}
        try:
            parts = parts_from(version.definition, indicators=indicators, **coded)
        except ValueError as error:
            raise serializers.ValidationError({"": [str(error)]}) from error
        return {**given, "parts": parts, "instrument_version": version}


class DecisionSerializer(serializers.Serializer[Any]):
    decision = serializers.ChoiceField(choices=Screening.Band.choices)
    decision_reason = serializers.ChoiceField(choices=Screening.DecisionReason.choices)
    trafficking_status = serializers.ChoiceField(
        choices=["", *OWN_STATUSES], default="", allow_blank=True
    )
    note = serializers.CharField(max_length=20_000, default="", allow_blank=True)
    ask_again_on = serializers.DateField(default=None, allow_null=True)
    version = serializers.IntegerField()


class ReviewSerializer(serializers.Serializer[Any]):
    review = serializers.ChoiceField(choices=Screening.Review.choices)
    version = serializers.IntegerField()


class StepSerializer(serializers.Serializer[Any]):
    step = serializers.CharField(max_length=40)


class PressureSerializer(serializers.Serializer[Any]):
    pressure_reason = serializers.ChoiceField(choices=Screening.PressureReason.choices)
    version = serializers.IntegerField()


class ScreeningSerializer(serializers.ModelSerializer[Screening]):
    person = serializers.UUIDField(source="case.person_id")
    instrument = serializers.CharField(source="instrument_version.instrument.code")
    instrument_version = serializers.CharField(source="instrument_version.version")

    class Meta:
        model = Screening
        fields = [
            "id",
            "case",
            "person",
            "instrument",
            "instrument_version",
            "state",
            "stop_reason",
            "profile",
            "profile_basis",
            "safety",
            "language",
            "route",
            "interpreting",
            "interpreter",
            "present",
            "limits_text",
            "limits_unsaid",
            "limits_said_at",
            "band",
            "started_by",
            "started_at",
            "completed_at",
            "decision",
            "decision_reason",
            "decided_by",
            "decided_at",
            "review",
            "reviewed_by",
            "reviewed_at",
            "ask_again_on",
            "pressure_reason",
            "pressure_at",
            "version",
        ]


class ScreeningViewSet(VerbViewSet[Screening]):
    """Talks: recorded in one go, decided by a person."""

    model = Screening
    serializer_class = ScreeningSerializer
    ordering = ("-started_at", "-id")
    lookup_value_converter = "uuid"

    def check_permissions(self, request: Request) -> None:
        super().check_permissions(request)
        self.user.require("casework.view_cases")

    def get_queryset(self) -> QuerySet[Screening]:
        return Screening.objects.visible_to(self.user).select_related(
            "case__person", "instrument_version__instrument", "data_key"
        )

    def list(self, request: Request) -> Response:
        page = self.paginate_queryset(self.get_queryset()) or []
        record_list(self.user, "list_screenings", Screening, [row.pk for row in page])
        return self.get_paginated_response(ScreeningSerializer(page, many=True).data)

    def retrieve(self, request: Request, pk: str) -> Response:
        return Response(self._told(self.get_object()))

    def create(self, request: Request) -> Response:
        given = NewScreeningSerializer(data=request.data, user=self.user)
        given.is_valid(raise_exception=True)
        facts = dict(given.validated_data)
        screening = self.perform(actions.record_screening, facts.pop("person"), **facts)
        return Response(self._told(screening), status=status.HTTP_201_CREATED)

    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: str) -> Response:
        screening = self.get_object()
        given = DecisionSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        decided = self.perform(actions.decide_screening, screening, **given.validated_data)
        return Response(self._told(decided))

    @action(detail=True, methods=["post"])
    def review(self, request: Request, pk: str) -> Response:
        screening = self.get_object()
        given = ReviewSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        return Response(
            self._told(self.perform(actions.review_screening, screening, **given.validated_data))
        )

    @action(detail=True, methods=["post"], url_path="take-step")
    def take_step(self, request: Request, pk: str) -> Response:
        screening = self.get_object()
        given = StepSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        return Response(
            self._told(self.perform(actions.take_step, screening, **given.validated_data))
        )

    @action(detail=True, methods=["post"], url_path="mark-pressure")
    def mark_pressure(self, request: Request, pk: str) -> Response:
        screening = self.get_object()
        given = PressureSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        marked = self.perform(actions.mark_pressure, screening, **given.validated_data)
        return Response(self._told(marked))

    def _told(self, screening: Screening) -> dict[str, Any]:
        """A screening with its answers and, unless nobody was asked, what they add up to."""
        record(self.user, "view_screening", screening, case_id=screening.case_id)
        sheet, definition = screening.sheet, screening.instrument_version.definition
        body = {
            **ScreeningSerializer(screening).data,
            "acts": sheet.acts,
            "purposes": sheet.purposes,
            "answers": sheet.ticked,
            "unclear": sheet.unclear,
            "comparison": sheet.comparison,
            "circumstances": circumstances_of(definition, sheet),
            "taken_on": screening.taken_on,
            "alerts": list(screening.assessment.alerts),
        }
        if screening.state != Screening.State.DECLINED:
            body["result"] = _result(definition, screening.profile, screening.assessment)
        return body


ROUTES: list[tuple[str, Any, str]] = [
    ("incidents", IncidentViewSet, "incident"),
    ("instruments", InstrumentViewSet, "instrument"),
    ("screenings", ScreeningViewSet, "screening"),
]
