"""
Finding people: by name however it is spelled, by any name they go by, by date of birth with a slip in it, by a
number, by postcode or address.

Who may find whom is decided by the rule of access for each result. A restricted record is shown as "1 restricted
record: ask X" to those who may know that there is one, and to nobody else, not even in a count.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Q

from kinfold.access.words import Verb
from kinfold.identity.likeness import birth_likeness, name_likeness
from kinfold.identity.name_keys import name_parts, part_keys
from kinfold.service.records.models import IdentifierKey, NameKey, PersonFact, PersonIndex
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.scope import as_system
from kinfold.terms.identifiers import normalise_postcode

MOST = 20
# More candidates than this are narrowed by the rarer parts of the name before they are ranked.
MOST_RANKED = 600
_DATE = re.compile(r"\b(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})\b|\b(\d{4})-(\d{2})-(\d{2})\b")
_NUMBER = re.compile(r"\b(?=[A-Za-z0-9]*\d)[A-Za-z0-9][A-Za-z0-9\-]{3,}\b")
_POSTCODE = re.compile(r"\b[A-Za-z]{1,2}\d[A-Za-z\d]?\s*\d[A-Za-z]{2}\b")
LEAST_LIKE = 0.80


@dataclass(frozen=True, slots=True)
class Question:
    """What was typed, taken apart."""

    text: str
    parts: tuple[str, ...] = ()
    born: date | None = None
    numbers: tuple[str, ...] = ()
    postcode: str | None = None

    @property
    def empty(self) -> bool:
        """Say whether nothing searchable was typed."""
        return not (self.parts or self.born or self.numbers or self.postcode)


@dataclass(slots=True)
class Hit:
    """One person found: what the index may show of them, and why they were found."""

    uid: str
    name: str
    known_as: str
    born: date | None
    expected: date | None
    la_child_id: str
    sort: str
    why: str
    score: float
    opens: bool
    workers: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Found:
    """The answer to a search. `ask` has one sentence for each restricted record the reader may know of."""

    question: Question
    hits: list[Hit] = field(default_factory=list)
    ask: list[str] = field(default_factory=list)


def understand(text: str) -> Question:
    """Take apart what was typed: a date, a postcode, numbers, and the rest as parts of a name."""
    text = " ".join(text.split())[:200]
    rest, born, postcode = text, None, None
    if match := _DATE.search(rest):
        d, m, y, iso_y, iso_m, iso_d = match.groups()
        try:
            born = date(int(y or iso_y), int(m or iso_m), int(d or iso_d))
        except ValueError:
            born = _exchanged(d, m, y)
        rest = rest.replace(match.group(), " ")
    if match := _POSTCODE.search(rest):
        postcode = normalise_postcode(match.group())
        rest = rest.replace(match.group(), " ") if postcode else rest
    numbers = tuple(dict.fromkeys(n.upper().replace("-", "") for n in _NUMBER.findall(rest)))
    numbers += _nhs_number(rest)
    rest = _NUMBER.sub(" ", rest)
    return Question(text, tuple(dict.fromkeys(name_parts(rest)))[:6], born, numbers, postcode)


def _exchanged(day: str | None, month: str | None, year: str | None) -> date | None:
    """Return the date with day and month exchanged, when that is a day and what was typed is not."""
    try:
        return date(int(year or 0), int(day or 0), int(month or 0))
    except ValueError:
        return None


def _nhs_number(text: str) -> tuple[str, ...]:
    digits = re.sub(r"[ \-]", "", text)
    return tuple(re.findall(r"(?<!\d)\d{10}(?!\d)", digits))


def search(reader: Reader, text: str, *, adults: bool = False) -> Found:
    """Return at most twenty people, the likeliest first, that the reader may find; and record the View."""
    question = understand(text)
    found = Found(question)
    if question.empty or not reader.holders:
        return found
    with as_system():
        candidates = _candidates(reader.holders, question, adults=adults)
        names = _all_names([row.pk for row in candidates]) if question.parts else {}
    ranked = sorted(
        ((_score(question, row, names.get(row.pk, [])), row) for row in candidates),
        key=lambda pair: (-pair[0][0], pair[1].name, pair[1].pk),
    )
    good = [(score, row) for score, row in ranked if score[0] >= LEAST_LIKE][: MOST * 3]
    reader.prepare([row.pk for _, row in good])
    for (score, why), row in good:
        if len(found.hits) == MOST:
            break
        _take(reader, found, row, score, why)
    _log(reader, found)
    return found


def _take(reader: Reader, found: Found, row: PersonIndex, score: float, why: str) -> None:
    thing = reader.thing(row)
    decision = reader.decide(Verb.SEARCH, thing)
    if decision.rule == "search_hint":
        found.ask.append(decision.because)
    if not decision:
        return
    found.hits.append(
        Hit(
            uid=str(row.person.uid), name=row.name, known_as=row.known_as, born=row.birth_date,
            expected=row.expected_birth_date, la_child_id=row.la_child_id, sort=row.sort, why=why, score=score,
            opens=bool(reader.decide(Verb.READ_HEADLINE, thing)),
        )
    )  # fmt: skip


def _log(reader: Reader, found: Found) -> None:
    by_holder: dict[int, list[str]] = {}
    uids = {hit.uid for hit in found.hits}
    rows = PersonIndex.objects.filter(person__uid__in=uids).values_list("held_by_id", "person__uid")
    for held_by, uid in rows:
        by_holder.setdefault(held_by, []).append(str(uid))
    for held_by in reader.holders:
        reader.looked(held_by, "search", by_holder.get(held_by, []), because="search")


def _candidates(holders: Iterable[int], question: Question, *, adults: bool) -> list[PersonIndex]:
    """Return the index rows worth ranking: found by number, by address, by name, or by date of birth alone."""
    held = list(holders)
    ids: set[int] = set()
    if question.numbers:
        ids.update(
            IdentifierKey.objects.filter(
                held_by__in=held,
                sort__in=("la_child_id", "upn", "former_upn", "nhs_number", "uln", "home_office", "court", "person"),
                value__in=question.numbers,
            ).values_list("thing", flat=True)
        )
    if question.postcode:
        ids.update(
            PersonIndex.objects.filter(held_by__in=held, postcode=question.postcode).values_list("pk", flat=True)[:500]
        )
    if question.parts:
        ids.update(_by_name(held, question))
    elif question.born:
        ids.update(_by_birth(held, question.born))
    sorts = ("child", "adult") if adults else ("child",)
    return list(PersonIndex.objects.filter(pk__in=ids, sort__in=sorts).select_related("person"))


def _by_name(held: Sequence[int], question: Question) -> list[int]:
    counts: Counter[int] = Counter()
    for part in question.parts:
        keys = sorted(part_keys(part))
        rows = NameKey.objects.filter(held_by__in=held, key__in=keys).values_list("person_id", "key")
        weights: dict[int, int] = {}
        for person, key in rows.iterator(chunk_size=5000):
            # the word itself says more than its sound, and its sound more than how it begins
            weights[person] = max(weights.get(person, 0), {"w": 4, "s": 3, "p": 1}[key[0]])
        counts.update(weights)
    return [person for person, _ in counts.most_common(MOST_RANKED)]


def _by_birth(held: Sequence[int], born: date) -> list[int]:
    near = {born}
    for days in (-10, -1, 1, 10):
        near.add(born + timedelta(days=days))
    for year in (-1, 1):
        try:
            near.add(born.replace(year=born.year + year))
        except ValueError:
            continue
    if born.day <= 12:
        near.add(date(born.year, born.day, born.month))
    found = PersonIndex.objects.filter(Q(birth_date__in=near) | Q(expected_birth_date__in=near), held_by__in=held)
    return list(found.values_list("pk", flat=True)[:MOST_RANKED])


def _all_names(persons: Sequence[int]) -> dict[int, list[str]]:
    """Return every name each person has or had, as text."""
    names: dict[int, list[str]] = {}
    rows = PersonFact.objects.filter(
        subject_id__in=list(persons), kind="name", known_to__isnull=True, status="final"
    ).values_list("subject_id", "payload")
    for person, payload in rows:
        text = " ".join(payload[key] for key in ("forename", "middle_names", "surname") if payload.get(key))
        names.setdefault(person, []).append(text)
    return names


def _score(question: Question, row: PersonIndex, names: Sequence[str]) -> tuple[float, str]:
    """Return how well a person answers the question, and why in words."""
    if question.numbers and row.la_child_id.upper() in question.numbers:
        return 3.0, "the number you gave"
    reasons, score = [], 0.0
    if question.parts:
        every = [*names, row.name, row.known_as]
        score = name_likeness(question.parts, every)
        shown = name_likeness(question.parts, [row.name, row.known_as])
        reasons.append("another name they go by or had" if shown < score - 0.05 else
                       "the name" if score > 0.99 else "a name like it")  # fmt: skip
    if question.born:
        near = birth_likeness(question.born, row.birth_date or row.expected_birth_date)
        reasons += ["the date of birth"] if near == 1.0 else ["a date of birth one slip away"] if near else []
        score = (
            score + 0.5 * near - (0.15 if question.parts and not near else 0) if question.parts else 0.9 * near + 0.1
        )
    if question.postcode and row.postcode == question.postcode:
        score += 1.0
        reasons.append("the postcode")
    if question.numbers and not reasons:
        return 2.0, "a number you gave"
    return score, ", ".join(reasons)


def as_json(found: Found) -> dict[str, Any]:
    """Return a search's answer as the API gives it."""
    return {
        "found": [
            {"id": hit.uid, "name": hit.name, "known_as": hit.known_as, "date_of_birth": hit.born,
             "expected_date_of_birth": hit.expected, "la_child_id": hit.la_child_id, "sort": hit.sort, "why": hit.why,
             "opens": hit.opens}
            for hit in found.hits
        ],
        "restricted": found.ask,
    }  # fmt: skip
