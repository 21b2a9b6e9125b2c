"""
Read the rule notation of the duty catalogue.

    within=45WD                    due 45 working days after the trigger day, which is day 0
    within=26W!                    26 weeks beginning with the trigger day, which is day 1
    first=1W;every=6W[placement<1Y]  recurring, always from the event that was held; with a condition
    before=X   gate=X              must come before the event X; a gate blocks the decision
    max=16W;ext=8W                 a state that must end, and its extension
    max=72H/28D                    a total in any rolling period
    window=-3M..+1M                not before, not after
    at_age=16Y                     on a birthday
    asap;default=5WD               no number in law; the default is the council's own and is shown as such
    standing                       a duty on an organisation that has no end

Units: WD working days, SD school days, D, W, M, Y, H hours, TERM. Source: this project's casework notes, section 2b.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kinfold.duties.rule import Amount, Part, Rule, Term, Unit
from kinfold.terms.errors import SettingError

_AMOUNT = re.compile(r"([+-]?)(\d+)(WD|SD|D|W|M|Y|H)$")
_TERM = re.compile(r"(!?)([a-z][a-z0-9_]*)\s*(?:(<=|>=|<|>|=)\s*([0-9]+(?:WD|SD|D|W|M|Y|H)?))?$")
_PART = re.compile(r"([a-z_]+)(?:=([^\[\]]+))?(?:\[([^\[\]]*)\])?$")
_EVENT = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z_0-9]+)?$")
_COUNTED = ("within", "first", "second", "every", "max", "ext", "default", "not_before")
_LONE = ("asap", "standing")
_NAMES = (*_COUNTED, "window", "at_age", "gate", "before", *_LONE)


@dataclass(frozen=True, slots=True)
class Where:
    """Where a rule was written, so that an error can say so. `line` is counted from 1."""

    file: str = ""
    line: int = 0
    duty: str = ""

    def __str__(self) -> str:
        place = f"{self.file}, line {self.line}" if self.line else self.file
        return ": ".join(part for part in (place, self.duty) if part)


def _refuse(where: Where, text: str, problem: str) -> SettingError:
    place = f"{where}: " if str(where) else ""
    return SettingError(f"{place}the rule “{text}” cannot be read: {problem}")


def parse_rule(text: str, where: Where | None = None) -> Rule:
    """
    Return the rule that `text` stands for.

    Raises SettingError naming the file, the line and the part that cannot be read, and how to write it.
    """
    where = where or Where()
    if not text.strip():
        raise _refuse(where, text, "it is empty. Write for instance within=5WD, or standing")
    parts = tuple(_parse_part(piece.strip(), text, where) for piece in text.split(";"))
    labels = [part.label for part in parts]
    for label in labels:
        if labels.count(label) > 1:
            raise _refuse(where, text, f"it has “{label}” twice. Give each a different condition in brackets")
    if any(part.name == "standing" for part in parts) and len(parts) > 1:
        raise _refuse(where, text, "a standing duty has no other parts. Remove them, or remove “standing”")
    return Rule(text=text, parts=parts)


def _parse_part(piece: str, text: str, where: Where) -> Part:
    found = _PART.match(piece)
    if found is None:
        raise _refuse(where, text, f"“{piece}” is not a part. Write name=number and unit, such as within=5WD")
    name, value, inside = found.group(1), found.group(2), found.group(3)
    if name not in _NAMES:
        raise _refuse(where, text, f"“{name}” is not one of {', '.join(_NAMES)}")
    conditions = _parse_conditions(inside, text, where)
    if name in _LONE:
        if value is not None:
            raise _refuse(where, text, f"“{name}” takes no value")
        return Part(name=name, conditions=conditions)
    if value is None:
        raise _refuse(where, text, f"“{name}” needs a value, such as {name}=5WD")
    if name in ("gate", "before"):
        return _event_part(name, value.strip(), text, where)
    if name == "window":
        return _window(value.strip(), conditions, text, where)
    return _counted(name, value.strip(), conditions, text, where)


def _event_part(name: str, value: str, text: str, where: Where) -> Part:
    if not _EVENT.match(value):
        raise _refuse(where, text, f"“{value}” is not an event. Write a kind, such as {name}=placement.start")
    return Part(name=name, event=value)


def _window(value: str, conditions: tuple[Term, ...], text: str, where: Where) -> Part:
    ends = value.split("..")
    if len(ends) != 2:
        raise _refuse(where, text, f"the window “{value}” needs two ends, such as -3M..+1M")
    opens, closes = (parse_amount(end, text, where) for end in ends)
    return Part(name="window", amount=opens, to=closes, conditions=conditions)


def _counted(name: str, value: str, conditions: tuple[Term, ...], text: str, where: Where) -> Part:
    value, _, per = value.partition("/")
    beginning_with = value.endswith("!")
    amount = parse_amount(value.removesuffix("!"), text, where)
    if amount.number < 1:
        raise _refuse(where, text, f"“{value}” must be 1 or more")
    if name == "at_age" and amount.unit is not Unit.YEARS:
        raise _refuse(where, text, f"an age is in years. Write at_age={amount.number}Y")
    return Part(
        name=name,
        amount=amount,
        beginning_with=beginning_with,
        conditions=conditions,
        per=parse_amount(per, text, where) if per else None,
    )


def parse_amount(value: str, text: str = "", where: Where | None = None) -> Amount:
    """Return the amount that `value` ("45WD", "-3M", "TERM") stands for; raises SettingError as `parse_rule` does."""
    if value == Unit.TERM.value:
        return Amount(1, Unit.TERM)
    found = _AMOUNT.match(value)
    if found is None:
        units = ", ".join(unit.value for unit in Unit)
        raise _refuse(
            where or Where(), text or value, f"“{value}” is not a number and a unit. The units are {units}, as in 5WD"
        )
    sign = -1 if found.group(1) == "-" else 1
    return Amount(sign * int(found.group(2)), Unit(found.group(3)))


def _parse_conditions(inside: str | None, text: str, where: Where) -> tuple[Term, ...]:
    if inside is None:
        return ()
    return tuple(_parse_term(piece.strip(), text, where) for piece in inside.split("&"))


def _parse_term(piece: str, text: str, where: Where) -> Term:
    found = _TERM.match(piece)
    if found is None:
        raise _refuse(where, text, f"the condition “{piece}” cannot be read. Write a name, or name<1Y, or !name")
    negated, name, operator, value = found.groups()
    shown: Amount | int | None = None
    if value is not None:
        shown = int(value) if value.isdigit() else parse_amount(value, text, where)
    return Term(name=name, negated=bool(negated), operator=operator or "", value=shown)
