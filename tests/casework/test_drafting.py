from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent
from casework.models import FormDraft, Person
from casework.tasks import forget_unfinished
from tests import factories
from vault.models import DataKey

NEW = reverse("casework:receive_visitor")
KEPT = {"HTTP_X_DRAFT": "1", "HTTP_X_BACKGROUND": "1"}


def change(person):
    return reverse("casework:change_person", args=[person.pk])


@pytest.fixture
def desk(signed_in, caseworker):
    return signed_in(caseworker)


def keep(client, path, **typed):
    return client.post(path, typed, **KEPT)


def test_what_is_typed_comes_back_and_nothing_is_saved(desk, person):
    said = keep(desk, change(person), draft_version="0", handling_note="Only in writing", version=1)

    page = desk.get(change(person)).content.decode()
    assert said.json()["version"] == 1
    assert said.json()["said"].startswith("Saved as a draft ")
    assert "Only in writing" in page
    assert "You began this form on" in page
    person.refresh_from_db()
    assert (person.handling_note, person.version) == ("", 1)
    assert AuditEvent.objects.filter(verb="keep_form_draft").count() == 1


def test_it_is_sealed_with_her_key(desk, person):
    keep(desk, change(person), draft_version="0", handling_note="Only in writing")

    draft = FormDraft.objects.get()
    with connection.cursor() as cursor:
        cursor.execute("SELECT typed, path FROM casework_formdraft")
        sealed, path = cursor.fetchone()
    assert draft.data_key_id == person.data_key_id
    assert b"writing" not in bytes(sealed)
    assert path == "/people/{person}/change/"


def test_somebody_new_has_a_key_that_goes_with_the_draft(desk):
    keep(desk, NEW, draft_version="0", name="Zarmina Testowa", sex="female")
    draft = FormDraft.objects.get()
    assert draft.data_key_id == draft.pk
    page = desk.get(NEW).content.decode()
    assert "Zarmina Testowa" in page
    assert '<details class="mt4" open>' in page
    assert 'hx-trigger="load, change' in page

    response = desk.post(reverse("casework:drop_form_draft", args=[draft.pk]))

    assert response.url == NEW
    assert not FormDraft.objects.exists()
    assert not DataKey.objects.filter(pk=draft.pk).exists()
    assert "Zarmina Testowa" not in desk.get(NEW).content.decode()
    assert AuditEvent.objects.filter(verb="drop_form_draft").count() == 1


def test_saving_the_form_ends_the_draft(desk, case):
    notes = reverse("casework:notes", args=[case.pk])
    keep(desk, notes, draft_version="0", text="Came with her sister.")

    desk.post(notes, {"operation": str(uuid4()), "text": "Came with her sister."})

    assert not FormDraft.objects.exists()


def test_what_was_saved_already_is_not_kept_again(desk, case):
    notes = reverse("casework:notes", args=[case.pk])
    operation = str(uuid4())
    desk.post(notes, {"operation": operation, "text": "Came with her sister."})

    said = keep(desk, notes, draft_version="0", operation=operation, text="Came with her sister.")

    assert (said.status_code, said.json()["code"]) == (409, "saved")
    assert not FormDraft.objects.exists()


def test_older_tab_does_not_overwrite_the_later_one_unasked(desk, person):
    keep(desk, change(person), draft_version="0", handling_note="Second tab")

    said = keep(desk, change(person), draft_version="0", handling_note="First tab")

    assert (said.status_code, said.json()["code"]) == (409, "stale")
    assert FormDraft.objects.get().typed == {"handling_note": ["Second tab"]}

    keep(desk, change(person), draft_version="0", draft_anyway="1", handling_note="First tab")
    draft = FormDraft.objects.get()
    assert (draft.typed, draft.version) == ({"handling_note": ["First tab"]}, 2)


