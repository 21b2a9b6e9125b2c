"""What the night team is told about a child: a case note that says which night it is for."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from kinfold.service.records.actions.recording import record
from kinfold.service.records.reads.handover import TEMPLATE
from kinfold.service.records.reads.person import find_person
from kinfold.service.records.reads.reader import Reader
from kinfold.terms.errors import InputError


def note_for_tonight(reader: Reader, uid: str, *, words: str, day: date) -> UUID:
    """
    Record a note for the night team in a child's record; return the fact's public id.

    Raises InputError when nothing is written and NotPermitted, recorded, where the reader does not write there.
    """
    if not words.strip():
        raise InputError("Say what the night team must know.")
    values = {
        "title": f"Handover for the night of {day.day} {day:%B %Y}",
        "sections": [{"heading": "For the night team", "words": words.strip()}],
        "author": str(reader.account.uid),
        "template": TEMPLATE,
    }
    fact, _ = record(
        reader, find_person(uid), kind="note", values=values, valid_from=day, valid_to=None, party=None,
        because="handover to the night team",
    )  # fmt: skip
    return UUID(fact)
