"""Who works here under which promise: roles, agreements, training and their ends (DP-49)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch
from django.utils import timezone

from accounts.models import AgreementAcceptance, RoleAssignment, User


@dataclass(frozen=True)
class Member:
    """One person of the house, what she signed and until when it holds."""

    user: User
    roles: str
    signed: list[AgreementAcceptance]
    has_run_out: bool

    @property
    def trained_on(self) -> date | None:
        return self.user.trained_on


def staff_of(user: User) -> Iterable[Member]:
    """Everybody of the same organization who may sign in, by name."""
    today = timezone.localdate()
    signed = AgreementAcceptance.objects.select_related("agreement").order_by("-at")
    held = RoleAssignment.objects.in_force().select_related("role")
    people = (
        User.objects.filter(organization=user.organization_id, is_active=True)
        .prefetch_related(
            Prefetch("acceptances", queryset=signed),
            Prefetch("role_assignments", queryset=held, to_attr="held"),
        )
        .order_by("name")
    )
    for one in people:
        latest: dict[str, AgreementAcceptance] = {}
        for row in one.acceptances.all():
            latest.setdefault(row.agreement.kind, row)
        ends = [row.expires_on for row in latest.values() if row.expires_on]
        yield Member(
            user=one,
            roles=", ".join(sorted({str(row.role) for row in one.held})),
            signed=list(latest.values()),
            has_run_out=not latest or any(day < today for day in ends),
        )
