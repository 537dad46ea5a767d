"""What roles may do, in the words of the matrix: one line for each permission, by area."""

from collections.abc import Iterator
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Role

Text = str | Promise


class Area(NamedTuple):
    """Functions that belong together: {permission: what it lets somebody do}."""

    title: Text
    functions: dict[str, Text]


AREAS = [
    Area(
        _("People and visits"),
        {
            "casework.register_person": _("Give somebody a code"),
            "casework.change_person_facts": _("Change what is known of a person"),
            "casework.name_person": _("Record a name or contacts"),
            "casework.settle_twins": _("Settle whether two records are one person"),
            "casework.record_child": _("Record care, guardians and steps for a child"),
            "casework.record_family": _("Record households and relations"),
            "casework.trace_relatives": _("Record whom a person seeks, and settle matches"),
            "casework.record_talk": _("Record wishes for talks and safe ways of contact"),
            "casework.view_interpreters": _("See and choose interpreters"),
            "casework.edit_interpreters": _("Keep the register of interpreters"),
            "casework.record_visit": _("Record a visit"),
            "casework.record_headcount": _("Count visitors without a record"),
            "casework.check_in": _("Check people in and out, and see who is in the hub"),
            "casework.issue_card": _("Issue and end cards"),
            "casework.set_visit_rules": _("Set how often a service is given"),
        },
    ),
    Area(
        _("Cases"),
        {
            "casework.view_cases": _("Work with the cases open to them"),
            "casework.open_case": _("Open a case"),
            "casework.change_case_facts": _("Change risk and follow-up"),
            "casework.close_case": _("Close and reopen a case"),
            "casework.write_note": _("Write a note"),
            "casework.work_on_tasks": _("Add and settle tasks"),
            "casework.add_file": _("Add and remove files"),
            "casework.ask_for_original": _("Ask for the original of a file"),
            "casework.record_consent": _("Record a consent"),
            "casework.withdraw_consent": _("Record that a consent was taken back"),
            "casework.write_consent_text": _("Write how consent is asked"),
            "casework.review_consent_text": _("Review how consent is asked"),
            "casework.deliver_service": _("Record a service"),
            "casework.record_income_activity": _("Record income activities"),
            "casework.record_trafficking_status": _("Record a trafficking status"),
        },
    ),
    Area(
        _("Screening and referrals"),
        {
            "screening.view_instrument": _("Read the questions"),
            "screening.propose_change": _("Propose changes of the questions"),
            "screening.edit_instrument": _("Write new versions of the questions"),
            "screening.publish_instrument": _("Publish and end versions of the questions"),
            "screening.start_screening": _("Start a screening"),
            "screening.save_section": _("Save answers"),
            "screening.stop_screening": _("Stop a screening"),
            "screening.complete_screening": _("Finish a screening"),
            "screening.decide_screening": _("Decide on a result"),
            "screening.review_screening": _("Look at a decision a second time"),
            "screening.record_incident": _("Record incidents"),
            "screening.receive_conduct_report": _("Receive reports on the conduct of aid workers"),
            "referrals.view_referrals": _("Work with the referrals of their cases"),
            "referrals.draft_referral": _("Prepare a referral"),
            "referrals.send_referral": _("Send a referral"),
            "referrals.recall_referral": _("Take a referral back"),
            "referrals.close_referral": _("Close a referral"),
            "referrals.follow_referral": _("Write down how a referral goes on"),
            "referrals.review_referral": _("Look at refusals and at referrals without consent"),
            "referrals.override_consent": _("Let a referral leave without consent"),
            "referrals.answer_referral": _("Answer referrals to their institution"),
            "referrals.record_identification": _("Write down steps of a procedure"),
            "referrals.record_accompaniment": _("Record that somebody went along"),
            "referrals.record_unmet_need": _("Record needs that could not be referred"),
        },
    ),
    Area(
        _("Who may see a case"),
        {
            "casework.assign_case": _("Give, end, seal and block access; have a colleague covered"),
            "casework.ask_emergency_access": _("Ask for emergency access"),
            "casework.review_emergency_access": _("Agree to and review emergency access"),
        },
    ),
    Area(
        _("Outreach and training"),
        {
            "outreach.view_sessions": _("See outreach sessions"),
            "outreach.record_session": _("Record outreach"),
            "outreach.record_training": _("Record trainings"),
        },
    ),
    Area(
        _("Institutions and lists"),
        {
            "directory.view_services": _("Read the directory"),
            "directory.verify_service": _("Confirm an entry"),
            "directory.edit_service": _("Change services"),
            "directory.set_capacity": _("Say whether a service takes people now"),
            "directory.propose_change": _("Ask for a change of their institution's entries"),
            "directory.review_change": _("Agree to changes that an institution asks for"),
            "directory.edit_contact": _("Change whom to reach at an institution"),
            "directory.confirm_change": _("Be the second person for a phone number or address"),
            "directory.edit_organization": _("Change institutions"),
            "directory.edit_lists": _("Change the lists"),
            "accounts.use_admin_site": _("Change reference data"),
        },
    ),
    Area(
        _("Reports"),
        {
            "reports.view_reports": _("See reports"),
            "reports.request_report": _("Have a report counted"),
            "reports.view_exact_figures": _("See exact figures of their organization"),
            "reports.release_report": _("Release a report"),
            "reports.view_studies": _("See what talks add up to, in protected counts"),
            "reports.request_study": _("Have talks counted"),
        },
    ),
    Area(
        _("What leaves the house"),
        {
            "exports.request_export": _("Ask for a file that names a person"),
            "exports.approve_export": _("Agree to the export of somebody else"),
            "exports.view_export_register": _("Read what left the house"),
        },
    ),
    Area(
        _("People who work here"),
        {
            "accounts.manage_users": _("Manage users, their roles and teams"),
            "accounts.end_sessions": _("End the sessions of colleagues"),
            "accounts.confirm_factor_reset": _(
                "Be the second person: for an invitation, for a lost second factor"
            ),
            "accounts.manage_tokens": _("See and end the keys of machines"),
            "accounts.view_roles": _("Read this matrix"),
            "accounts.edit_roles": _("Change this matrix"),
            "accounts.lock_everything": _("Lock everything, and help to open it again"),
        },
    ),
    Area(
        _("Data protection"),
        {
            "accounts.view_dictionary": _("Read which data is kept and why"),
            "accounts.search_trail": _("Search what was done and read"),
            "accounts.view_usage": _("See how the system is used"),
            "protection.review_anomaly": _("Look at what is unusual"),
            "protection.report_breach": _("Report an incident"),
            "protection.view_registers": _("Read the registers"),
            "protection.edit_registers": _("Write in the registers"),
            "protection.record_person_request": _("Write down what a person asks about her data"),
            "protection.give_access_package": _("Prepare the file of one person's data"),
            "protection.print_papers": _("Print neutral papers and blank forms"),
            "protection.place_hold": _("Keep a record from being erased"),
            "protection.decide_due": _("Decide on records whose time is over"),
            "protection.view_erasures": _("See erasures and what is due"),
            "protection.begin_erasure": _("Begin an erasure"),
            "protection.confirm_erasure": _("Confirm or stop an erasure"),
        },
    ),
]

