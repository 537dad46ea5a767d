import pytest

from accounts.models import AuditEvent


@pytest.fixture
def office(signed_in, coordinator):
    return signed_in(coordinator)


def words(response):
    return " ".join(response.text.split())


def verbs():
    return list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True))
