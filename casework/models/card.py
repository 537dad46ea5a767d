"""A card with a number that tells nothing, by which somebody is found at the desk again."""

from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from casework.models.person import Person


class CardQuerySet(models.QuerySet["Card"]):
    def visible_to(self, user: User) -> Self:
        """Cards of the people whose operational record this user may see."""
        return self.filter(person__in=Person.objects.visible_to(user))

    def in_use(self) -> Self:
        return self.filter(state=Card.State.ACTIVE)


class Card(models.Model):
    """One card of one person. Its number stands on the paper and nowhere here: only its hash."""

    class State(models.TextChoices):
        ACTIVE = "active", _("In use")
        RETURNED = "returned", _("Given back")
        LOST = "lost", _("Lost")
        REPLACED = "replaced", _("Replaced")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="cards")
    number_hash = models.CharField(max_length=64, unique=True, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ACTIVE)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_on = models.DateField(_("in use until"), null=True, editable=False)

    objects = CardQuerySet.as_manager()

    class Meta:
        verbose_name = _("card")
        verbose_name_plural = _("cards")
        ordering = ["-issued_at"]
        permissions = [("issue_card", "Can issue and end cards")]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(state="active"),
                name="one_card_in_use_per_person",
                violation_error_message=_("This person has a card already."),
            ),
            models.CheckConstraint(
                name="card_ends_with_its_day",
                condition=Q(state="active", ended_on=None)
                | (~Q(state="active") & Q(ended_on__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_state_display())

    @property
    def is_in_use(self) -> bool:
        return self.state == self.State.ACTIVE
