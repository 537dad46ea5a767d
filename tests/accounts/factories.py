"""Rows of the ground floor that hang on no client."""

import factory
from factory.django import DjangoModelFactory

from accounts.models import PushSubscription
from tests.factories import UserFactory


class PushSubscriptionFactory(DjangoModelFactory):
    """A browser in which nobody is signed in at the moment."""

    class Meta:
        model = PushSubscription

    user = factory.SubFactory(UserFactory)
    digest = factory.Sequence(lambda n: f"{n:064x}")
    name = "Firefox|Windows"

    @classmethod
    def _create(cls, model, *args, **fields):
        row = model(*args, **fields)
        row.close({"endpoint": "https://push.example/one", "p256dh": "", "auth": ""})
        row.save(force_insert=True)
        return row
