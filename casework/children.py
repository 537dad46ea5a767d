"""What a page tells of a child, by what its reader may know."""

from typing import Any

from accounts.models import User
from casework.calendars import in_both, read_edtf
from casework.models import AgeEstimate, BestInterestsStep, Care, Case, Guardian, Person
from casework.models.best_interests import opens_story
from casework.models.child import MEANINGS
from casework.models.gate import has_case


def child_context(person: Person, user: User) -> dict[str, Any]:
    """For `casework/child.html`; names and notes only as far as this reader may see them."""
    reads_story = opens_story(person.pk, user) or not has_case(person.pk)
    steps = BestInterestsStep.objects.visible_to(user).filter(person=person)
    guardians = Guardian.objects.visible_to(user).filter(person=person)
    care = Care.objects.visible_to(user).filter(person=person)
    rows = list(steps.select_related("data_key", "recorded_by", "done_by"))
    return {
        "care": list(care.select_related("recorded_by").latest_first()),
        "meanings": MEANINGS.items(),
        "guardians": list(guardians.select_related("data_key", "organization", "recorded_by")),
        "reads_name": Person.objects.named_for(user).filter(pk=person.pk).exists(),
        "reads_story": reads_story,
        "steps": [
            (step, reads_story or user.pk in {step.recorded_by_id, step.done_by_id})
            for step in rows
        ],
        "has_waiting": any(not step.is_done for step in rows),
        "has_open_case": Case.objects.visible_to(user).open().filter(person=person).exists(),
    }


def ages_of(person: Person, user: User) -> list[dict[str, Any]]:
    """Each age that was told, the latest first; the day itself only for who may see a name."""
    reads = Person.objects.named_for(user).filter(pk=person.pk).exists()
    rows = AgeEstimate.objects.visible_to(user).filter(person=person)
    rows = rows.select_related("data_key", "assessed_by", "recorded_by")
    ages = list(rows)
    in_use = [age.chosen_at for age in ages if age.chosen_at and age.is_in_use(person)]
    chosen = max(in_use, default=None)
    return [
        {
            "age": age,
            "is_in_use": chosen is not None and age.chosen_at == chosen,
            "calendars": _calendars(age) if reads else None,
        }
        for age in ages
    ]


def _calendars(age: AgeEstimate) -> tuple[str, str]:
    """What was said, in both calendars; an age in years as it was told."""
    born = read_edtf(age.written)
    return in_both(born) if born else (age.written, "")
