"""The only table with names. All of it is sealed with the person's key."""

import re
from typing import Self
from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from casework.models.person import Person
from vault.fields import DataKeyField, SealedTextField

# Between two names in a field that holds several.
BETWEEN_NAMES = re.compile(r"[;,/|\n،؛]+")


def names_in(name: str, others: str) -> list[str]:
    """Every name and spelling that is recorded; one field holds one, the other several."""
    written = [name, *BETWEEN_NAMES.split(others)]
    return [each for each in written if each.strip()]


class PersonIdentityQuerySet(models.QuerySet["PersonIdentity"]):
    def visible_to(self, user: User) -> Self:
        """Identities of people to one of whose cases this user has access at that level."""
        return self.filter(person__in=Person.objects.named_for(user))


class PersonIdentity(models.Model):
    """What a person is called and how she can be reached; each part is optional."""

    class Reason(models.TextChoices):
        """Why somebody asks to see it."""

        CONTACT = "contact", _("To contact the person")
        REFERRAL = "referral", _("To prepare a referral that was agreed to")
        CHECK = "check", _("To check that this is the right person")
        CORRECT = "correct", _("To correct the record")
        OTHER = "other", _("Another reason")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.OneToOneField(Person, models.CASCADE, related_name="identity")
    data_key = DataKeyField()
    name = SealedTextField(verbose_name=_("name"))
    other_names = SealedTextField(verbose_name=_("other names and spellings"))
    birth_date = SealedTextField(verbose_name=_("date of birth"))
    phone = SealedTextField(verbose_name=_("phone"))
    email = SealedTextField(verbose_name=_("e-mail"))
    document = SealedTextField(verbose_name=_("document"))
    address = SealedTextField(verbose_name=_("where she stays"))
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = PersonIdentityQuerySet.as_manager()

    class Meta:
        verbose_name = _("identity")
        verbose_name_plural = _("identities")

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def names(self) -> list[str]:
        """Every name and spelling that is recorded."""
        return names_in(self.name, self.other_names)
