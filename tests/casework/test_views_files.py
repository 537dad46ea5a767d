import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.levels import Level
from accounts.models import AuditEvent, OutboxJob
from casework.models import CaseEvent, CaseFile
from files import actions
from files.models import StoredFile
from tests.factories import CaseAccessFactory
from tests.files import samples
from tests.files.factories import CaseFileFactory
from tests.files.shelves import on_disk, own_shelf

State = StoredFile.State


def page_of(case):
    return reverse("casework:files", args=[case.pk])


def door(row, verb="open_file"):
    return reverse(f"casework:{verb}", args=[row.pk])


def send(client, case, content=None, name="IMG_0001.JPG", declared="image/jpeg", **fields):
    upload = SimpleUploadedFile(name, content or samples.photo_with_place(), declared)
    given = {
        "kind": "photo",
        "label": "CANARY-label",
        "level": Level.NARRATIVE.value,
        "file": upload,
    }
    return client.post(page_of(case), given | fields)


@pytest.fixture(autouse=True)
def shelf(settings, tmp_path):
    return own_shelf(settings, tmp_path)


@pytest.fixture
def row(case):
    """A file of the case that was found clean."""
    return CaseFileFactory(case=case, label="Paper of the clinic")


def test_a_file_is_added_and_waits(case, caseworker, signed_in):
    answer = send(signed_in(caseworker), case, keep_original="on")

    assert answer.status_code == 302
    row = CaseFile.objects.select_related("data_key", "stored_file__data_key").get()
    assert (row.kind, row.label, row.level) == ("photo", "CANARY-label", Level.NARRATIVE)
    assert row.stored_file.state == State.QUARANTINE
    assert row.has_original
    assert AuditEvent.objects.filter(verb="add_file", case_id=case.pk, note="photo").exists()
    assert case.events.filter(code=CaseEvent.Code.FILE_ADDED, level=Level.NARRATIVE).exists()
    assert OutboxJob.objects.filter(event="file_stored").count() == 1


def test_the_page_shows_what_there_is_and_its_state(case, caseworker, signed_in, row):
    send(signed_in(caseworker), case)

    text = signed_in(caseworker).get(page_of(case)).text

    assert "Paper of the clinic" in text
    assert "Being checked" in text
    assert door(row) in text
    assert AuditEvent.objects.filter(verb="list_files").latest("pk").listed


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"<svg onload='a'>", "a.jpg", "The file is not what its name says."),
        (b"MZ" + bytes(50), "a.exe", "We take photos"),
        (None, "a.php.jpg", "The file name has two endings."),
    ],
)
def test_D02_what_is_refused_is_said_and_nothing_is_stored(
    case,
    caseworker,
    signed_in,
    shelf,
    content,
    name,
    said,
):
    answer = send(signed_in(caseworker), case, content=content, name=name)

    assert said in answer.text
    assert on_disk(shelf) == []
    assert not CaseFile.objects.exists()


def test_D02_an_empty_file_and_none_are_said(case, caseworker, signed_in):
    client = signed_in(caseworker)
    given = {"kind": "photo", "level": Level.NARRATIVE.value}

    empty = client.post(page_of(case), given | {"file": SimpleUploadedFile("a.jpg", b"")})

    assert "The file is empty." in empty.text
    assert "Choose a file." in client.post(page_of(case), given).text


def test_D02_more_than_one_file_of_the_largest_size_is_not_even_read(case, caseworker, signed_in):
    answer = signed_in(caseworker).post(
        page_of(case),
        {"file": SimpleUploadedFile("a.jpg", bytes(21_500_000), "image/jpeg")},
    )

    assert answer.status_code in {400, 413}
    assert not CaseFile.objects.exists()


def test_D02_a_little_too_large_is_said(case, caseworker, signed_in):
    content = samples.picture() + bytes(20_000_000)

    answer = send(signed_in(caseworker), case, content=content)

    assert "The file is larger than 20 MB." in answer.text


def test_the_same_form_twice_is_one_file(case, caseworker, signed_in):
    client = signed_in(caseworker)
    operation = "0192b1a4-0000-7000-8000-000000000001"

    send(client, case, operation=operation)
    send(client, case, operation=operation)

    assert CaseFile.objects.count() == 1


def test_the_same_form_with_another_file_is_no_second_click(case, caseworker, signed_in):
    client = signed_in(caseworker)
    operation = "0192b1a4-0000-7000-8000-000000000001"
    send(client, case, operation=operation)

    answer = send(client, case, operation=operation, content=samples.picture(size=(9, 9)))

    assert answer.status_code == 200
    assert CaseFile.objects.count() == 1


