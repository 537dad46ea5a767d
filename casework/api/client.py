"""What the resources about clients share: rows behind the gate, a trace of each answer."""

from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import VerbViewSet
from accounts.audit import record, record_list
from accounts.data_dictionary import entry_of
from accounts.levels import Level
from accounts.models import Team, User
from casework.models import Case, Interpreter, Person

M = TypeVar("M", bound=models.Model)


class PersonField(serializers.PrimaryKeyRelatedField[Person]):
    """A person the caller may see; any other one does not exist."""

    def get_queryset(self) -> QuerySet[Person]:
        return Person.objects.visible_to(self.context["request"].user)


@extend_schema_field(OpenApiTypes.UUID)
class CaseField(serializers.PrimaryKeyRelatedField[Case]):
    """A case the caller may see; any other one does not exist."""

    def get_queryset(self) -> QuerySet[Case]:
        return Case.objects.visible_to(self.context["request"].user)


@extend_schema_field(OpenApiTypes.UUID)
class InterpreterField(serializers.PrimaryKeyRelatedField[Interpreter]):
    """An interpreter of the caller's house."""

    def get_queryset(self) -> QuerySet[Interpreter]:
        return Interpreter.objects.visible_to(self.context["request"].user)


class OwnTeamField(serializers.PrimaryKeyRelatedField[Team]):
    """One of the caller's teams."""

    def get_queryset(self) -> QuerySet[Team]:
        return Team.objects.filter(  # type: ignore[return-value]  # Group's manager
            pk__in=self.context["request"].user.team_ids
        )


class ClientViewSet(VerbViewSet[M]):
    """A resource about clients.

    A subclass names the model and the serializer, its verbs in the audit trail, who may ask at
    all (`may_ask`), and by which ids a list can be narrowed (`narrow_by`).
    """

    lookup_value_regex = "[0-9a-f-]{36}"
    noun: str
    # The noun of more than one, where it is not the noun with an s.
    nouns = ""
    # What the gate of the resource promises of each row; fields above it are not sent.
    level = Level.OPERATIONAL
    narrow_by: tuple[str, ...] = ()

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        """Cut to the level of the gate, by the dictionary."""
        serializer = super().get_serializer(*args, **kwargs)
        told: Any = getattr(serializer, "child", serializer)
        for name, field in list(told.fields.items()):
            if not self._may_send(str(field.source or name)):
                told.fields.pop(name)
        return serializer

    def _may_send(self, source: str) -> bool:
        """Whether the column that a field reads is declared at this level, or is no column."""
        column = source.partition(".")[0].removesuffix("_id")
        declared = entry_of(self.model).fields.get(column)
        return declared is None or declared.level <= self.level

    def may_ask(self, user: User) -> bool:
        return user.has_perm("casework.view_cases")

    def check_permissions(self, request: Request) -> None:
        super().check_permissions(request)
        if not self.may_ask(self.user):
            raise PermissionDenied

    def list(self, request: Request) -> Response:
        rows = self.filter_queryset(self.get_queryset()).filter(**self._narrowed(request))
        page = self.paginate_queryset(rows) or []
        verb = f"list_{self.nouns or self.noun + 's'}"
        record_list(self.user, verb, self.model, [row.pk for row in page])
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def _narrowed(self, request: Request) -> dict[str, UUID]:
        """Filters by id. Raises ValidationError for what is no id."""
        wanted = {}
        for name in self.narrow_by:
            if name in request.query_params:
                field = serializers.UUIDField()
                wanted[name] = field.run_validation(request.query_params[name])
        return wanted

    def retrieve(self, request: Request, pk: str) -> Response:
        row = self.get_object()
        record(self.user, f"view_{self.noun}", row, case_id=self.case_of(row))
        return Response(self.told(row))

    def case_of(self, row: M) -> UUID | None:
        """The case whose file was opened by reading this row."""
        found: UUID | None = vars(row).get("case_id")
        return found

    def told(self, row: M) -> dict[str, Any]:
        return dict(self.get_serializer(row).data)

    def checked(
        self, serializer: type[serializers.Serializer[Any]], *, partial: bool = False
    ) -> dict[str, Any]:
        """What was sent, by the action's keywords; a part of the fields needs the version.

        Raises ValidationError by field.
        """
        context = self.get_serializer_context()
        given = serializer(data=self.request.data, context=context, partial=partial)
        given.is_valid(raise_exception=True)
        facts = dict(given.validated_data)
        if partial and "version" not in facts:
            raise serializers.ValidationError({"version": [_("Send the version you have read.")]})
        return facts

    def created(self, row: M) -> Response:
        return Response(self.told(self._read(row)), status=status.HTTP_201_CREATED)

    def changed(self, row: M) -> Response:
        return Response(self.told(self._read(row)))

    def _read(self, row: M) -> M:
        """The row as lists read it, with what its serializer needs."""
        return self.get_queryset().get(pk=row.pk)
