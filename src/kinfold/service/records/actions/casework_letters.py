"""Keeping a letter, agenda, minutes or pack as a paper of the record, as it was made and for whom."""

from __future__ import annotations

from typing import Any

from kinfold.service.records.actions import recording
from kinfold.service.records.reads.casework_letters import Made
from kinfold.service.records.reads.person import find_person
from kinfold.service.records.reads.reader import Reader

EDITION = 1  # of the templates' format


def keep_document(reader: Reader, uid: str, made: Made) -> str:
    """Record a document that was made, with its text and that the guard on addresses passed it; return its id."""
    row = find_person(uid)
    values: dict[str, Any] = {
        "title": made.document.title, "author": reader.account.name, "sections": _sections(made),
        "template": f"{made.template.name}/{EDITION}",
    }  # fmt: skip
    party = None
    if made.template.sort == "letter":
        values |= {"letter_type": made.template.letter_type, "direction": "sent", "address_checked": True,
                   "sent_date": reader.now.date()}  # fmt: skip
        party = made.recipients[0] if made.recipients[0] != uid else None
    fact, _ = recording.record(
        reader, row, kind=made.template.paper, values=values, valid_from=reader.now.date(), valid_to=None,
        party=party, because=f"made from the record: {made.template.title}"[:200],
    )  # fmt: skip
    return fact


def _sections(made: Made) -> list[dict[str, str]]:
    found = []
    if made.names:
        found.append({"heading": "For", "words": ", ".join(made.names)})
    for one in made.document.sections:
        rows = ["\n".join(f"{label}: {words}" for label, words in fact) for fact in one.facts]
        found.append({"heading": one.heading, "words": "\n\n".join([*one.paragraphs, *rows])})
    return [section for section in found if section["words"]]
