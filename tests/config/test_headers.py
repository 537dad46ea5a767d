"""J01, J03, J05: what travels beside a page, whatever the answer is."""

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpResponse
from django.middleware.csrf import get_token
from django.test import Client
from django.urls import include, path, reverse

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' blob:",
    "font-src 'self'",
    "media-src 'self' blob:",
    "connect-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "report-uri /csp/",
}
GOLDEN = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
}


def fails_with(problem):
    def view(request):
        raise problem

    view.login_required = False
    return view


def answers_with(status):
    def view(request):
        return HttpResponse(status=status)

    view.login_required = False
    return view


def begins_a_session(request):
    request.session["begun"] = True
    get_token(request)
    return HttpResponse()


begins_a_session.login_required = False

RAISED = {
    "400": SuspiciousOperation(),
    "403": PermissionDenied(),
    "404": Http404(),
    "413": RequestDataTooBig(),
    "500": RuntimeError(),
}
urlpatterns = [
    *(path(f"raised/{code}/", fails_with(problem)) for code, problem in RAISED.items()),
    *(path(f"given/{code}/", answers_with(code)) for code in (200, 204, 429, 503)),
    path("cookies/", begins_a_session),
    path("", include("config.urls")),
]
handler400 = "config.views.bad_request"
handler403 = "config.views.forbidden"
handler404 = "config.views.not_found"
handler500 = "config.views.server_error"


def guards(response):
    """The headers of 2.10, and the policy as a set of its rules."""
    policy = response.headers["Content-Security-Policy"]
    rules = {rule.strip() for rule in policy.split(";") if rule.strip()}
    return {name: response.headers.get(name) for name in GOLDEN}, rules


@pytest.mark.django_db
@pytest.mark.urls("tests.config.test_headers")
@pytest.mark.parametrize(
    ("address", "status"),
    [
        *((f"/raised/{code}/", int(code)) for code in RAISED),
        *((f"/given/{code}/", code) for code in (200, 204, 429, 503)),
        ("/nowhere/", 404),
        ("/healthz", 200),
        ("/api/v1/people/", 401),
        ("/settings/", 302),
    ],
)
def test_J01_every_answer_has_the_same_guards(address, status):
    response = Client(raise_request_exception=False).get(address)

    assert (response.status_code, guards(response)) == (status, (GOLDEN, POLICY))


@pytest.mark.django_db
def test_J01_page_of_somebody_who_is_signed_in(signed_in, caseworker, case):
    for address in (reverse("home"), case.get_absolute_url(), "/api/v1/people/"):
        assert guards(signed_in(caseworker).get(address)) == (GOLDEN, POLICY)


@pytest.mark.django_db
def test_J01_unknown_host_learns_nothing():
    response = Client().get("/login/", headers={"host": "evil.example"})

    assert (response.status_code, guards(response)) == (400, (GOLDEN, POLICY))


@pytest.mark.django_db
def test_J01_redirect_to_the_safe_address_is_not_kept(settings):
    settings.SECURE_SSL_REDIRECT = True

    response = Client().get("/login/")

    assert (response.status_code, response.headers["Cache-Control"]) == (301, "no-store")


@pytest.mark.django_db
def test_J01_safe_transport_is_asked_for_on_a_server(settings):
    settings.SECURE_HSTS_SECONDS = 63_072_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True

    response = Client().get("/healthz", secure=True)

    expected = "max-age=63072000; includeSubDomains; preload"
    assert response.headers["Strict-Transport-Security"] == expected


@pytest.mark.django_db
@pytest.mark.urls("tests.config.test_headers")
def test_J03_cookies_say_nothing_and_stay_here(settings):
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "__Host-sid", "__Host-csrf"

    cookies = Client().get("/cookies/", secure=True).cookies

    told = {
        name: (c["path"], c["secure"], c["httponly"], c["samesite"], c["domain"])
        for name, c in cookies.items()
    }
    assert told == {
        "__Host-sid": ("/", True, True, "Lax", ""),
        "__Host-csrf": ("/", True, True, "Strict", ""),
    }
    assert max(len(cookie.value) for cookie in cookies.values()) < 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/.git/config", "/.env", "/static/", "/static/../config/", "/media/"]
)
def test_J02_nothing_else_is_served(signed_in, admin, path):
    response = signed_in(admin).get(path)

    assert response.status_code == 404
    assert "Traceback" not in response.text


@pytest.mark.django_db
@pytest.mark.parametrize("question", [{"DEBUG": "1"}, {"format": "api"}, {"debug": "true"}])
def test_J02_nobody_turns_on_debugging_from_outside(client, question, settings):
    response = client.get("/nowhere/", question, headers={"X-Debug": "1"})

    assert (settings.DEBUG, response.status_code) == (False, 404)
    assert "urlconf" not in response.text.lower()


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND", "get"])
def test_J02_odd_methods_open_nothing(client, method):
    response = client.generic(method, "/settings/")

    assert response.status_code in {302, 405}
    assert "sessionid" not in response.text


# What a browser says of the policy


def told(client, body, **headers):
    return client.generic(
        "POST", "/csp/", body, content_type="application/csp-report", headers=headers
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "rule"),
    [
        ('{"csp-report": {"effective-directive": "script-src-elem"}}', "script-src"),
        ('{"csp-report": {"violated-directive": "img-src self"}}', "img-src"),
        ('{"csp-report": {"effective-directive": "Canary\\nline"}}', ""),
        ('{"csp-report": []}', ""),
        ("[" * 5000, ""),
        ("", ""),
    ],
)
def test_report_keeps_the_name_of_a_rule_only(client, caplog, body, rule):
    response = told(client, body)

    ours = [record.args for record in caplog.records if record.name == "config.views"]
    assert (response.status_code, ours) == (204, [{"rule": rule}])


@pytest.mark.django_db
def test_long_report_is_refused(client):
    assert told(client, "x" * 8_193).status_code == 413
