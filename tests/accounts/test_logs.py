import json
import logging

from accounts.logs import JsonFormatter, request_id


def line_of(name="casework.requests", message="request", args=(), exc_info=None):
    record = logging.LogRecord(name, logging.INFO, "x.py", 1, message, args, exc_info)
    text = JsonFormatter().format(record)
    assert "\n" not in text
    return json.loads(text)


def test_line_names_the_request():
    token = request_id.set("r-1")

    assert line_of()["request"] == "r-1"
    request_id.reset(token)


def test_facts_of_a_request_become_fields():
    assert line_of(args=({"route": "home", "status": 200},))["route"] == "home"


def test_text_cannot_forge_a_second_line():
    line = line_of(message='x\n{"level": "forged"}\x1b[31m')

    assert line["level"] == "INFO"


def test_what_others_fill_in_is_left_out():
    line = line_of("django.request", "Internal Server Error: %s", ("/people/Zahra/",))

    assert line["message"] == "Internal Server Error: %s"


def test_facts_that_others_fill_in_are_left_out_too():
    line = line_of("celery.app.trace", "Task %(name)s: %(exc)s", ({"name": "x", "exc": "Zahra"},))

    assert "Zahra" not in json.dumps(line)


def test_error_is_told_by_kind_and_place_never_by_its_text():
    try:
        raise ValueError("Zahra Rahimi")
    except ValueError as error:
        line = line_of(exc_info=(type(error), error, error.__traceback__))

    assert "Zahra" not in json.dumps(line)
    assert line["error"].startswith("ValueError at ")
