"""Verbs about how a person likes the product to look."""

from django.db import transaction

from accounts.models import User


@transaction.atomic
def set_theme(user: User, *, theme: str, actor: User) -> User:
    """Keep the colours a person chose. Raises ValidationError for a word that is no theme."""
    user.theme = theme
    user.full_clean(exclude=["password"])
    user.save(update_fields=["theme"])
    return user
