"""Earlier versions of rows: kept by triggers, whoever writes and by whatever way.

A version is the row as it was before a change or its removal, column by column: what was sealed
stays sealed. `actor_id` and `request_id` are those of the transaction that ended the version; for
rows that open a door the first version is written down as well. Decision and reasons:
docs/decisions/0022-row-history.md.
"""

from collections.abc import Iterable
from typing import Any, Self, cast

import pghistory
from django.db import models
from django.db.models.functions import Cast, Coalesce, NullIf
from django.utils.translation import gettext_lazy as _
from pghistory.models import Event

from accounts.models.user import Role, RoleAssignment, User


def _told(name: str) -> NullIf:
    """What the transaction was told under this name; nothing where it was told nothing."""
    setting = models.Func(
        models.Value(name),
        models.Value(True),
        function="current_setting",
        output_field=models.TextField(),
    )
    return NullIf(setting, models.Value(""))


class HistoryQuerySet(models.QuerySet["HistoryRow"]):
    def visible_to(self, user: User) -> Self:
        """Versions of the rows that this user may see as they are now."""
        gate = getattr(self.model.pgh_tracked_model._default_manager, "visible_to", None)
        return self.none() if gate is None else self.filter(pgh_obj__in=gate(user))


class HistoryRow(Event):
    """One earlier version of one row, and who ended it."""

    pgh_id = models.BigAutoField(primary_key=True)
    actor_id = models.UUIDField(
        null=True, db_default=Cast(_told("app.uid"), models.UUIDField()), editable=False
    )
    request_id = models.CharField(
        max_length=36, db_default=Coalesce(_told("app.request"), models.Value("")), editable=False
    )

    objects = HistoryQuerySet.as_manager()  # type: ignore[assignment, misc]  # not pghistory's

    pgh_tracked_model: type[models.Model]  # type: ignore[assignment]  # None of its base only

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.pgh_label} {self.pgh_created_at:%Y-%m-%d}"


def keep_history(
    tracked: type[models.Model],
    *,
    exclude: Iterable[str] = (),
    inserts: bool = False,
) -> type[HistoryRow]:
    """A table of the earlier versions of a model's rows, and the triggers that fill it.

    With `inserts` the first version is written down too, for rows that open a door.
    """
    trackers: list[Any] = [
        pghistory.UpdateEvent("changed", row=pghistory.Old),
        pghistory.DeleteEvent("removed", row=pghistory.Old),
    ]
    if inserts:
        trackers.append(pghistory.InsertEvent("added"))
    label, name = tracked._meta.app_label, tracked.__name__
    made = pghistory.create_event_model(
        tracked,
        *trackers,
        exclude=list(exclude),
        obj_field=pghistory.ObjForeignKey(related_name="history", db_index=False),
        context_field=None,  # type: ignore[arg-type]  # allowed, and said in its documentation
        append_only=False,  # by right: erasure and a change of keys reach into it, as the worker
        model_name=f"{name}History",
        app_label=label,
        base_model=HistoryRow,
        abstract=False,
        meta={
            "db_table": f"{tracked._meta.db_table}_event",
            "verbose_name": tracked._meta.verbose_name,
            "verbose_name_plural": tracked._meta.verbose_name_plural,
            "indexes": [
                models.Index(
                    fields=["pgh_obj", "-pgh_id"], name=f"{label}_{name.lower()}"[:22] + "_history"
                )
            ],
        },
    )
    return cast(type[HistoryRow], made)


def histories() -> list[type[HistoryRow]]:
    return HistoryRow.__subclasses__()


UserHistory = keep_history(
    User, exclude=["password", "last_login", "theme", "language"], inserts=True
)
RoleAssignmentHistory = keep_history(RoleAssignment, inserts=True)


class RolePermission(Role.permissions.through):  # type: ignore[name-defined, misc]  # made by Django
    """Which role has which function: the rows that Django keeps for it, under a name of ours."""

    class Meta:
        proxy = True
        verbose_name = _("function of a role")
        verbose_name_plural = _("functions of roles")


RolePermissionHistory = keep_history(RolePermission, inserts=True)
