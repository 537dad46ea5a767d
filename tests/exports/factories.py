"""Lines of the register, each in a state that it can be in."""

from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.spreadsheets import Sheet, xlsx
from exports.models import Export
from files.actions import put_away
from files.kinds import Media
from tests.factories import HouseFactory, UserFactory, make_key


class ExportFactory(DjangoModelFactory):
    """One that waits for a second person."""

    class Meta:
        model = Export

    organization = factory.SubFactory(HouseFactory)
    requested_by = factory.SubFactory(
        UserFactory, role="coordinator", organization=factory.SelfAttribute("..organization")
    )
    kind = Export.Kind.CASES
    purpose = Export.Purpose.SUPERVISION
    label = Export.Label.CONFIDENTIAL
    format = Export.Format.LOCKED_XLSX
    state = Export.State.WAITING


def ready(export, content=b"CANARY-content", media=Media.XLSX):
    """The same export with its file made."""
    export.data_key = export.data_key or make_key(export.pk)
    export.file = put_away(content, data_key=export.data_key, media=media, actor=None)
    export.state, export.made_at = Export.State.READY, timezone.now()
    export.expires_at = export.made_at + timedelta(hours=24)
    export.rows, export.columns = 1, ["code"]
    export.save()
    return export


class LockedExportFactory(ExportFactory):
    """One that was approved, made and locked; who asked for it fetches it or locks it anew."""

    class Meta:
        model = Export
        skip_postgeneration_save = True

    @factory.post_generation
    def locked(self, create, extracted, **kwargs):
        ready(self, content=xlsx([Sheet("cases", [["code"]])]))
        self.locked_file = put_away(
            b"CANARY-locked", data_key=self.data_key, media=Media.XLSX, actor=None
        )
        self.save(update_fields=["locked_file"])
