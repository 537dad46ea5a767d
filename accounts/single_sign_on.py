"""Single sign-on with an OpenID Connect provider: off unless the settings name one."""

from django.conf import settings


def single_sign_on_name() -> str:
    """What the button says; "" while it is off."""
    return str(settings.OIDC["name"]) if is_on() else ""


def is_on() -> bool:
    return bool(settings.OIDC)
