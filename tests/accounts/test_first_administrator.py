import pytest
from django.core.management import call_command
from django.urls import reverse

from accounts.actions import setup_code
from accounts.models import AuditEvent, Organization, User

FIRST = "/first/"


def filled(**changes):
    return {
        "code": setup_code(),
        "organization": "Example House",
        "team": "Hub",
        "name": "Ada Min",
        "username": "ada",
        "password": "a sentence nobody guesses",
        **changes,
    }


@pytest.mark.django_db
def test_empty_installation_asks_for_its_administrator(client):
    assert client.get(reverse("account_login")).headers["Location"] == FIRST
    assert client.get(FIRST).status_code == 200


@pytest.mark.django_db
def test_code_of_the_server_makes_the_administrator(client):
    client.post(FIRST, filled())

    user = User.objects.get()
    assert (user.username, user.organization.name_en, user.has_role("administrator")) == (
        "ada",
        "Example House",
        True,
    )
    assert user.check_password("a sentence nobody guesses")
    assert AuditEvent.objects.get().verb == "make_first_administrator"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changes",
    [{"code": "000000000000"}, {"password": "short"}, {"username": "a b"}, {"organization": ""}],
)
def test_what_is_wrong_is_said_and_nothing_is_made(client, changes):
    response = client.post(FIRST, filled(**changes))

    assert response.status_code == 200
    assert response.context["form"].errors
    assert not User.objects.exists()
    assert not Organization.objects.filter(is_house=True).exists()


@pytest.mark.django_db
def test_page_is_gone_once_somebody_exists(client, caseworker):
    assert client.get(FIRST).status_code == 404
    assert client.post(FIRST, filled()).status_code == 404
    assert User.objects.count() == 1


@pytest.mark.django_db
def test_code_is_shown_on_the_server(capsys):
    call_command("setup_code")

    assert capsys.readouterr().out.strip() == setup_code()
