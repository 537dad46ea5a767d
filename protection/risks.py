"""What could go wrong for the people in the data, and what stands against it.

Source: GDPR 35, ZZPD 54; the threat model of docs/security.md. Filled in for the product; a house
adds what is special about its own place in docs/impact-assessment.md.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Risk:
    """One danger, how likely and how grave it is before and after what is done about it."""

    danger: Any
    before: Any
    measures: Any
    after: Any


LOW, MEDIUM, HIGH = _("low"), _("medium"), _("high")

RISKS = [
    Risk(
        _("Somebody finds out where a person is, or that she is with us"),
        HIGH,
        _("Access by case only, no names in lists, addresses sealed, every reading written down"),
        MEDIUM,
    ),
    Risk(
        _("One who works here looks up people without need, or for others"),
        HIGH,
        _("No access without a case, conflicts block, emergency access is seen by others, alerts"),
        MEDIUM,
    ),
    Risk(
        _("A phone or computer is taken"),
        HIGH,
        _("Nothing is kept on the device, short sessions, second factor, lock from afar"),
        LOW,
    ),
    Risk(
        _("An authority or an attacker takes the server"),
        HIGH,
        _("Names and stories are sealed, the key lies elsewhere and can be taken away at once"),
        MEDIUM,
    ),
    Risk(
        _("A report shows who somebody is"),
        MEDIUM,
        _("Small numbers are hidden with their neighbours, donors see figures only"),
        LOW,
    ),
    Risk(
        _("A partner gets more than was agreed to, or keeps it"),
        MEDIUM,
        _("Only agreed items, names after acceptance, taken back at once, agreements on paper"),
        LOW,
    ),
    Risk(
        _("Data are kept longer than they help"),
        MEDIUM,
        _("Due list, second person, thirty days to take back, keys destroyed, ledger for backups"),
        LOW,
    ),
    Risk(
        _("A score decides about somebody"),
        MEDIUM,
        _("The result is advice in words; a person decides and gives a reason"),
        LOW,
    ),
    Risk(
        _("Data are lost and help stops"),
        MEDIUM,
        _("Sealed backups elsewhere, tested by restoring them; paper forms to catch up from"),
        LOW,
    ),
]
