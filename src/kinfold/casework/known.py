"""What the record knows already: the fact that a form goes on with, and the answers that need not be asked again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from kinfold.casework.form import Form, How, Question, Shape, in_order
from kinfold.record.declare import KINDS, Word

LONDON = ZoneInfo("Europe/London")
# What a new version of a plan begins with; what people say of it and who agreed are asked anew.
CARRIED_ON = frozenset({"goals", "actions", "contingency"})


class KnownFact(NamedTuple):
    """
    One fact on record, as the reader may see it: `values` holds JSON types.

    `mark` names the version seen, so that a change made from an older one is refused.
    """

    kind: str
    fact: str
    since: date | None
    until: date | None
    values: Mapping[str, Any]
    mark: str = ""
    party: str = ""


def under_way(form: Form, known: Sequence[KnownFact]) -> list[KnownFact]:
    """Return the facts that the form could change or end, the latest first: those of its first kind still open."""
    first = form.main()
    if first.how is How.NEW:
        return []
    found = [one for one in known if one.kind == first.kind]
    if KINDS[first.kind].word in (Word.SPELL, Word.PLAN):
        found = [one for one in found if one.until is None]
    return sorted(found, key=lambda one: one.since or date.min, reverse=True)


def latest(kind: str, known: Sequence[KnownFact]) -> KnownFact | None:
    """Return the fact of a kind that goes on, or the latest of its kind, or None."""
    found = sorted((one for one in known if one.kind == kind), key=lambda one: one.since or date.min)
    going = [one for one in found if one.until is None]
    return (going or found or [None])[-1]  # type: ignore[list-item]


def next_edition(kind: str, known: Sequence[KnownFact]) -> int:
    """Return the number of a plan's next version: one more than the highest on record."""
    numbers = [one.values.get("edition") for one in known if one.kind == kind]
    held = [number for number in numbers if isinstance(number, int)]
    return max(held, default=len(numbers)) + 1


def already_known(form: Form, known: Sequence[KnownFact], *, today: date, me: str) -> dict[str, list[str]]:
    """Return what stands in the form before anything is typed, by question."""
    chosen = under_way(form, known)
    start: dict[str, list[str]] = {}
    for question in form.questions:
        value = _value(form, question, known, chosen, today=today, me=me)
        if value not in (None, "", []):
            start[question.name] = as_typed(question, value)
    return start


def _value(
    form: Form, question: Question, known: Sequence[KnownFact], chosen: Sequence[KnownFact], *, today: date, me: str
) -> Any:
    if question.shape is Shape.WHICH:
        return chosen[0].fact if chosen else None
    if question.known == "today":
        return today.isoformat()
    if question.known == "me":
        return me
    if question.known:
        kind, _, name = question.known.partition(".")
        fact = latest(kind, known)
        return fact.values.get(name) if fact else None
    kind_name, field = question.targets[0] if question.targets else ("", "")
    if chosen and kind_name == form.main().kind:
        return chosen[0].values.get(field)
    if kind_name and KINDS[kind_name].word is Word.PLAN and field in CARRIED_ON:
        before = latest(kind_name, known)
        return before.values.get(field) if before else None
    return None


def as_typed(question: Question, value: Any) -> list[str]:
    """Return a stored value as it would be typed or ticked."""
    match question.shape:
        case Shape.DAY:
            day = date.fromisoformat(str(value))
            return [str(day.day), str(day.month), str(day.year)]
        case Shape.MOMENT:
            return [datetime.fromisoformat(str(value)).astimezone(LONDON).strftime("%Y-%m-%dT%H:%M")]
        case Shape.YES_NO:
            return ["yes" if value else "no"]
        case Shape.MONEY:
            return [f"{int(value) / 100:.2f}"]
        case Shape.MANY:
            return [str(one) for one in value]
        case Shape.LINES:
            return ["\n".join(str(one) for one in value)]
        case Shape.PARTS:
            return ["\n".join("; ".join(in_order(question.targets[0][1], one)) for one in value)]
        case Shape.LONG if isinstance(value, list):
            return ["\n\n".join(str(one.get("words", "")) for one in value if isinstance(one, dict))]
    return [str(value)]
