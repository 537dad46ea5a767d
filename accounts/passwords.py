"""What a password must not be. Its length counts; there are no rules on kinds of characters."""

import re
import unicodedata
from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, Team, User

LONGEST = 128
PRODUCT_WORDS = ["casework", "password", "lozinka", "welcome", "hub"]
LEAST_WORD, LEAST_REST, LEAST_DIFFERENT = 3, 8, 6


class LongestPassword:
    """Refuses what is longer than we hash."""

    def validate(self, password: str, user: User | None = None) -> None:
        if len(password) > LONGEST:
            raise ValidationError(
                _("At most %(most)s characters."), code="long", params={"most": LONGEST}
            )

    def get_help_text(self) -> str:
        return gettext("At most %(most)s characters.") % {"most": LONGEST}


class WordsOfThisPlace:
    """Refuses a password that is little more than the names around us, or one sign repeated."""

    def validate(self, password: str, user: User | None = None) -> None:
        rest = _plain(password)
        for word in sorted(self._words(user), key=len, reverse=True):
            rest = rest.replace(word, "")
        if len(re.sub(r"[\W\d_]", "", rest)) < LEAST_REST or len(set(password)) < LEAST_DIFFERENT:
            raise ValidationError(
                _("This is too easy to guess here. Take several words that nobody connects."),
                code="guessable",
            )

    def get_help_text(self) -> str:
        return gettext("Not the name of this organization, team or program.")

    def _words(self, user: User | None) -> Iterator[str]:
        yield from PRODUCT_WORDS
        texts = [text for row in Organization.objects.filter(is_house=True) for text in _names(row)]
        texts += Team.objects.values_list("name", flat=True)
        if user is not None:
            texts += [user.name, user.username]
        for text in texts:
            yield from (
                word for word in re.split(r"[\W_]+", _plain(text)) if len(word) >= LEAST_WORD
            )


def _names(row: Organization) -> list[str]:
    return [row.code, row.name_en, row.name_sr]


def _plain(text: str) -> str:
    """Small letters without accents."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))
