"""Letters of the scripts that people write their names in, as signs of how they sound.

A sign is one character. Vowels are small letters (`I`, `U` when they are surely long); consonants
are capitals that stand for a class of sounds, or small signs that can be one of several: `CHOICES`.
"""

import re

# Each choice is made once for a whole part of a name: whoever leaves out one caron leaves out all.
# "_" is a consonant that is heard with the vowel beside it; "#" is K and S.
CHOICES = {
    "θ": "ST",  # th, ث: Othman, Osman
    "δ": "DZ",  # dh, ذ, ض: Ramadan, Ramazan
    "q": "KG",  # q, gh, ق, غ: Qasim, Ghasem, Kasim
    "γ": "GH",  # г: Oleg, Oleh; Магомед is Muhammad
    "w": "V_",  # w, و: Dawud, Daud
    "j": "J_",  # Najib; Marija
    "ǰ": "JY",  # j at the beginning: Jamal; Jovan
    "ĵ": "JYA",  # je at the beginning: Jelena is Elena
    "ý": "YA",  # ye at the beginning
    "š": "XS",  # Miloš, typed Milos
    "ž": "JZ",
    "đ": "JD",
    "č": "XC",
    "ц": "SC",
    "κ": "KC",  # c before a, o, u or a consonant
    "ς": "CSJ",  # c before e or i: Cemal is Jamal
    "ξ": "#H",  # x: Alexander; Xuseen
    "ğ": "_G",
    "ḫ": "XH",  # ښ: Pashtun, Pakhtun
    "ι": "ia",  # ی at the end: Ali; Musa
    "ḧ": "_H",  # h at the end after a vowel: Fatemeh; Saleh
    "ḥ": "Ha",  # ح at the end after an alef: Fattah
}
# What is left of a consonant that is heard with its vowel.
HEARD_AS = {"w": "U", "j": "i", "ğ": "", "ḧ": ""}

MARKS_OF_ARABIC = re.compile("[\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed]")

_ARABIC = {
    "اآأإٱ": "A",
    "ع": "a",
    "ء": "",
    "يیىئېۍےۓ": "I",
    "وؤۆۇۋ": "w",
    "ب": "B",
    "پ": "P",
    "تطټٹ": "T",
    "ث": "θ",
    "جژ": "J",
    "چش": "X",
    "ښ": "ḫ",
    "حخهہھۀەة": "H",
    "دډڈ": "D",
    "ذض": "δ",
    "رړڑ": "R",
    "زظځږ": "Z",
    "سصڅ": "S",
    "غق": "q",
    "ف": "F",
    "ڤ": "V",
    "كکڪ": "K",
    "گګڭ": "G",
    "لڵ": "L",
    "م": "M",
    "نںڼ": "N",
}
ARABIC = {letter: sign for letters, sign in _ARABIC.items() for letter in letters}

# Cyrillic as the Latin letters below; `γ` is read by itself.
CYRILLIC = {
    **dict(
        zip(
            "абвгґдђѓежзиійклмнопрстћќуўфцчшыэѐѝ",
            "abvγgdđđežziiyklmnoprstččuwfцčšiiei",
            strict=True,
        )
    ),
    **dict(zip("ӣӯүұөңһҳәқј", "iuuuunhhaqy", strict=True)),
    "є": "ye",
    "ё": "yo",
    "ї": "yi",
    "ю": "yu",
    "я": "ya",
    "щ": "š",
    "ъ": "",
    "ь": "",
    "’": "",
    "љ": "l",
    "њ": "n",
    "џ": "dž",
    "ѕ": "dz",
    "х": "kh",
    "ҷ": "dž",
    "ғ": "gh",
}

# Latin letters and groups of them, the longest first.
_GROUPS = {
    "dsch": "J",
    "tsch": "X",
    "sch": "X",
    "tch": "X",
    "dzh": "J",
    "dž": "J",
    "zh": "J",
    "dj": "J",
    "gj": "J",
    "xh": "J",
    "kh": "H",
    "gh": "q",
    "sh": "X",
    "ch": "X",
    "ph": "F",
    "th": "θ",
    "dh": "δ",
    "ck": "K",
    "ts": "ц",
    "tz": "ц",
    "dz": "Z",
    "rh": "R",
    "ee": "I",
    "ei": "I",
    "ey": "I",
    "ai": "I",
    "ay": "I",
    "oo": "U",
    "ou": "U",
}
_SINGLE = {
    **dict(zip("bpdfghklmnrstvz", "BPDFGHKLMNRSTVZ", strict=True)),
    **dict(zip("aeiouy", "aeiuui", strict=True)),
    "q": "q",
    "γ": "γ",
    "w": "w",
    "j": "j",
    "x": "ξ",
    "š": "š",
    "ş": "š",
    "ș": "š",
    "ś": "š",
    "ž": "ž",
    "ź": "ž",
    "ż": "ž",
    "đ": "đ",
    "č": "č",
    "ć": "č",
    "ç": "č",
    "ц": "ц",
    "ț": "ц",
    "ţ": "ц",
    "ğ": "ğ",
    "ł": "L",
    "ı": "i",
    "ð": "δ",
    "þ": "θ",
    "ß": "S",
    "ə": "e",
    "æ": "e",
    "ḧ": "ḧ",
}
LATIN = _GROUPS | _SINGLE
GROUP = re.compile("|".join(sorted(LATIN, key=len, reverse=True)) + "|c(?=[eiy])|c|.")
KEPT_MARKS = "".join(letter for letter in _SINGLE if not letter.isascii() and letter != "ḧ")

# Letters of one script that look like those of the other, as they stand in lower case.
LIKE_LATIN = str.maketrans("авекмнорстухіјѕ", "abekmhopctyxijs")
LIKE_CYRILLIC = str.maketrans("abekmhopctyxijs", "авекмнорстухіјѕ")
