"""
Policy packs: dated values and forms of words of a jurisdiction, each with its source and how sure it is.

A jurisdiction has one file, and a folder of the same name where there is more than fits in one: a file a topic. Whatever asks a pack
for a value by name stands in the code; the value, and what it rests on, stands here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from kinfold.terms.errors import SettingError
from kinfold.terms.law import DatedValue, load_law

JURISDICTION = (
    "england"  # whose register, notices and cases these are; that of Wales is asked for its own providers alone
)


@dataclass(frozen=True, slots=True)
class Pack:
    """A jurisdiction's values as they stand on a day. `name` is kept with every decision made by it."""

    jurisdiction: str
    day: date
    values: Mapping[str, DatedValue]

    @property
    def name(self) -> str:
        """Return the pack's name: jurisdiction and day."""
        return f"{self.jurisdiction}/{self.day.isoformat()}"

    def __getitem__(self, key: str) -> Any:
        """Return a value in force on the pack's day. Raises NoRuleInForce, or SettingError if there is no such key."""
        if key not in self.values:
            raise SettingError(
                f"The policy pack {self.jurisdiction} has no value {key}. Add it with its source and date."
            )
        return self.values[key].on(self.day)

    def rests_on(self, key: str) -> str:
        """Return what a value rests on: its source and how sure it is."""
        return f"{self.values[key].source} ({self.values[key].certainty})"

    def beginning_with(self, prefix: str) -> dict[str, DatedValue]:
        """Return what is in force and named so, by the rest of its name and in the order of the file: a list kept as data."""
        return {
            name.removeprefix(prefix): one
            for name, one in self.values.items() if name.startswith(prefix) and one.is_in_force(self.day)
        }  # fmt: skip

    def words(self, key: str, **known: object) -> str:
        """Return a form of words, what stands in braces filled in."""
        return str(self[key]).format(**known)

    def paragraphs(self, key: str, **known: object) -> list[str]:
        """Return a form of words as paragraphs, what stands in braces filled in; one that becomes empty is left out."""
        filled = [str(one).format(**known) for one in self[key]]
        return [one for whole in filled for one in whole.split("\n\n") if one]


@cache
def pack(jurisdiction: str, day: date) -> Pack:
    """Return a jurisdiction's pack on a day. Raises SettingError where there is no such jurisdiction."""
    file = Path(__file__).with_name(f"{jurisdiction}.toml")
    if not file.exists():
        known = ", ".join(sorted(one.stem for one in file.parent.glob("*.toml")))
        raise SettingError(f"There is no policy pack for {jurisdiction}. There are: {known}.")
    return Pack(jurisdiction, day, _values(jurisdiction))


@cache
def topics_of(jurisdiction: str) -> Mapping[str, Mapping[str, DatedValue]]:
    """Return a jurisdiction's values by the file they stand in: its own under its name, then those of its folder by theirs."""
    file = Path(__file__).with_name(f"{jurisdiction}.toml")
    files = (file, *sorted(file.with_suffix("").glob("*.toml")))
    return {one.stem: load_law(one) for one in files}


@cache
def _values(jurisdiction: str) -> Mapping[str, DatedValue]:
    return one_each(topics_of(jurisdiction))


def one_each(topics: Mapping[str, Mapping[str, DatedValue]]) -> Mapping[str, DatedValue]:
    """Return the values of every topic together. Raises SettingError where one stands in two files."""
    found: dict[str, DatedValue] = {}
    for topic, values in topics.items():
        twice = sorted(found.keys() & values.keys())
        if twice:
            raise SettingError(
                f"{topic}.toml: {twice[0]} stands in another file of the jurisdiction too. Keep one of them."
            )
        found |= values
    return found


def pack_said(said: Mapping[str, Any], day: date) -> Pack:
    """Return the pack by which a line of a case was decided: the one it names, else England's on its day."""
    jurisdiction, _, on = str(said.get("pack") or f"{JURISDICTION}/{day.isoformat()}").partition("/")
    return pack(jurisdiction, date.fromisoformat(on))
