"""What this database is for: invented people or real ones, never both."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Installation(models.Model):
    """The one row that says what lives here; written with the first people."""

    class Kind(models.TextChoices):
        DEMO = "demo", _("Invented people")
        REAL = "real", _("Real people")

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    kind = models.CharField(max_length=10, choices=Kind)
    since = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("installation")
        verbose_name_plural = _("installations")
        constraints = [models.CheckConstraint(name="one_installation", condition=models.Q(id=1))]

    def __str__(self) -> str:
        return self.get_kind_display()
