"""An instrument that a client may answer alone, and a tablet that goes to and fro."""

from copy import deepcopy

from django.conf import settings as conf
from django.urls import reverse

from accounts.engine import digest
from accounts.models import Session
from screening.alone import WORDS
from tests.screening.vectors import THB

CODE = "271828"
FIRST, END, BACK = "/questions/", "/questions/end/", "/questions/back/"
# The questions of the part that the definition below lets a client answer.
ASKED = [
    n for s in THB["sections"] if s["code"] == "dependence" for n in s["groups"][0]["indicators"]
]


def with_arabic(node):
    """The same definition with every text in an invented Arabic."""
    if isinstance(node, dict):
        if isinstance(node.get("en"), str) and set(node) <= {"en", "sr"} and len(node["en"]) > 8:
            return {**node, "ar": "نص " + node["en"]}
        return {key: with_arabic(value) for key, value in node.items()}
    return [with_arabic(value) for value in node] if isinstance(node, list) else node


def alone_definition():
    definition = with_arabic(deepcopy(THB))
    definition["translations"] = {"en": "source", "ar": "reviewed", "sr": "draft"}
    definition["client"] = {
        "sections": ["dependence"],
        "words": {name: {"en": text, "ar": "كلمة " + name} for name, text in WORDS.items()},
        "pictures": {ASKED[0]: "bed"},
    }
    return definition


DEFINITION = alone_definition()


def hand_over(client, talk, **changes):
    given = {"language": "ar", "code": CODE, "again": CODE, **changes}
    return client.post(reverse("screening:hand_over", args=[talk.pk]), given)


def row_of(client):
    return Session.objects.get(digest=digest(client.cookies[conf.SESSION_COOKIE_NAME].value))


def take_back(client, code=CODE):
    return client.post(BACK, {"code": code})
