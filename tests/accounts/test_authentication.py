import json

import pytest
from django.test import Client


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/api/v1/people/", "/api/schema/"])
def test_anonymous_is_asked_who_she_is(client, path):
    response = client.get(path)

    assert response.status_code == 401
    assert set(response.json()) == {"type", "code", "detail", "fields"}


def test_schema_is_served_to_who_signed_in(signed_in, caseworker):
    schema = json.loads(signed_in(caseworker).get("/api/schema/").content)

    assert "/api/v1/instruments/{code}/assess/" in schema["paths"]


def test_write_without_the_csrf_token_is_refused(caseworker):
    client = Client(enforce_csrf_checks=True)
    client.force_login(caseworker, backend="accounts.backends.RoleBackend")

    response = client.post("/api/v1/people/", "{}", content_type="application/json")

    assert response.status_code == 403
