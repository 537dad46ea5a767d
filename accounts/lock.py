"""Whether everything is locked."""

from accounts.models import EmergencyLock


def is_on() -> bool:
    """Asked anew each time: a lock counts from the next request on, in every process."""
    return EmergencyLock.objects.in_force().exists()
