"""What a council records about itself, so that its own clocks are met: who holds a post, what was published."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from kinfold.access.words import Verb
from kinfold.service.records.actions.incidents import council_body
from kinfold.service.records.actions.services import keep
from kinfold.service.records.reads.clock_council import asked_of
from kinfold.service.records.reads.reader import Reader
from kinfold.terms.errors import InputError


def record_for_council(reader: Reader, *, kind: str, day: date, said: Mapping[str, Any]) -> str:
    """Record a fact about the reader's own council and return its id. Raises NotPermitted for who may not."""
    holder = reader.account.held_by
    if holder is None:
        raise InputError("Your account belongs to no council.")
    reader.insist(Verb.WRITE, asked_of(holder.pk), action=f"record {kind}"[:40])
    body = council_body(holder, by=str(reader.account.uid))
    return keep(reader, body, kind=kind, values=said, day=day, because="the council's own record")
