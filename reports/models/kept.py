"""What stays of a record that was erased: figures, so that what was counted stays as it was.

The keys are new and random where nobody is left, the day is the first of its slice of time and
the age the lowest of its band: as coarse as counting the same again allows.
"""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reports.models.facts import OfNobody, OfPerson


class KeptFact(OfPerson):
    """What was counted for somebody whose record is gone, or whose case is."""

    class Meta(OfPerson.Meta):
        abstract = False
        managed = True
        verbose_name = _("kept fact")
        verbose_name_plural = _("kept facts")
        indexes = [models.Index(fields=["record"], name="kept_fact_by_record")]


class KeptCount(OfNobody):
    """Leaflets that were taken at visits whose records are gone."""

    class Meta(OfNobody.Meta):
        abstract = False
        managed = True
        verbose_name = _("kept count")
        verbose_name_plural = _("kept counts")


class Uncounted(models.Model):
    """Somebody who said no to being counted, and whose no went with the case it stood in."""

    person = models.UUIDField(primary_key=True)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("not counted")
        verbose_name_plural = _("not counted")

    def __str__(self) -> str:
        return str(self.person)
