"""Tell somebody who works here that there is something to look at."""

from collections.abc import Iterable
from uuid import UUID

from accounts.models import Notice, User


def notify(
    users: Iterable[User], code: str, *, url_name: str = "", object_id: UUID | str = ""
) -> None:
    """One notice for each of them, in the caller's transaction. `code` is a word of CODES."""
    Notice.objects.bulk_create(
        Notice(user=user, code=code, url_name=url_name, object_id=str(object_id))
        for user in {user.pk: user for user in users}.values()
    )
