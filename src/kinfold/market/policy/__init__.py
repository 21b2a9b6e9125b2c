"""Policy packs: dated values, one file for each jurisdiction, and the words for how sure each is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from kinfold.terms.errors import SettingError
from kinfold.terms.law import DatedValue, load_law


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


@cache
def pack(jurisdiction: str, day: date) -> Pack:
    """Return a jurisdiction's pack on a day. Raises SettingError where there is no such jurisdiction."""
    file = Path(__file__).with_name(f"{jurisdiction}.toml")
    if not file.exists():
        known = ", ".join(sorted(one.stem for one in file.parent.glob("*.toml")))
        raise SettingError(f"There is no policy pack for {jurisdiction}. There are: {known}.")
    return Pack(jurisdiction, day, load_law(file))
