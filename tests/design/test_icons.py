"""Every icon that a page or a list names is in the sprite, and none stands without a word."""

import inspect

from django.template import engines
from django.template.base import FilterExpression, Node
from django.template.library import InclusionNode, SimpleBlockNode, SimpleNode

from accounts.templatetags import ui
from config.navigation import PLACES
from tests.design.sources import PAGES, ROOT, sprite_icons

TAGS = {
    "icon": (ui.icon, "name"),
    "tag": (ui.tag, "icon"),
    "withheld": (ui.withheld, "icon"),
    "empty_state": (ui.empty_state, "icon"),
    "banner": (ui.banner, "icon"),
    "entry": (ui.entry, "icon"),
}


def named_icon(node: Node) -> str:
    """The icon a tag names in plain text; empty where a variable names it."""
    function, argument = TAGS[node.func.__name__]
    parameters = list(inspect.signature(function).parameters.values())
    if node.func.__name__ in {"banner", "entry"}:
        parameters = parameters[1:]
    bound = inspect.Signature(parameters).bind_partial(*node.args, **node.kwargs)
    told = bound.arguments.get(argument)
    constant = isinstance(told, FilterExpression) and isinstance(told.var, str)
    return str(told.var) if constant else ""


def test_every_icon_named_in_a_page_is_in_the_sprite():
    engine = engines["django"].engine
    kinds = (SimpleNode, InclusionNode, SimpleBlockNode)
    named = {
        (page.relative_to(ROOT / "templates").as_posix(), icon)
        for page in PAGES
        for kind in kinds
        for node in engine.get_template(
            page.relative_to(ROOT / "templates").as_posix()
        ).nodelist.get_nodes_by_type(kind)
        if node.func.__name__ in TAGS and (icon := named_icon(node))
    }

    assert len(named) > 20
    assert {pair for pair in named if pair[1] not in sprite_icons()} == set()


def test_every_icon_of_the_navigation_is_in_the_sprite():
    assert {place.icon for place in PLACES} - sprite_icons() == set()


def test_sprite_holds_what_its_list_names():
    listed = (ROOT / "docs/vendor/icons.txt").read_text().split()

    assert sorted(sprite_icons()) == sorted(listed)
