"""Where Django's permission questions are answered: by the roles in force."""

from uuid import UUID

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser

from accounts.models import User


class RoleBackend(BaseBackend):
    """Answers `has_perm` from the user's roles; signing in is allauth's duty."""

    def has_perm(
        self, user_obj: AbstractBaseUser | AnonymousUser, perm: str, obj: object = None
    ) -> bool:
        return isinstance(user_obj, User) and user_obj.has_perm(perm)

    def get_user(self, user_id: UUID | str) -> User | None:
        """The owner of a session; nobody once she left, so that her sessions are nobody's."""
        user = User.objects.filter(pk=user_id).select_related("organization").first()
        return None if user is None or user.has_left else user