def test_nothing_is_added_to_a_closed_case(case, caseworker, signed_in):
    type(case).objects.update(status="Closed", closed_on=case.opened_on, closure_reason="done")

    assert "This case is closed." in send(signed_in(caseworker), case).text
    assert not CaseFile.objects.exists()


def test_who_may_not_see_restricted_parts_adds_none(case, caseworker, signed_in):
    answer = send(signed_in(caseworker), case, level=Level.RESTRICTED.value)

    assert "so you cannot add one" in answer.text
    assert not CaseFile.objects.exists()


def test_D06_a_file_is_handed_out_in_a_sandbox_under_a_neutral_name(caseworker, signed_in, row):
    StoredFile.objects.get(pk=row.stored_file_id)
    row.stored_file.name = 'a".html\u202egpj\r\nX: y.jpg'
    row.stored_file.save()

    answer = signed_in(caseworker).get(door(row))

    name = f"file-{row.stored_file_id.hex[:8]}.jpg"
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.content == actions.contents(row.stored_file)
    event = AuditEvent.objects.get(verb="open_file")
    assert (event.actor, event.case_id, event.note) == (caseworker, row.case_id, "document")


def test_A12_another_persons_file_is_not_there(stranger, colleague, coordinator, signed_in, row):
    for user in (stranger, colleague, coordinator):
        client = signed_in(user)
        assert client.get(door(row)).status_code == 404
        assert client.get(door(row), headers={"Range": "bytes=0-3"}).status_code == 404
        assert client.get(door(row, "remove_file")).status_code == 404
    assert not AuditEvent.objects.filter(verb="open_file").exists()


def test_A12_nobody_outside_reaches_a_file(client, partner, donor, signed_in, row):
    assert client.get(door(row)).status_code == 302
    assert signed_in(partner).get(door(row)).status_code == 404
    assert signed_in(donor).get(door(row)).status_code == 404


def test_A12_no_path_leads_to_the_disk(caseworker, signed_in, row):
    client, place = signed_in(caseworker), row.stored_file.place
    paths = [
        f"/media/{place}",
        f"/files/{place}",
        f"/static/../files/{place[:2]}/{place}",
        f"/static/%2e%2e/files/{place[:2]}/{place}",
        f"/files/{place[:2]}/{place}",
        f"/case-files/{row.stored_file_id}/open/",
    ]

    assert {client.get(path).status_code for path in paths} == {404}
    answer = client.get(door(row), headers={"X-Accel-Redirect": f"/{place}"})
    assert "X-Accel-Redirect" not in answer.headers


@pytest.mark.parametrize(
    ("asked", "status", "part", "told"),
    [
        ("bytes=0-3", 206, slice(0, 4), "bytes 0-3/{size}"),
        ("bytes=5-", 206, slice(5, None), "bytes 5-{last}/{size}"),
        ("bytes=-4", 206, slice(-4, None), "bytes {four}-{last}/{size}"),
        ("bytes=99999999-", 416, slice(0, 0), "bytes */{size}"),
        ("bytes=0-1,3-4", 200, slice(None), ""),
        ("bytes=-", 200, slice(None), ""),
        ("lines=1", 200, slice(None), ""),
    ],
)
def test_A12_a_part_is_handed_out_to_whom_the_whole_would_be(
    caseworker, signed_in, row, asked, status, part, told
):
    whole = actions.contents(row.stored_file)

    answer = signed_in(caseworker).get(door(row), headers={"Range": asked})

    size = len(whole)
    said = told.format(size=size, last=size - 1, four=size - 4)
    assert answer.status_code == status
    assert answer.content == whole[part]
    assert answer.headers.get("Content-Range", "") == said


def test_A12_access_that_ended_ends_the_way_to_the_file(case, caseworker, signed_in, row):
    client = signed_in(caseworker)
    assert client.get(door(row)).status_code == 200

    case.access.all().delete()

    assert client.get(door(row)).status_code == 404


@pytest.mark.parametrize("state", [State.QUARANTINE, State.REFUSED, State.REMOVED])
def test_D04_what_was_not_found_clean_is_never_served(caseworker, signed_in, row, state):
    place = row.stored_file.place if state == State.QUARANTINE else ""
    StoredFile.objects.filter(pk=row.stored_file_id).update(state=state, place=place)

    assert signed_in(caseworker).get(door(row)).status_code == 404
    assert door(row) not in signed_in(caseworker).get(page_of(row.case)).text


