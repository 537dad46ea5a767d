"""Wishes for talks and ways of contact in the API; the words to say on a phone are not sent."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from casework import actions
from casework.api.client import InterpreterField, PersonField
from casework.api.families import OfPeopleViewSet
from casework.api.people import SPOKEN
from casework.models import Channel, ContactRule, TalkWish
from casework.models.contact import Weekday
from casework.models.person import YesNo
from directory.models import Dialect


class WishFactsSerializer(serializers.Serializer[Any]):
    """Keywords of `record_talk_wish`: all that is wished, what is left out is not wished."""

    language = serializers.PrimaryKeyRelatedField(queryset=SPOKEN, allow_null=True, required=False)
    dialect = serializers.PrimaryKeyRelatedField(
        queryset=Dialect.objects.all(), allow_null=True, required=False
    )
    interpreter_gender = serializers.ChoiceField(choices=TalkWish.Gender.choices, required=False)
    is_not_from_community = serializers.BooleanField(required=False)
    by_phone_only = serializers.BooleanField(required=False)
    read_aloud = serializers.ChoiceField(choices=YesNo.choices, required=False)
    channel = serializers.ChoiceField(choices=Channel.choices, allow_blank=True, required=False)


class NewWishSerializer(WishFactsSerializer):
    """`replaces` is the id of the wish that was read; 409 when somebody else wrote since."""

    person = PersonField()
    interpreter = InterpreterField(allow_null=True, required=False)
    replaces = serializers.UUIDField(allow_null=True, required=False)


class WishSerializer(WishFactsSerializer):
    id = serializers.UUIDField()
    person = serializers.UUIDField(source="person_id", read_only=True)
    interpreter = serializers.UUIDField(source="interpreter_id", read_only=True)
    recorded_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField()


class TalkWishViewSet(OfPeopleViewSet):
    """How people wish to talk: list, read, add; a new one takes the place of what stood."""

    model = TalkWish
    noun, nouns = "talk_wish", "talk_wishes"
    serializer_class = WishSerializer
    ordering = ("-recorded_at", "pk")

    def get_queryset(self) -> QuerySet[TalkWish]:
        return TalkWish.objects.visible_to(self.user).select_related("person")

    def create(self, request: Request) -> Response:
        given = self.checked(NewWishSerializer)
        person = given.pop("person")
        return self.created(self.perform(actions.record_talk_wish, person, **given))


class RuleFactsSerializer(serializers.Serializer[Any]):
    """Keywords of `record_contact_rule`, without the words to say."""

    channel = serializers.ChoiceField(choices=Channel.choices)
    is_safe = serializers.ChoiceField(choices=YesNo.choices)
    days = serializers.ListField(
        child=serializers.ChoiceField(choices=Weekday.choices), required=False
    )
    since = serializers.TimeField(allow_null=True, required=False)
    until = serializers.TimeField(allow_null=True, required=False)
    answered_by = serializers.ChoiceField(choices=ContactRule.AnsweredBy.choices, required=False)
    may_leave_message = serializers.BooleanField(required=False)
    valid_until = serializers.DateField(allow_null=True, required=False)
    learned_on = serializers.DateField(required=False)
    learned_from = serializers.ChoiceField(choices=ContactRule.LearnedFrom.choices, required=False)


class NewRuleSerializer(RuleFactsSerializer):
    """`replaces` is the id of the rule that was read; 409 when somebody else wrote since."""

    person = PersonField()
    replaces = serializers.UUIDField(allow_null=True, required=False)


class RuleSerializer(RuleFactsSerializer):
    id = serializers.UUIDField()
    person = serializers.UUIDField(source="person_id", read_only=True)
    recorded_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField()


class ContactRuleViewSet(OfPeopleViewSet):
    """Which ways of reaching people are safe, and when: list, read, add."""

    model = ContactRule
    noun = "contact_rule"
    serializer_class = RuleSerializer
    ordering = ("-recorded_at", "pk")

    def get_queryset(self) -> QuerySet[ContactRule]:
        rows = ContactRule.objects.visible_to(self.user).select_related("person")
        return rows.defer("cover_name", "safe_word")

    def create(self, request: Request) -> Response:
        given = self.checked(NewRuleSerializer)
        person = given.pop("person")
        return self.created(self.perform(actions.record_contact_rule, person, **given))