def test_draft_rests_on_the_version_it_was_typed_on(desk, person, colleague):
    facts = {"sex": "male", "language": "fa", "nationality": "AF", "version": "1"}
    keep(desk, change(person), draft_version="0", **facts)
    Person.objects.filter(pk=person.pk).update(version=2)

    page = desk.get(change(person)).content.decode()

    assert '<input type="hidden" name="version" value="1"' in page


def test_each_device_has_its_own_and_tells_of_the_other(signed_in, caseworker, person):
    first, second = signed_in(caseworker), signed_in(caseworker)
    first.cookies[settings.DEVICE_COOKIE_NAME] = "one"
    second.cookies[settings.DEVICE_COOKIE_NAME] = "two"
    keep(first, change(person), draft_version="0", handling_note="On the phone")
    keep(second, change(person), draft_version="0", handling_note="On the desk")

    page = second.get(change(person)).content.decode()

    assert FormDraft.objects.count() == 2
    assert "On the desk" in page
    assert "On the phone" not in page
    assert "You also began this form on another device" in page


def test_today_lists_them_for_their_writer_alone(desk, signed_in, colleague, person):
    keep(desk, change(person), draft_version="0", handling_note="Only in writing")

    assert "Unfinished forms" in desk.get("/").content.decode()
    assert "Unfinished forms" in desk.get(reverse("casework:unfinished")).content.decode()
    assert "Unfinished forms" not in signed_in(colleague).get("/").content.decode()
    assert "Only in writing" not in signed_in(colleague).get(change(person)).content.decode()


def test_nobody_else_throws_it_away(signed_in, colleague, coordinator, person):
    draft = factories.FormDraftFactory(person=person)

    for other in (colleague, coordinator):
        path = reverse("casework:drop_form_draft", args=[draft.pk])
        assert signed_in(other).post(path).status_code == 404
    assert FormDraft.objects.count() == 1


@pytest.mark.parametrize("who", ["partner", "donor", "director", "dpo"])
def test_who_works_with_nobody_keeps_nothing(request, signed_in, who):
    client = signed_in(request.getfixturevalue(who))

    assert keep(client, NEW, draft_version="0", handling_note="Anything").status_code == 403
    assert FormDraft.objects.count() == 0


def test_stranger_keeps_nothing_about_a_person(signed_in, stranger, person):
    said = keep(signed_in(stranger), change(person), draft_version="0", handling_note="x")

    assert said.status_code == 404
    assert not FormDraft.objects.exists()


@pytest.mark.parametrize("typed", [{"handling_note": "x" * 60_001}, {"draft_version": "0"}])
def test_too_long_and_empty_are_not_kept(desk, person, typed):
    keep(desk, change(person), **typed)

    assert not FormDraft.objects.exists()


def test_passwords_and_the_form_s_own_fields_are_left_out(desk, person):
    keep(desk, change(person), draft_version="0", password="secret", sex="male", then="next")

    assert FormDraft.objects.get().typed == {"sex": ["male"]}


def test_old_ones_are_forgotten_with_their_keys(caseworker):
    fresh = factories.FormDraftFactory()
    old = factories.FormDraftFactory(
        user=caseworker,
        saved_at=timezone.now() - timedelta(days=settings.FORM_DRAFT_DAYS, hours=1),
    )

    forget_unfinished()

    assert AuditEvent.objects.get(verb="sweep_form_drafts").listed == [old.pk]
    assert list(FormDraft.objects.values_list("pk", flat=True)) == [fresh.pk]
    assert DataKey.objects.filter(pk=old.person_id).exists()


def test_no_more_than_so_many_of_one_user(desk, caseworker, person, settings):
    settings.FORM_DRAFTS_MOST = 2
    for hours in (3, 2):
        saved_at = timezone.now() - timedelta(hours=hours)
        factories.FormDraftFactory(user=caseworker, saved_at=saved_at, path=f"/{hours}/")

    keep(desk, change(person), draft_version="0", sex="male")

    assert FormDraft.objects.filter(path="/3/").count() == 0
    assert FormDraft.objects.count() == 2
