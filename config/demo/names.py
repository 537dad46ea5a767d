"""Common name parts in three scripts, put together at random: nobody in particular."""

from typing import NamedTuple


class NameParts(NamedTuple):
    female: tuple[str, ...]
    male: tuple[str, ...]
    family: tuple[str, ...]


PERSIAN = NameParts(
    ("زهرا", "مریم", "فاطمه", "لیلا", "نرگس", "شبنم", "پروین", "ثریا", "مژگان", "ناهید"),
    ("احمد", "محمد", "علی", "رضا", "حسین", "نوید", "فرید", "جواد", "کریم", "امید"),
    ("احمدی", "رحیمی", "نوری", "حسینی", "کریمی", "صادقی", "یوسفی", "حیدری", "مرادی", "عزیزی"),
)
PASHTO = NameParts(
    ("پلوشه", "سپوږمۍ", "گلالۍ", "زرغونه", "ملالۍ", "تورپیکۍ", "وږمه", "هیله"),
    ("گل محمد", "زمری", "توریالی", "خوشحال", "اسدالله", "نجیب‌الله", "شیرعلم", "بریالی"),
    ("ځاځی", "ستانکزی", "وردگ", "اڅکزی", "نورزی", "یوسفزی", "صافی", "شینواری"),
)
ARABIC = NameParts(
    ("فاطمة", "عائشة", "مريم", "نور", "هدى", "سلمى", "رنا", "ليلى", "أمل", "سعاد"),
    ("محمد", "أحمد", "خالد", "عمر", "يوسف", "حسن", "مصطفى", "إبراهيم", "طارق", "سامر"),
    ("الأحمد", "الحسن", "العلي", "الخطيب", "حداد", "النجار", "المصري", "بكري", "درويش", "العمر"),
)
TURKISH = NameParts(
    ("Ayşe", "Elif", "Zeynep", "Gülistan", "Berfin", "Rojda", "Hatice", "Sevgi"),
    ("Mehmet", "Mustafa", "Baran", "Serhat", "Azad", "Emre", "Yusuf", "Rıdvan"),
    ("Yılmaz", "Kaya", "Demir", "Çelik", "Aydın", "Arslan", "Doğan", "Kılıç"),
)
URDU = NameParts(
    ("عائشہ", "ثمینہ", "نازیہ", "شازیہ", "کلثوم", "سدرہ", "نسرین", "ریحانہ"),
    ("عمران", "بلال", "عثمان", "شاہد", "فیصل", "طارق", "نعیم", "حمزہ"),
    ("خان", "بٹ", "چوہدری", "ملک", "شیخ", "اعوان", "گوندل", "قریشی"),
)
FRENCH = NameParts(
    ("Aline", "Espérance", "Divine", "Chantal", "Aïcha", "Grâce", "Solange", "Nadège"),
    ("Jean-Claude", "Eric", "Patrick", "Olivier", "Cédric", "Innocent", "Serge", "Alain"),
    ("Ndayishimiye", "Niyonzima", "Hakizimana", "Mbuyi", "Kabongo", "Ilunga", "Nkurunziza"),
)
SOMALI = NameParts(
    ("Hodan", "Ifrah", "Sagal", "Amina", "Fadumo", "Nimco", "Ayaan"),
    ("Abdi", "Mahad", "Cabdiraxman", "Yusuf", "Liban", "Guled", "Warsame"),
    ("Jama", "Warsame", "Farah", "Hirsi", "Nur", "Duale", "Abshir"),
)
BANGLA = NameParts(
    ("Nasrin", "Sumaiya", "Rokeya", "Shirin", "Taslima"),
    ("Rafiq", "Shafiul", "Kamrul", "Jahangir", "Sohel"),
    ("Hossain", "Mia", "Sarkar", "Talukdar", "Biswas"),
)
UKRAINIAN = NameParts(
    ("Оксана", "Наталія", "Ірина", "Олена", "Світлана", "Марія"),
    ("Андрій", "Сергій", "Олександр", "Дмитро", "Іван", "Петро"),
    ("Шевчук", "Коваль", "Бондар", "Мельник", "Ткач", "Кравець"),
)
SERBIAN = NameParts(
    ("Јелена", "Марија", "Ана", "Драгана", "Сања", "Ивана"),
    ("Марко", "Никола", "Стефан", "Милош", "Ђорђе", "Лазар"),
    ("Јовановић", "Петровић", "Николић", "Илић", "Ђорђевић", "Павловић"),
)
# Those who are trained, not those who are helped.
SERBIAN_LATIN = NameParts(
    ("Jelena", "Marija", "Snežana", "Dragana", "Sanja", "Gordana", "Biljana"),
    ("Marko", "Nikola", "Zoran", "Miloš", "Đorđe", "Goran", "Dejan"),
    ("Jovanović", "Petrović", "Nikolić", "Ilić", "Đorđević", "Pavlović", "Stanković"),
)
