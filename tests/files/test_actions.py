import os
import time
from collections import namedtuple
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import close_old_connections, connection, transaction
from django.utils import timezone

from accounts.models import OutboxJob
from accounts.outbox import deliver_due
from files import actions, tasks
from files import shelf as disk
from files.actions import checking
from files.actions.checking import WashingEndedError
from files.actions.storing import put_away
from files.actions.sweeping import YOUNG_SECONDS, BlindError
from files.kinds import Media
from files.models import StoredFile
from tests.files import samples
from tests.files.conftest import EICAR
from tests.files.shelves import on_disk

pytestmark = pytest.mark.django_db

State, Reason = StoredFile.State, StoredFile.Reason


def upload(content=None, name="IMG_0001.JPG", declared="image/jpeg"):
    return SimpleUploadedFile(name, content or samples.photo_with_place(), declared)


def kept(case, actor, **fields):
    upload_fields = {k: fields.pop(k) for k in ("content", "name", "declared") if k in fields}
    return actions.store(upload(**upload_fields), data_key=case.data_key, actor=actor, **fields)


def checked(stored):
    """The file after the job that its upload promised, as the relay and the worker do it."""
    deliver_due()
    job = OutboxJob.objects.filter(event="file_stored", task=tasks.check_file.name).latest(
        "created_at"
    )
    tasks.check_file(str(job.pk))
    return StoredFile.objects.select_related("data_key", "original__data_key").get(pk=stored.pk)


def test_an_upload_is_sealed_at_once_and_waits(case, caseworker, shelf):
    stored = kept(case, caseworker)

    (path,) = on_disk(shelf)
    assert (stored.state, stored.kind) == (State.QUARANTINE, StoredFile.Kind.CASE)
    assert path.name == stored.place
    assert path.stat().st_mode & 0o777 == 0o600
    assert b"CANARY" not in path.read_bytes()
    assert stored.name == "IMG_0001.JPG"
    with connection.cursor() as cursor:
        cursor.execute("SELECT files_storedfile::text FROM files_storedfile")
        assert "IMG_0001" not in cursor.fetchone()[0]
    with pytest.raises(actions.NotReadyError):
        actions.contents(stored)


def test_the_worker_cleans_it_and_takes_the_first_copy_away(
    case, caseworker, shelf, django_capture_on_commit_callbacks
):
    stored = kept(case, caseworker)
    before = stored.place

    with django_capture_on_commit_callbacks(execute=True):
        clean = checked(stored)

    assert (clean.state, clean.reason, clean.media) == (State.CLEAN, "", Media.JPEG)
    assert b"CANARY" not in actions.contents(clean)
    assert clean.sha256 != stored.sha256
    assert [path.name for path in on_disk(shelf)] == [clean.place]
    assert clean.place != before


def test_a_photo_of_a_phone_is_handed_out_as_a_jpeg(case, caseworker):
    clean = checked(
        kept(case, caseworker, content=samples.heic(), name="a.heic", declared="image/heic")
    )

    assert clean.neutral_name == f"file-{clean.pk.hex[:8]}.jpg"


def test_D02_what_is_refused_at_the_door_leaves_nothing(case, caseworker, shelf):
    with pytest.raises(ValidationError) as refused:
        kept(case, caseworker, content=b"<svg onload='a'>", name="a.jpg")

    assert refused.value.message_dict == {"file": ["The file is not what its name says."]}
    assert on_disk(shelf) == []
    assert not StoredFile.objects.exists()


def test_D02_a_cut_file_is_refused_by_the_worker_and_nothing_of_it_stays(
    case, caseworker, shelf, django_capture_on_commit_callbacks
):
    content = samples.picture(size=(900, 900))[:-900]

    with django_capture_on_commit_callbacks(execute=True):
        refused = checked(kept(case, caseworker, content=content))

    assert (refused.state, refused.reason) == (State.REFUSED, Reason.BROKEN)
    assert (refused.place, refused.secret) == ("", "")
    assert on_disk(shelf) == []


