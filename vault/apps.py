"""Django's handle on the vault."""

from django.apps import AppConfig


class VaultConfig(AppConfig):
    name = "vault"
