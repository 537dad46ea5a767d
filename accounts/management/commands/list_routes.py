"""List every door of the site: address pattern, name, methods, who may come in, arguments."""

import inspect
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from django.contrib.admindocs.views import simplify_regex
from django.core.management.base import BaseCommand, CommandParser
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import get_converters
from django.urls.resolvers import RoutePattern
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import AllowAny, IsAuthenticated

from accounts.authentication import WithinScope

View = Callable[..., Any]


@dataclass(frozen=True)
class Route:
    """One door. `policy` is public, login, permission or token; `methods` is `*` where the view
    itself refuses none; `arguments` holds {name: type}."""

    path: str
    name: str
    methods: list[str]
    policy: str
    arguments: dict[str, str]


def routes() -> list[Route]:
    """Every door of the site, sorted by its path."""
    return sorted(_walk(get_resolver().url_patterns), key=lambda route: (route.path, route.name))


def _walk(
    patterns: list[URLPattern | URLResolver],
    prefix: str = "/",
    names: tuple[str, ...] = (),
    arguments: dict[str, str] | None = None,
) -> Iterator[Route]:
    for pattern in patterns:
        path = prefix + _text(pattern)
        known = {**(arguments or {}), **_arguments(pattern)}
        if isinstance(pattern, URLResolver):
            space = (*names, pattern.namespace) if pattern.namespace else names
            yield from _walk(pattern.url_patterns, path, space, known)
        else:
            name = ":".join([*names, pattern.name or ""])
            view = pattern.callback
            yield Route(path, name, _methods(view), _policy(view), known)


def _text(pattern: URLPattern | URLResolver) -> str:
    text = str(pattern.pattern)
    if isinstance(pattern.pattern, RoutePattern):
        return text
    return simplify_regex(text).removeprefix("/")


def _arguments(pattern: URLPattern | URLResolver) -> dict[str, str]:
    types = {type(converter): name for name, converter in get_converters().items()}
    converters = pattern.pattern.converters
    if not isinstance(pattern.pattern, RoutePattern):
        return dict.fromkeys(pattern.pattern.regex.groupindex, "text")
    return {name: types[type(converter)] for name, converter in converters.items()}


def _methods(view: View) -> list[str]:
    view_class = getattr(view, "view_class", getattr(view, "cls", None))
    if view_class is None:
        return sorted(_declared_methods(view)) or ["*"]
    told = getattr(view, "actions", None)
    methods = set(told or (m for m in view_class.http_method_names if hasattr(view_class, m)))
    # Django's and DRF's classes answer OPTIONS themselves, and HEAD like GET.
    methods |= {"options", "head"} if "get" in methods else {"options"}
    return sorted(method.upper() for method in methods)


def _declared_methods(view: View) -> list[str]:
    """What `require_http_methods` and its kin were told, wherever they stand in the chain."""
    step: View | None = view
    while step is not None:
        if inspect.isfunction(step):
            told = inspect.getclosurevars(step).nonlocals.get("request_method_list")
            if told:
                return list(told)
        step = getattr(step, "__wrapped__", None)
    return []


def _policy(view: View) -> str:
    """Who may come in: what Django's and DRF's own marks on the view say."""
    api = getattr(view, "cls", None)
    if api is None:
        if not getattr(view, "login_required", True):
            return "public"
        is_admin = hasattr(view, "admin_site") or hasattr(view, "model_admin")
        return "permission" if is_admin else "login"
    given: dict[str, Any] = getattr(view, "initkwargs", {})
    permissions = [*given.get("permission_classes", api.permission_classes)]
    if AllowAny in permissions or not permissions:
        return "public"
    if any(kind is not SessionAuthentication for kind in api.authentication_classes):
        return "token"
    return "login" if {*permissions} <= {IsAuthenticated, WithinScope} else "permission"


class Command(BaseCommand):
    help = "List every URL pattern with its name, methods, policy and argument types."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        found = routes()
        if options["json"]:
            self.stdout.write(json.dumps([asdict(route) for route in found]))
            return
        for route in found:
            methods = ",".join(route.methods)
            self.stdout.write(f"{route.policy:10} {methods:20} {route.path}  {route.name}")
