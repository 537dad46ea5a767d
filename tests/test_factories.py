"""Each factory makes a row that its own model accepts."""

import pytest
from factory.django import DjangoModelFactory

from tests import factories

FACTORIES = [
    made
    for made in vars(factories).values()
    if isinstance(made, type)
    and issubclass(made, DjangoModelFactory)
    and made is not DjangoModelFactory
    and not made._meta.abstract
]


@pytest.mark.django_db
@pytest.mark.parametrize("made", FACTORIES, ids=lambda made: made.__name__)
def test_factory_makes_a_valid_row(made):
    row = made()

    row.full_clean(exclude=[field.name for field in row._meta.fields if field.null])
    assert type(row).objects.filter(pk=row.pk).exists()
