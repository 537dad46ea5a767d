import gettext

import pytest

from stack import messages

HEADER = messages.HEADER.format(language="sr_Latn", plurals=messages.PLURALS["sr_Latn"])


@pytest.fixture
def house(tmp_path):
    """A house of one app and one page, with words of every kind."""
    app = tmp_path / "hub"
    (app / "migrations").mkdir(parents=True)
    (app / "__init__.py").write_text("")
    (app / "migrations" / "0001_initial.py").write_text('_("Frozen")\n')
    (app / "models.py").write_text(
        'name = gettext_lazy("Name")\n'
        'label = pgettext_lazy("of a month", "May")\n'
        'days = ngettext("%(n)s day", "%(n)s days", n)\n'
    )
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "visit.html").write_text(
        "{% load i18n %}\n"
        "<div>\n    <p title=\"It's\">{% translate 'Save visit' %}</p>\n"
        "  {% blocktranslate trimmed with code=person.code %}\n"
        "     Visit of {{ code }}\n  {% endblocktranslate %}</div>\n"
    )
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "__init__.py").write_text("")
    (tmp_path / "tests" / "test_hub.py").write_text('_("Only in a test")\n')
    return tmp_path


@pytest.fixture
def write_catalog(house):
    path = house / messages.CATALOG.format("sr_Latn")

    def write(body):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(HEADER + body)
        return path

    return write


TRANSLATED = """\
msgid "%(n)s day"
msgid_plural "%(n)s days"
msgstr[0] "%(n)s dan"
msgstr[1] "%(n)s dana"
msgstr[2] "%(n)s dana"

msgctxt "of a month"
msgid "May"
msgstr "Maj"

msgid "Name"
msgstr "Ime"

msgid "Save visit"
msgstr "Sačuvaj posetu"

msgid "Visit of %(code)s"
msgstr "Poseta %(code)s"
"""


def test_words_of_code_and_templates_are_collected_and_those_of_tests_are_not(house):
    found = {message.id for message in messages.words(house) if message.id}

    days = ("%(n)s day", "%(n)s days")
    assert found == {"Name", "May", days, "Save visit", "Visit of %(code)s"}


def test_extract_keeps_translations_comments_and_drops_what_is_no_longer_used(house, write_catalog):
    path = write_catalog('# same\nmsgid "Name"\nmsgstr "Name"\n\nmsgid "Gone"\nmsgstr "Nema"\n')

    messages.update(house, "sr_Latn")

    body = path.read_text()
    assert '# same\n#: hub/models.py\nmsgid "Name"\nmsgstr "Name"\n' in body
    assert "Gone" not in body


def test_extract_a_second_time_changes_no_byte(house):
    messages.update(house, "sr_Latn")
    path = house / messages.CATALOG.format("sr_Latn")
    first = path.read_bytes()

    messages.update(house, "sr_Latn")

    assert path.read_bytes() == first


def test_compiled_catalogue_answers_with_the_three_serbian_plurals(house, write_catalog):
    path = write_catalog(TRANSLATED)

    messages.compile_catalog(house, "sr_Latn")

    with path.with_suffix(".mo").open("rb") as binary:
        serbian = gettext.GNUTranslations(binary)
    assert [serbian.ngettext("%(n)s day", "%(n)s days", n) for n in (1, 2, 5, 11, 21, 22)] == [
        "%(n)s dan",
        "%(n)s dana",
        "%(n)s dana",
        "%(n)s dana",
        "%(n)s dan",
        "%(n)s dana",
    ]
    assert serbian.gettext("Save visit") == "Sačuvaj posetu"
    assert serbian.pgettext("of a month", "May") == "Maj"


def test_check_is_silent_about_a_complete_catalogue(house, write_catalog, capsys):
    write_catalog(TRANSLATED)

    assert messages.main(["check"], house) == 0
    assert capsys.readouterr().out == ""


def test_check_names_every_word_of_a_catalogue_that_does_not_exist(house, capsys):
    assert messages.main(["check"], house) == 1
    assert capsys.readouterr().out.count("missing: ") == 5


@pytest.mark.parametrize(
    ("good", "bad", "told"),
    [
        ('msgstr "Ime"', 'msgstr ""', "not translated: 'Name'"),
        ('msgstr "Ime"', 'msgstr "Name"', "equal to the English: 'Name'"),
        ('msgstr "Ime"', 'msgstr "Ime "', "begins or ends with other white space: 'Name'"),
        ('msgid "Name"', '#, fuzzy\nmsgid "Name"', "fuzzy: 'Name'"),
        ('msgid "Name"', 'msgid "Nave"', "missing: 'Name'"),
        ('msgid "Name"', 'msgid "Nave"', "no longer used: 'Nave'"),
        ('msgid "Name"\nmsgstr', '#~ msgid "Nave"\n#~ msgstr', "obsolete: 'Nave'"),
        (
            "Poseta %(code)s",
            "Poseta %(name)s",
            "other placeholders than the English: 'Visit of %(code)s'",
        ),
        ('msgstr[2] "%(n)s dana"', 'msgstr[2] ""', "not translated: ('%(n)s day', '%(n)s days')"),
        (
            'msgstr[0] "%(n)s dan"',
            'msgstr[0] "Dan"',
            "other placeholders than the English: ('%(n)s day', '%(n)s days')",
        ),
    ],
)
def test_check_tells_each_fault(house, write_catalog, capsys, good, bad, told):
    assert TRANSLATED.count(good) == 1
    write_catalog(TRANSLATED.replace(good, bad))

    assert messages.main(["check"], house) == 1
    assert f"sr_Latn: {told}" in capsys.readouterr().out.splitlines()


def test_check_tells_a_header_with_the_plurals_of_another_language(house, write_catalog, capsys):
    path = write_catalog(TRANSLATED)
    path.write_text(path.read_text().replace(messages.PLURALS["sr_Latn"], "nplurals=2; plural=n;"))

    assert messages.main(["check"], house) == 1
    assert "the header's Plural-Forms are not those" in capsys.readouterr().out


def test_another_command_is_refused_with_its_usage(capsys):
    assert messages.main(["translate"]) == 2
    assert capsys.readouterr().err == "usage: python -m stack.messages extract|compile|check\n"


def test_the_catalogue_of_the_house_is_complete():
    assert list(messages.problems(messages.ROOT, "sr_Latn")) == []
