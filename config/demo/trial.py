"""An installation to attack: every kind of caller, two of everything, a canary in every text."""

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import models
from django.utils import timezone

from accounts.actions.tokens import create_api_token
from accounts.data_dictionary import entry_of
from accounts.models import Role, RoleAssignment, User
from casework.models import Case, CaseBlock, CaseFile, SoughtRelative
from casework.models.emergency import EmergencyAccess
from config.api import known_scopes
from config.demo.canaries import client_models, plant
from config.demo.house import agree
from config.demo.papers import add_paper
from files.models import StoredFile

# {persona: login}; the ones that the demo lacks are made here.
PERSONAS = {
    "CW1": "caseworker",
    "CW2": "caseworker2",
    "CW3": "caseworker3",
    "OUT": "outsider",
    "MO": "mobile",
    "OP": "operator",
    "IN": "interpreter",
    "CO1": "coordinator",
    "CO2": "coordinator-b",
    "LE": "director",
    "DPO": "dpo",
    "RE": "donor",
    "IT": "admin",
    "PU": "partner",
    "PU2": "partner2",
    "EX": "left-us",
}
OF_EACH = 2


@dataclass
class Caller:
    """How a tester signs in as one persona."""

    login: str
    password: str
    totp: str


def prepare(password: str) -> dict[str, Any]:
    """Make callers and relations, plant canaries; what a tester has to know, as plain values."""
    _make_missing(password)
    callers = {name: _caller(login, password) for name, login in PERSONAS.items()}
    cases = _relations()
    objects: dict[str, dict[str, list[str]]] = {}
    canaries: dict[str, str] = {}
    for relation, found in cases.items():
        _furnish(found)
        rows = {m._meta.label_lower: _of(m, found) for m in client_models()}
        for of_model in rows.values():
            canaries |= plant(of_model, first=len(canaries) + 1)
        objects[relation] = {name: [str(row.pk) for row in of] for name, of in rows.items() if of}
    _token, text = create_api_token(
        User.objects.get(username=PERSONAS["CW1"]),
        label="trial",
        scopes=sorted(known_scopes()),
        days=1,
        known_scopes=known_scopes(),
    )
    return {
        "personas": {name: asdict(caller) for name, caller in callers.items()},
        "token": text,
        "objects": objects,
        "canaries": canaries,
    }


def _make_missing(password: str) -> None:
    for login, like, role in (
        ("coordinator-b", "outsider", Role.Code.COORDINATOR),
        ("left-us", "caseworker", Role.Code.CASEWORKER),
    ):
        other = User.objects.get(username=like)
        user, is_new = User.objects.get_or_create(
            username=login,
            defaults={"name": login.title(), "organization": other.organization},
        )
        if is_new:
            user.set_password(password)
            user.save()
            user.teams.set(other.teams.all())
            RoleAssignment.objects.create(user=user, role=Role.objects.get(code=role))
    yesterday = timezone.localdate() - timedelta(days=1)
    agree()
    User.objects.filter(username="left-us").update(leaves_on=yesterday)


def _caller(login: str, password: str) -> Caller:
    user = User.objects.get(username=login)
    Authenticator.objects.filter(user=user).delete()
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return Caller(login, password, secret)


def _relations() -> dict[str, list[Case]]:
    """{relation: cases}: two of each, told apart by who may see them."""
    own = list(_cases("caseworker")[: 4 * OF_EACH])
    parts = [own[n : n + OF_EACH] for n in range(0, len(own), OF_EACH)]
    found = dict(zip(("hub1", "sealed", "blocked", "archived"), parts, strict=True))
    found["hub2"] = list(_cases("caseworker3")[:OF_EACH])
    found["house2"] = list(_cases("outsider")[:OF_EACH])
    keys = {name: [case.pk for case in of] for name, of in found.items()}
    today = timezone.localdate()
    Case.objects.filter(pk__in=keys["sealed"]).update(is_sealed=True)
    Case.objects.filter(pk__in=keys["archived"]).update(archived_on=today)
    for case in found["archived"]:
        case.person.archived_on = today
        case.person.save(update_fields=["archived_on"])
    caseworker = User.objects.get(username="caseworker")
    coordinator = User.objects.get(username="coordinator")
    for case in found["blocked"]:
        CaseBlock.objects.get_or_create(
            case=case,
            user=caseworker,
            lifted_at=None,
            defaults={"reason": CaseBlock.Reason.INVOLVED, "blocked_by": coordinator},
        )
    return found


def _furnish(cases: list[Case]) -> None:
    """A paper, a sought relative, a request for emergency access, which few invented cases have."""
    colleague = User.objects.get(username="caseworker2")
    for number, case in enumerate(cases):
        if not case.files.exists():
            add_paper(case, CaseFile.Kind.DOCUMENT, "Trial", case.owner, number)
        SoughtRelative.objects.create(
            person=case.person,
            data_key=case.person.data_key,
            kin=SoughtRelative.Kin.SIBLING,
            recorded_by=case.owner,
        )
        EmergencyAccess.objects.create(
            organization=case.organization,
            asked_by=colleague,
            case=case,
            data_key=case.person.data_key,
            category=EmergencyAccess.Category.HERE_NOW,
            state=EmergencyAccess.State.WAITING,
        )


def _cases(login: str) -> "models.QuerySet[Case]":
    user = User.objects.get(username=login)
    return Case.objects.filter(owner=user, archived_on=None).select_related("person").order_by("pk")


def _of(model: type[models.Model], cases: list[Case]) -> list[models.Model]:
    """Two rows of a model that hang on these cases or their people."""
    entry = entry_of(model)
    if model is Case:
        return [*cases]
    if model is StoredFile:  # knows no case; what names it does
        files = CaseFile.objects.filter(case__in=cases).select_related("stored_file__data_key")
        return [file.stored_file for file in files[:OF_EACH]]
    path, keys = entry.of_case, [case.pk for case in cases]
    if not path:
        path, keys = entry.of_person, [case.person_id for case in cases]
    if not path:
        return []
    return [*model._default_manager.filter(**{f"{path}__in": keys}).order_by("pk")[:OF_EACH]]
