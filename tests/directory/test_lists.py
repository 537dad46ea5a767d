import json
import re
import shutil
from itertools import pairwise

import pytest

from directory.lists import FORMS, REFERENCE, ListError, read_lists


@pytest.fixture
def folder(tmp_path):
    """A copy of the shipped files, to be broken."""
    shutil.copytree(REFERENCE, tmp_path / "lists")
    return tmp_path / "lists"


@pytest.fixture
def lists():
    return read_lists(REFERENCE)


def change(folder, name, edit):
    path = folder / f"{name}.json"
    rows = json.loads(path.read_text())
    edit(rows)
    path.write_text(json.dumps(rows))


def refusal(folder):
    with pytest.raises(ListError) as refused:
        read_lists(folder)
    return str(refused.value)


def test_every_file_is_read(lists):
    assert set(lists) == set(FORMS)
    assert all(lists.values())


def test_missing_file_is_named(folder):
    (folder / "areas.json").unlink()

    assert refusal(folder) == "areas.json cannot be read: No such file or directory."


def test_broken_file_is_named_with_the_place(folder):
    (folder / "topics.json").write_text('[\n {"code": "a",}\n]')

    assert refusal(folder).startswith("topics.json is not JSON: line 2, column 15: ")


def test_file_in_another_encoding_is_refused(folder):
    (folder / "topics.json").write_bytes("[ž]".encode("cp1250"))

    assert refusal(folder) == "topics.json is not UTF-8 text."


def test_file_without_rows_is_refused(folder):
    (folder / "topics.json").write_text('{"code": "a"}')

    assert refusal(folder) == "topics.json must hold a list of rows."


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        (lambda rows: rows.insert(0, "asylum"), "topics.json, row 1 is not a row with keys."),
        (lambda rows: rows[1].pop("name_sr"), "topics.json, row 2: name_sr is missing."),
        (lambda rows: rows[1].update(colour="red"), "topics.json, row 2: colour is not known."),
        (lambda rows: rows[1].update(order="1"), 'topics.json, row 2: order may not be "1".'),
        (lambda rows: rows[1].update(order=True), "topics.json, row 2: order may not be true."),
        (lambda rows: rows.append(rows[0]), "topics.json: safe_travel occurs twice."),
    ],
)
def test_row_out_of_form_is_named(folder, edit, says):
    change(folder, "topics", edit)

    assert refusal(folder) == says


@pytest.mark.parametrize(
    ("bands", "says"),
    [
        ([[1, None]], "a band begins at 1, not at 0."),
        ([[0, 4], [6, None]], "a band begins at 6, not at 5."),
        ([[0, 4], [4, None]], "a band begins at 4, not at 5."),
        ([[0, None], [18, None]], "a band begins at 18, not at None."),
        ([[0, 17]], "the last band must be open to older ages."),
        ([], "the last band must be open to older ages."),
        ([[0, "17"]], "a band is two ages, or an age and null."),
        ([[False, None]], "a band is two ages, or an age and null."),
        (["0-17"], "a band is two ages, or an age and null."),
    ],
)
def test_bands_with_a_gap_or_an_overlap_are_refused(folder, bands, says):
    change(folder, "age_bands", lambda rows: rows[0].update(bands=bands))

    assert refusal(folder) == f"age_bands.json, programme: {says}"


def test_service_out_of_form_is_named_with_its_institution(folder):
    change(folder, "institutions", lambda rows: rows[0]["services"][1].pop("phone"))

    assert refusal(folder) == "institutions.json, CZZTLJ, services, row 2: phone is missing."


def test_service_listed_twice_is_refused(folder):
    change(folder, "institutions", lambda rows: rows[2]["services"].append(rows[2]["services"][0]))

    assert refusal(folder) == "institutions.json, MRZBSP, services: policy occurs twice."


def test_institutions_are_the_thirty_three(lists):
    codes = (
        "CZZTLJ CSR MRZBSP MUP-UKP MUP-UGP KONTL KA KIRS VJT SUD INSP OMB RAVN POV ATINA ASTRA "
        "INFOPARK CRPC IDEAS CYI DRC IRC MSF BCHR APC CK UNHCR UNICEF IOM UNODC HITNA POLICIJA "
        "SOSNASILJE"
    )

    assert [row["code"] for row in lists["institutions"]] == codes.split()


def test_no_telephone_number_is_invented(lists):
    numbers = {
        (row["code"], service["phone"], service["phone_status"])
        for row in lists["institutions"]
        for service in row["services"]
        if service["phone"]
    }

    assert numbers == {
        ("ATINA", "+381 61 63 84 071", "unconfirmed"),
        ("ASTRA", "011 785 00 00", "unconfirmed"),
        ("HITNA", "194", "national"),
        ("POLICIJA", "192", "national"),
    }


def test_hub_form_has_its_twelve_ticks(lists):
    ticks = {row["hub_position"]: row["code"] for row in lists["service_types"]}
    ticks.pop(None)

    assert sorted(ticks) == list(range(1, 13))
    assert (ticks[1], ticks[6], ticks[11], ticks[12]) == (
        "information",
        "safe_space",
        "accompaniment",
        "other",
    )


def test_information_on_risks_is_about_the_topic_that_donors_count(lists):
    topics = {row["code"]: row["topic"] for row in lists["service_types"]}

    assert topics["info_thb_risks"] == "thb_risks"


def test_languages_of_the_hub_come_first_and_know_their_direction(lists):
    first = [(row["code"], row["direction"]) for row in lists["languages"][:11]]
    rtl = {"ar", "fa", "prs", "ps", "ur", "ckb"}
    start = ["en", "sr", "ar", "fa", "prs", "ps", "ur", "fr", "tr", "kmr", "ckb"]

    assert first == [(code, "rtl" if code in rtl else "ltr") for code in start]


def test_all_of_iso_639_1_and_the_special_codes_are_there(lists):
    codes = [row["code"] for row in lists["languages"]]

    assert len([code for code in codes if len(code) == 2]) == 183
    assert all(re.fullmatch("[a-z]{2,3}", code) for code in codes)
    assert {"mis", "und", "zxx"} <= set(codes)
    assert [row["code"] for row in lists["languages"] if not row["is_spoken"]] == ["zxx"]


def test_leaflets_of_the_hub_exist_in_four_languages(lists):
    printed = {row["code"]: row["editions"] for row in lists["leaflets"]}

    for code in ("journey", "trafficking", "asylum", "women", "sos_line"):
        assert printed[code] == ["en", "ur", "fr", "fa"]


def test_each_programme_band_lies_in_one_band_of_unhcr(lists):
    bands = {row["code"]: row["bands"] for row in lists["age_bands"]}
    starts = {first for first, _ in bands["programme"]}

    assert {first for first, _ in bands["unhcr"]} <= starts


def test_bands_from_memory_are_not_called_checked(lists):
    assert {row["code"]: row["is_checked"] for row in lists["age_bands"]} == {
        "programme": True,
        "unhcr": False,
        "unicef": False,
        "child_adult": True,
    }


def test_lists_are_written_in_their_order(lists):
    for name in ("languages", "topics", "areas", "service_types", "needs", "leaflets"):
        assert all(a["order"] < b["order"] for a, b in pairwise(lists[name])), name
