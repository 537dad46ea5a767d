"""What each kind of export asks for: who may have it, in which form, with whose agreement."""

from typing import NamedTuple

from exports.models import Export

Kind, Label, Format = Export.Kind, Export.Label, Export.Format


class Rule(NamedTuple):
    """One kind. `still_allowed` names the function `(export, user) -> bool` of the app that the
    content belongs to; it is asked again at each step, so that a right that ended counts at once.
    """

    permission: str
    label: Export.Label
    formats: tuple[Export.Format, ...]
    needs_agreement: bool = False
    # Made by a job and fetched once; otherwise handed out at once, each time a line.
    is_kept: bool = True
    still_allowed: str = ""


RULES = {
    Kind.TRANSFER: Rule(
        "exports.request_export",
        Label.STRICTLY_CONFIDENTIAL,
        (Format.LOCKED_XLSX, Format.AGE),
        still_allowed="casework.actions.exporting.may_have_transfer",
    ),
    Kind.SUBJECT: Rule(
        "protection.give_access_package",
        Label.STRICTLY_CONFIDENTIAL,
        (Format.LOCKED_XLSX, Format.AGE),
        still_allowed="protection.actions.packages.may_have_package",
    ),
    Kind.CASES: Rule(
        "exports.request_export",
        Label.CONFIDENTIAL,
        (Format.LOCKED_XLSX,),
        needs_agreement=True,
        still_allowed="casework.actions.exporting.may_have_list",
    ),
    Kind.ORIGINAL: Rule(
        "casework.ask_for_original",
        Label.STRICTLY_CONFIDENTIAL,
        (Format.AS_IS,),
        needs_agreement=True,
        still_allowed="casework.actions.exporting.may_have_original",
    ),
    Kind.REPORT: Rule(
        "reports.view_reports",
        Label.RESTRICTED,
        (Format.XLSX, Format.CSV, Format.JSON),
        is_kept=False,
    ),
    Kind.REGISTER: Rule(
        "exports.view_export_register", Label.CONFIDENTIAL, (Format.XLSX, Format.CSV), is_kept=False
    ),
    Kind.FACTS: Rule(
        "reports.view_exact_figures", Label.RESTRICTED, (Format.CSV, Format.JSON), is_kept=False
    ),
}


def rule_of(export: Export) -> Rule:
    return RULES[Kind(export.kind)]
