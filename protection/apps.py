"""Django's handle on protection."""

from django.apps import AppConfig


class ProtectionConfig(AppConfig):
    name = "protection"
