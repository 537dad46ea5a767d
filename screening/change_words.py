"""Why somebody wants an instrument changed, in words of the active language."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from screening.explain import say
from screening.models import ChangeProposal
from screening.scoring import Definition


def share(tenths: int | None) -> str:
    """A number of tenths as a phrase; nothing where too few stand behind it."""
    if tenths is None:
        return ""
    if tenths == 0:
        return _("fewer than 1 in 10")
    return _("%(tenths)s to %(next)s in 10") % {"tenths": tenths, "next": tenths + 1}


def told_proposals(
    proposals: Iterable[ChangeProposal], definition: Definition
) -> list[dict[str, Any]]:
    """Each proposal with what it is about and what the talks showed."""
    texts = {indicator["id"]: say(indicator["text"]) for indicator in definition["indicators"]}
    return [
        {
            "proposal": proposal,
            "about": texts.get(proposal.indicator, proposal.indicator) or _("Results"),
            "because": _because(proposal),
        }
        for proposal in proposals
    ]


def _because(proposal: ChangeProposal) -> str:
    reasons, counts = ChangeProposal.Reason, {"asked": proposal.asked, "yes": proposal.yes}
    if proposal.reason == reasons.OTHERWISE:
        told = _("The worker decided otherwise than the answers showed: %(share)s.")
        return told % {"share": share(proposal.tenths)}
    if proposal.reason == reasons.NEVER:
        return _("Nobody of %(asked)s people who could be asked said yes.") % counts
    if proposal.yes is None:
        return _("Nearly all of %(asked)s people who could be asked said yes.") % counts
    return _("%(yes)s of %(asked)s people who could be asked said yes.") % counts
