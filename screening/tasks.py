"""How jobs come in: what instruments would change."""

from uuid import UUID

from accounts.outbox import answers
from screening import actions


@answers("instrument_trial_asked")
def count_trial(trial_id: str) -> None:
    """Try a draft or a version on the finished screenings of its house."""
    actions.finish_trial(UUID(trial_id))
