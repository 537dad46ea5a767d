"""How a house asks for consent: written by one, reviewed by another, never changed after that."""

import json
from datetime import date
from pathlib import Path

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import User
from casework.actions.days import check_not_over
from casework.models import ConsentText
from directory.models import Language

SHIPPED = Path(__file__).resolve().parent.parent / "reference" / "consent_texts.json"


def may_write_consent_text(user: User) -> bool:
    return user.has_perm("casework.write_consent_text")


@transaction.atomic
def write_consent_text(
    *, purpose: str, language: Language, text: str, version: str, actor: User
) -> ConsentText:
    """Write a draft: nobody is asked with it before somebody else has reviewed it.

    Raises PermissionDenied, ValidationError.
    """
    if not may_write_consent_text(actor):
        raise PermissionDenied
    row = ConsentText(
        organization=actor.organization,
        purpose=purpose,
        language=language,
        version=version.strip(),
        text=text.strip(),
        written_by=actor,
    )
    row.full_clean()
    row.save()
    record(actor, "write_consent_text", row)
    return row


def may_review_consent_text(user: User) -> bool:
    return user.has_perm("casework.review_consent_text")


@transaction.atomic
def review_consent_text(
    text: ConsentText, *, actor: User, valid_until: date | None = None
) -> ConsentText:
    """Put a draft into use from today on; the one before it in that language is used no more.

    What came with the product stays a draft for others: the house gets it as its own, which is
    returned. Raises PermissionDenied, ValidationError.
    """
    if not may_review_consent_text(actor):
        raise PermissionDenied
    rows = ConsentText.objects.visible_to(actor).select_for_update(of=("self",))
    row = rows.get(pk=text.pk)
    if row.organization_id is None:
        row = _own(row, actor)
    if row.is_reviewed:
        raise ValidationError(_("This wording is reviewed already."))
    if row.written_by_id == actor.pk:
        raise ValidationError(_("Somebody else has to review what you wrote."))
    check_not_over("valid_until", valid_until)
    row.reviewed_by, row.reviewed_at = actor, timezone.now()
    row.valid_from, row.valid_until = timezone.localdate(), valid_until
    row.full_clean()
    row.save()
    record(actor, "review_consent_text", row)
    return row


def _own(shipped: ConsentText, actor: User) -> ConsentText:
    """What this house has made of a wording of the product, or is about to."""
    same = {
        "organization": actor.organization,
        "purpose": shipped.purpose,
        "language": shipped.language,
        "version": shipped.version,
    }
    return ConsentText.objects.filter(**same).first() or ConsentText(**same, text=shipped.text)


@transaction.atomic
def load_consent_texts() -> int:
    """Put the wordings of the product beside those of the houses, as drafts, each once."""
    told = json.loads(SHIPPED.read_text())
    version, loaded = told["version"], 0
    for purpose, texts in told["texts"].items():
        for language, lines in texts.items():
            _row, is_new = ConsentText.objects.get_or_create(
                organization=None,
                purpose=purpose,
                language_id=language,
                version=version,
                defaults={"text": "\n".join(lines)},
            )
            loaded += is_new
    return loaded
