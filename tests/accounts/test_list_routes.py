import json

import pytest
from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.core.management import call_command
from django.http import HttpResponse
from django.urls import include, path, re_path
from django.views.decorators.http import require_GET, require_http_methods
from django.views.generic import TemplateView
from rest_framework.authentication import SessionAuthentication, TokenAuthentication
from rest_framework.permissions import AllowAny, IsAdminUser, IsAuthenticated
from rest_framework.routers import SimpleRouter
from rest_framework.viewsets import ViewSet

from accounts.management.commands.list_routes import routes

pytestmark = pytest.mark.urls(__name__)


def page(request, **arguments):
    return HttpResponse()


@login_not_required
def info(request):
    return HttpResponse()


@login_not_required
@require_http_methods(["POST"])
def send(request):
    return HttpResponse()


class Cases(ViewSet):
    authentication_classes = [SessionAuthentication]
    permission_classes = [IsAuthenticated]

    def list(self, request):
        return HttpResponse()

    def create(self, request):
        return HttpResponse()


class Registers(Cases):
    permission_classes = [IsAdminUser]


class Field(Cases):
    authentication_classes = [SessionAuthentication, TokenAuthentication]


class Signposts(Cases):
    permission_classes = [AllowAny]


router = SimpleRouter()
for prefix, viewset in {"c": Cases, "r": Registers, "f": Field, "s": Signposts}.items():
    router.register(prefix, viewset, basename=prefix)

inner = ([path("<slug:code>/", require_GET(page), name="one")], "inner")
urlpatterns = [
    path("info/", info, name="info"),
    path("cases/<uuid:pk>/", page, name="case"),
    path("cases/<uuid:pk>/parts/", include(inner)),
    path("send/", send, name="send"),
    re_path(r"^old/(?P<year>[0-9]{4})/$", TemplateView.as_view(), name="old"),
    path("api/", include(router.urls)),
    path("admin/", AdminSite().urls),
]


def found(name):
    return next(route for route in routes() if route.name == name)


@pytest.mark.parametrize(
    ("name", "path", "methods", "policy", "arguments"),
    [
        ("info", "/info/", ["*"], "public", {}),
        ("case", "/cases/<uuid:pk>/", ["*"], "login", {"pk": "uuid"}),
        (
            "inner:one",
            "/cases/<uuid:pk>/parts/<slug:code>/",
            ["GET"],
            "login",
            {"pk": "uuid", "code": "slug"},
        ),
        ("send", "/send/", ["POST"], "public", {}),
        ("old", "/old/<year>/", ["GET", "HEAD", "OPTIONS"], "login", {"year": "text"}),
        ("c-list", "/api/c/", ["GET", "HEAD", "OPTIONS", "POST"], "login", {}),
        ("r-list", "/api/r/", ["GET", "HEAD", "OPTIONS", "POST"], "permission", {}),
        ("f-list", "/api/f/", ["GET", "HEAD", "OPTIONS", "POST"], "token", {}),
        ("s-list", "/api/s/", ["GET", "HEAD", "OPTIONS", "POST"], "public", {}),
        ("admin:index", "/admin/", ["*"], "permission", {}),
        ("admin:login", "/admin/login/", ["*"], "public", {}),
    ],
)
def test_a_door_tells_who_may_come_in_and_how(name, path, methods, policy, arguments):
    route = found(name)

    assert (route.path, route.methods, route.policy, route.arguments) == (
        path,
        methods,
        policy,
        arguments,
    )


def test_json_is_one_line_with_every_door(capsys):
    call_command("list_routes", json=True)

    out = capsys.readouterr().out
    assert out.count("\n") == 1
    told = json.loads(out)
    assert [row["path"] for row in told] == [route.path for route in routes()]
    assert set(told[0]) == {"path", "name", "methods", "policy", "arguments"}


def test_text_has_one_line_for_each_door(capsys):
    call_command("list_routes")

    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(routes())
    assert "public     POST                 /send/  send" in lines
