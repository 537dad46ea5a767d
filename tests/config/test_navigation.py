import pytest
from django.test import RequestFactory
from django.urls import reverse

from config.navigation import navigation

MENUS = {
    "caseworker": [
        "/",
        "/cases/",
        "/visits/desk/",
        "/visits/",
        "/people/",
        "/screening/",
        "/outreach/",
        "/referrals/",
        "/directory/",
        "/emergency/",
        "/protection/",
        "/settings/interpreters/",
        "/exports/",
    ],
    "mobile": [
        "/",
        "/outreach/",
        "/visits/",
        "/cases/",
        "/people/",
        "/directory/",
        "/emergency/",
        "/protection/",
        "/settings/interpreters/",
    ],
    "operator": [
        "/",
        "/cases/",
        "/people/",
        "/directory/",
        "/emergency/",
        "/protection/",
        "/settings/interpreters/",
    ],
    "interpreter": [],
    "coordinator": [
        "/",
        "/cases/",
        "/visits/desk/",
        "/visits/",
        "/people/",
        "/outreach/",
        "/referrals/",
        "/directory/",
        "/outreach/trainings/",
        "/reports/",
        "/emergency/reviews/",
        "/protection/",
        "/settings/interpreters/",
        "/settings/visit-rules/",
        "/wordings/",
        "/screening/instruments/",
        "/settings/colleagues/",
        "/protection/anomalies/",
        "/protection/usage/",
        "/protection/dictionary/",
        "/exports/",
    ],
    "director": [
        "/directory/",
        "/reports/",
        "/protection/",
        "/screening/instruments/",
        "/protection/usage/",
        "/exports/register/",
    ],
    "partner": [
        "/partner/",
        "/directory/",
    ],
    "donor": [
        "/reports/",
    ],
    "dpo": [
        "/emergency/reviews/",
        "/protection/",
        "/wordings/",
        "/settings/roles/",
        "/protection/trail/",
        "/screening/events/",
        "/protection/anomalies/",
        "/protection/usage/",
        "/protection/dictionary/",
        "/exports/register/",
    ],
    "admin": [
        "/directory/",
        "/protection/",
        "/settings/users/",
        "/settings/colleagues/",
        "/settings/roles/",
        "/settings/tokens/",
        "/protection/dictionary/",
        "/admin/",
    ],
}


def menu(user, path="/"):
    request = RequestFactory().get(path)
    request.user = user
    return navigation(request)


@pytest.mark.parametrize("who", sorted(MENUS))
def test_menu_of_each_role_holds_what_the_role_may_open(request, signed_in, who):
    user = request.getfixturevalue(who)

    places = menu(user)["navigation"]

    assert [place["url"] for place in places] == MENUS[who]
    browser = signed_in(user)
    assert {place["url"]: browser.get(place["url"]).status_code for place in places} == {
        url: 302 if url == "/" and who in {"partner", "donor", "director"} else 200
        for url in MENUS[who]
    }


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/", ["/"]),
        ("/outreach/", ["/outreach/"]),
        ("/outreach/start/", ["/outreach/"]),
        ("/outreach/trainings/new/", ["/outreach/trainings/"]),
        ("/visits/here/", ["/visits/desk/"]),
        ("/people/tracing/", ["/people/"]),
        ("/settings/", []),
    ],
)
def test_one_place_at_most_is_the_current_one(coordinator, path, current):
    places = menu(coordinator, path)["navigation"]

    assert [place["url"] for place in places if place["current"]] == current


@pytest.mark.parametrize(
    ("who", "task"),
    [
        ("caseworker", "casework:new_visit"),
        ("coordinator", "casework:new_visit"),
        ("mobile", "outreach:start"),
    ],
)
def test_main_task_of_a_role_is_one_press_away(request, who, task):
    assert menu(request.getfixturevalue(who))["primary_action"]["url"] == reverse(task)


@pytest.mark.parametrize("who", ["operator", "partner", "donor", "admin"])
def test_others_have_no_main_task(request, who):
    assert menu(request.getfixturevalue(who))["primary_action"] is None


def test_search_is_for_those_who_work_with_cases(caseworker, donor):
    assert menu(caseworker)["find_url"] == reverse("casework:find")
    assert "find_url" not in menu(donor)


def test_theme_comes_from_the_person_and_before_sign_in_from_the_device(caseworker, client):
    caseworker.theme = "dim"

    assert menu(caseworker)["theme"] == "dim"
    client.cookies["theme"] = "dark"
    assert 'data-theme="dark"' in client.get("/login/").text


def test_demo_says_on_every_page_that_it_is_one(settings, client, admin):
    said = "All people and data here are invented"
    assert said not in client.get("/login/").text
    settings.DEMO = True

    assert said in client.get("/login/").text
