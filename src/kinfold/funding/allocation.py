"""
Sharing a sum among authorities by need, to the pound: shares are exact fractions and what is rounded is said.

A floor is kept by giving whoever would fall below it the floor and sharing the rest among the others again, until nobody falls below.
Pounds that rounding leaves over go to the largest remainders, the first code where two are equal, so that the parts are always the sum.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from kinfold.terms.errors import InputError


@dataclass(frozen=True, slots=True)
class Part:
    """One authority's part in pounds: its exact share before rounding, what rounding added, and whether the floor holds it up."""

    code: str
    pounds: int
    exact: Fraction
    rounded_by: Fraction
    at_floor: bool


def allocated(total: int, need: Mapping[str, Fraction], *, floors: Mapping[str, int] | None = None) -> dict[str, Part]:
    """
    Return each authority's part of a sum in whole pounds; they add up to it exactly.

    `need` is not below nothing; `floors` are the least that an authority gets. Raises InputError where nobody has need, or the
    floors come to more than the sum.
    """
    floors = floors or {}
    if total < 0 or any(one < 0 for one in need.values()) or not any(need.values()):
        raise InputError("A sum is shared by need: give a sum and at least one authority with need above nothing.")
    if sum(floors.get(code, 0) for code in need) > total:
        raise InputError("The floors come to more than the sum. Lower them, or raise the sum.")
    exact, held = _with_floors(Fraction(total), need, floors)
    pounds = _rounded(total, exact)
    return {
        code: Part(code, pounds[code], exact[code], pounds[code] - exact[code], code in held) for code in sorted(need)
    }


def _with_floors(
    total: Fraction, need: Mapping[str, Fraction], floors: Mapping[str, int]
) -> tuple[dict[str, Fraction], set[str]]:
    held: set[str] = set()
    while True:
        rest = total - sum(floors[code] for code in held)
        free = sum((value for code, value in need.items() if code not in held), Fraction(0))
        exact = {
            code: Fraction(floors[code]) if code in held else (rest * value / free if free else Fraction(0))
            for code, value in need.items()
        }
        below = {code for code in need if code not in held and exact[code] < floors.get(code, 0)}
        if not below:
            return exact, held
        held |= below


def _rounded(total: int, exact: Mapping[str, Fraction]) -> dict[str, int]:
    pounds = {code: int(value) for code, value in exact.items()}
    over = total - sum(pounds.values())
    order = sorted(exact, key=lambda code: (pounds[code] - exact[code], code))
    for place in range(over):  # floors may leave nobody with need: the order then is that of codes
        pounds[order[place % len(order)]] += 1
    return pounds