# Which records a role reaches: the gate decides, no function does.
REACH: dict[str, Text] = {
    Role.Code.CASEWORKER: _(
        "People of their own teams by code; names, notes and answers of cases they have access to"
    ),
    Role.Code.PHONE_OPERATOR: _("People of their own line by code; cases they have access to"),
    Role.Code.MOBILE: _("People of their own teams by code; cases they have access to"),
    Role.Code.INTERPRETER: _("No record of anybody"),
    Role.Code.COORDINATOR: _(
        "What is operational of all cases of their organization that are not sealed; names and"
        " notes only with access that stands on the case"
    ),
    Role.Code.LEADERSHIP: _("Counts of their organization, no record of anybody"),
    Role.Code.PARTNER: _("What a person agreed to share with their institution, per referral"),
    Role.Code.DONOR: _("Released counts of their grants, no record of anybody"),
    Role.Code.DATA_PROTECTION: _(
        "Who read and did what, and reports on conduct; no name, note or answer of anybody else"
    ),
    Role.Code.ADMINISTRATOR: _("Users, roles and lists; no record of a client"),
}

# Whoever is outside the house gets no function inside it, whatever the matrix is asked to say.
ONLY = {
    Role.Code.PARTNER: frozenset(
        {
            "directory.propose_change",
            "directory.set_capacity",
            "directory.view_services",
            "referrals.answer_referral",
        }
    ),
    Role.Code.DONOR: frozenset({"reports.view_reports"}),
}
# Whoever gives rights has none over clients, through this matrix neither: what begins like these.
OF_CLIENTS = ("casework.", "exports.", "protection.give_access_package", "referrals.", "screening.")
# The questions themselves are the same for everybody.
OF_NOBODY = frozenset({"screening.view_instrument"})
# Nobody could undo it, or an administrator would be alone with what takes two people.
KEPT = {
    Role.Code.ADMINISTRATOR: frozenset({"accounts.view_roles", "accounts.edit_roles"}),
    Role.Code.DATA_PROTECTION: frozenset({"accounts.confirm_factor_reset"}),
}


def words() -> dict[str, Text]:
    """{permission: what it lets somebody do}."""
    return {name: said for area in AREAS for name, said in area.functions.items()}


def fits(role: str, name: str) -> bool:
    """Whether a role can be given this function at all."""
    if role == Role.Code.ADMINISTRATOR:
        return name in OF_NOBODY or not name.startswith(OF_CLIENTS)
    allowed = ONLY.get(Role.Code(role))
    return allowed is None or name in allowed


def areas_for(role: str) -> Iterator[Area]:
    """The functions that a role can be given at all."""
    for area in AREAS:
        functions = {name: said for name, said in area.functions.items() if fits(role, name)}
        if functions:
            yield Area(area.title, functions)