def test_the_original_is_kept_as_it_came_under_a_key_of_its_own(
    case, caseworker, shelf, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        clean = checked(kept(case, caseworker, keep_original=True))

    original = clean.original
    assert (original.state, original.kind) == (State.CLEAN, StoredFile.Kind.ORIGINAL)
    assert actions.contents(original) == samples.photo_with_place()
    assert original.secret != clean.secret
    assert len(on_disk(shelf)) == 2


def test_D04_harmful_is_refused_with_its_original(
    case, caseworker, clamd, shelf, django_capture_on_commit_callbacks
):
    content = samples.picture() + EICAR

    with django_capture_on_commit_callbacks(execute=True):
        refused = checked(kept(case, caseworker, content=content, keep_original=True))

    assert (refused.state, refused.reason) == (State.REFUSED, Reason.MALWARE)
    assert refused.original.state == State.REFUSED
    assert on_disk(shelf) == []


def test_D04_while_the_scanner_is_away_it_waits_and_is_never_served(case, caseworker, clamd):
    clamd.mood = "odd"
    stored = kept(case, caseworker, content=samples.picture() + EICAR)

    waiting = checked(stored)

    assert (waiting.state, waiting.reason) == (State.QUARANTINE, Reason.SCANNER_AWAY)
    with pytest.raises(actions.NotReadyError):
        actions.contents(waiting)
    later = timezone.now() - timedelta(minutes=6)
    StoredFile.objects.filter(pk=stored.pk).update(tried_at=later)
    clamd.mood = "on"
    tasks.check_again()
    assert checked(stored).reason == Reason.MALWARE


def test_what_was_just_tried_is_not_tried_again_yet(case, caseworker, clamd):
    clamd.mood = "odd"
    checked(kept(case, caseworker, keep_original=True))

    assert actions.check_again() == 0


def test_a_job_that_comes_twice_does_nothing_the_second_time(case, caseworker):
    clean = checked(kept(case, caseworker))

    actions.check_file(clean.pk, settle=lambda: True)

    assert StoredFile.objects.get(pk=clean.pk).place == clean.place


def test_E08_a_run_that_comes_second_leaves_the_first_ones_file(
    case, caseworker, shelf, django_capture_on_commit_callbacks
):
    stored = kept(case, caseworker)

    with django_capture_on_commit_callbacks(execute=True):
        actions.check_file(stored.pk, settle=lambda: False)

    assert [path.name for path in on_disk(shelf)] == [stored.place]
    assert checked(stored).state == State.CLEAN


def test_a_refusal_that_comes_second_changes_nothing(case, caseworker):
    stored = kept(case, caseworker, content=samples.picture(size=(900, 900))[:-900])

    actions.check_file(stored.pk, settle=lambda: False)

    assert StoredFile.objects.get(pk=stored.pk).state == State.QUARANTINE


def test_a_job_for_a_file_that_was_erased_ends(case, caseworker):
    stored = kept(case, caseworker)
    case.data_key.delete()

    actions.check_file(stored.pk, settle=lambda: True)

    assert StoredFile.objects.get(pk=stored.pk).state == State.QUARANTINE


Done = namedtuple("Done", "returncode stdout stderr")


@pytest.mark.parametrize(
    ("code", "said", "reason"),
    [(-24, b"", Reason.TOO_HEAVY), (3, b"odd", Reason.BROKEN), (-9, b"", Reason.TOO_HEAVY)],
)
def test_D03_a_washing_that_ends_otherwise_refuses(monkeypatch, code, said, reason):
    monkeypatch.setattr(checking.subprocess, "run", lambda *a, **k: Done(code, b"", said))

    assert checking.wash(b"", Media.PDF).reason == reason


def test_D03_a_washing_without_end_is_ended(monkeypatch):
    monkeypatch.setattr(checking, "WALL_SECONDS", 0.01)

    assert checking.wash(samples.document(), Media.PDF).reason == Reason.TOO_HEAVY


def test_E08_a_washing_that_was_killed_comes_again(case, caseworker, monkeypatch):
    stored = kept(case, caseworker)
    with monkeypatch.context() as patched:
        patched.setattr(checking.subprocess, "run", lambda *a, **k: Done(-9, b"", b""))
        with pytest.raises(WashingEndedError):
            checked(stored)

    assert checked(stored).state == State.CLEAN


def test_D05_fifty_files_in_a_day_are_enough(case, caseworker, shelf):
    for _number in range(50):
        put_away(b"a", data_key=case.data_key, media=Media.JPEG, actor=caseworker)
    StoredFile.objects.update(kind=StoredFile.Kind.CASE)

    with pytest.raises(ValidationError) as refused:
        kept(case, caseworker)

    assert refused.value.message_dict == {
        "file": ["You have reached the limit of a day: 50 files or 500 MB. Go on tomorrow."]
    }
    assert len(on_disk(shelf)) == 50
    yesterday = timezone.now() - timedelta(days=1)
    StoredFile.objects.update(created_at=yesterday)
    assert kept(case, caseworker).state == State.QUARANTINE


def test_D05_five_hundred_megabytes_in_a_day_are_enough(case, caseworker, colleague):
    first = kept(case, caseworker)
    StoredFile.objects.update(size=500_000_000 - first.size)

    assert kept(case, caseworker)
    with pytest.raises(ValidationError):
        kept(case, caseworker)
    assert kept(case, colleague)


@pytest.mark.django_db(transaction=True)
def test_D05_uploads_at_once_share_one_quota(case, caseworker):
    for _number in range(45):
        put_away(b"a", data_key=case.data_key, media=Media.JPEG, actor=caseworker)
    StoredFile.objects.update(kind=StoredFile.Kind.CASE)

    def send(_number):
        try:
            kept(case, caseworker)
        except ValidationError:
            return False
        finally:
            close_old_connections()
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(send, range(20)))

    assert sum(taken) == 5


