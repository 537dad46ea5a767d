"""What a password costs whoever guesses it: the one place where tests hash as the product does."""

import pytest
from django.contrib.auth.hashers import check_password, make_password

from tests.accounts.conftest import PASSWORD

FULL = "argon2$argon2id$v=19$m=65536,t=2,p=1$"


@pytest.mark.usefixtures("full_hashing")
def test_password_is_hashed_with_all_the_memory_that_was_decided():
    hashed = make_password(PASSWORD)

    assert hashed.startswith(FULL)
    assert check_password(PASSWORD, hashed)
    assert not check_password(f"{PASSWORD}s", hashed)


def test_password_that_was_hashed_with_less_is_hashed_anew_when_it_is_given(caseworker, request):
    caseworker.set_password(PASSWORD)
    caseworker.save()
    request.getfixturevalue("full_hashing")

    assert caseworker.check_password(PASSWORD)

    caseworker.refresh_from_db()
    assert caseworker.password.startswith(FULL)
