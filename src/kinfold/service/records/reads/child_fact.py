"""A child and one fact of theirs, for a reader: what is not there and what may not be seen are one answer."""

from __future__ import annotations

from django.utils.crypto import salted_hmac

from kinfold.access.things import Thing
from kinfold.service.records.models import FACT_TABLES
from kinfold.service.records.models import Thing as ThingRow
from kinfold.service.records.reads.fact import FactHistory, fact_with_history
from kinfold.service.records.reads.person import find_person
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.versions import one_person
from kinfold.service.records.scope import as_system
from kinfold.terms.errors import NotPermitted

NOTHING = "There is nothing here that you can open."


def open_person(reader: Reader, uid: str, *, action: str) -> tuple[ThingRow, Thing]:
    """Return a person that the reader may open. Raises NotPermitted, recorded, for any other and for none."""
    row = find_person(uid)
    thing = reader.thing(row)
    decision = reader.reads(thing)
    if not decision:
        reader.refused(action, thing, decision)
        raise NotPermitted(decision.shown)
    return row, thing


def fact_of(reader: Reader, uid: str, word: str, fact: str) -> FactHistory:
    """Return a fact that is about the person, with its history, and record the View. Raises NotPermitted otherwise."""
    row, _ = open_person(reader, uid, action="fact")
    insist_about(row, word, fact)
    return fact_with_history(reader, word, fact)


def insist_about(row: ThingRow, word: str, fact: str) -> None:
    """Raise NotPermitted unless the fact is about the person: as its subject, or as the other end of a tie."""
    with as_system():
        persons = set(one_person(row.pk))
        about = FACT_TABLES[word].objects.filter(fact=fact).values_list("subject_id", "party_id") if word else []
        ends = {end for subject, party in about for end in (subject, party if word == "tie" else None) if end}
    if not persons & ends:
        raise NotPermitted(NOTHING)


def version_mark(word: str, version: int) -> str:
    """
    Return the public name of one version of a fact, which a correction must give as what it was made from.

    Row numbers would tell in what order records were made, so they never leave the system.
    """
    return salted_hmac("kinfold.version", f"{word}:{version}", algorithm="sha256").hexdigest()[:32]
