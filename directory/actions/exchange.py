"""Take in a directory that another system wrote as HSDS 3 JSON: all of it, or nothing."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, time
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import Organization, User
from directory.actions.changes import agree_at_once
from directory.hsds import DAYS, Document, ExchangeError, Row, at
from directory.models import (
    Contact,
    Cost,
    Language,
    Municipality,
    OrganizationProfile,
    Place,
    RequiredDocument,
    Schedule,
    Service,
    ServiceAtPlace,
    ServiceType,
)

M = TypeVar("M", bound=models.Model)
# {table: {"new", "changed", "same", "waits": how many rows}}
Counts = dict[str, Counter[str]]


def preview_document(document: Document, *, actor: User) -> Counts:
    """What taking a file in would do; nothing stays of it.

    Raises PermissionDenied, and ExchangeError that names the row.
    """
    with transaction.atomic():
        counts = _take(document, actor)
        transaction.set_rollback(True)
    return counts


@transaction.atomic
def import_document(document: Document, *, actor: User) -> Counts:
    """Create and change what a file says; what it does not name stays.

    Nothing is verified by it, no place becomes known to more people, and a new number or mail
    address of a known entry waits for a second person. Raises PermissionDenied, and
    ExchangeError, with nothing saved.
    """
    return _take(document, actor)


def _take(document: Document, actor: User) -> Counts:
    actor.require("directory.edit_organization")
    actor.require("directory.edit_service")
    return Taking(document, actor).run()


class Taking:
    """One run over the tables of a file, each after those that it names."""

    def __init__(self, document: Document, actor: User) -> None:
        self.tables, self.actor = document.tables, actor
        self.counts: Counts = {}

    def run(self) -> Counts:
        steps: Sequence[tuple[str, Callable[[Row], str]]] = [
            ("organization", self.organization),
            ("location", self.location),
            ("service", self.service),
            ("service_at_location", self.service_at_location),
            ("contact", self.contact),
        ]
        for table, step in steps:
            counts = self.counts[table] = Counter()
            for number, row in enumerate(self.tables[table], start=1):
                try:
                    counts[step(row)] += 1
                except ValidationError as error:
                    raise ExchangeError(at(table, number) + " ".join(error.messages)) from error
                except ValueError as error:
                    said = _("A day or a time is not on the calendar.")
                    raise ExchangeError(at(table, number) + said) from error
        return self.counts

    def of(self, table: str, key: str, pk: Any) -> list[Row]:
        """The rows of a table that belong to one row of another."""
        wanted = str(pk).lower()
        return [row for row in self.tables[table] if str(row.get(key) or "").lower() == wanted]

    def put(self, found: M | None, made: M, facts: Row) -> str:
        """Save a row with these facts where they differ: new, changed or same."""
        target = found or made
        if found and all(getattr(found, name) == value for name, value in facts.items()):
            return "same"
        if hasattr(target, "edited_by_id"):
            facts = {**facts, "edited_by": self.actor}
        for name, value in facts.items():
            setattr(target, name, value)
        if found and hasattr(target, "version"):
            target.version += 1
        if hasattr(target, "edited_at"):
            target.edited_at = timezone.now()
        target.full_clean()
        self.keep(target)
        record(self.actor, "import_row", target, fields=facts)
        return "changed" if found else "new"

    def keep(self, target: models.Model, *, as_new: bool = False) -> None:
        """Save; an id that is somebody else's is refused, known or not to this reader."""
        try:
            with transaction.atomic():
                target.save(force_insert=as_new)
        except IntegrityError as error:
            raise ValidationError(_("This id cannot be used.")) from error

    def organization(self, row: Row) -> str:
        key = UUID(row["id"])
        found = Organization.objects.select_for_update().filter(pk=key).first()
        names = {"name_en": row["name"], "name_sr": row.get("alternate_name") or row["name"]}
        code = row.get("x_code") or slugify(row["name"])[:20]
        made = Organization(pk=key, code=code, type=Organization.Type.NGO)
        facts = {**names, "type": row.get("x_type") or (found or made).type}
        first = self.put(found, made, facts)
        profile = OrganizationProfile.objects.filter(pk=key).first()
        blank = OrganizationProfile(pk=key, kind=OrganizationProfile.Kind.NGO)
        told = {
            "kind": row.get("x_kind") or (profile or blank).kind,
            "description_en": row.get("description") or "",
            "description_sr": row.get("x_description_sr") or "",
        }
        second = self.put(profile, blank, told)
        return first if first != "same" else second

    def location(self, row: Row) -> str:
        key = UUID(row["id"])
        found = Place.objects.shown_to(self.actor).select_for_update().filter(pk=key).first()
        place = next(iter(self.of("address", "location_id", key)), {})
        access = next(iter(self.of("accessibility", "location_id", key)), {})
        made = Place(pk=key, visibility=row.get("x_visibility") or Place.Visibility.STAFF)
        return self.put(
            found,
            made,
            {
                "organization": self.named(Organization, row["organization_id"]),
                "name_en": row["name"],
                "name_sr": row.get("alternate_name") or row["name"],
                "address": place.get("address_1") or "",
                "municipality": self.coded(Municipality, place.get("x_municipality")),
                "accessibility_en": access.get("description") or "",
                "accessibility_sr": access.get("x_description_sr") or "",
            },
        )

    def service(self, row: Row) -> str:
        key = UUID(row["id"])
        found = Service.objects.select_for_update().filter(pk=key).first()
        wait = row.get("wait_time")
        facts = {
            "organization": self.named(Organization, row["organization_id"]),
            "name_en": row["name"],
            "name_sr": row.get("alternate_name") or row["name"],
            "note_en": row.get("description") or "",
            "note_sr": row.get("x_description_sr") or "",
            "status": row["status"],
            "min_age": row.get("minimum_age"),
            "max_age": row.get("maximum_age"),
            "wait_days": int(wait.split()[0]) if wait else None,
            "sexes": row.get("x_sexes") or [],
            "residence": row.get("x_residence") or [],
            "is_referable": row.get("x_takes_referrals", found.is_referable if found else True),
        }
        phone = next(iter(self.of("phone", "service_id", key)), None)
        made = Service(pk=key)
        if phone and found is None:
            status = Service.PhoneStatus.UNCONFIRMED
            facts |= {"phone": phone["number"], "phone_status": status}
            facts["phone_source"] = phone.get("description") or ""
        state = self.put(found, made, facts)
        service = found or made
        if phone and found and phone["number"] != found.phone:
            agree_at_once(found, {"phone": phone["number"]}, actor=self.actor)
            state = "waits"
        linked = [self.link(service), self.lines(service)]
        return "changed" if state == "same" and any(linked) else state

    def link(self, service: Service) -> bool:
        """Languages, kinds and whom it serves, as far as the file has these tables."""
        spoken = self.of("language", "service_id", service.pk)
        served = self.of("service_area", "service_id", service.pk)
        terms = {row["id"].lower(): row["code"] for row in self.tables["taxonomy_term"]}
        kinds = [
            terms.get(row["taxonomy_term_id"].lower())
            for row in self.of("attribute", "link_id", service.pk)
        ]
        wanted: dict[str, Any] = {}
        if self.tables["language"]:
            wanted["languages"] = [self.coded(Language, row["code"]) for row in spoken]
        if self.tables["service_area"]:
            wanted["serves"] = [self.coded(Municipality, row["x_municipality"]) for row in served]
        if self.tables["attribute"]:
            wanted["service_types"] = [self.coded(ServiceType, code) for code in kinds if code]
        differs = False
        for name, rows in wanted.items():
            known = getattr(service, name)
            if {row.pk for row in known.all()} != {row.pk for row in rows}:
                known.set(rows)
                differs = True
        return differs

    def lines(self, service: Service) -> bool:
        """Hours, costs and papers: those of the file take the place of what was known."""
        costs = [
            self.cost(service, row) for row in self.of("cost_option", "service_id", service.pk)
        ]
        papers = [
            RequiredDocument(
                pk=UUID(row["id"]),
                service=service,
                name_en=row["document"],
                name_sr=row.get("x_document_sr") or "",
            )
            for row in self.of("required_document", "service_id", service.pk)
        ]
        hours = [
            line
            for row in self.of("schedule", "service_id", service.pk)
            for line in self.hours(service, row)
        ]
        places = [row["id"] for row in self.tables["location"]]
        # Hours at a place that the file does not name are no matter of the file.
        known = service.hours.filter(Q(place=None) | Q(place__in=places))
        return any(
            [
                self.replace("cost_option", service.costs.all(), costs),
                self.replace("required_document", service.documents.all(), papers),
                self.replace("schedule", known, hours),
            ]
        )

    def cost(self, service: Service, row: Row) -> Cost:
        amount = row.get("amount")
        return Cost(
            pk=UUID(row["id"]),
            service=service,
            name_en=row["option"],
            name_sr=row.get("x_option_sr") or "",
            amount=None if amount is None else Decimal(str(amount)).quantize(CENT),
            currency=row.get("currency") or "RSD",
        )

    def hours(self, service: Service, row: Row) -> list[Schedule]:
        at_place = row.get("service_at_location_id")
        places = {
            link["id"].lower(): UUID(link["location_id"])
            for link in self.tables["service_at_location"]
        }
        days = row["byday"].split(",")
        made = Schedule(
            service=service,
            place_id=places.get(at_place.lower()) if at_place else None,
            opens=time.fromisoformat(row["opens_at"][:5]),
            closes=time.fromisoformat(row["closes_at"][:5]),
            valid_from=date.fromisoformat(row["valid_from"]) if row.get("valid_from") else None,
            valid_until=date.fromisoformat(row["valid_to"]) if row.get("valid_to") else None,
        )
        return [
            Schedule(
                **{
                    "pk": UUID(row["id"]) if len(days) == 1 else None,
                    "weekday": DAYS.index(day) + 1,
                    **{name: getattr(made, name) for name in OF_HOURS},
                }
            )
            for day in days
        ]

    def replace(self, table: str, known: models.QuerySet[Any], wanted: Sequence[Any]) -> bool:
        """Whether the lines of a service became others."""
        if not self.tables[table]:
            return False

        def told(line: Any) -> tuple[Any, ...]:
            fields = [field for field in line._meta.fields if not field.primary_key]
            return tuple(getattr(line, field.attname) for field in fields)

        if sorted(map(str, map(told, known))) == sorted(map(str, map(told, wanted))):
            return False
        known.delete()
        for line in wanted:
            line.full_clean(validate_unique=False)
            self.keep(line, as_new=True)
        return True

    def service_at_location(self, row: Row) -> str:
        service = self.named(Service, row["service_id"])
        place = self.named(Place, row["location_id"])
        if service.organization_id != place.organization_id:
            raise ValidationError(_("Service and place are of two institutions."))
        if ServiceAtPlace.objects.filter(service=service, place=place).exists():
            return "same"
        ServiceAtPlace.objects.create(pk=UUID(row["id"]), service=service, place=place)
        return "new"

    def contact(self, row: Row) -> str:
        key = UUID(row["id"])
        found = Contact.objects.select_for_update().filter(pk=key).first()
        phone = next(iter(self.of("phone", "contact_id", key)), {}).get("number", "")
        guarded = {"phone": phone, "email": row.get("email") or ""}
        service = row.get("service_id")
        facts = {
            "organization": self.named(Organization, row["organization_id"]),
            "service": self.named(Service, service) if service else None,
            "name": row["name"],
            "position": row.get("title") or "",
            "role": row.get("x_role") or Contact.Role.FOCAL,
            "language": self.coded(Language, row.get("x_language")),
        }
        if found is None:
            return self.put(None, Contact(pk=key), {**facts, **guarded})
        state = self.put(found, found, facts)
        waits = {name: value for name, value in guarded.items() if value != getattr(found, name)}
        agree_at_once(found, waits, actor=self.actor)
        return "waits" if waits else state

    def named(self, model: type[M], key: str) -> M:
        """The row that a file names by its id."""
        rows = model._default_manager.filter(pk=UUID(key))
        if model is Place:
            rows = rows.filter(pk__in=Place.objects.shown_to(self.actor))
        found = rows.first()
        if found is None:
            raise ValidationError(_("%(key)s is neither here nor in the file.") % {"key": key})
        return found

    def coded(self, model: type[M], code: str | None) -> M | None:
        """The entry of one of our lists."""
        if not code:
            return None
        found = model._default_manager.filter(pk=code).first()
        if found is None:
            raise ValidationError(_("There is no entry %(code)s here.") % {"code": code})
        return found


CENT = Decimal("0.01")
OF_HOURS = ("service", "place_id", "opens", "closes", "valid_from", "valid_until")
