"""
Finding people: by name however it is spelled, by any name they go by, by date of birth with a slip in it, by a
number, by postcode or address.

Who may find whom is decided by the rule of access for each result. A restricted record is shown as "1 restricted
record: ask X" to those who may know that there is one, and to nobody else, not even in a count.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kinfold.access.words import Verb
from kinfold.identity.likeness import birth_likeness, name_likeness
from kinfold.identity.name_keys import name_parts
from kinfold.service.records.reads.candidates import Candidate, Question, candidates, names_of
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.scope import reading_as_system
from kinfold.terms.identifiers import normalise_postcode

MOST = 20
_DATE = re.compile(r"\b(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})\b|\b(\d{4})-(\d{2})-(\d{2})\b")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_MONTH = "|".join(f"{name}|{name[:3]}" for name in _MONTHS) + "|Sept"
# "3 May 2012", "3rd of May 2012", "May 3, 2012": a day as people write it. May alone stays a name.
_IN_WORDS = re.compile(
    rf"\b(?:(\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?({_MONTH})|({_MONTH})\s+(\d{{1,2}})(?:st|nd|rd|th)?)[\s,.]+(\d{{4}})\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\b(?=[A-Za-z0-9]*\d)[A-Za-z0-9][A-Za-z0-9\-]{3,}\b")
_POSTCODE = re.compile(r"\b[A-Za-z]{1,2}\d[A-Za-z\d]?\s*\d[A-Za-z]{2}\b")
LEAST_LIKE = 0.80


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
    """
    The answer to a search. `ask` has one sentence for each restricted record the reader may know of.

    `more` says that further people fit whom the reader may find.
    """

    question: Question
    hits: list[Hit] = field(default_factory=list)
    ask: list[str] = field(default_factory=list)
    more: bool = False


def understand(text: str) -> Question:
    """Take apart what was typed: a date, a postcode, numbers, and the rest as parts of a name."""
    text = " ".join(text.split())[:200]
    rest, born, postcode = _day_in_figures(text), None, None
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


def _day_in_figures(text: str) -> str:
    """Return a text with a day that is written in words put as figures."""

    def figures(match: re.Match[str]) -> str:
        day, month, month_first, day_after, year = match.groups()
        named = (month or month_first).lower()
        number = next(place for place, name in enumerate(_MONTHS, start=1) if name.lower().startswith(named[:3]))
        return f" {day or day_after}/{number}/{year} "

    return _IN_WORDS.sub(figures, text)


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
    with reading_as_system():
        rows = candidates(reader.holders, question, adults=adults)
        names = names_of([row.person for row in rows]) if question.parts else {}
    ranked = sorted(
        ((_score(question, row, names.get(row.person, [])), row) for row in rows),
        key=lambda pair: (-pair[0][0], pair[1].name, pair[1].person),
    )
    good = [(score, row) for score, row in ranked if score[0] >= LEAST_LIKE][: MOST * 3]
    reader.prepare([row.person for _, row in good])
    shown: list[Candidate] = []
    for (score, why), row in good:
        if len(shown) == MOST:
            found.more = found.more or bool(reader.decide(Verb.SEARCH, reader.thing(row.indexed)))
        elif _take(reader, found, row, score, why):
            shown.append(row)
    _log(reader, shown)
    return found


def _take(reader: Reader, found: Found, row: Candidate, score: float, why: str) -> bool:
    thing = reader.thing(row.indexed)
    decision = reader.decide(Verb.SEARCH, thing)
    if decision.rule == "search_hint":
        found.ask.append(decision.because)
    if not decision:
        return False
    found.hits.append(
        Hit(
            uid=row.uid, name=row.name, known_as=row.known_as, born=row.birth_date, expected=row.expected_birth_date,
            la_child_id=row.la_child_id, sort=row.sort, why=why, score=score,
            opens=bool(reader.decide(Verb.READ_HEADLINE, thing)),
        )
    )  # fmt: skip
    return True


def _log(reader: Reader, shown: Sequence[Candidate]) -> None:
    """Record a View with each holder whose people were shown, and with the reader's own even where nobody was."""
    by_holder: dict[int, list[str]] = {}
    for row in shown:
        by_holder.setdefault(row.held_by, []).append(row.uid)
    own = {reader.account.held_by_id} & reader.holders or (reader.holders if not by_holder else frozenset())
    for held_by in sorted({*by_holder, *own}):
        reader.looked(held_by, "search", by_holder.get(held_by, []), because="search")


def _score(question: Question, row: Candidate, names: Sequence[str]) -> tuple[float, str]:
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
