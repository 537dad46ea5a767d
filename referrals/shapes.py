"""What the API takes and tells of referrals: the sender's record, the receiver's, and each verb."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from casework.models import Consent
from directory.models import DeclineReason, Service
from referrals.disclosure import Sheet
from referrals.models import Referral


class ReferralSerializer(serializers.ModelSerializer[Referral]):
    """A referral as its sender sees it; the message comes with one referral, never in a list."""

    number = serializers.CharField(source="__str__", read_only=True)
    sent_by = serializers.CharField(source="sent_by.name", default=None, read_only=True)

    class Meta:
        model = Referral
        fields = [
            "id",
            "number",
            "case",
            "service",
            "organization",
            "consent",
            "urgency",
            "state",
            "items",
            "due_at",
            "decline_reason",
            "sent_by",
            "created_at",
            "sent_at",
            "received_at",
            "answered_at",
            "started_at",
            "delivered_at",
            "ended_at",
            "overdue_at",
            "previous",
            "override",
            "override_review",
            "appointment_at",
            "extent",
            "client_word",
            "client_rating",
            "confirmed_by",
            "review",
            "deletion_asked_at",
            "deleted_at",
            "next_check_at",
            "version",
        ]
        read_only_fields = fields


class ReferralStorySerializer(ReferralSerializer):
    """With what is sealed, for who may read the story."""

    message = serializers.CharField(read_only=True)
    other_service = serializers.CharField(read_only=True)
    contact = serializers.CharField(read_only=True)

    class Meta(ReferralSerializer.Meta):
        fields = [*ReferralSerializer.Meta.fields, "message", "other_service", "contact"]
        read_only_fields = fields


class ReceivedReferralSerializer(serializers.ModelSerializer[Referral]):
    """A referral as its receiver finds it in a list: nothing about the person."""

    number = serializers.CharField(source="__str__", read_only=True)
    sent_by = serializers.CharField(source="sent_by.name", read_only=True)
    sender = serializers.CharField(source="case.organization.name", read_only=True)

    class Meta:
        model = Referral
        fields = [
            "id",
            "number",
            "service",
            "organization",
            "sender",
            "sent_by",
            "urgency",
            "state",
            "due_at",
            "decline_reason",
            "sent_at",
            "received_at",
            "answered_at",
            "started_at",
            "delivered_at",
            "ended_at",
            "appointment_at",
            "extent",
            "version",
        ]
        read_only_fields = fields


class SharedSerializer(serializers.Serializer[Sheet]):
    """The sheet of the page: values of the items shown now, and which ones come later."""

    shared = serializers.SerializerMethodField()
    after_acceptance = serializers.SerializerMethodField()

    @extend_schema_field(serializers.DictField(child=serializers.CharField(allow_null=True)))
    def get_shared(self, sheet: Sheet) -> dict[str, Any]:
        """{item: value}; null when the item is shared but not known."""
        return {line.item: line.value for line in sheet.shown_lines}

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_after_acceptance(self, sheet: Sheet) -> list[str]:
        return [line.item for line in sheet.later]


class DraftSerializer(serializers.Serializer[Referral]):
    """What the sender writes down."""

    case = serializers.UUIDField()
    service = serializers.PrimaryKeyRelatedField(queryset=Service.objects.referable())
    urgency = serializers.ChoiceField(choices=Referral.Urgency.choices, required=False)
    items = serializers.ListField(
        child=serializers.ChoiceField(choices=Consent.Item.choices), required=False
    )
    message = serializers.CharField(max_length=2000, allow_blank=True, required=False)
    previous = serializers.UUIDField(required=False)


class VerbSerializer(serializers.Serializer[Referral]):
    """What every verb takes: the version that was read, when the caller insists on it."""

    version = serializers.IntegerField(required=False)


class CommentedSerializer(VerbSerializer):
    comment = serializers.CharField(max_length=1000, allow_blank=True, required=False)


class MessageSerializer(VerbSerializer):
    comment = serializers.CharField(max_length=1000)


class AcceptSerializer(CommentedSerializer):
    contact = serializers.CharField(max_length=200, allow_blank=True, required=False)
    appointment_at = serializers.DateTimeField(required=False)


class RedirectSerializer(CommentedSerializer):
    other_service = serializers.CharField(max_length=200)


class RebookSerializer(CommentedSerializer):
    appointment_at = serializers.DateTimeField()


class DeliverSerializer(CommentedSerializer):
    extent = serializers.ChoiceField(choices=Referral.Extent.choices, required=False)


class ClientWordSerializer(CommentedSerializer):
    client_word = serializers.ChoiceField(choices=Referral.Word.choices)
    client_rating = serializers.IntegerField(min_value=1, max_value=5, required=False)


class ReviewSerializer(VerbSerializer):
    review = serializers.ChoiceField(choices=Referral.Review.choices)


class OverrideSerializer(serializers.Serializer[Referral]):
    override = serializers.ChoiceField(choices=Referral.Override.choices)
    override_note = serializers.CharField(max_length=2000)


class OverrideReviewSerializer(serializers.Serializer[Referral]):
    override_review = serializers.ChoiceField(choices=Referral.OverrideReview.choices)


class DeclineSerializer(CommentedSerializer):
    decline_reason = serializers.PrimaryKeyRelatedField(queryset=DeclineReason.objects.all())
    other_service = serializers.CharField(max_length=200, allow_blank=True, required=False)


class RecallSerializer(VerbSerializer):
    reason = serializers.ChoiceField(
        choices=Referral.RecallReason.choices, default=Referral.RecallReason.NOT_NEEDED
    )
