"""Organizations that work here or receive referrals, and the teams of those that work here."""

from uuid import uuid4

from django.contrib.auth.models import Group
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Organization(models.Model):
    """An institution or association (HSDS organization); a house keeps its own data here."""

    class Type(models.TextChoices):
        """Source: HTCDS 2.0, org_Type."""

        NGO = "NGO", _("NGO")
        LAW_ENFORCEMENT = "LawEnforcement", _("Law enforcement")
        HEALTH = "HealthServiceOrganisation", _("Health service")
        CENTRAL_GOVERNMENT = "CentralGovernmentOrganisation", _("Central government")
        LOCAL_GOVERNMENT = "LocalGovernmentOrganisation", _("Local government")
        IMMIGRATION = "ImmigrationService", _("Immigration service")
        LEGAL = "LegalService", _("Legal service")
        BUSINESS = "CorporateBusiness", _("Business")
        SCHOOL = "SchoolOrCollege", _("School or college")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    code = models.SlugField(max_length=20, unique=True)
    name_en = models.CharField(max_length=200)
    name_sr = models.CharField(max_length=200)
    type = models.CharField(max_length=40, choices=Type)
    is_house = models.BooleanField(default=False)

    class Meta:
        ordering = ["name_en"]
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.name_sr if (get_language() or "").startswith("sr") else self.name_en


class Team(Group):
    """People of one organization who share what is operational."""

    class Kind(models.TextChoices):
        HUB = "hub", _("Hub")
        MOBILE = "mobile", _("Mobile team")
        LINE = "line", _("Phone line")

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="teams")
    kind = models.CharField(max_length=10, choices=Kind)

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
