"""
Commencement switches: the duties of the reform that are enacted and wait for a day, and what-if.

Each switch turns on one provision and the duties that follow from it. A switch is dated: the same record is kept
before and after, and only the day changes what is due.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from kinfold.duties.clock import Clock, State
from kinfold.terms.errors import InputError, SettingError
from kinfold.terms.toml_text import tables_of

FILE = Path(__file__).parent / "commencement.toml"


@dataclass(frozen=True, slots=True)
class Switch:
    """One provision that waits: its name, what it is, the duties it starts, and the appointed day where there is one."""

    name: str
    label: str
    provision: str
    duties: tuple[str, ...]
    commenced: date | None
    certainty: str
    href: str = ""


@lru_cache(maxsize=1)
def switches() -> Mapping[str, Switch]:
    """Return the switches by name, in the order of their file."""
    return read_switches(FILE)


def read_switches(path: Path) -> Mapping[str, Switch]:
    """Return the switches of a file. Raises SettingError with the file and what to put right."""
    found = {}
    for name, table in tables_of(path.read_text(encoding="utf-8"), file=path.name).items():
        for key in ("label", "provision", "duties", "certainty"):
            if not table.get(key):
                raise SettingError(f"{path.name}: the switch {name} has no “{key}”. Add it")
        found[name] = Switch(
            name=name,
            label=table["label"],
            provision=table["provision"],
            duties=tuple(table["duties"]),
            commenced=table.get("commenced"),
            certainty=table["certainty"],
            href=table.get("href", ""),
        )
    return found


def days_in_force(what_if: Mapping[str, date | None] | None = None) -> dict[str, date]:
    """
    Return, by identifier of duty, the day each switched duty came into force.

    `what_if` maps the name of a switch to a day to try, or to None to try it without one. Duties without a day are
    left out: they stay dormant. Raises InputError for a switch that does not exist.
    """
    known = switches()
    for name in what_if or {}:
        if name not in known:
            raise InputError(f"There is no commencement switch called “{name}”. They are {', '.join(known)}")
    found: dict[str, date] = {}
    for switch in known.values():
        day = (what_if or {}).get(switch.name, switch.commenced)
        if day is not None:
            found |= dict.fromkeys(switch.duties, day)
    return found


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What would change: clocks that would run, and those of them that would be overdue already."""

    would_run: tuple[Clock, ...]
    would_be_overdue: tuple[Clock, ...]
    would_be_met: tuple[Clock, ...]


def compare(now: Iterable[Clock], then: Iterable[Clock]) -> WhatIf:
    """Return what the clocks `then`, worked out with a switch tried, add to those of `now`."""
    dormant = {clock.key for clock in now if clock.state is State.DORMANT}
    woken = [clock for clock in then if clock.key in dormant and clock.state is not State.DORMANT]
    return WhatIf(
        would_run=tuple(clock for clock in woken if clock.is_waiting),
        would_be_overdue=tuple(clock for clock in woken if clock.state in (State.BREACHED, State.MET_LATE)),
        would_be_met=tuple(clock for clock in woken if clock.state is State.MET),
    )