def test_D05_a_full_disk_is_said_and_nothing_stays(case, caseworker, shelf, monkeypatch):
    whole = os.statvfs(shelf)
    full = os.statvfs_result([*whole[:4], whole.f_blocks // 25, *whole[5:]])
    monkeypatch.setattr(disk.os, "statvfs", lambda path: full)

    with pytest.raises(ValidationError) as refused:
        kept(case, caseworker)

    assert refused.value.error_dict["file"][0].code == "disk_full"
    assert on_disk(shelf) == []
    assert not StoredFile.objects.exists()


def test_D05_a_disk_that_fails_while_writing_leaves_nothing(case, caseworker, shelf, monkeypatch):
    def fail(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(disk.os, "fsync", fail)

    with pytest.raises(ValidationError):
        kept(case, caseworker)

    assert on_disk(shelf) == []


def test_D05_what_an_upload_left_behind_is_swept_after_an_hour(case, caseworker, shelf):
    with transaction.atomic():
        kept(case, caseworker)
        transaction.set_rollback(True)
    stored = kept(case, caseworker)
    assert len(on_disk(shelf)) == 2

    assert actions.sweep() == (0, 0)
    for path in on_disk(shelf):
        os.utime(path, (time.time(), time.time() - YOUNG_SECONDS - 1))
    assert actions.sweep() == (1, 0)

    assert [path.name for path in on_disk(shelf)] == [stored.place]


def test_D05_a_row_without_its_file_is_told(case, caseworker, shelf, caplog):
    stored = kept(case, caseworker)
    disk.drop(stored.place)

    tasks.sweep()

    assert "files missing on disk: 1" in caplog.text


def test_D05_who_sees_no_row_sweeps_nothing(shelf):
    disk.put("aa11", b"a", bytes(32), b"")
    os.utime(disk.path_of("aa11"), (0, 0))

    with pytest.raises(BlindError):
        actions.sweep()

    assert len(on_disk(shelf)) == 1


def test_removed_files_are_gone_and_their_row_says_so(
    case, caseworker, shelf, django_capture_on_commit_callbacks
):
    stored = kept(case, caseworker, keep_original=True)
    other = kept(case, caseworker)

    with django_capture_on_commit_callbacks(execute=True):
        actions.remove_file(stored)

    rows = StoredFile.objects.filter(pk__in=[stored.pk, stored.original_id])
    assert {(row.state, row.place) for row in rows} == {(State.REMOVED, "")}
    assert [path.name for path in on_disk(shelf)] == [other.place]


def test_all_files_of_a_case_go_with_it_after_its_key_went(
    case, caseworker, shelf, django_capture_on_commit_callbacks
):
    kept(case, caseworker)
    case.data_key.delete()

    with django_capture_on_commit_callbacks(execute=True):
        assert actions.remove_files(case.pk) == 1

    assert on_disk(shelf) == []


def test_without_the_key_of_its_case_a_file_cannot_be_read(case, caseworker):
    clean = checked(kept(case, caseworker))
    case.data_key.delete()

    with pytest.raises(actions.NotReadyError):
        actions.contents(StoredFile.objects.select_related("data_key").get(pk=clean.pk))


def test_a_file_that_is_missing_on_disk_is_not_ready(case):
    row = put_away(b"a", data_key=case.data_key, media=Media.PDF, actor=None)
    disk.drop(row.place)

    with pytest.raises(actions.NotReadyError):
        actions.contents(row)
