"""
One worked case as a practitioner reads it: what happened on which day, and what is then due by which day.

"Referral episode on Friday 18 December 2026" and "Child and family assessment: due by Wednesday 24 February 2027".
The notation of the catalogue stays in the catalogue.
"""

from __future__ import annotations

from kinfold.duties.arithmetic import When, show
from kinfold.duties.duty import Duty
from kinfold.duties.pattern import Pattern
from kinfold.duties.plain import date_in_words, meaning, ordinal
from kinfold.duties.rule import Part, in_words
from kinfold.record.declare import KINDS, Field
from kinfold.terms.codes import code_set

_MOST = 2  # ways of starting that are named; the page lists all of them above the cases
# Days that are worked out from a fact, with its name put in.
_COMPUTED = {
    "became_eligible": "a young person in care becomes an eligible child",
    "anniversary": "a year of {} is over",
    "end_of_sixteen_weeks": "sixteen weeks of {} are over",
    "financial_year_end": "the financial year ends",
}
_THEN = {
    "within": "due by",
    "first": "the first is due by",
    "second": "the next step is due by",
    "every": "the next after it is due by",
    "max": "must have ended by",
    "ext": "where it is extended, must have ended by",
    "default": "due by the council’s own target,",
    "window": "to be done by",
    "at_age": "due on",
}


def happened(duty: Duty, part: Part | None, trigger: When) -> str:
    """Return what happens on the day from which a case is counted: "Referral episode on Friday 18 December 2026"."""
    if part is not None and part.name == "at_age":
        return f"Somebody born on {show(trigger)}"
    names = list(dict.fromkeys(_begins(one) for one in duty.trigger))
    if not names:
        return show(trigger)
    several = " or ".join([names[0], *(name[:1].lower() + name[1:] for name in names[1:_MOST])])
    return f"{several} on {show(trigger)}"


def then(duty: Duty, part: Part | None, due: When | None, opens: When | None = None) -> str:
    """Return what is then due: "Core group: the next after it is due by Monday 15 March 2027, while …"."""
    if part is None or due is None:
        return f"{duty.label}: no date"
    since = f"from {show(opens)}, " if opens is not None else ""
    which = " and ".join(in_words(term) for term in part.conditions)
    return f"{duty.label}: {since}{_THEN.get(part.name, 'due by')} {show(due)}{f', where {which}' if which else ''}"


def _begins(pattern: Pattern) -> str:
    kind, at = KINDS[pattern.kind], pattern.at[0]
    named = f"{_nth(pattern)}{kind.label[:1].lower()}{kind.label[1:]}{_which(pattern)}"
    if at in _COMPUTED:
        words = _COMPUTED[at].format(named)
    elif at in kind.fields and "start" not in pattern.at:
        words = f"{named}, {meaning(kind.fields[at])},"
    else:
        words = date_in_words(pattern, named)
    return words[:1].upper() + words[1:]


def _nth(pattern: Pattern) -> str:
    number = pattern.nth or pattern.nth_from
    return f"{ordinal(number)} " if number else ""


def _which(pattern: Pattern) -> str:
    """Return which of its kind it is, where the pattern names one or two: " (stage 3 requested)"."""
    said: list[str] = []
    for test in pattern.where:
        spec = KINDS[pattern.kind].fields.get(test.field)
        values = test.value if isinstance(test.value, (tuple, list, frozenset)) else (test.value,)
        words = [one for one in values if isinstance(one, str)]
        if spec is not None and test.how in ("is", "in") and 0 < len(words) <= _MOST:
            said += [_value(spec, one) for one in words]
    return f" ({' or '.join(said)})" if said else ""


def _value(spec: Field, value: str) -> str:
    if value.isdigit() and not spec.codes:  # a regulation's number says nothing alone
        return f"{spec.name.replace('_', ' ')} {value}"
    return code_set(spec.codes).label(value) if spec.codes else value
