"""Countries beyond ISO 3166-1, and names of it that the country package has wrong in Serbian."""

from django.utils.translation import gettext_lazy as _

# ISO 3166-1 leaves AA, QM to QZ, XA to XZ and ZZ to the user.
STATELESS = "XA"
NOT_KNOWN = "XX"

EXTRA_COUNTRIES = {
    "XK": _("Kosovo (UNSCR 1244)"),
    STATELESS: _("Stateless"),
    NOT_KNOWN: _("Country not known"),
    # Translated here because django-countries 9.1 names other countries in their place.
    "LV": _("Latvia"),
    "MK": _("North Macedonia"),
    "WS": _("Samoa"),
}
