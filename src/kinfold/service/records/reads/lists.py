"""
Lists over declared kinds: a question answered from the record, as the reader may see it.

The database narrows by what cannot be missed; what is left is combined over the doors and held to the question here.
The answer is that of going through every fact of every listed child (a property test holds that).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kinfold.access.slices import slice_of
from kinfold.access.things import day_of
from kinfold.service.records.models import Holder, SavedList
from kinfold.service.records.reads.exports import export_names
from kinfold.service.records.reads.list_sql import candidates, meets
from kinfold.service.records.reads.questions import Question, question_of, sentence
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.sight import Row, Sight, fields_seen, index_rows, uids_in, values_seen
from kinfold.service.records.reads.spells import SQL, OpenSpell, as_fact, columns, combined, listed_sql
from kinfold.service.records.reads.versions import uid_text
from kinfold.service.records.scope import as_system
from kinfold.service.records.tables import fetch, in_chunks, table_of
from kinfold.terms.errors import InputError, NotPermitted

EXPORTS = ("service_list", "team_list", "list_without_names")


@dataclass(slots=True)
class Hit:
    """One thing that the list asked for, with the child it is about and the values the reader may see."""

    person: int
    uid: str
    held_by: int
    name: str
    la_child_id: str
    birth_date: date | None
    since: date | None
    until: date | None
    fact: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Answer:
    """What a list found: `hits` by name, `children` how many they are about, `asked` the sentence."""

    question: Question
    day: date
    asked: str
    hits: list[Hit] = field(default_factory=list)

    @property
    def children(self) -> int:
        """Return how many children the hits are about."""
        return len({hit.person for hit in self.hits})


def answer(reader: Reader, question: Question) -> Answer:
    """Return what a question finds among the children the reader may list. Records nothing."""
    today = day_of(reader.now)
    day = question.day(today)
    found = Answer(question, day, sentence(question, today=today))
    listed = listed_sql(reader)
    if listed is None:
        return found
    for holder in Holder.objects.filter(pk__in=reader.holders).order_by("code"):
        with as_system():
            found.hits += _of_holder(reader, holder.pk, question, day, listed)
    found.hits.sort(key=lambda hit: (hit.name.casefold(), hit.la_child_id, hit.uid, hit.since or date.min, hit.fact))
    return found


def _of_holder(reader: Reader, held_by: int, question: Question, day: date, listed: SQL) -> list[Hit]:
    persons = candidates(held_by, question, day, listed)
    rows = {row.person_id: row for row in index_rows(persons)}
    sight = Sight(reader, rows.values())
    kind = question.declared
    part = slice_of(kind.name)
    needed = frozenset(one.field for one in question.conditions)
    hits = []
    for spell in facts_of(held_by, question, persons):
        row = rows[spell.subject]
        if not meets(question, spell, row.birth_date, day):
            continue
        decision = sight.reads(spell.subject, slice=part, label=spell.label)
        # what the reader may not see, they may not ask about either: the answer would tell it
        if not decision or not needed <= fields_seen(kind.name, decision):
            continue
        hits.append(_hit(row, spell, values_seen(spell.values, kind, decision), named=sight.shows_name(spell.subject)))
    return hits


def _hit(row: Row, spell: OpenSpell, values: dict[str, Any], *, named: bool) -> Hit:
    return Hit(
        person=row.person_id, uid=row.uid, held_by=row.held_by_id, name=row.name if named else "",
        la_child_id=row.la_child_id if named else "", birth_date=row.birth_date, since=spell.since, until=spell.until,
        fact=uid_text(spell.fact), values=values,
    )  # fmt: skip


def facts_of(held_by: int, question: Question, persons: Sequence[int]) -> Iterator[OpenSpell]:
    """Yield what is shown of every fact of the kind about `persons`, with the fields the question needs."""
    wanted = list(dict.fromkeys([*(one.field for one in question.conditions), *question.columns]))
    table = table_of(question.kind)
    for chunk in in_chunks(list(persons), 5000):
        ids = ", ".join(str(int(person)) for person in chunk)
        rows = fetch(
            f"select {columns()} from {table} s where s.subject in ({ids}) and s.kind = %s and s.held_by = %s "
            "and s.known_to is null and s.status = 'final'",
            [question.kind, held_by],
        )
        yield from combined(question.kind, (as_fact(row) for row in rows), wanted)


# ---- who was shown, and what may leave
def say_shown(reader: Reader, found: Answer, hits: Sequence[Hit], *, action: str = "list") -> None:
    """Record one View with the ids of the children shown, and what was asked without any value that names somebody."""
    asked = sentence(found.question, today=day_of(reader.now), quiet=True)
    by_holder: dict[int, dict[str, None]] = {}
    for hit in hits:
        by_holder.setdefault(hit.held_by, {})[hit.uid] = None
    for held_by, uids in by_holder.items():
        reader.looked(held_by, action, list(uids), because=asked[:200])


@dataclass(frozen=True, slots=True)
class Leaving:
    """What may leave in a file: the hits, and whether with names."""

    hits: Sequence[Hit]
    named: bool


def may_export(reader: Reader) -> bool:
    """Return whether some role of the reader takes lists away as files."""
    return bool(export_names(reader, EXPORTS))


def for_export(reader: Reader, found: Answer) -> Leaving:
    """Return what may leave in a file; the rule is asked for each child. Raises NotPermitted for a role without export."""
    names = export_names(reader, EXPORTS)
    if not names:
        raise NotPermitted("Your role does not export lists.")
    persons = sorted({hit.person for hit in found.hits})
    index = {row.person_id: row for row in index_rows(persons)}
    sight = Sight(reader, index.values())
    kept = [hit for hit in found.hits if hit.person in index and sight.exports(hit.person, names)]
    return Leaving(kept, named=names != ["list_without_names"])


# ---- saved lists
@dataclass(frozen=True, slots=True)
class Saved:
    """A saved list as the page shows it. `question` is None where the declarations have moved on under it."""

    uid: str
    name: str
    mine: bool
    shared: bool
    by: str
    question: Question | None
    asked: str


def saved_lists(reader: Reader) -> list[Saved]:
    """Return the reader's own saved lists and those shared within their council, by name."""
    rows = SavedList.objects.select_related("account").order_by("name", "pk")
    mine = rows.filter(account=reader.account)
    shared = rows.filter(shared=True, held_by__in=reader.holders).exclude(account=reader.account)
    return sorted(
        (_saved(reader, row) for row in (*mine, *shared)), key=lambda one: (not one.mine, one.name.casefold())
    )


def saved_list(reader: Reader, uid: str) -> Saved:
    """Return one saved list. Raises NotPermitted for one that is neither the reader's nor shared with them."""
    row = SavedList.objects.select_related("account").filter(uid__in=uids_in([uid])).first()
    if row is None or not (row.account_id == reader.account.pk or (row.shared and row.held_by_id in reader.holders)):
        raise NotPermitted("There is nothing here that you can open.")
    return _saved(reader, row)


def _saved(reader: Reader, row: SavedList) -> Saved:
    question: Question | None = None
    try:
        question = question_of(row.question)
        asked = sentence(question, today=day_of(reader.now))
    except InputError as error:
        asked = f"This list no longer fits what is declared: {error} Build it again."
    return Saved(
        str(row.uid), row.name, row.account_id == reader.account.pk, row.shared, row.account.name, question, asked
    )
