"""Roles that one person may not hold at the same time, each pair with its reason.

Source: separation of duties (ISO 27001 A.5.3); GDPR 38(6) for data protection.
"""

from collections.abc import Collection
from itertools import combinations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Role

Code = Role.Code
OF_CLIENTS = (Code.CASEWORKER, Code.PHONE_OPERATOR, Code.MOBILE, Code.INTERPRETER, Code.COORDINATOR)
OUTSIDE = (Code.PARTNER, Code.DONOR)

GIVES_RIGHTS = _("Whoever gives rights must not be able to give themself access to clients.")
CHECKS = _("Whoever checks how data is used must not check their own work.")
IS_OUTSIDE = _("Somebody of another institution has no role in the house.")


def _reasons() -> dict[frozenset[str], Promise | str]:
    pairs: dict[frozenset[str], Promise | str] = {}
    for code in OF_CLIENTS:
        pairs[frozenset({Code.ADMINISTRATOR, code})] = GIVES_RIGHTS
    for code in (*OF_CLIENTS, Code.ADMINISTRATOR, Code.LEADERSHIP):
        pairs[frozenset({Code.DATA_PROTECTION, code})] = CHECKS
    for outside in OUTSIDE:
        for code in Code:
            if code != outside:
                pairs[frozenset({outside, code})] = IS_OUTSIDE
    return pairs


EXCLUSIVE = _reasons()


def clash(codes: Collection[str]) -> Promise | str | None:
    """The reason why these roles may not be held together; None when they may."""
    pairs = (EXCLUSIVE.get(frozenset(pair)) for pair in combinations(sorted(set(codes)), 2))
    return next((reason for reason in pairs if reason is not None), None)


def belongs(code: str, *, is_house: bool) -> bool:
    """Whether somebody of such an organization may hold this role."""
    return (code in OUTSIDE) != is_house
