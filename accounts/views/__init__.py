"""Doors of the ground floor."""

from accounts.views.preferences import settings, theme
from accounts.views.signin import first_administrator, login

__all__ = ["first_administrator", "login", "settings", "theme"]
