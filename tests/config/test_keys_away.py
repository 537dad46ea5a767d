"""H08: the key ring is missing, wrong or unreadable while the house works."""

import base64
import json
import os
from pathlib import Path

import pytest
from django.urls import reverse

from casework.models import CaseNote, PersonIdentity
from tests import factories


def other_ring(path, version):
    key = base64.b64encode(os.urandom(32)).decode()
    path.write_text(json.dumps({"current": version, "kek": {str(version): key}, "search": key}))
    path.chmod(0o400)


def broken(path):
    path.write_text("{}")
    path.chmod(0o400)


RINGS = {
    "missing": lambda path: None,
    "wrong version": lambda path: other_ring(path, 7),
    "wrong key": lambda path: other_ring(path, 1),
    "broken": broken,
}


@pytest.fixture
def noted(case, caseworker):
    person = case.person
    person.handling_note = "Speak to her alone"
    person.save()
    factories.PersonIdentityFactory(person=person, data_key=person.data_key, name="Zahra Rahimi")
    return case


@pytest.mark.parametrize("kind", sorted(RINGS))
def test_H08_page_with_sealed_values_is_closed_and_others_go_on(
    noted, caseworker, signed_in, settings, tmp_path, kind, caplog
):
    browser = signed_in(caseworker)
    RINGS[kind](tmp_path / "ring")
    settings.KEY_RING_FILE = str(tmp_path / "ring")

    closed = browser.get(reverse("casework:person", args=[noted.person_id]))
    open_page = browser.get(reverse("casework:people"))

    assert (closed.status_code, open_page.status_code) == (503, 200)
    page = closed.content.decode()
    assert "the keys are away" in page
    assert "alone" not in page
    assert "sealed values cannot be opened" in caplog.text


def test_H08_nothing_is_stored_while_the_ring_is_away(
    noted, caseworker, signed_in, settings, tmp_path
):
    browser = signed_in(caseworker)
    address = reverse("casework:record_identity", args=[noted.person_id])
    form = browser.get(address).context["form"]
    told = {"name": "Somebody Else", "operation": form["operation"].value()}
    ring = settings.KEY_RING_FILE
    settings.KEY_RING_FILE = str(tmp_path / "none")

    answer = browser.post(address, told)

    settings.KEY_RING_FILE = ring
    assert answer.status_code == 503
    assert PersonIdentity.objects.get(person=noted.person_id).name == "Zahra Rahimi"
    assert CaseNote.objects.count() == 0
    assert browser.get(reverse("casework:person", args=[noted.person_id])).status_code == 200


def test_H08_machine_is_told_in_its_own_words(noted, caseworker, signed_in, settings, tmp_path):
    browser = signed_in(caseworker)
    settings.KEY_RING_FILE = str(tmp_path / "none")

    answer = browser.get(f"/api/v1/people/{noted.person_id}/")

    assert answer.status_code == 503
    assert answer.json()["code"] == "keys_away"


def test_H08_monitor_names_the_ring(client, db, settings):
    settings.KEY_RING_FILE = str(Path("/nowhere"))

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert "key ring" in answer.json()["missing"]
