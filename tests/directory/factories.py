"""One factory a model of the directory: required fields only."""

import factory

from accounts.models import Organization
from directory.models import (
    AgeBandSet,
    Language,
    Leaflet,
    LeafletEdition,
    OrganizationProfile,
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
