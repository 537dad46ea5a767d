"""One factory a model of the directory: required fields only."""

from datetime import time

import factory
from django.utils import timezone

from accounts.models import Organization, User
from directory.models import (
    AgeBandSet,
    Change,
    Contact,
    Cost,
    Language,
    Leaflet,
    LeafletEdition,
    OrganizationProfile,
    Place,
    RequiredDocument,
    Schedule,
    Service,
    ServiceType,
    Topic,
)


class EntryFactory(factory.django.DjangoModelFactory):
    class Meta:
        abstract = True

    code = factory.Sequence(lambda n: f"code-{n}")
    name_en = factory.Sequence(lambda n: f"Entry {n}")
    name_sr = factory.Sequence(lambda n: f"Unos {n}")


class LanguageFactory(EntryFactory):
    class Meta:
        model = Language


class TopicFactory(EntryFactory):
    class Meta:
        model = Topic


class ServiceTypeFactory(EntryFactory):
    class Meta:
        model = ServiceType

    category = ServiceType.Category.OTHER


class AgeBandSetFactory(EntryFactory):
    class Meta:
        model = AgeBandSet


class LeafletFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Leaflet

    code = factory.Sequence(lambda n: f"leaflet-{n}")
    title_en = "The way"
    title_sr = "Put"
    topic = factory.SubFactory(TopicFactory)


class LeafletEditionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = LeafletEdition

    leaflet = factory.SubFactory(LeafletFactory)
    language = factory.SubFactory(LanguageFactory)


class InstitutionFactory(factory.django.DjangoModelFactory):
    """An organization that the directory describes."""

    class Meta:
        model = Organization
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"INST-{n:04}")
    name_en = factory.Sequence(lambda n: f"Institution {n:04}")
    name_sr = factory.Sequence(lambda n: f"Ustanova {n:04}")
    type = Organization.Type.NGO
    profile = factory.RelatedFactory(
        "tests.directory.factories.ProfileFactory", factory_related_name="organization"
    )


class ProfileFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = OrganizationProfile

    kind = OrganizationProfile.Kind.NGO


class ServiceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Service
        skip_postgeneration_save = True

    organization = factory.SubFactory(InstitutionFactory)
    name_en = factory.Sequence(lambda n: f"Service {n}")
    name_sr = factory.Sequence(lambda n: f"Usluga {n}")

    @factory.post_generation
    def service_types(self, create, extracted):
        self.service_types.set(extracted or [ServiceTypeFactory()])

    @factory.post_generation
    def languages(self, create, extracted):
        self.languages.set(extracted or [])


class EditorFactory(factory.django.DjangoModelFactory):
    """Somebody who wrote an entry once, of no institution that anybody here belongs to."""

    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"editor{n}")
    name = "Edi Tor"
    organization = factory.SubFactory(InstitutionFactory)


class ContactFactory(factory.django.DjangoModelFactory):
    """A focal point that somebody verified."""

    class Meta:
        model = Contact

    organization = factory.SubFactory(InstitutionFactory)
    name = factory.Sequence(lambda n: f"Duty desk {n}")
    phone = "011 000 000"
    email = factory.Sequence(lambda n: f"desk{n}@institution.example")
    edited_by = factory.SubFactory(EditorFactory)
    verified_on = factory.LazyFunction(timezone.localdate)
    verified_by = factory.SubFactory(EditorFactory)


class ChangeFactory(factory.django.DjangoModelFactory):
    """A new phone number that waits for a second person."""

    class Meta:
        model = Change

    contact = factory.SubFactory(ContactFactory)
    organization = factory.SelfAttribute("contact.organization")
    field = "phone"
    old = factory.SelfAttribute("contact.phone")
    new = "011 111 111"
    state = Change.State.AGREED
    proposed_by = factory.SubFactory(EditorFactory)
    decided_by = factory.SelfAttribute("proposed_by")
    decided_at = factory.LazyFunction(timezone.now)


class PlaceFactory(factory.django.DjangoModelFactory):
    """A place that everybody may know of."""

    class Meta:
        model = Place

    organization = factory.SubFactory(InstitutionFactory)
    name_en = factory.Sequence(lambda n: f"Place {n}")
    name_sr = factory.Sequence(lambda n: f"Mesto {n}")
    municipality_id = "zemun"
    visibility = Place.Visibility.PUBLIC
    edited_by = factory.SubFactory(EditorFactory)


class ScheduleFactory(factory.django.DjangoModelFactory):
    """Monday morning."""

    class Meta:
        model = Schedule

    service = factory.SubFactory(ServiceFactory)
    weekday = 1
    opens = time(9)
    closes = time(12)


class CostFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Cost

    service = factory.SubFactory(ServiceFactory)
    name_en = "First talk"


class RequiredDocumentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = RequiredDocument

    service = factory.SubFactory(ServiceFactory)
    name_en = "Asylum card"
