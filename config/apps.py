"""Django's handle on the roof."""

from importlib import import_module

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        # Registers the conditions of a start; they read models, which are known from here on.
        import_module("config.checks")
