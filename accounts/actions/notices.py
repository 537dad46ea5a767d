"""Verbs about notices."""

from django.db import transaction
from django.utils import timezone

from accounts.models import Notice, User


@transaction.atomic
def read_notices(*, actor: User) -> int:
    """Mark all of somebody's own notices as read; returns how many were new."""
    return Notice.objects.visible_to(actor).unread().update(read_at=timezone.now())
