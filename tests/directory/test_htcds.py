import pytest
from django.utils.translation import override

from accounts.models import Organization
from casework.models import Case, Person, TraffickingStatus
from directory import htcds


def test_every_list_of_the_standard_is_there():
    lists = htcds.standard()["lists"]

    assert (len(lists), sum(len(terms) for terms in lists.values())) == (21, 182)


def test_codes_stand_in_the_order_of_the_standard():
    assert htcds.codes("cas_Status") == ["Active", "FollowUp", "Closed", "ClosedReferred"]


def test_codes_occur_once_and_have_both_names():
    for field, terms in htcds.standard()["lists"].items():
        codes = [term["code"] for term in terms]
        assert len(codes) == len(set(codes)), field
        assert all(term["label_en"] and term["label_sr"] for term in terms), field


def test_word_follows_the_active_language():
    with override("sr-latn"):
        assert htcds.label("cas_Status", "FollowUp") == "Praćenje"
    with override("en"):
        assert htcds.label("cas_Status", "FollowUp") == "Follow Up"


def test_misspelt_code_of_the_standard_is_kept():
    assert "Unaquainted" in htcds.codes("vic_RelationshipToTrafficker")


def test_unknown_field_is_refused():
    with pytest.raises(KeyError):
        htcds.codes("prs_Shoesize")


@pytest.mark.parametrize(
    ("spelled", "field"),
    [
        (Organization.Type, "org_Type"),
        (Case.Status, "cas_Status"),
        (TraffickingStatus.DecidingBody, "vic_TraffickingStatusDecisionMakingOrg"),
    ],
)
def test_codes_spelled_in_our_models_are_those_of_the_standard(spelled, field):
    assert spelled.values == htcds.codes(field)


def test_each_sex_has_a_code_of_the_standard():
    exported = {sex: htcds.export_code("prs_Gender", sex) for sex in Person.Sex.values}

    assert set(exported.values()) <= set(htcds.codes("prs_Gender"))
    assert exported["female"] == "Feminine"
    assert htcds.export_code("prs_Gender", "blue") is None


def test_trafficking_status_is_exported_with_codes_of_the_standard():
    known = htcds.codes("vic_TraffickingStatus")

    assert set(TraffickingStatus.HTCDS_STATUS.values()) == set(known)
