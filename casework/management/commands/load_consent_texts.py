"""Put the wordings of consent into the database; run at each start, changes nothing twice."""

from typing import Any

from django.core.management.base import BaseCommand

from casework.actions.consent_texts import load_consent_texts


class Command(BaseCommand):
    help = "Loads the wordings of casework/reference/consent_texts.json as drafts."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{load_consent_texts()} wordings loaded.")
