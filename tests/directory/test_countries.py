from django.utils.translation import override
from django_countries import countries

from directory.countries import EXTRA_COUNTRIES, NOT_KNOWN, STATELESS


def test_iso_3166_is_whole_and_ours_are_added():
    assert len(dict(countries)) == 249 + 3
    assert {STATELESS, NOT_KNOWN, "XK"} <= set(dict(countries))


def test_added_codes_are_those_that_iso_leaves_to_the_user():
    added = set(EXTRA_COUNTRIES) - {"LV", "MK", "WS"}

    assert all("XA" <= code <= "XZ" for code in added)


def test_no_two_countries_have_one_name_in_serbian():
    with override("sr-latn"):
        names = [str(name) for _, name in countries]

    assert sorted(n for n in set(names) if names.count(n) > 1) == []
