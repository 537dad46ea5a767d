"""Questions read aloud: taken in, reviewed, heard."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse

from accounts import scope
from accounts.models import AuditEvent, OutboxJob
from accounts.outbox import deliver_due
from files import tasks
from files.models import StoredFile
from screening.models import Recording
from tests.factories import HouseFactory, UserFactory
from tests.files.samples import opus
from tests.screening.alone import ASKED, FIRST
from tests.screening.factories import RecordingFactory
from vault.models import DataKey


@pytest.fixture
def editor(team, house):
    return UserFactory(name="Edita Writer", organization=house, teams=[team], role="coordinator")


def add(client, alone_version, **changes):
    sound = SimpleUploadedFile("q.opus", opus(), "audio/ogg")
    given = {"indicator": ASKED[0], "language": "ar", "file": sound, **changes}
    return client.post(reverse("screening:recordings", args=[alone_version.pk]), given)


def of_asked(talk, **changes):
    return RecordingFactory(
        organization=talk.case.organization,
        instrument_version=talk.instrument_version,
        indicator=ASKED[0],
        language_id="ar",
        **changes,
    )


def test_a_recording_is_heard_once_somebody_else_reviewed_it(held, talk, editor, signed_in, house):
    recording = of_asked(talk)
    path = held.get(FIRST).headers["Location"]
    unheard = held.get(f"{path}sound/"), held.get(path).content.decode()

    desk = signed_in(editor)
    reviewed = desk.post(reverse("screening:review_recording", args=[recording.pk]))
    heard = held.get(f"{path}sound/")

    assert (unheard[0].status_code, "<audio" in unheard[1]) == (404, False)
    assert reviewed.status_code == 302
    assert (heard.status_code, heard.headers["Content-Type"]) == (200, "audio/ogg")
    assert "<audio" in held.get(path).content.decode()
    recording.refresh_from_db()
    assert recording.reviewed_by == editor
    assert desk.get(reverse("screening:listen", args=[recording.pk])).content == heard.content
    verbs = AuditEvent.objects.filter(object_id=str(recording.pk)).values_list("verb", flat=True)
    assert {*verbs} == {"review_recording", "open_recording"}


def test_nobody_reviews_her_own_recording(talk, editor, signed_in):
    recording = of_asked(talk, added_by=editor)

    signed_in(editor).post(reverse("screening:review_recording", args=[recording.pk]))

    recording.refresh_from_db()
    assert recording.reviewed_by is None


def test_a_recording_is_taken_in_checked_and_removed(alone_version, editor, signed_in):
    desk = signed_in(editor)

    added = add(desk, alone_version)
    again = add(desk, alone_version)
    recording = Recording.objects.get()
    listen = reverse("screening:listen", args=[recording.pk])
    too_early = desk.get(listen)
    deliver_due()
    job = OutboxJob.objects.get(event="file_stored", task=tasks.check_file.name)
    tasks.check_file(str(job.pk))
    sound = desk.get(listen).content
    desk.post(reverse("screening:remove_recording", args=[recording.pk]))

    assert (added.status_code, again.status_code, too_early.status_code) == (302, 200, 404)
    assert (sound[:4], b"CANARY" in sound) == (b"OggS", False)
    assert not Recording.objects.exists()
    assert StoredFile.objects.get(pk=recording.stored_file_id).state == "removed"


def test_nobody_reviews_what_cannot_be_heard_yet(alone_version, editor, signed_in, caseworker):
    add(signed_in(editor), alone_version)
    Recording.objects.update(added_by=caseworker)
    recording = Recording.objects.get()

    signed_in(editor).post(reverse("screening:review_recording", args=[recording.pk]))

    recording.refresh_from_db()
    assert recording.reviewed_by is None


@pytest.mark.parametrize(
    "changes",
    [
        {"language": "sr"},
        {"indicator": "ILO-CD-01"},
        {"file": SimpleUploadedFile("q.png", b"\x89PNG\r\n\x1a\n", "image/png")},
    ],
)
def test_what_no_client_hears_is_not_taken(alone_version, editor, signed_in, changes):
    assert add(signed_in(editor), alone_version, **changes).status_code == 200
    assert not Recording.objects.exists()


def test_recordings_are_of_one_house_and_its_editors(talk, tablet, signed_in, house):
    recording = of_asked(talk)
    other = signed_in(UserFactory(organization=HouseFactory(), role="coordinator"))
    doors = ["listen", "review_recording", "remove_recording"]

    def told(client):
        return {
            client.post(reverse(f"screening:{door}", args=[recording.pk])).status_code
            if door != "listen"
            else client.get(reverse(f"screening:{door}", args=[recording.pk])).status_code
            for door in doors
        }

    assert (told(other), told(tablet)) == ({404}, {403})
    assert add(tablet, talk.instrument_version).status_code == 403


def test_a_recording_opens_no_key_of_a_client_and_is_of_one_house(case, colleague, stranger):
    known = RecordingFactory(organization=case.organization)
    forged = RecordingFactory(
        organization=case.organization, id=case.pk, data_key=case.data_key, language_id="ar"
    )

    with transaction.atomic(), scope.acting_as(colleague):
        assert set(Recording.objects.all()) == {known, forged}
        assert set(DataKey.objects.filter(pk__in=[known.pk, case.pk])) == {known.data_key}
    with transaction.atomic(), scope.acting_as(stranger):
        assert not Recording.objects.exists()
