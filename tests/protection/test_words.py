"""Whoever reads the trail reads words: each verb that the code writes down has some."""

import ast

from casework.api.client import ClientViewSet
from protection.words import NOUNS, VERBS, WHOLE
from referrals.actions.moving import EVENTS
from tests.test_house import CODE

WRITERS = {"record": 1, "record_list": 1, "record_entry": 0}


def places_of_verbs(tree):
    """Functions of a module and where each takes a verb: those of the trail, and its own."""
    places = {
        each.name: [argument.arg for argument in each.args.args].index("verb")
        for each in tree.body
        if isinstance(each, ast.FunctionDef) and "verb" in {a.arg for a in each.args.args}
    }
    for each in tree.body:
        if isinstance(each, ast.ImportFrom) and each.module == "accounts.audit":
            names = {alias.name for alias in each.names}
            places |= {name: place for name, place in WRITERS.items() if name in names}
    return places


def given_verbs(call, places):
    """What a call hands over as a verb, by place or by name."""
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    given = call.args[places[name] :][:1] if name in places else []
    return [*given, *(each.value for each in call.keywords if each.arg == "verb")]


def usual_verbs(function):
    """The verb that a function takes when it is told none."""
    named = zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True)
    return [usual for argument, usual in named if argument.arg == "verb" and usual]


def verbs_of_code():
    """The verbs that are written out. What a verb is put together from is asked below."""
    found = []
    for path in CODE:
        tree = ast.parse(path.read_text())
        places = places_of_verbs(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                found += given_verbs(node, places)
            elif isinstance(node, ast.FunctionDef):
                found += usual_verbs(node)
    plain = [each for verb in found for each in parts_of(verb)]
    return sorted({each.value for each in plain if isinstance(each, ast.Constant)})


def parts_of(verb):
    """Either side of a choice between two verbs; else the verb itself."""
    return [verb.body, verb.orelse] if isinstance(verb, ast.IfExp) else [verb]


def subclasses(kind):
    for each in kind.__subclasses__():
        yield each
        yield from subclasses(each)


def has_words(verb):
    first, _bar, noun = verb.partition("_")
    return verb in WHOLE or (first in VERBS and noun in NOUNS)


def test_each_verb_of_the_code_has_words():
    verbs = verbs_of_code()

    assert len(verbs) > 200
    assert [verb for verb in verbs if not has_words(verb)] == []


def test_each_verb_on_a_referral_has_words():
    assert [verb for verb in EVENTS if not has_words(f"{verb}_referral")] == []


def test_each_resource_of_the_api_has_words():
    kinds = [each for each in subclasses(ClientViewSet) if hasattr(each, "noun")]
    nouns = {each.noun: each.nouns or f"{each.noun}s" for each in kinds}
    verbs = [verb for one, many in nouns.items() for verb in (f"view_{one}", f"list_{many}")]

    assert len(nouns) > 5
    assert [verb for verb in verbs if not has_words(verb)] == []
