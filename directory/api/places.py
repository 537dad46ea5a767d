"""Where help is given, in the API: each reader gets the places she may know of."""

from typing import Any

from django.db import models
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Organization
from directory import actions
from directory.api.providers import DirectoryViewSet
from directory.models import Municipality, Place, Service


class PlaceSerializer(serializers.Serializer[Place]):
    id = serializers.UUIDField(read_only=True)
    organization = serializers.PrimaryKeyRelatedField(queryset=Organization.objects.all())
    name_en = serializers.CharField(max_length=120)
    name_sr = serializers.CharField(max_length=120)
    municipality = serializers.PrimaryKeyRelatedField(
        queryset=Municipality.objects.all(), allow_null=True, required=False
    )
    address = serializers.CharField(max_length=200, allow_blank=True, required=False)
    accessibility_en = serializers.CharField(max_length=300, allow_blank=True, required=False)
    accessibility_sr = serializers.CharField(max_length=300, allow_blank=True, required=False)
    visibility = serializers.ChoiceField(choices=Place.Visibility.choices, required=False)
    services = serializers.PrimaryKeyRelatedField(
        queryset=Service.objects.all(), many=True, required=False
    )
    version = serializers.IntegerField(required=False)


class PlaceViewSet(DirectoryViewSet):
    """Places of institutions, those that the caller may know of."""

    model = Place
    serializer_class = PlaceSerializer

    def get_queryset(self) -> models.QuerySet[Any]:
        return Place.objects.shown_to(self.user).prefetch_related("services")

    def create(self, request: Request) -> Response:
        facts = self.checked()
        facts.pop("version", None)
        place = self.perform(actions.create_place, facts.pop("organization"), **facts)
        return Response(self.get_serializer(place).data, status.HTTP_201_CREATED)

    def partial_update(self, request: Request, pk: str) -> Response:
        place = self.get_object()
        facts = self.checked(instance=place)
        facts.pop("organization", None)
        changed = self.perform(actions.change_place, place, **facts)
        return Response(self.get_serializer(changed).data)


ROUTES = [("places", PlaceViewSet, "place")]
