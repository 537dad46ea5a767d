"""Close everything at once, or open it again, from the server itself."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import actions, lock
from accounts.models import EmergencyLock, User


class Command(BaseCommand):
    help = "Lock everything (on), agree to open as one person (off --by USERNAME), or ask (status)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["on", "off", "status"])
        parser.add_argument(
            "--reason", choices=EmergencyLock.Reason.values, default=EmergencyLock.Reason.OTHER
        )
        parser.add_argument("--by", help="username of who agrees to open; two people are needed")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit code 1 when the lock could not be lifted."""
        if options["what"] == "on":
            actions.lock_everything(reason=options["reason"], actor=None)
        elif options["what"] == "off":
            self._lift(options["by"])
        self.stdout.write("locked" if lock.is_on() else "open")

    def _lift(self, username: str | None) -> None:
        user = User.objects.filter(username=username or "", is_active=True).first()
        if user is None:
            raise CommandError("Say who agrees: --by USERNAME.")
        try:
            actions.lift_lock(actor=user)
        except PermissionDenied as error:
            raise CommandError("This person may not open the house.") from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
