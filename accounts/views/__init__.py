"""Doors of the ground floor."""

from accounts.views.confirm import confirm
from accounts.views.preferences import settings, theme
from accounts.views.sessions import logout
from accounts.views.signin import first_administrator, login

__all__ = ["confirm", "first_administrator", "login", "logout", "settings", "theme"]
