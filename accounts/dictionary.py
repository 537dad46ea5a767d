"""What is kept of those who work here, of what they do, and of the machine; the vault's as well."""

from django.utils.translation import gettext_lazy as _

from accounts.data_dictionary import (
    AT,
    KEY,
    LIST,
    ROW,
    About,
    Entry,
    Erasure,
    Field,
    Retention,
    seen,
    told,
)
from accounts.levels import Level

SECRET = Field(Level.RESTRICTED, _("Lets somebody in; nobody reads it"), Erasure.BLANK)
STAFF_NAME = seen(_("Says to colleagues who did something"))
ACT = seen(_("Who did what to which record, so that everybody answers for it"))
JOB = Field(Level.RESTRICTED, _("Work that waits for the machine; holds numbers only"))
POST = Field(Level.RESTRICTED, _("Which message left the house, and that it left once"))
MACHINE = Field(Level.RESTRICTED, _("Lets the machine do its work; nobody reads it"))

VAULT = [
    Entry(
        "vault.DataKey",
        About.MACHINE,
        Retention.PERSON,
        {
            "id": Field(
                Level.RESTRICTED,
                _("The random number of the person or case whose key it is"),
                Erasure.DELETE_ROW,
            ),
            **told("kek_version wrapped created_at", KEY),
        },
        because=_("Its number is that of the person or case. With this row everything sealed goes"),
        erase_row=True,
    ),
]

ACTS = [
    Entry(
        "accounts.AuditEvent",
        About.STAFF,
        Retention.AUDIT,
        {
            "id": ROW,
            **told("at actor verb object_type object_id case_id listed fields note", ACT),
            **told("on_behalf purpose result meta", ACT),
            "request_id": seen(_("Ties together what one request did")),
            **told(
                "session device ip_hash",
                seen(_("Tells one session, browser or address from another; a keyed hash")),
            ),
        },
        of_case="case_id",
        because=_("Names records by random numbers only, so that it may outlive them"),
    ),
    Entry(
        "accounts.AuditSeal",
        About.MACHINE,
        Retention.NEVER,
        told(
            "number at form first last count gaps late root marks prev hash key signature",
            seen(_("Shows that nobody changed what was written down")),
        ),
    ),
    Entry(
        "accounts.AuditKey",
        About.MACHINE,
        Retention.NEVER,
        told("key public since", seen(_("Lets anybody check the seals"))),
    ),
    Entry(
        "accounts.Notice",
        About.STAFF,
        Retention.SHORT,
        {
            "id": ROW,
            **told(
                "user code url_name object_id at read_at told_at",
                seen(_("Tells somebody that there is something to look at, without saying what")),
            ),
        },
    ),
    Entry(
        "accounts.Delivery",
        About.STAFF,
        Retention.SHORT,
        {
            "id": ROW,
            **told("channel text language user state created_at ended_at", POST),
            **told("dedupe_key attempts begun_at is_doubtful", MACHINE),
            **told(
                "key_version wrapped_key sealed",
                Field(
                    Level.RESTRICTED,
                    _("Whom a message goes to, until it has left; nobody reads it"),
                    Erasure.SEALED,
                ),
            ),
        },
    ),
    Entry(
        "accounts.NoticePreference",
        About.STAFF,
        Retention.STAFF,
        told("user by_mail quiet_from quiet_until", seen(_("How and when she wants to be told"))),
    ),
    Entry(
        "accounts.PushSubscription",
        About.STAFF,
        Retention.SHORT,
        {
            "id": ROW,
            **told("user session name added_at seen_at", seen(_("In which browsers she is told"))),
            **told("device digest", MACHINE),
            **told("key_version wrapped_key sealed", SECRET),
        },
    ),
    Entry(
        "accounts.Operation",
        About.STAFF,
        Retention.SHORT,
        {
            "id": ROW,
            **told(
                "actor verb fingerprint object_type object_id at",
                Field(Level.RESTRICTED, _("Lets a second click find the result of the first")),
            ),
        },
    ),
    Entry(
        "accounts.OutboxJob",
        About.MACHINE,
        Retention.SHORT,
        told(
            "id event task args dedupe_key state attempts last_error created_at available_at", JOB
        ),
    ),
]