def test_restricted_files_are_there_only_for_who_may_read_everything(
    case, caseworker, coordinator, signed_in
):
    row = CaseFileFactory(case=case, level=Level.RESTRICTED, label="CANARY-restricted")
    assert "CANARY-restricted" not in signed_in(caseworker).get(page_of(case)).text
    assert signed_in(caseworker).get(door(row)).status_code == 404

    CaseAccessFactory(content_object=case, user=caseworker, level=Level.RESTRICTED)

    assert "CANARY-restricted" in signed_in(caseworker).get(page_of(case)).text
    assert signed_in(caseworker).get(door(row)).status_code == 200


def test_a_coordinator_sees_that_files_are_kept_back(case, coordinator, signed_in, row):
    text = signed_in(coordinator).get(page_of(case)).text

    assert "Files are kept back" in text
    assert "Paper of the clinic" not in text


def test_who_reads_the_story_without_the_right_adds_nothing(case, coordinator, signed_in):
    CaseAccessFactory(content_object=case, user=coordinator)

    assert send(signed_in(coordinator), case).status_code == 403
    assert not CaseFile.objects.exists()


def test_a_file_is_removed_after_a_second_question(
    case,
    caseworker,
    signed_in,
    row,
    shelf,
    django_capture_on_commit_callbacks,
):
    client = signed_in(caseworker)
    assert "Remove this file?" in client.get(door(row, "remove_file")).text

    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(door(row, "remove_file"))

    assert answer.status_code == 302
    assert not CaseFile.objects.exists()
    assert StoredFile.objects.get().state == State.REMOVED
    assert on_disk(shelf) == []
    assert case.events.filter(code=CaseEvent.Code.FILE_REMOVED).exists()
    assert AuditEvent.objects.filter(verb="remove_file", case_id=case.pk).exists()


def test_a_file_with_an_original_stays(case, caseworker, signed_in, row):
    other = CaseFileFactory(case=case)
    StoredFile.objects.filter(pk=row.stored_file_id).update(original=other.stored_file)

    answer = signed_in(caseworker).post(door(row, "remove_file"))

    assert "The original of this file is kept as evidence." in answer.text
    assert CaseFile.objects.filter(pk=row.pk).exists()


def test_who_only_reads_removes_nothing(case, coordinator, signed_in, row):
    CaseAccessFactory(content_object=case, user=coordinator)

    assert signed_in(coordinator).post(door(row, "remove_file")).status_code == 403
    assert CaseFile.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_the_same_for_one_and_three(
    case, caseworker, signed_in, number, django_assert_num_queries
):
    CaseFileFactory.create_batch(number, case=case)
    client = signed_in(caseworker)
    client.get(page_of(case))

    with django_assert_num_queries(18):
        client.get(page_of(case))


def test_the_api_tells_of_files_and_hands_none_out(case, caseworker, stranger, signed_in, row):
    told = signed_in(caseworker).get(f"/api/v1/files/?case={case.pk}").json()["results"]

    assert [(one["id"], one["state"], one["label"]) for one in told] == [
        (str(row.pk), "clean", "Paper of the clinic")
    ]
    assert signed_in(stranger).get(f"/api/v1/files/{row.pk}/").status_code == 404
    assert signed_in(stranger).get("/api/v1/files/").json()["results"] == []


TYPES = {
    "photo.jpg": ("image/jpeg", samples.photo_with_place, "image/jpeg"),
    "photo.png": ("image/png", lambda: samples.picture("PNG"), "image/png"),
    "photo.webp": ("image/webp", lambda: samples.picture("WEBP"), "image/webp"),
    "photo.heic": ("image/heic", samples.heic, "image/jpeg"),
    "paper.pdf": ("application/pdf", samples.document, "application/pdf"),
    "letter.docx": (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        samples.letter,
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    "voice.m4a": ("audio/mp4", samples.recording, "audio/mp4"),
    "voice.opus": ("audio/ogg", samples.opus, "audio/ogg"),
}


@pytest.mark.parametrize("name", TYPES)
def test_each_kind_goes_in_by_the_page_and_comes_out_clean(case, caseworker, signed_in, name):
    declared, make, handed = TYPES[name]
    page = signed_in(caseworker)

    answer = send(page, case, make(), name, declared)
    row = CaseFile.objects.select_related("stored_file").get()
    actions.check_file(row.stored_file_id, lambda: True)
    opened = page.get(door(row))

    assert answer.status_code == 302
    assert (opened.status_code, opened.headers["Content-Type"]) == (200, handed)
    assert b"CANARY" not in opened.content
