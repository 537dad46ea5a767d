"""Names in any script and spelling: how they sound, how alike they are, their keyed hashes."""

from casework.names.keys import phonetic_keys
from casework.names.likeness import alike, same_person_may_be_meant
from casework.names.parts import fold_name, parts_of
from casework.names.sounds import codes_of

__all__ = [
    "alike",
    "codes_of",
    "fold_name",
    "parts_of",
    "phonetic_keys",
    "same_person_may_be_meant",
]
