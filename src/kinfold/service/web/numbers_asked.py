"""Numbers that a page is asked with: bounded, in the address, as fields that work without JavaScript and sliders where there is some."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from math import isfinite

from kinfold.terms.errors import InputError


@dataclass(frozen=True, slots=True)
class Number:
    """One number that a page may be asked with, between `low` and `high`; `default` stands where it is not said."""

    name: str
    label: str
    low: float
    high: float
    default: float
    unit: str = ""
    step: float = 1.0
    hint: str = ""
    value: float = 0.0

    @property
    def shown(self) -> str:
        """Return the value as its field holds it."""
        return f"{self.value:g}" if self.value < 1e6 else f"{self.value:.0f}"

    @property
    def bounds(self) -> str:
        """Return the bounds in words."""
        return f"{self.low:g} to {self.high:,.10g}".replace(".0 ", " ")


def asked(numbers: Iterable[Number], said: Mapping[str, str]) -> list[Number]:
    """Return the numbers with what was said, or their defaults. Raises InputError for one that is none or out of its bounds."""
    return [replace(one, value=_value(one, said.get(one.name, ""))) for one in numbers]


def _value(one: Number, text: str) -> float:
    kept = text.strip().replace(",", "").removesuffix("%").removeprefix("£")
    if not kept:
        return one.default
    try:
        value = float(kept)
    except ValueError:
        raise InputError(f"{one.label}: “{text[:20]}” is no number. Enter one from {one.bounds}.") from None
    if not isfinite(value) or not one.low <= value <= one.high:
        raise InputError(f"{one.label} must be from {one.bounds}{f' {one.unit}' if one.unit else ''}.")
    return value


def values(numbers: Iterable[Number]) -> dict[str, float]:
    """Return the values by name."""
    return {one.name: one.value for one in numbers}
