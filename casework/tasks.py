"""How files about clients come to be made, and what the clock asks for."""

from collections.abc import Callable
from uuid import UUID

from celery import shared_task

from accounts.outbox import answers
from accounts.scope import system
from casework.actions import carry_out_merge, carry_out_undo, sweep_form_drafts, sweep_merges
from casework.actions import end_forgotten as end_stays
from casework.actions import find_twins as find_pairs
from casework.actions import forget_interpreters as forget_names_of_interpreters
from casework.actions import gather_strays as gather
from casework.actions import remind_of_reviews as remind
from casework.actions import remind_of_tasks as remind_of_due_tasks
from casework.actions.best_interests import remind_of_steps as remind_of_late_steps
from casework.actions.exporting import list_content, original_content, transfer_content
from casework.actions.tracing import compare_person, compare_sought, follow_matches
from exports import actions

Settle = Callable[[], bool]


@answers("transfer_export_requested", atomic=False)
def make_transfer(*, settle: Settle, export_id: str) -> None:
    actions.make(UUID(export_id), transfer_content, settle)


@answers("cases_export_requested", atomic=False)
def make_list(*, settle: Settle, export_id: str) -> None:
    actions.make(UUID(export_id), list_content, settle)


@answers("original_export_requested", atomic=False)
def make_original(*, settle: Settle, export_id: str) -> None:
    actions.make(UUID(export_id), original_content, settle)


@shared_task
def remind_of_steps() -> None:
    with system("remind_of_steps"):
        remind_of_late_steps()


@shared_task
def remind_of_reviews() -> None:
    with system("remind_of_reviews"):
        remind()


@shared_task
def remind_of_tasks() -> None:
    with system("remind_of_tasks"):
        remind_of_due_tasks()


@answers("merge_decided")
def merge_records(*, merge_id: str) -> None:
    carry_out_merge(UUID(merge_id))


@answers("merge_undone")
def part_records(*, merge_id: str) -> None:
    carry_out_undo(UUID(merge_id))


@shared_task
def gather_strays() -> None:
    """What was written to a record in the moment it was merged goes where the others went."""
    with system("strays"):
        gather()


@shared_task
def find_twins() -> None:
    """Each night: forget what no undo needs any more, and propose pairs."""
    with system("twins"):
        sweep_merges()
        find_pairs()


@shared_task
def forget_interpreters() -> None:
    """Each night: the names of those whose time after leaving is over."""
    with system("interpreters"):
        forget_names_of_interpreters()


@shared_task
def end_forgotten() -> None:
    """Stays that nobody ended before the hub closed."""
    with system("check-ins"):
        end_stays()


@answers("relative_sought")
def compare_relative(*, sought_id: str) -> None:
    compare_sought(UUID(sought_id))


@answers("name_recorded")
def compare_name(*, person_id: str) -> None:
    compare_person(UUID(person_id))


@answers("match_settled")
def follow_match(*, sought_id: str) -> None:
    follow_matches(UUID(sought_id))


@shared_task
def forget_unfinished() -> None:
    """Each night: forms that were begun and never saved."""
    with system("unfinished forms"):
        sweep_form_drafts()
