"""The frame of every page, and the pages that stand when nothing else does."""

import re

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from accounts.samples import SampleForm, sample_context
from tests.design.sources import PAGES, ROOT, name

ERRORS = ["400", "403", "404", "413", "500"]


@pytest.mark.parametrize("status", ERRORS)
def test_error_page_stands_without_a_request(status):
    html = render_to_string(f"{status}.html")

    assert html.count("<h1>") == 1
    assert title(html).endswith(" – Casework")


def test_title_says_that_something_is_wrong():
    right = render_to_string("design/components.html", sample_context(SampleForm()))
    wrong = render_to_string("design/components.html", sample_context(SampleForm({})))

    assert title(right) == "Components – Casework"
    assert title(wrong) == "Error: Components – Casework"


def title(html):
    return " ".join(re.search(r"<title>(.*?)</title>", html, re.DOTALL)[1].split())


def test_page_says_its_language_and_direction():
    with translation.override("sr-latn"):
        html = render_to_string("design/components.html", sample_context(SampleForm()))

    assert re.search(r'<html lang="sr-latn"\s+dir="ltr"', html)


def test_demo_says_on_every_frame_that_its_data_is_invented():
    context = sample_context(SampleForm()) | {"demo": True}
    told = "All people and data here are invented."
    pages = ["design/components.html", "partner_base.html", "account/logout.html"]

    assert [page for page in pages if told not in render_to_string(page, context)] == []


def test_every_button_and_link_of_the_components_has_a_name():
    html = render_to_string("design/components.html", sample_context(SampleForm({})))
    controls = re.findall(r"<(button|a)\b([^>]*)>(.*?)</\1>", html, re.DOTALL)
    nameless = [
        attributes
        for _, attributes, inner in controls
        if "aria-label" not in attributes + inner
        and not re.sub(r"<[^>]+>", "", inner).strip()
        and "count-btn" not in attributes
    ]

    assert len(controls) > 20
    assert nameless == []


def test_every_id_of_the_components_is_there_once():
    html = render_to_string("design/components.html", sample_context(SampleForm({})))
    ids = re.findall(r'\sid="([^"]+)"', html)

    assert sorted({each for each in ids if ids.count(each) > 1}) == []


@pytest.mark.usefixtures("caseworker")
def test_sign_in_page_is_open_and_keeps_its_words_short(client):
    response = client.get("/login/")

    assert response.status_code == 200
    assert title(response.text) == "Sign in – Casework"
    assert "Username" in response.text


@pytest.mark.usefixtures("caseworker")
def test_wrong_sign_in_tells_nothing_about_who_exists(client):
    response = client.post("/login/", {"login": "nobody", "password": "nothing-of-the-kind"})

    assert title(response.text) == "Error: Sign in – Casework"
    assert 'role="alert"' in response.text


def whole(path):
    """A page with what it includes; a verb's form is a heading only where it is the page."""
    text = path.read_text()
    for included in re.findall(r'\{% include "([^"]+)"[^%]*%\}', text):
        form = included == "casework/_verb_form.html"
        text += "" if form else whole(ROOT / "templates" / included)
    return text


def test_every_page_has_a_heading():
    framed = re.compile(r'\{% extends "(?:base|partner_base|gate)\.html" %\}')
    heading = re.compile(r"<h1\b|is_page=True")
    frames = {"templates/error.html", "templates/gate.html"}
    pages = [path for path in PAGES if framed.search(path.read_text()) and name(path) not in frames]

    assert len(pages) > 50
    assert [name(path) for path in pages if not heading.search(whole(path))] == []
