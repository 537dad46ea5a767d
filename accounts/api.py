"""What every part of the API shares: pages, errors, and writes that happen once."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import NAMESPACE_URL, UUID, uuid5

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import models
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, serializers, status
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView, set_rollback
from rest_framework.viewsets import GenericViewSet

from accounts.actions import perform_once
from accounts.models import User
from vault.keys import key_provider
from vault.middleware import is_gone

M = TypeVar("M", bound=models.Model)
R = TypeVar("R", bound=models.Model)

CONFLICTS = {"stale", "reused", "answered"}


class Pages(CursorPagination):
    """Pages by cursor; `page_size` at most 100. The view names its `ordering`."""

    page_size = 25
    page_size_query_param = "page_size"
    max_page_size = 100
    ordering = "-pk"

    def get_ordering(self, request: Request, queryset: Any, view: Any) -> tuple[str, ...]:
        # Asked before the cursor is read: its place is a value of the first field.
        ordering = tuple(view.ordering)
        name, meta = ordering[0].lstrip("-"), queryset.model._meta
        self.field = meta.pk if name == "pk" else meta.get_field(name)
        return ordering

    def decode_cursor(self, request: Request) -> Cursor | None:
        """Where the page begins. Raises NotFound for a place that no row can have."""
        cursor = super().decode_cursor(request)
        if (
            cursor is not None
            and cursor.position is not None
            and not self._is_place(str(cursor.position))
        ):
            raise exceptions.NotFound(self.invalid_cursor_message)
        return cursor

    def _is_place(self, position: str) -> bool:
        """Whether a row could stand there: a value of the field; of moments, one told in UTC."""
        try:
            place = self.field.to_python(position)
        except (ValueError, ValidationError):
            return False
        if isinstance(place, datetime):
            return place.utcoffset() == timedelta(0)
        return "\0" not in position


class VerbViewSet(GenericViewSet[M]):
    """A viewset whose writes are actions; `Idempotency-Key` makes one effect of two calls."""

    # What the resource is about; the schema is derived from it.
    model: type[M]
    pagination_class = Pages
    ordering: tuple[str, ...] = ("-pk",)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        # The database has no such text, so there is nothing to look for.
        if any("\0" in text for texts in request.query_params.lists() for text in texts[1]):
            raise exceptions.ParseError

    @property
    def queryset(self) -> models.QuerySet[M]:  # type: ignore[override]  # read by the schema only
        return self.model._default_manager.none()

    @property
    def user(self) -> User:
        user = self.request.user
        if not isinstance(user, User):
            raise exceptions.NotAuthenticated
        return user

    def perform(self, action: Callable[..., R], *targets: models.Model, **keywords: Any) -> R:
        """Run an action as the caller, once per `Idempotency-Key`."""
        told = f"{self.request.method} {self.request.path} {self.request.body.hex()}"
        return perform_once(
            self._operation_id(),
            action.__name__,
            lambda: action(*targets, **keywords, actor=self.user),
            actor=self.user,
            fingerprint=key_provider().blind("operation", told).hex(),
        )

    def _operation_id(self) -> UUID | None:
        key = self.request.headers.get("Idempotency-Key")
        return uuid5(NAMESPACE_URL, f"{self.user.pk} {key}") if key else None


class MomentField(serializers.DateTimeField):
    """A moment; one at the ends of the calendar is refused instead of failing on its time zone."""

    def to_internal_value(self, value: Any) -> datetime:
        try:
            return super().to_internal_value(value)
        except OverflowError:
            self.fail("overflow")


def answer_error(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """One form for every refusal: `{"type", "code", "detail", "fields"}`."""
    answer = _translate(error)
    if answer is None:
        return None
    set_rollback()
    code, kind, detail, fields = answer
    body = {"type": _type(code), "code": kind, "detail": detail, "fields": fields}
    return Response(body, status=code)


Answer = tuple[int, str, str, dict[str, Any]]


def _translate(error: Exception) -> Answer | None:
    if isinstance(error, ValidationError):
        return _from_action(error)
    if isinstance(error, Http404) or is_gone(error):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if not isinstance(error, exceptions.APIException):
        return None
    if isinstance(error, exceptions.ValidationError):
        fields = error.detail if isinstance(error.detail, dict) else {"": error.detail}
        detail = _("Some fields need another look.")
        return error.status_code, "invalid", detail, dict(fields)
    kind = error.get_codes()
    return error.status_code, str(kind), str(error.detail), {}


def _from_action(error: ValidationError) -> Answer:
    """A refusal of an action: 409 when somebody was first, else 400 with fields."""
    if hasattr(error, "error_dict"):
        fields = {
            ("" if name == NON_FIELD_ERRORS else name): [m for e in errors for m in e.messages]
            for name, errors in error.error_dict.items()
        }
        return status.HTTP_400_BAD_REQUEST, "invalid", error.messages[0], fields
    kind = str(error.code or "invalid") if hasattr(error, "code") else "invalid"
    code = status.HTTP_409_CONFLICT if kind in CONFLICTS else status.HTTP_400_BAD_REQUEST
    return code, kind, " ".join(error.messages), {}


def _type(code: int) -> str:
    kinds = {401: "authentication", 403: "permission", 404: "not_found", 409: "conflict"}
    return kinds.get(code, "client_error" if code < 500 else "server_error")


def authed(view: APIView) -> User:
    """The signed-in user of an API view. Raises NotAuthenticated for anybody else."""
    if not isinstance(view.request.user, User):
        raise exceptions.NotAuthenticated
    return view.request.user
