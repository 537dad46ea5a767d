"""Tasks of a case: added, changed, settled, due; and who sees how much of them."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent, Notice
from casework import actions
from casework.models import CaseEvent, Task
from tests.factories import TaskFactory, UserFactory, in_days

DAY = timedelta(days=1)
QUERIES = 17
JSON = {"content_type": "application/json"}
WORDS = {"en": "Talk to a supervisor", "sr": "Razgovarajte sa supervizorom"}


def page(name, row):
    return reverse(f"casework:{name}", args=[row.pk])


def add(case, actor, **changes):
    return actions.add_task(
        case, **{"kind": "contact", "due_at": in_days(1)} | changes, actor=actor
    )


@pytest.fixture
def task(case):
    return TaskFactory(case=case)


@pytest.fixture
def desk(signed_in, caseworker):
    return signed_in(caseworker)


# add


def test_add_task_is_written_down(case, caseworker):
    task = add(case, caseworker)

    assert (task.state, task.assigned_to, task.version) == ("open", caseworker, 1)
    assert AuditEvent.objects.get(verb="add_task").note == "contact"
    assert CaseEvent.objects.filter(case=case, code="task_added").count() == 1
    assert Notice.objects.count() == 0


def test_add_task_tells_the_colleague_who_is_to_do_it(case, caseworker, coordinator):
    add(case, caseworker, assigned_to=coordinator)

    notice = Notice.objects.get()
    assert (notice.user, notice.code, notice.url_name) == (coordinator, "task_given", "home")


def test_add_task_is_not_for_somebody_who_does_not_see_the_case(case, caseworker, colleague):
    with pytest.raises(ValidationError) as error:
        add(case, caseworker, assigned_to=colleague)

    assert list(error.value.error_dict) == ["assigned_to"]


def test_add_task_in_words_needs_the_story(case, coordinator):
    with pytest.raises(PermissionDenied):
        add(case, coordinator, wording=WORDS)


def test_add_task_to_a_closed_case_is_refused(case, caseworker):
    actions.close_case(case, closure_reason="done", version=case.version, actor=caseworker)

    with pytest.raises(ValidationError):
        add(case, caseworker)

    assert Task.objects.count() == 0


def test_words_are_sealed_and_told_in_the_language_of_the_page(case, caseworker, settings):
    task = add(case, caseworker, wording=WORDS)

    assert Task.objects.get(pk=task.pk).words == WORDS["en"]


# change and settle


def test_change_task_asks_for_a_new_reminder(task, caseworker):
    Task.objects.update(told_at=timezone.now())

    actions.change_task(task, due_at=in_days(3), version=1, actor=caseworker)

    kept = Task.objects.get()
    assert (kept.told_at, kept.version) == (None, 2)
    assert AuditEvent.objects.get(verb="change_task").fields == ["due_at"]


def test_change_of_an_older_state_is_refused(task, caseworker):
    with pytest.raises(ValidationError) as error:
        actions.change_task(task, due_at=in_days(3), version=9, actor=caseworker)

    assert error.value.code == "stale"


def test_settle_task_is_done_once(task, caseworker):
    actions.settle_task(task, state="done", version=1, actor=caseworker)

    with pytest.raises(ValidationError) as error:
        actions.settle_task(task, state="done", version=1, actor=caseworker)

    assert error.value.code == "answered"
    assert CaseEvent.objects.filter(code="task_settled").count() == 1


def test_settle_task_says_why_it_is_not_done(task, caseworker):
    with pytest.raises(ValidationError) as error:
        actions.settle_task(task, state="cancelled", version=1, actor=caseworker)
    assert list(error.value.error_dict) == ["reason"]

    done = actions.settle_task(
        task, state="cancelled", reason="not_wanted", version=1, actor=caseworker
    )
    assert (done.state, done.reason, done.settled_by) == ("cancelled", "not_wanted", caseworker)


def test_tasks_need_the_permission(case, task, caseworker):
    reader = UserFactory(organization=case.organization)

    with pytest.raises(PermissionDenied):
        add(case, reader)
    with pytest.raises(PermissionDenied):
        actions.settle_task(task, state="done", version=1, actor=reader)


# remind


def test_reminder_comes_once_and_says_nothing_of_what(case, caseworker):
    TaskFactory(case=case, due_at=timezone.now() - DAY)
    TaskFactory(case=case)

    assert [actions.remind_of_tasks(), actions.remind_of_tasks()] == [1, 0]
    notice = Notice.objects.get()
    assert (notice.user, notice.code, notice.object_id) == (caseworker, "task_due", "")


# pages


def test_pages_of_tasks_show_them_in_words_to_who_reads_the_story(desk, case):
    task = TaskFactory(case=case, wording=WORDS)

    assert WORDS["en"] in desk.get(page("tasks", case)).text
    assert WORDS["en"] in desk.get(page("task", task)).text


def test_pages_of_tasks_show_a_neutral_word_to_a_coordinator(signed_in, coordinator, case):
    task = TaskFactory(case=case, wording=WORDS, origin=case.pk)
    desk = signed_in(coordinator)

    for shown in (desk.get(page("tasks", case)), desk.get(page("task", task))):
        assert WORDS["en"] not in shown.text
        assert "Call or meet" in shown.text
    assert reverse("screening:screening", args=[case.pk]) not in shown.text


def test_new_task_page_adds_one(desk, case, caseworker):
    assert desk.get(page("new_task", case)).status_code == 200
    given = {"kind": "papers", "due_at": "2027-01-04T09:00", "assigned_to": caseworker.pk}

    desk.post(page("new_task", case), given)

    assert Task.objects.get().kind == "papers"


def test_task_is_changed_and_settled_on_its_page(desk, task, caseworker):
    given = {"due_at": "2027-01-04T09:00", "assigned_to": caseworker.pk, "version": 1}
    desk.post(page("change_task", task), given)
    desk.post(page("settle_task", task), {"state": "done", "version": 2})

    kept = Task.objects.get()
    assert (kept.due_at.year, kept.state) == (2027, "done")


def test_settled_task_shows_why_a_second_end_is_refused(desk, task, caseworker):
    actions.settle_task(task, state="done", version=1, actor=caseworker)

    shown = desk.post(page("settle_task", task), {"state": "done", "version": 1})

    assert "Somebody settled this task already." in shown.text


@pytest.mark.parametrize("name", ["task", "change_task", "settle_task"])
def test_tasks_are_not_there_for_a_stranger(signed_in, stranger, task, name):
    assert signed_in(stranger).get(page(name, task)).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_list_of_tasks_asks_a_number_of_questions(desk, case, number, django_assert_num_queries):
    TaskFactory.create_batch(number, case=case, wording=WORDS)

    with django_assert_num_queries(QUERIES):
        desk.get(page("tasks", case))


def test_today_shows_my_tasks_that_are_due(desk, case):
    due = TaskFactory(case=case, due_at=timezone.now() - DAY)
    later = TaskFactory(case=case, due_at=in_days(9))

    text = desk.get(reverse("home")).text

    assert page("task", due) in text
    assert page("task", later) not in text


# API


def test_api_adds_changes_and_settles(desk, case):
    given = {"case": str(case.pk), "kind": "refer", "due_at": "2027-01-04T09:00:00Z"}
    added = desk.post("/api/v1/tasks/", given, **JSON)
    address = f"/api/v1/tasks/{added.json()['id']}/"
    desk.patch(address, {"due_at": "2027-01-05T09:00:00Z", "version": 1}, **JSON)

    settled = desk.post(f"{address}settle/", {"state": "done", "version": 2}, **JSON)

    assert (added.status_code, settled.json()["state"]) == (201, "done")
    assert settled.json()["words"] == ""


def test_api_tells_words_and_origin_to_who_reads_the_story_only(signed_in, coordinator, case):
    task = TaskFactory(case=case, wording=WORDS, origin=case.pk)

    body = signed_in(coordinator).get(f"/api/v1/tasks/{task.pk}/").json()

    assert "words" not in body
    assert "origin" not in body
    assert body["kind"] == "contact"
