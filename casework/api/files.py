"""Files of cases in the API: that they are there and in which state; contents leave by the page."""

from django.db.models import QuerySet
from rest_framework import serializers

from accounts.levels import Level
from casework.api.client import ClientViewSet
from casework.models import CaseFile


class CaseFileSerializer(serializers.ModelSerializer[CaseFile]):
    case = serializers.UUIDField(source="case_id")
    label = serializers.CharField()  # type: ignore[assignment]  # also a serializer's own name
    state = serializers.CharField(source="stored_file.state")
    reason = serializers.CharField(source="stored_file.reason")
    media = serializers.CharField(source="stored_file.media")
    size = serializers.IntegerField(source="stored_file.size")

    class Meta:
        model = CaseFile
        fields = [
            "id",
            "case",
            "kind",
            "label",
            "level",
            "state",
            "reason",
            "media",
            "size",
            "added_at",
        ]


class CaseFileViewSet(ClientViewSet[CaseFile]):
    """List and read; a file is added and opened by a person at a page."""

    model = CaseFile
    noun = "file"
    level = Level.NARRATIVE
    serializer_class = CaseFileSerializer
    ordering = ("-added_at", "pk")
    narrow_by = ("case",)

    def get_queryset(self) -> QuerySet[CaseFile]:
        return CaseFile.objects.visible_to(self.user).with_content()
