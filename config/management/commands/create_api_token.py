"""Make a token for a machine; its text is printed once and never again."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts.actions.tokens import create_api_token
from accounts.models import User
from config.api import known_scopes


class Command(BaseCommand):
    help = "Make an API token for an account. It opens what its scopes name, never an identity."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("login", help="whose rights the token uses")
        parser.add_argument(
            "--scope",
            action="append",
            required=True,
            metavar="RESOURCE:read|write",
            help="what it opens; may be given again, or several by comma",
        )
        parser.add_argument("--days", type=int, required=True, help="how long it lives, at most 90")
        parser.add_argument("--label", default="", help="what it is for")
        parser.add_argument(
            "--address", action="append", default=[], help="a network it may come from"
        )
        parser.add_argument("--json", action="store_true", help="answer with one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["login"]).first()
        if user is None:
            raise CommandError("There is no such login.")
        scopes = [scope for given in options["scope"] for scope in given.split(",") if scope]
        try:
            token, text = create_api_token(
                user,
                label=options["label"] or ", ".join(scopes)[:80],
                scopes=scopes,
                days=options["days"],
                addresses=options["address"],
                known_scopes=known_scopes(),
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        told = {"id": str(token.id), "token": text, "expires": token.expiry.isoformat()}
        self.stdout.write(json.dumps(told) if options["json"] else text)
