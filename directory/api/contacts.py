"""Whom to reach at institutions, in the API, and the changes that wait for a second person."""

from typing import Any

from django.db import models
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Organization
from directory import actions
from directory.api.providers import DirectoryViewSet
from directory.models import Change, Contact, Language, Service


class ContactSerializer(serializers.Serializer[Contact]):
    id = serializers.UUIDField(read_only=True)
    organization = serializers.PrimaryKeyRelatedField(queryset=Organization.objects.all())
    service = serializers.PrimaryKeyRelatedField(
        queryset=Service.objects.all(), allow_null=True, required=False
    )
    role = serializers.ChoiceField(choices=Contact.Role.choices, required=False)
    name = serializers.CharField(max_length=120)
    position = serializers.CharField(max_length=120, allow_blank=True, required=False)
    phone = serializers.CharField(max_length=30, allow_blank=True, required=False)
    email = serializers.EmailField(allow_blank=True, required=False)
    language = serializers.PrimaryKeyRelatedField(
        queryset=Language.objects.all(), allow_null=True, required=False
    )
    is_active = serializers.BooleanField(required=False)
    verified_on = serializers.DateField(read_only=True)
    version = serializers.IntegerField(required=False)


class ChangeSerializer(serializers.Serializer[Change]):
    id = serializers.UUIDField(read_only=True)
    organization = serializers.UUIDField(source="organization_id", read_only=True)
    contact = serializers.UUIDField(source="contact_id", read_only=True)
    service = serializers.UUIDField(source="service_id", read_only=True)
    place = serializers.UUIDField(source="place_id", read_only=True)
    field = serializers.CharField(read_only=True)
    old = serializers.JSONField(read_only=True)
    new = serializers.JSONField(read_only=True)
    state = serializers.ChoiceField(choices=Change.State.choices, read_only=True)
    proposed_at = serializers.DateTimeField(read_only=True)


class ContactViewSet(DirectoryViewSet):
    """Focal points, deputies and managers; an institution reads its own only."""

    model = Contact
    serializer_class = ContactSerializer

    def get_queryset(self) -> models.QuerySet[Any]:
        return Contact.objects.shown_to(self.user)

    def create(self, request: Request) -> Response:
        facts = self.checked()
        facts.pop("version", None)
        contact = self.perform(actions.create_contact, facts.pop("organization"), **facts)
        return Response(self.get_serializer(contact).data, status.HTTP_201_CREATED)

    def partial_update(self, request: Request, pk: str) -> Response:
        """A new phone number or mail address waits in `changes` for a second person."""
        contact = self.get_object()
        facts = self.checked(instance=contact)
        facts.pop("organization", None)
        changed = self.perform(actions.change_contact, contact, **facts)
        return Response(self.get_serializer(changed).data)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def verify(self, request: Request, pk: str) -> Response:
        contact = self.perform(actions.verify_contact, self.get_object())
        return Response(self.get_serializer(contact).data)


class ChangeViewSet(DirectoryViewSet):
    """Changes that wait for somebody, and what became of the others."""

    model = Change
    serializer_class = ChangeSerializer

    def get_queryset(self) -> models.QuerySet[Any]:
        return Change.objects.shown_to(self.user).with_target()

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def agree(self, request: Request, pk: str) -> Response:
        change = self.perform(actions.agree_to_change, self.get_object())
        return Response(self.get_serializer(change).data)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, pk: str) -> Response:
        change = self.perform(actions.confirm_change, self.get_object())
        return Response(self.get_serializer(change).data)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def refuse(self, request: Request, pk: str) -> Response:
        change = self.perform(actions.refuse_change, self.get_object())
        return Response(self.get_serializer(change).data)


ROUTES = [
    ("contacts", ContactViewSet, "directory-contact"),
    ("changes", ChangeViewSet, "directory-change"),
]
