"""Pairs of records that may be one person: which wait for the reader, and two records side by side."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError

from kinfold.access.words import Verb
from kinfold.identity.compare import COMPARISONS
from kinfold.identity.score import Contribution, sentence, shipped_model
from kinfold.service.records.models import Account, AuditEntry, Pair, PersonIndex, Thing
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.scope import reading_as_system
from kinfold.service.records.tables import fetch
from kinfold.terms.errors import NotPermitted

MOST_SHOWN = 200
COMPARED = "compared a pair"
# Whoever opened a pair so lately still has it before them: two reviewers are not given the same one.
BEFORE_THEM = timedelta(minutes=2)
_NOBODY = "There is nothing here that you can open."


@dataclass(frozen=True, slots=True)
class Side:
    """One record of a pair as a person compares it. Lists have the latest first."""

    uid: str
    names: Sequence[str]
    born: date | None
    died: date | None
    sex: str
    ethnicity: str
    homes: Sequence[str]
    numbers: Sequence[tuple[str, str]]
    doors: Sequence[str]
    facts: int
    latest: date | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A pair in the list: two names, how likely they are one person and why, and what was decided."""

    uid: str
    names: tuple[str, str]
    born: tuple[date | None, date | None]
    probability: float
    why: str
    decision: str
    decided_at: datetime | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class SideBySide:
    """A pair opened: both records, the reasons, how many more wait, and the next of them."""

    uid: str
    sides: tuple[Side, Side]
    probability: float
    reasons: Sequence[Contribution]
    sentence: str
    decision: str
    waiting: int
    next_uid: str = ""


@dataclass(slots=True)
class Queue:
    """
    What waits for the reader, the likeliest first, what was put aside, and what was decided lately.

    `more` are not shown; `first` is the one to begin with.
    """

    waiting: list[Waiting] = field(default_factory=list)
    aside: list[Waiting] = field(default_factory=list)
    decided: list[Waiting] = field(default_factory=list)
    more: int = 0
    first: str = ""


def for_comparing(reader: Reader) -> Reader:
    """Return the reader with the reason that this work gives them, where they gave none."""
    return replace(reader, reason=reader.reason or "comparing records that may be the same child")


def pair_of(reader: Reader, uid: UUID | str, *, verb: Verb, action: str) -> Pair:
    """Return a pair if the reader may do `verb` to both records; raises NotPermitted, also where there is none."""
    try:
        pair = Pair.objects.select_related("first", "second").get(uid=uid)
    except (Pair.DoesNotExist, ValueError, ValidationError) as error:
        raise NotPermitted(_NOBODY) from error
    index = PersonIndex.objects.in_bulk([pair.first_id, pair.second_id])
    for person in (pair.first, pair.second):
        reader.insist(verb, reader.thing(index.get(person.pk) or person), action=action)
    return pair


def queue(reader: Reader, *, most: int = MOST_SHOWN) -> Queue:
    """Return the pairs that wait for the reader, those put aside, and the last few decided; records the View."""
    ours = Pair.objects.filter(held_by_id__in=reader.holders).select_related("first", "second")
    waiting = _allowed(reader, ours.filter(decision=Pair.Decision.OPEN).order_by("-probability", "pk")[: most + 1])
    aside = _allowed(reader, ours.filter(decision=Pair.Decision.UNSURE).order_by("-decided_at")[:most])
    over = ours.filter(decision__in=[Pair.Decision.SAME, Pair.Decision.APART])
    decided = _allowed(reader, over.order_by("-decided_at")[:20])
    shown = [pair for pair, _ in (*waiting[:most], *aside, *decided)]
    for holder in {pair.held_by_id for pair in shown}:
        ids = {str(p.uid) for pair in shown if pair.held_by_id == holder for p in (pair.first, pair.second)}
        reader.looked(holder, "pairs to compare", sorted(ids))
    return Queue(
        [one for _, one in waiting[:most]], [one for _, one in aside], [one for _, one in decided],
        max(0, len(waiting) - most), _first_free(reader, [pair for pair, _ in waiting]),
    )  # fmt: skip


def _first_free(reader: Reader, waiting: Sequence[Pair]) -> str:
    """Return the first of the pairs that nobody else has before them; the first of all where each is; "" of none."""
    others = _open_elsewhere(reader)
    free = (pair for pair in waiting if not {str(pair.first.uid), str(pair.second.uid)} <= others)
    chosen = next(free, waiting[0] if waiting else None)
    return str(chosen.uid) if chosen else ""


def _open_elsewhere(reader: Reader) -> set[str]:
    """Return the records that somebody else has opened to compare in the last two minutes."""
    lately = AuditEntry.objects.filter(held_by__in=reader.holders, action=COMPARED, at__gte=reader.now - BEFORE_THEM)
    return set(lately.exclude(actor=str(reader.account.uid)).values_list("person", flat=True))


