"""The verb about rows with a key of their own, when the master key changes."""

from django.db import transaction

from accounts.models import Delivery, PushSubscription
from vault.keys import SealError, key_provider


@transaction.atomic
def wrap_sealed_rows_again() -> int:
    """Wrap the keys of messages and browsers with the master key of today; returns how many.

    What does not open says nothing to anybody any more, and goes.
    """
    done, current = 0, key_provider().current_version
    for model in (Delivery, PushSubscription):
        rows = model._default_manager.filter(sealed__isnull=False)
        for row in rows.exclude(key_version=current).select_for_update():
            try:
                row.wrap_again()
            except SealError:
                row.delete()
            else:
                row.save(update_fields=["key_version", "wrapped_key"])
                done += 1
    return done
