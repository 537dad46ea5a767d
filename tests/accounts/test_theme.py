import pytest

THEME = "/settings/theme/"


@pytest.mark.parametrize(
    ("told", "leads"),
    [
        ("/people/?a=1", "/people/?a=1"),
        # A word is an address beside this page, and no name of a route.
        ("home", "home"),
        ("nowhere", "nowhere"),
        ("", "/settings/"),
        ("//evil.example/", "/settings/"),
        ("https:evil.example", "/settings/"),
        ("\\\\evil.example", "/settings/"),
        ("javascript:alert(1)", "/settings/"),
        ("http://[", "/settings/"),
        ("\x00/people/", "/settings/"),
    ],
)
def test_chosen_colours_lead_back_and_never_away(signed_in, caseworker, told, leads):
    response = signed_in(caseworker).post(THEME, {"theme": "dark", "next": told})

    caseworker.refresh_from_db()
    assert caseworker.theme == "dark"
    assert (response.status_code, response.headers["Location"]) == (302, leads)


def test_colour_that_is_none_is_refused(signed_in, caseworker):
    response = signed_in(caseworker).post(THEME, {"theme": "green", "next": "/"})

    caseworker.refresh_from_db()
    assert response.status_code == 400
    assert caseworker.theme == "system"
