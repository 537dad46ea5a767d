"""A field is label, hint, error, control, wired for those who hear the page."""

import re

import pytest
from django.template import Context, Template

from accounts.samples import SampleForm


@pytest.fixture
def wrong():
    return SampleForm({"place": "moon"})


def test_field_says_label_hint_error_and_control_in_that_order(wrong):
    html = wrong["code"].as_field_group()

    places = [html.index(part) for part in ("<label", 'class="hint"', 'class="error', "<input")]
    assert places == sorted(places)


def test_every_description_a_control_names_is_on_the_page(wrong):
    html = "".join(field.as_field_group() for field in wrong)
    named = {
        word for ids in re.findall(r'aria-describedby="([^"]+)"', html) for word in ids.split()
    }

    assert named
    assert {each for each in named if f'id="{each}"' not in html} == set()


def test_wrong_control_says_so(wrong):
    assert 'aria-invalid="true"' in wrong["code"].as_field_group()
    assert "aria-invalid" not in SampleForm()["code"].as_field_group()


def test_group_of_controls_is_a_fieldset_with_a_legend(wrong):
    html = wrong["language"].as_field_group()

    assert "<fieldset" in html
    assert "<legend>Language used</legend>" in html
    assert html.count('type="radio"') == 4


def test_optional_field_is_marked():
    assert "(optional)" in SampleForm()["note"].as_field_group()
    assert "(optional)" not in SampleForm()["code"].as_field_group()


def test_hidden_field_has_no_label():
    form = SampleForm()
    form.fields["code"].widget = form.fields["code"].hidden_widget()

    assert form["code"].as_field_group().strip() == '<input type="hidden" name="code" id="id_code">'


def test_ticks_show_the_digit_that_ticks_them():
    html = SampleForm()["services"].as_field_group()

    assert re.findall(r"<kbd[^>]*>(\d)</kbd>", html) == ["1", "2", "3", "4"]
    assert "data-keys" in html


def test_choice_explains_itself():
    html = SampleForm()["reason"].as_field_group()

    assert html.count('class="hint"') == 1
    assert "Name it, so that the sender can go on today." in html


def test_summary_of_errors_leads_to_the_controls(wrong):
    wrong.is_valid()
    html = Template("{% load ui %}{% error_summary form %}").render(Context({"form": wrong}))
    fields = "".join(field.as_field_group() for field in wrong)
    targets = re.findall(r'href="#([^"]+)"', html)

    assert len(targets) == len(wrong.errors)
    assert {each for each in targets if f'id="{each}"' not in fields} == set()
    assert "answers need another look" in html


def test_general_error_stands_in_the_summary():
    form = SampleForm({})
    form.add_error(None, "This was answered already.")
    html = Template("{% load ui %}{% error_summary form %}").render(Context({"form": form}))

    assert "<b>This was answered already.</b>" in html


def test_form_without_errors_has_no_summary():
    html = Template("{% load ui %}{% error_summary form %}").render(Context({"form": SampleForm()}))

    assert html.strip() == ""
