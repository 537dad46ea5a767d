"""Brings the tables in step with the reference files."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar
from uuid import NAMESPACE_URL, UUID, uuid5

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction

from accounts.models import Organization
from directory.lists import REFERENCE, ListError, Row, read_lists
from directory.models import (
    AgeBand,
    AgeBandSet,
    Area,
    DeclineReason,
    Dialect,
    District,
    Donor,
    Language,
    Leaflet,
    LeafletEdition,
    Municipality,
    Need,
    OrganizationProfile,
    Route,
    Service,
    ServiceType,
    Topic,
)

# In this order: a list comes after the lists that it names.
LISTS: dict[str, type[models.Model]] = {
    "languages": Language,
    "dialects": Dialect,
    "topics": Topic,
    "areas": Area,
    "districts": District,
    "municipalities": Municipality,
    "routes": Route,
    "service_types": ServiceType,
    "needs": Need,
    "decline_reasons": DeclineReason,
    "donors": Donor,
    "age_bands": AgeBandSet,
    "leaflets": Leaflet,
}
# Keys of a row that are no column of its table.
NESTED = {"bands", "editions", "services"}


M = TypeVar("M", bound=models.Model)
Counts = dict[str, int]


@transaction.atomic
def load_directory(folder: Path = REFERENCE) -> dict[str, Counts]:
    """Create what is new, change what differs, leave alone what somebody edited here.

    Returns counts of rows created, changed, kept and same for each file. Raises ListError, with
    nothing saved, when a file is broken or names what does not exist.
    """
    lists = read_lists(folder)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('load_directory'))")
    try:
        counts = _load(lists)
        connection.check_constraints()
    except IntegrityError as error:
        said = str(error).splitlines()[0]
        raise ListError(
            f"A row of the files collides with one that was added here: {said}."
        ) from error
    return counts


def _load(lists: dict[str, list[Row]]) -> dict[str, Counts]:
    counts = {}
    for name, model in LISTS.items():
        _check_links(model, lists[name], f"{name}.json")
        rows = [_columns(model, row) for row in lists[name]]
        counts[name] = _merge(model, "pk", rows, f"{name}.json")
    for row in lists["age_bands"]:
        _load_bands(row)
    _load_editions(lists["leaflets"])
    counts["institutions"] = _load_institutions(lists["institutions"])
    counts["services"] = _load_services(lists["institutions"])
    return counts


def _links(model: type[models.Model]) -> dict[str, Any]:
    """{column: list that it names an entry of}"""
    return {field.name: field.related_model for field in model._meta.fields if field.related_model}


def _check_links(model: type[models.Model], rows: Sequence[Row], where: str) -> None:
    for key, other in _links(model).items():
        named = {row["code"]: row[key] for row in rows if row.get(key) is not None}
        known = set(other._default_manager.values_list("pk", flat=True)) if named else set()
        for name, code in named.items():
            if code not in known:
                raise ListError(f"{where}, {name}: there is no {other._meta.verbose_name} {code}.")


def _columns(model: type[models.Model], row: Row) -> Row:
    """A row of a file as columns of its table: codes of other lists become foreign keys."""
    known = _links(model)
    columns = {key: value for key, value in row.items() if key not in {*NESTED, *known, "code"}}
    links = {f"{key}_id": row[key] for key in known if key in row}
    return {"pk": row["code"], **columns, **links}


def _merge(
    model: type[M],
    key: str,
    rows: Sequence[Row],
    where: str,
    names: Mapping[Any, str] | None = None,
) -> Counts:
    """Bring a table in step with rows of columns; `key` is the column that tells rows apart.

    `names` says what the file calls a row whose key it does not know.
    """
    known = {getattr(obj, key): obj for obj in model._default_manager.all()}
    new: list[M] = []
    changed: list[M] = []
    counts: Counter[str] = Counter(created=0, changed=0, kept=0, same=0)
    for row in rows:
        obj = known.get(row[key])
        if obj is None:
            new.append(model(**row))
            counts["created"] += 1
            continue
        state = _state(obj, row)
        counts[state] += 1
        if state == "changed":
            for column, value in row.items():
                setattr(obj, column, value)
            changed.append(obj)
    for obj in (*new, *changed):
        value = getattr(obj, key)
        _check_fields(obj, f"{where}, {(names or {}).get(value, value)}")
    model._default_manager.bulk_create(new)
    columns = sorted({column for row in rows for column in row} - {key, "pk"})
    if changed:
        model._default_manager.bulk_update(changed, columns)
    return dict(counts)


def _state(obj: models.Model, row: Row) -> str:
    if all(getattr(obj, column) == value for column, value in row.items()):
        return "same"
    return "kept" if _is_edited(obj) else "changed"


def _is_edited(obj: models.Model) -> bool:
    if isinstance(obj, Organization):
        return OrganizationProfile.objects.filter(pk=obj.pk, edited_at__isnull=False).exists()
    return getattr(obj, "edited_at", None) is not None


def _check_fields(obj: models.Model, where: str) -> None:
    """Lengths, choices and what a row alone must keep; other rows are not looked at."""
    links = [field.name for field in obj._meta.fields if field.is_relation]
    try:
        obj.clean_fields(exclude=links)
        for constraint in obj._meta.constraints:
            if isinstance(constraint, models.CheckConstraint):
                constraint.validate(type(obj), obj)
    except ValidationError as error:
        column = f"{next(iter(error.error_dict))}: " if hasattr(error, "error_dict") else ""
        raise ListError(f"{where}: {column}{error.messages[0]}") from error


def _load_bands(row: Row) -> None:
    known = AgeBand.objects.filter(age_band_set=row["code"])
    bands = [tuple(band) for band in row["bands"]]
    if list(known.order_by("min_age").values_list("min_age", "max_age")) == bands:
        return
    try:
        known.delete()
    except models.ProtectedError as error:
        where = f"age_bands.json, {row['code']}"
        raise ListError(f"{where}: counted with already; add a new set instead.") from error
    AgeBand.objects.bulk_create(
        AgeBand(age_band_set_id=row["code"], min_age=first, max_age=last) for first, last in bands
    )


def _load_editions(rows: Sequence[Row]) -> None:
    """Add languages in which a leaflet has no edition yet; later versions are added by hand."""
    known = set(LeafletEdition.objects.values_list("leaflet", "language"))
    _check_languages([(row["code"], row["editions"]) for row in rows], "leaflets.json")
    LeafletEdition.objects.bulk_create(
        LeafletEdition(leaflet_id=row["code"], language_id=language)
        for row in rows
        for language in row["editions"]
        if (row["code"], language) not in known
    )


def _check_languages(named: Sequence[tuple[str, list[str]]], where: str) -> None:
    known = set(Language.objects.values_list("pk", flat=True))
    for name, languages in named:
        for code in languages:
            if code not in known:
                raise ListError(f"{where}, {name}: there is no language {code}.")


def _load_institutions(rows: Sequence[Row]) -> Counts:
    where = "institutions.json"
    columns = ["code", "name_en", "name_sr", "type"]
    _merge(Organization, "code", [{c: row[c] for c in columns} for row in rows], where)
    ids = dict(Organization.objects.values_list("code", "pk"))
    profiles = [
        {"pk": ids[row["code"]], **{c: v for c, v in row.items() if c not in {*columns, *NESTED}}}
        for row in rows
    ]
    names = {pk: code for code, pk in ids.items()}
    return _merge(OrganizationProfile, "pk", profiles, where, names)


def service_id(organization: str, service_type: str) -> UUID:
    """The same service keeps its id wherever and whenever the files are loaded."""
    return uuid5(NAMESPACE_URL, f"casework:directory/{organization}/{service_type}")


def _load_services(institutions: Sequence[Row]) -> Counts:
    where = "institutions.json"
    ids = dict(Organization.objects.values_list("code", "pk"))
    types = ServiceType.objects.in_bulk()
    offers = [
        (institution["code"], row)
        for institution in institutions
        for row in institution["services"]
    ]
    _check_languages([(code, offer["languages"]) for code, offer in offers], where)
    rows = []
    for code, offer in offers:
        if offer["type"] not in types:
            raise ListError(f"{where}, {code}: there is no kind of service {offer['type']}.")
        columns = {c: v for c, v in offer.items() if c not in {"type", "languages"}}
        columns |= {"pk": service_id(code, offer["type"]), "organization_id": ids[code]}
        columns |= {
            "name_en": types[offer["type"]].name_en,
            "name_sr": types[offer["type"]].name_sr,
        }
        rows.append(columns)
    placed = list(zip(rows, offers, strict=True))
    names = {row["pk"]: f"{code}, {offer['type']}" for row, (code, offer) in placed}
    counts = _merge(Service, "pk", rows, where, names)
    _link_services([(row["pk"], offer) for row, (_, offer) in placed])
    return counts


def _link_services(offers: Sequence[tuple[UUID, Row]]) -> None:
    """Give services their kinds and languages, except those that somebody edited here."""
    ours = Service.objects.filter(pk__in=[pk for pk, _ in offers], edited_at=None)
    untouched = set(ours.values_list("pk", flat=True))
    offers = [(pk, offer) for pk, offer in offers if pk in untouched]
    kinds = {(pk, offer["type"]) for pk, offer in offers}
    spoken = {(pk, code) for pk, offer in offers for code in offer["languages"]}
    _link(Service.service_types.through, "servicetype_id", kinds, untouched)
    _link(Service.languages.through, "language_id", spoken, untouched)


def _link(through: Any, column: str, wanted: set[tuple[UUID, str]], services: set[UUID]) -> None:
    known = set(through.objects.filter(service__in=services).values_list("service_id", column))
    for service, code in known - wanted:
        through.objects.filter(**{"service_id": service, column: code}).delete()
    through.objects.bulk_create(
        through(**{"service_id": service, column: code}) for service, code in wanted - known
    )
