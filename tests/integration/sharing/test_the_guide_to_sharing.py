"""The guide's own program is run: what docs/how-to/share-with-others.md says a custodian does, does it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from kinfold.outside.custodians import client as clients
from kinfold.service.records.models import FetchLink, Pointer
from kinfold.service.records.reads.fetching import opened, token_of
from kinfold.service.records.reads.finding_asks import own_ask
from tests.integration.sharing.conftest import Sharing, through_django

pytestmark = pytest.mark.django_db
GUIDE = Path(__file__).parents[3] / "docs" / "how-to" / "share-with-others.md"


def the_program(sharing: Sharing, code: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Return the guide's program as a module's names, with one organisation's client and no network."""
    (program,) = re.findall(r"```python\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    who = sharing.secrets[code]
    for name, value in (("https://kinfold.elmshire.example", "http://testserver"), ("the client's id", who["client_id"]),
                        ("the client's secret", who["secret"]), ("seconds=20", "seconds=0")):  # fmt: skip
        assert program.count(name) == 1
        program = program.replace(name, value)
    monkeypatch.setattr(clients, "sender", lambda: through_django)
    names: dict[str, Any] = {}
    exec(compile(program, str(GUIDE), "exec"), names)  # noqa: S102 -- our own guide
    return names


def test_the_guides_program_answers_a_question_and_gives_the_record(
    sharing: Sharing, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kinfold.service.records.actions.fetching import fetch

    program = the_program(sharing, "vale-homes", monkeypatch)
    made = sharing.ask()

    program["one_round"]()
    pointer = Pointer.objects.get(custodian__code="vale-homes")
    link = fetch(sharing.worker, own_ask(sharing.worker, str(made.uid)), str(pointer.uid))
    program["one_round"]()

    assert FetchLink.objects.get().state == "received"
    assert opened(sharing.worker, token_of(link)).payload["status"] == "Known"
