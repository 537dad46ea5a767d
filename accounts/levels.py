"""How much of a record somebody may see; each field has one of these levels."""

from enum import IntEnum


class Level(IntEnum):
    """Levels include the ones before them."""

    NONE = 0
    EXISTS = 1
    OPERATIONAL = 2
    IDENTITY = 3
    NARRATIVE = 4
    RESTRICTED = 5
