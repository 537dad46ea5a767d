"""Who comes, from where, when and with whom: the shares that make invented lives plausible.

The mix leans on what the source programmes report of the Balkan route: most people come from
Afghanistan, Syria, Morocco and Turkey; arrivals rise in late summer; many boys travel alone.
"""

from typing import NamedTuple

from config.demo import names
from config.demo.names import NameParts


class Origin(NamedTuple):
    """A nationality, its share, what its people speak (first the commonest), their names."""

    country: str
    share: float
    languages: tuple[str, ...]
    parts: NameParts


ORIGINS = (
    Origin("AF", 0.19, ("prs", "fa"), names.PERSIAN),
    Origin("AF", 0.10, ("ps",), names.PASHTO),
    Origin("SY", 0.19, ("ar", "ar", "ar", "kmr"), names.ARABIC),
    Origin("MA", 0.07, ("ar", "fr"), names.ARABIC),
    Origin("TR", 0.08, ("tr", "kmr"), names.TURKISH),
    Origin("PK", 0.08, ("ur", "ps", "pa"), names.URDU),
    Origin("IR", 0.06, ("fa", "fa", "ckb"), names.PERSIAN),
    Origin("IQ", 0.05, ("ar", "ckb"), names.ARABIC),
    Origin("BI", 0.05, ("fr",), names.FRENCH),
    Origin("CD", 0.02, ("fr",), names.FRENCH),
    Origin("SO", 0.03, ("so",), names.SOMALI),
    Origin("BD", 0.03, ("bn",), names.BANGLA),
    Origin("UA", 0.03, ("uk", "ru"), names.UKRAINIAN),
    Origin("RS", 0.02, ("sr",), names.SERBIAN),
)

# Share of the year's arrivals by month, January first.
SEASON = (4, 4, 5, 6, 8, 9, 11, 13, 14, 12, 8, 6)

# Who arrives together: kind and share.
GROUPS = (
    ("man_alone", 0.30),
    ("woman_alone", 0.12),
    ("family", 0.30),
    ("woman_with_children", 0.12),
    ("boy_alone", 0.10),
    ("girl_alone", 0.01),
    ("boys_together", 0.05),
)

# Services of an ordinary hub visit and how often each is given.
HUB_SERVICES = (
    ("information", 0.75),
    ("food", 0.55),
    ("clothes", 0.18),
    ("hygiene", 0.25),
    ("charging", 0.60),
    ("safe_space", 0.25),
    ("child_corner", 0.10),
    ("counselling", 0.12),
    ("legal_info", 0.10),
    ("health_check", 0.06),
)

# What happened to an invented person on the way, by strength of its signs: share of those asked.
STORIES = (
    ("nothing", 0.52),
    ("unease", 0.25),
    ("debt", 0.12),
    ("work", 0.07),
    ("control", 0.04),
)
HURT = {"debt", "work", "control"}
