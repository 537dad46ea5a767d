"""The site's map: one line per app."""

from allauth.account import views as allauth
from allauth.mfa.base.views import authenticate
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language
from drf_spectacular.views import SpectacularJSONAPIView

from accounts import views as accounts
from accounts.views import links, notices, security, signin
from config import api, views
from config.admin import site

urlpatterns = [
    path("", views.home, name="home"),
    path("", include("casework.urls")),
    path("screening/", include("screening.urls")),
    path("questions/", include("screening.client_urls")),
    path("referrals/", include("referrals.urls")),
    path("partner/", include("referrals.partner_urls")),
    path("outreach/", include("outreach.urls")),
    path("directory/", include("directory.urls")),
    path("reports/", include("reports.urls")),
    path("exports/", include("exports.urls")),
    path("protection/", include("protection.urls")),
    path("notices/", notices.notices, name="notices"),
    path("notices/read/", notices.read, name="read_notices"),
    path("settings/", include("accounts.urls")),
    path("admin/", site.urls),
    path("api/v1/", include(api.router.urls)),
    path("api/schema/", SpectacularJSONAPIView.as_view(), name="schema"),
    path("design/", views.components, name="components"),
    # allauth asks for these names; what is not here does not exist.
    path("login/", accounts.login, name="account_login"),
    path("login/passkey/", signin.passkey, name="mfa_login_webauthn"),
    path("login/code/", authenticate, name="mfa_authenticate"),
    path("login/forgotten/", links.forgotten, name="account_reset_password"),
    path("login/forgotten/sent/", links.reset_promised, name="reset_promised"),
    path("login/reset/", links.new_password, name="new_password"),
    path("login/reset/<str:token>/", links.reset_link, name="reset_link"),
    path("login/invitation/", links.accept_invitation, name="accept_invitation"),
    path("login/invitation/<str:token>/", links.invitation_link, name="invitation_link"),
    path("login/sso/", signin.single_sign_on, name="single_sign_on"),
    path(
        "login/<slug:provider_id>/back/",
        signin.single_sign_on_back,
        name="openid_connect_callback",
    ),
    path("login/renewal/", security.agreement_over, name="agreement_over"),
    path("first/", accounts.first_administrator, name="first_administrator"),
    path("logout/", accounts.logout, name="account_logout"),
    path("inactive/", allauth.account_inactive, name="account_inactive"),
    path("settings/security/password/", security.change_password, name="account_change_password"),
    path("reauthenticate/", accounts.confirm, name="account_reauthenticate"),
    path("reauthenticate/", accounts.confirm, name="mfa_reauthenticate"),
    path("reauthenticate/", accounts.confirm, name="mfa_reauthenticate_webauthn"),
    path("signup/", views.no_signup, name="account_signup"),
    path("language/", login_not_required(set_language), name="set_language"),
    path("csp/", views.policy_report, name="policy_report"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]

handler400 = "config.views.bad_request"
handler403 = "config.views.forbidden"
handler404 = "config.views.not_found"
handler500 = "config.views.server_error"
