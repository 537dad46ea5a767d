"""What the terminal says about the demo's accounts."""

LOGINS = {
    "caseworker": "caseworker of the Hub, team 1",
    "caseworker2": "the same team; not assigned to the first one's cases",
    "caseworker3": "caseworker of the Hub, team 2",
    "outsider": "caseworker of the other organization in the house",
    "mobile": "mobile team of the Hub",
    "operator": "operator of the SOS line",
    "interpreter": "interpreter: own bookings and session sheet only",
    "coordinator": "coordinator of the Hub",
    "director": "leadership: counts and registers, no case",
    "partner": "Center for Protection of Victims of Human Trafficking",
    "partner2": "another institution",
    "donor": "sees released figures only",
    "dpo": "data-protection officer: audit, registers, requests",
    "admin": "administrator: accounts, institutions, lists; no case",
}


def welcome(address: str, password: str) -> str:
    """How to look at the demo."""
    rows = "\n".join(f"    {login:<13}{who}" for login, who in LOGINS.items())
    return (
        f"\n  Casework, with invented people only: {address}\n\n"
        f"{rows}\n\n  The password of each of them: {password}\n"
    )


def welcome_empty(address: str, code: str) -> str:
    """How to begin in an installation that holds nothing."""
    return (
        f"\n  Casework, empty: {address}\n\n"
        "  As long as nobody can sign in, the first page makes the first administrator.\n"
        f"  It asks for this code: {code}\n"
    )
