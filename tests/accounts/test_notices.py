"""Notices say that there is something, and nothing of what or of whom."""

import re
from pathlib import Path

import pytest
from django.urls import reverse

from accounts.models import Notice
from accounts.notices import CODES, UNKNOWN, lines, notify, said

ROOT = Path(__file__).resolve().parents[2]
FORBIDDEN = (
    "traffick",
    "victim",
    "violence",
    "abuse",
    "rape",
    "shelter",
    "survivor",
    "police",
    "migrant",
    "refugee",
    "trgovin",
    "žrtv",
    "nasilj",
)


@pytest.mark.parametrize("code", sorted(CODES))
def test_notice_is_one_neutral_sentence(code):
    words = str(CODES[code])

    assert re.fullmatch(r"[A-Z][^%{}<>\d!]+\.", words), words
    assert [word for word in FORBIDDEN if word in words.lower()] == []


def test_every_code_that_is_told_has_its_sentence():
    told = re.compile(r"\bnotify\(\s*(?:[^()\"]|\([^()]*\))*?\"(\w+)\"", re.DOTALL)
    apps = ("accounts", "files", "exports", "casework", "screening", "referrals", "protection")
    texts = [p.read_text() for app in apps for p in (ROOT / app).rglob("*.py")]

    assert {code for text in texts for code in told.findall(text)} - set(CODES) == set()


@pytest.mark.django_db
def test_notice_goes_once_to_each(caseworker, colleague):
    notify([caseworker, colleague, caseworker], "anomaly")

    assert Notice.objects.count() == 2


@pytest.mark.django_db
def test_code_of_another_version_is_said_neutrally():
    assert said("not_known_here") == UNKNOWN


@pytest.mark.django_db
def test_notice_leads_where_it_can(caseworker):
    notify([caseworker], "anomaly", url_name="notices")
    notify([caseworker], "anomaly", url_name="gone:place")
    notify([caseworker], "anomaly")

    assert {line.url for line in lines(Notice.objects.all())} == {reverse("notices"), ""}


def test_bell_says_what_is_new_and_reading_ends_it(caseworker, colleague, signed_in):
    notify([caseworker], "anomaly")
    notify([colleague], "case_assigned")
    client = signed_in(caseworker)

    page = client.get(reverse("notices")).content.decode()
    client.post(reverse("read_notices"))
    after = client.get(reverse("notices")).content.decode()

    assert "Notices, 1 new" in " ".join(page.split())
    assert "Something unusual happened" in page
    assert "A case was given to you" not in page
    assert "Notices, 1 new" not in " ".join(after.split())
    assert Notice.objects.get(user=colleague).read_at is None


@pytest.mark.parametrize("rows", [1, 3])
def test_list_costs_the_same_for_one_and_three(
    caseworker, signed_in, rows, django_assert_num_queries
):
    for _ in range(rows):
        notify([caseworker], "anomaly")
    client = signed_in(caseworker)

    with django_assert_num_queries(7):
        client.get(reverse("notices"))
