"""
Is there a child like this one here? One look-up among the children that the reader may find.

Whom the reader may not find is left out before anything is weighed, so that neither the answer nor its margin says that
they exist. A look-up that cannot be made is an error and never "nobody".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kinfold.access.words import Verb
from kinfold.identity.decide import TOO_LITTLE, Decision, beside_a_twin, best_of, decided, ranked
from kinfold.identity.kept_while import working
from kinfold.identity.normalise import Particulars, particulars
from kinfold.identity.score import Model, Score, probability, sentence, shipped_model
from kinfold.identity.seen import seen
from kinfold.service.records.models import PersonIndex
from kinfold.service.records.reads.quick import quickly
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.versions import uid_text
from kinfold.service.records.register_filing import LiveRegister, file_changed
from kinfold.service.records.scope import reading_as_system
from kinfold.service.records.tables import in_chunks, placeholders
from kinfold.terms.errors import InputError

# From this probability on an entry that is not certain is called probable.
PROBABLE = 0.8


@dataclass(frozen=True, slots=True)
class Entry:
    """A child found: how sure (`grade` in FHIR's words), why, and what of them the reader may open."""

    uid: str
    probability: float
    grade: str
    why: str
    name: str
    born: date | None
    sex: str
    opens: bool


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look-up came to. `problems` are fields that could not be read."""

    decision: str
    why: str
    entries: Sequence[Entry]
    problems: Sequence[str]
    model: str


def look_up(reader: Reader, row: Mapping[str, object], *, most: int = 10) -> Looked:
    """
    Return the children like `row` (the columns of `kinfold match`), the likeliest first, and record the look.

    Raises InputError where there is too little to search by.
    """
    with working():
        return _looked_up(reader, row, most=most)


def _looked_up(reader: Reader, row: Mapping[str, object], *, most: int) -> Looked:
    person, model = particulars(row), shipped_model()
    if person.says_nothing:
        raise InputError(TOO_LITTLE)
    found: list[tuple[PersonIndex, Score]] = []
    for held_by in sorted(reader.holders):
        found += _scored(reader, held_by, person, model)
    scores = beside_a_twin([score for _, score in found], model.decision.get("twin_at_home", 0.0))
    answer = decided(ranked(range(len(found)), scores, most=most), model.decision)
    entries = [
        _entry(reader, found[one.row][0], one.score, model, certain=place == 0 and answer.decision is Decision.MATCH)
        for place, one in enumerate(answer.candidates)
    ]
    _say(reader, [found[one.row][0] for one in answer.candidates], answer.decision.value, model)
    return Looked(answer.decision.value, answer.why, entries, person.problems, f"{model.version} ({model.digest})")


def _scored(reader: Reader, held_by: int, person: Particulars, model: Model) -> list[tuple[PersonIndex, Score]]:
    file_changed(held_by)
    with reading_as_system():
        register = LiveRegister(held_by)
        rows = register.rows_like(person)
        index = _index_of(rows)
        absorbed = _absorbed(index.values())
        index |= _index_of(sorted({*absorbed.values()} - index.keys()))
        reader.prepare(list(index), children=True)
        seen_by_reader = [
            row for row in rows
            if row in index and all(_may_find(reader, index.get(each)) for each in {row, absorbed.get(row, row)})
        ]  # fmt: skip
        asked = seen(person, register.rarity)
        best: dict[int, Score] = {}
        for row, shapes in zip(seen_by_reader, register.shapes(seen_by_reader), strict=True):
            score = best_of(model, asked, shapes)
            kept = absorbed.get(row, row)
            if kept not in best or best[kept].total < score.total:
                best[kept] = score
    return [(index[row], score) for row, score in best.items()]


def _index_of(persons: Sequence[int]) -> dict[int, PersonIndex]:
    """Return each person's row, with their public id and, of a record that was joined to another, the one it is kept under."""
    found: dict[int, PersonIndex] = {}
    for chunk in in_chunks(persons):
        asked = (
            "{columns}, thing.uid, joined.kept from person_index as it join thing on thing.id = it.person "
            "left join same_as as joined on joined.person = it.person and joined.known_to is null "
            f"where it.person in ({placeholders(len(chunk))})"
        )
        found |= {row.person_id: row for row in quickly(PersonIndex, asked, chunk, beside=("public_id", "kept"))}
    return found


def _absorbed(rows: Iterable[Any]) -> dict[int, int]:
    """Return under which record each of these that was joined to another is kept."""
    return {row.person_id: row.kept for row in rows if row.kept}


def _uid(row: Any) -> str:
    return uid_text(row.public_id)


def _may_find(reader: Reader, row: PersonIndex | None) -> bool:
    return row is not None and bool(reader.decide(Verb.SEARCH, reader.thing(row)))


def _entry(reader: Reader, row: PersonIndex, score: Score, model: Model, *, certain: bool) -> Entry:
    chance = probability(score.total)
    opens = bool(reader.decide(Verb.READ_HEADLINE, reader.thing(row)))
    grade = "certain" if certain else _grade(chance, model)
    why = sentence(model.contributions(score.levels))
    return Entry(
        _uid(row), round(chance, 6), grade, why, row.name if opens else "",
        row.birth_date if opens else None, row.sex if opens else "", opens,
    )  # fmt: skip


def _grade(chance: float, model: Model) -> str:
    if chance >= PROBABLE:
        return "probable"
    return "possible" if chance >= model.decision["potential"] else "certainly-not"


def _say(reader: Reader, rows: Sequence[PersonIndex], decision: str, model: Model) -> None:
    """Record whom the look-up named, for each council asked: a look that named nobody is one too."""
    for held_by in sorted(reader.holders):
        named = [_uid(row) for row in rows if row.held_by_id == held_by]
        reader.looked(held_by, f"match: {decision}", named, because=f"weights {model.version} ({model.digest})")