PEOPLE = [
    Entry(
        "accounts.Organization",
        About.WORLD,
        Retention.NEVER,
        told("id code name_en name_sr type is_house", LIST),
        api="organizations",
    ),
    Entry(
        "accounts.Team",
        About.WORLD,
        Retention.NEVER,
        told("organization kind", LIST),
        because=_("A team has no person's name"),
    ),
    Entry(
        "accounts.Role",
        About.WORLD,
        Retention.NEVER,
        told("code permissions", Field(Level.EXISTS, _("What each role can see and do"))),
    ),
    Entry(
        "accounts.RoleChange",
        About.STAFF,
        Retention.NEVER,
        {
            "id": ROW,
            **told(
                "role permission is_given changed_by changed_at",
                seen(_("Who changed what a role may do, and when")),
            ),
        },
    ),
    Entry(
        "accounts.User",
        About.STAFF,
        Retention.STAFF,
        {
            "id": ROW,
            "password": SECRET,
            "last_login": seen(_("Shows accounts that nobody uses")),
            "username": seen(_("What somebody signs in with")),
            "name": STAFF_NAME,
            "email": seen(_("Where a link to sign in is sent; never anything about a client")),
            **told("organization teams", seen(_("Which desk somebody works at"))),
            **told("language theme", seen(_("How the pages look to this person"))),
            **told("is_active joined_at", seen(_("Whether and since when somebody works here"))),
            "leaves_on": seen(_("The last day on which the account opens anything")),
            "trained_on": seen(_("When somebody was last trained in protecting data")),
            "auth_epoch": MACHINE,
        },
        history=True,
    ),
    Entry(
        "accounts.ApiToken",
        About.STAFF,
        Retention.STAFF,
        {
            "id": ROW,
            **told("token_key digest", SECRET),
            **told(
                "user created expiry label scopes addresses made_by last_used_on revoked_at",
                seen(_("Which machine may ask what, for whom and until when")),
            ),
        },
    ),
    Entry(
        "accounts.RoleAssignment",
        About.STAFF,
        Retention.STAFF,
        {
            "id": ROW,
            **told(
                "user role starts_on ends_on", seen(_("Which functions somebody has, until when"))
            ),
        },
        history=True,
    ),
    Entry(
        "accounts.RolePermission",
        About.WORLD,
        Retention.NEVER,
        {},
        history=True,
        because=_("The same as the functions of a role, row by row"),
    ),
]

HOUSE = [
    Entry(
        "accounts.LimitCount",
        About.MACHINE,
        Retention.SHORT,
        told("id name key hits expires_at", MACHINE),
    ),
    Entry(
        "accounts.Installation",
        About.MACHINE,
        Retention.NEVER,
        {
            "id": ROW,
            "kind": seen(_("Whether this is a demonstration or the real thing")),
            "since": AT,
        },
    ),
]

DOOR = seen(_("Who let whom in, when, and on which proof"))

ENTRANCES = [
    Entry(
        "accounts.Agreement",
        About.WORLD,
        Retention.NEVER,
        {"id": ROW, **told("kind version text_en text_sr valid_from months", LIST)},
    ),
    Entry(
        "accounts.AgreementAcceptance",
        About.STAFF,
        Retention.STAFF,
        {
            "id": ROW,
            **told(
                "user agreement at expires_on recorded_by",
                seen(_("Shows who promised to keep what she sees to herself, and until when")),
            ),
        },
    ),
    Entry(
        "accounts.Invitation",
        About.STAFF,
        Retention.STAFF,
        {
            "id": ROW,
            "token_hash": SECRET,
            **told("name username email organization teams roles roles_end_on", DOOR),
            **told("invited_by invited_at expires_at accepted_at withdrawn_at user", DOOR),
            **told("agreed_by agreed_at", DOOR),
        },
    ),
    Entry(
        "accounts.PasswordReset",
        About.STAFF,
        Retention.SHORT,
        {
            "id": ROW,
            "token_hash": SECRET,
            **told("user asked_at expires_at used_at", DOOR),
        },
    ),
    Entry(
        "accounts.FactorReset",
        About.STAFF,
        Retention.STAFF,
        {
            "id": ROW,
            **told("user proof started_by started_at expires_at confirmed_by confirmed_at", DOOR),
        },
    ),
    Entry(
        "accounts.HalfSignIn",
        About.STAFF,
        Retention.SHORT,
        {
            "id": ROW,
            **told("user at", seen(_("Tells somebody that her password is known to others"))),
        },
    ),
]

SESSIONS = [
    Entry(
        "accounts.Session",
        About.STAFF,
        Retention.SHORT,
        {
            "id": ROW,
            **told("digest data", SECRET),
            "user": seen(_("Who is signed in")),
            "device": seen(_("Lets somebody know her own devices again; browser and system only")),
            **told(
                "begun_at last_used_at locked_at idle_seconds ends_at",
                seen(_("When a session waits for its owner, and when it ends")),
            ),
            "handed_over": seen(_("Which pages are open while somebody else holds the screen")),
            **told("handed_code handed_tries", SECRET),
        },
    ),
    Entry(
        "accounts.KnownDevice",
        About.STAFF,
        Retention.STAFF,
        {
            "id": ROW,
            "digest": SECRET,
            **told("user first_used_at", seen(_("Tells somebody of a device she never used"))),
        },
    ),
    Entry(
        "accounts.Draft",
        About.STAFF,
        Retention.SHORT,
        {
            "id": ROW,
            **told("session user", seen(_("Whose form waits to be sent again"))),
            **told("key_version wrapped_key", KEY),
            "sealed": Field(
                Level.RESTRICTED,
                _("What somebody had typed when her session was locked; half an hour"),
                Erasure.DELETE_ROW,
            ),
            "ends_at": AT,
        },
        because=_("Belongs to one session of its writer and goes with it"),
        erase_row=True,
    ),
    Entry(
        "accounts.AddressChange",
        About.STAFF,
        Retention.SHORT,
        {
            "id": ROW,
            **told("user old_address at", seen(_("Tells an old address that it was changed"))),
        },
    ),
    Entry(
        "accounts.EmergencyLock",
        About.STAFF,
        Retention.NEVER,
        {
            "id": ROW,
            **told(
                "reason locked_at locked_by first_lifted_at first_lifted_by lifted_at lifted_by",
                seen(_("Who closed everything, why, and which two opened it again")),
            ),
        },
    ),
]

ENTRIES = [*VAULT, *ACTS, *PEOPLE, *HOUSE, *ENTRANCES, *SESSIONS]
