"""Files that were found clean, with their bytes on disk."""

import factory
from factory.django import DjangoModelFactory

from casework.models import CaseFile
from files.actions import put_away
from files.kinds import Media
from files.models import StoredFile
from tests.factories import AssignedCaseFactory
from tests.files import samples

PICTURE = samples.picture()


def stored(data_key, actor=None, content=PICTURE, media=Media.JPEG):
    row = put_away(content, data_key=data_key, media=media, actor=actor)
    row.kind = StoredFile.Kind.CASE
    row.name = "IMG_0001.JPG"
    row.save()
    return row


class CaseFileFactory(DjangoModelFactory):
    class Meta:
        model = CaseFile

    case = factory.SubFactory(AssignedCaseFactory)
    data_key = factory.SelfAttribute("case.data_key")
    stored_file = factory.LazyAttribute(lambda row: stored(row.data_key, row.case.owner))
    kind = CaseFile.Kind.DOCUMENT
    added_by = factory.SelfAttribute("case.owner")
