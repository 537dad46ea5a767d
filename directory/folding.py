"""One spelling for a word typed with or without marks, in Latin or in Serbian Cyrillic."""

CYRILLIC: dict[int, int | str] = {
    **str.maketrans("абвгдђежзијклмнопрстћуфхцчш", "abvgdđežzijklmnoprstćufhcčš"),
    ord("љ"): "lj",
    ord("њ"): "nj",
    ord("џ"): "dž",
}
# Letters with a mark, and the plain letter for each at the same place.
MARKED, PLAIN = "šžčćéèáöüŠŽČĆÉÈÁÖÜ", "szcceeaouSZCCEEAOU"
_UNMARK: dict[int, int | str] = {**str.maketrans(MARKED, PLAIN), ord("đ"): "dj"}


def fold(text: str) -> str:
    """Lower case, Latin letters, no marks: `Заштита` and `zaštita` both become `zastita`."""
    return text.lower().translate(CYRILLIC).translate(_UNMARK)
