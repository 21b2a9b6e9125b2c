"""No name, number or free text about a person can reach a log, whatever the code that logs is handed."""

from __future__ import annotations

import ast
import io
import json
import logging
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.urls import resolve
from hypothesis import given
from hypothesis import strategies as st

from kinfold.service.config.logs import ALLOWED, JsonFormatter
from kinfold.service.config.server_log import Quiet

SOURCE = Path(__file__).resolve().parents[3] / "src" / "kinfold"
PERSON = "Ashgrovington"
LOGGING = {"debug", "info", "warning", "error", "critical", "exception"}


def line_of(record: logging.LogRecord) -> dict[str, Any]:
    """Return a record as it is written."""
    return dict(json.loads(JsonFormatter().format(record)))


@given(
    arguments=st.lists(st.text(min_size=1), min_size=1, max_size=3),
    extra=st.dictionaries(st.text("abcdefgh_", min_size=3), st.just(PERSON), max_size=4),
)
def test_arguments_and_unlisted_fields_are_dropped(arguments: list[str], extra: dict[str, str]) -> None:
    record = logging.LogRecord(
        "any.library", logging.ERROR, "f.py", 1, "could not %s" + " %s" * (len(arguments) - 1), tuple(arguments), None
    )
    for name, value in extra.items():
        if name not in ALLOWED:
            setattr(record, f"x_{name}", value)

    line = line_of(record)

    assert set(line) == {"at", "level", "logger", "message"}
    assert line["message"].startswith("could not %s")
    assert PERSON not in json.dumps(line)


def test_an_exceptions_text_is_dropped_and_its_kind_and_place_kept() -> None:
    try:
        raise ValueError(f"no such child: {PERSON}, born 2011-05-15")
    except ValueError as error:
        record = logging.LogRecord("x", logging.ERROR, "f", 1, "failed", (), (ValueError, error, error.__traceback__))

    line = line_of(record)

    assert line["error"] == "ValueError"
    assert PERSON not in json.dumps(line)
    assert line["where"][-1].rpartition(":")[2].isdigit()


@pytest.mark.django_db
def test_a_request_that_fails_logs_its_route_and_not_what_was_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.addHandler(handler)
    monkeypatch.setattr("kinfold.service.web.sign_in.second_factor.needs_second_factor", lambda request: 1 / 0)
    client = Client(raise_request_exception=False)
    try:
        client.get(f"/search/?q={PERSON}")
        client.get(f"/{PERSON}/")
        client.post("/accounts/login/", {"login": f"{PERSON}@elmshire.example", "password": PERSON})
        client.get("/", HTTP_HOST="elsewhere.example")
    finally:
        root.removeHandler(handler)

    assert PERSON not in written.getvalue()
    assert '"route": "search"' in written.getvalue()


@pytest.mark.parametrize(
    ("status", "said"),
    [
        pytest.param(404, "a request was answered 404 Not Found", id="nothing there"),
        pytest.param(500, "a request was answered 500 Internal Server Error", id="a fault of ours"),
        pytest.param(599, "a request was answered 599", id="a status without a phrase"),
    ],
)
def test_djangos_own_line_about_a_request_says_what_happened_by_route_and_status(status: int, said: str) -> None:
    request = RequestFactory().get(f"/children/{PERSON}/")
    request.resolver_match = resolve("/search/")
    record = logging.LogRecord("django.request", logging.WARNING, "f", 1, "%s: %s", ("Not Found", request.path), None)
    record.__dict__.update(request=request, status_code=status)

    line = line_of(record)

    assert (line["message"], line["route"], line["status"]) == (said, "search", status)
    assert "%" not in line["message"]
    assert PERSON not in json.dumps(line)


def test_a_request_that_no_route_takes_is_said_to_have_none() -> None:
    record = logging.LogRecord("django.request", logging.WARNING, "f", 1, "%s: %s", ("Not Found", f"/{PERSON}"), None)
    record.__dict__.update(request=RequestFactory().get(f"/{PERSON}"), status_code=404)

    line = line_of(record)

    assert line["route"] == "none"
    assert PERSON not in json.dumps(line)


def test_gunicorns_own_lines_go_through_the_same_formatter() -> None:
    from gunicorn.config import Config

    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        log = Quiet(Config())
        log.error("Error handling request %s", f"/search/?q={PERSON}")
        log.access(None, None, None, None)
    finally:
        root.removeHandler(handler)

    assert "Error handling request %s" in written.getvalue()
    assert PERSON not in written.getvalue()


def logging_calls() -> list[tuple[str, ast.Call]]:
    """Return every call of a logger in the source, with where it is."""
    found = []
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in LOGGING:
                owner = node.func.value
                named = isinstance(owner, ast.Name) and owner.id in ("log", "logger", "LOG")
                made = isinstance(owner, ast.Call) and "getLogger" in ast.unparse(owner.func)
                if named or made:
                    found.append((f"{path.relative_to(SOURCE)}:{node.lineno}", node))
    return found


def test_every_message_in_the_source_is_fixed_text_with_listed_fields() -> None:
    calls = logging_calls()
    wrong = []
    for where, call in calls:
        first = call.args[0] if call.args else None
        if not (isinstance(first, ast.Constant) and isinstance(first.value, str)) or len(call.args) > 1:
            wrong.append(f"{where}: the message must be fixed text without arguments")
        for keyword in call.keywords:
            if keyword.arg == "extra":
                names = {ast.literal_eval(key) for key in getattr(keyword.value, "keys", []) if key is not None}
                if not isinstance(keyword.value, ast.Dict) or names - set(ALLOWED):
                    wrong.append(f"{where}: extra holds {sorted(names - set(ALLOWED))}, which the formatter drops")

    assert calls
    assert wrong == []


def test_nothing_in_the_service_prints_past_the_log() -> None:
    printing = [
        f"{path.relative_to(SOURCE)}:{node.lineno}"
        for path in sorted((SOURCE / "service").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]

    assert printing == []