def _allowed(reader: Reader, pairs: Iterable[Pair]) -> list[tuple[Pair, Waiting]]:
    found = list(pairs)
    index = PersonIndex.objects.in_bulk([person for pair in found for person in (pair.first_id, pair.second_id)])
    reader.prepare(list(index))
    names = _names_of(pair.decided_by for pair in found)
    allowed = []
    for pair in found:
        both = [index.get(pair.first_id), index.get(pair.second_id)]
        if all(row is not None and reader.decide(Verb.MERGE, reader.thing(row)) for row in both):
            allowed.append((pair, replace(_waiting(pair, both), by=names.get(pair.decided_by, ""))))
    return allowed


def _names_of(actors: Iterable[str]) -> dict[str, str]:
    wanted = {one for one in actors if len(one) == 36}
    return {str(uid): name for uid, name in Account.objects.filter(uid__in=wanted).values_list("uid", "name")}


def _waiting(pair: Pair, both: Sequence[PersonIndex | None]) -> Waiting:
    rows = [row for row in both if row is not None]
    names = [row.name or row.la_child_id or "Name not known" for row in rows]
    return Waiting(
        str(pair.uid), (names[0], names[1]), (rows[0].birth_date, rows[1].birth_date), pair.probability,
        sentence(reasons_of(pair), most=2), pair.decision, pair.decided_at,
    )  # fmt: skip


def reasons_of(pair: Pair) -> list[Contribution]:
    """Return what each comparison says for or against, by the weights of today; none if it was another model's."""
    model = shipped_model()
    if len(pair.levels) != len(COMPARISONS):
        return []
    return model.contributions(pair.levels)


def side_by_side(reader: Reader, uid: UUID | str) -> SideBySide:
    """Return both records of a pair and the reasons, and record the View of each."""
    pair = pair_of(reader, uid, verb=Verb.MERGE, action="compared a pair")
    for person in (pair.first, pair.second):
        reader.looked(pair.held_by_id, COMPARED, [str(person.uid)])
    others = Pair.objects.filter(held_by_id=pair.held_by_id, decision=Pair.Decision.OPEN).exclude(pk=pair.pk)
    following = others.order_by("-probability", "pk").values_list("uid", flat=True).first()
    with reading_as_system():
        sides = (_side(pair.first), _side(pair.second))
    reasons = reasons_of(pair)
    return SideBySide(
        str(pair.uid), sides, pair.probability, reasons, sentence(reasons), pair.decision, others.count(),
        str(following or ""),
    )  # fmt: skip


def next_waiting(reader: Reader) -> str:
    """Return the pair that the reader should look at next, and not one that another has open; "" when none waits."""
    ours = Pair.objects.filter(held_by_id__in=reader.holders, decision=Pair.Decision.OPEN)
    waiting = _allowed(reader, ours.select_related("first", "second").order_by("-probability", "pk")[:20])
    return _first_free(reader, [pair for pair, _ in waiting])


def _side(person: Thing) -> Side:
    index = PersonIndex.objects.filter(pk=person.pk).first()
    rows = fetch(
        "select kind, source, valid_from, payload, id from person_fact where subject = %s and known_to is null "
        "and status = 'final' union all select kind, source, valid_from, payload, id from spell_fact "
        "where subject = %s and known_to is null and status = 'final' order by 5 desc",
        [person.pk, person.pk],
    )
    said = [
        (kind, source, since, json.loads(raw) if isinstance(raw, str) else raw) for kind, source, since, raw, _ in rows
    ]
    days = [day for day in (_day(since) for _, _, since, _ in said) if day]
    numbers = fetch("select distinct sort, value from identifier_key where thing = %s order by 1, 2", [person.pk])
    return Side(
        uid=str(person.uid),
        names=_distinct(_name(values) for kind, _, _, values in said if kind == "name"),
        born=index.birth_date if index else None,
        died=index.death_date if index else None,
        sex=index.sex if index else "",
        ethnicity=index.ethnicity if index else "",
        homes=_distinct(str(values.get("postcode") or "") for kind, _, _, values in said if kind == "address"),
        numbers=[(sort, value) for sort, value in numbers],
        doors=_distinct(source for _, source, _, _ in said),
        facts=len(said),
        latest=max(days, default=None),
    )


def _name(values: dict[str, Any]) -> str:
    parts = (values.get("forename"), values.get("middle_names"), values.get("surname"))
    return " ".join(str(part) for part in parts if part)


def _distinct(texts: Iterable[str]) -> list[str]:
    return [text for text in dict.fromkeys(texts) if text]


def _day(value: Any) -> date | None:
    if isinstance(value, date):
        return value
    return date.fromisoformat(str(value)[:10]) if value else None


def decided_pairs(held_by: int) -> Counter[tuple[tuple[int, ...], bool]]:
    """Return what people decided, as training takes it: how often each (levels, one person or not). No ids, no names."""
    rows = Pair.objects.filter(held_by_id=held_by, decision__in=[Pair.Decision.SAME, Pair.Decision.APART])
    return Counter(
        (tuple(levels), decision == Pair.Decision.SAME)
        for levels, decision in rows.values_list("levels", "decision")
        if len(levels) == len(COMPARISONS)
    )
