"""
The answer to "when is this due?", for a duty and the day that starts it, without any facts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from kinfold.duties.arithmetic import LONDON, Reckoning, When, reckon, reckon_birthday
from kinfold.duties.calendars import Calendars, calendars_known_on
from kinfold.duties.catalogue import Catalogue, duty_catalogue
from kinfold.duties.duty import Duty
from kinfold.duties.rule import Amount, Part, in_words
from kinfold.terms.errors import InputError

# Without a part the answer is the one a person most often means.
_USUAL = ("within", "first", "max", "default", "every", "window", "at_age")


@dataclass(frozen=True, slots=True)
class DueAnswer:
    """When a part of a duty falls due, counted from `trigger`, with the sum and the source."""

    duty: str
    part: str
    trigger: When
    due: When
    practical_due: date
    arithmetic: str
    source: str
    opens: date | None = None

    def as_row(self) -> dict[str, Any]:
        """Return the answer as plain values: days and moments in ISO form."""
        row: dict[str, Any] = {
            "duty": self.duty,
            "part": self.part,
            "trigger": self.trigger.isoformat(),
            "due": self.due.isoformat(),
            "practical_due": self.practical_due.isoformat(),
            "arithmetic": self.arithmetic,
            "source": self.source,
        }
        return row | {"opens": self.opens.isoformat()} if self.opens else row


def due(
    duty_id: str,
    *,
    trigger: When,
    part: str | None = None,
    calendars: Calendars | None = None,
    catalogue_of: Catalogue | None = None,
) -> DueAnswer:
    """
    Return when a part of the duty `duty_id` is due if it starts on `trigger`.

    `part` is within, first, second, every, max, ext, default, window or at_age; where a rule has one of them several
    times, its condition follows in brackets, as in "every[after_first_review]". For `second` and `every` the
    trigger is the event counted from. For `at_age` alone it is the date of birth; where a rule has at_age and
    something else, it is the birthday. Raises InputError, naming the choices, when there is no such duty or part.
    """
    known = catalogue_of or duty_catalogue()
    found = known.duty(duty_id)
    chosen = _choose(found, part)
    answer = _reckon(found, chosen, trigger, calendars or calendars_known_on(None))
    note = _note(found, chosen)
    return DueAnswer(
        duty=found.id,
        part=chosen.label if chosen.conditions else chosen.name,
        trigger=trigger,
        due=answer.due,
        practical_due=answer.practical_due,
        arithmetic=f"{answer.arithmetic} {note}".strip(),
        source=found.source.title,
        opens=answer.opens,
    )


def _reckon(duty: Duty, part: Part, trigger: When, calendars: Calendars) -> Reckoning:
    if part.name == "at_age":
        return reckon_birthday(part, birth_date=_day(trigger), calendars=calendars)
    counted = part
    start: When = trigger
    if part.name == "ext" and duty.extension_added:
        base = duty.rule.one("max") or duty.rule.one("within")
        if base is not None:
            start = reckon(base, start=trigger, calendars=calendars, calendar=duty.calendar).due
    if duty.backwards and part.amount is not None:
        counted = Part(name=part.name, amount=Amount(-part.amount.number, part.amount.unit))
    roll = duty.roll == "forward"
    return reckon(counted, start=start, calendars=calendars, calendar=duty.calendar, roll_forward=roll)


def _day(when: When) -> date:
    return when.date() if isinstance(when, datetime) else when


def _choose(duty: Duty, name: str | None) -> Part:
    counted = [part for part in duty.rule.parts if part.amount is not None]
    if not counted:
        raise InputError(f"{duty.id} has no date to work out: {duty.deadline or duty.rule.text}")
    if name is None:
        return next(part for usual in _USUAL for part in counted if part.name == usual)
    wanted = name.strip()
    exact = [part for part in counted if part.label == wanted]
    if exact:
        return exact[0]
    named = [part for part in counted if part.name == wanted.lower()]
    if not named:
        raise InputError(f"{duty.id} has no part called “{name}”. Its parts are {_labels(counted)}")
    return named[0]


def _labels(parts: Sequence[Part]) -> str:
    return ", ".join(part.label for part in parts)


def _note(duty: Duty, part: Part) -> str:
    """Return what the number does not say: that it is local, or holds only under a condition."""
    notes = []
    if part.name == "default":
        notes.append("The law sets no number here: this is the local target.")
    if part.conditions:
        notes.append(f"This holds where {_when(part)}.")
        others = [one for one in duty.rule.named(part.name) if one is not part and one.amount is not None]
        notes += [f"Where {_when(one)}: {one.amount}." for one in others]
    if duty.is_reform:
        notes.append("This duty is enacted and not yet in force.")
    return " ".join(notes)


def _when(part: Part) -> str:
    return " and ".join(in_words(term) for term in part.conditions) or "none of these is so"


def parse_trigger(text: str) -> When:
    """
    Return the day or moment that `text` stands for; a moment without an offset is London's.

    Raises InputError with an example when it is neither.
    """
    try:
        if len(text.strip()) == 10:
            return date.fromisoformat(text.strip())
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise InputError(
            f"“{text}” is not a date. Write it as 2027-02-09, or with a time as 2027-02-19T22:10"
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=LONDON)
