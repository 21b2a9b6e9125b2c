"""
England's upper-tier authorities: their codes, their regions, what they were before and who lies next to them.

The facts are in authorities.toml, adjoining.toml and outlines.json, each of which names its source.
`places.py` is the door to this file.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from kinfold.terms.errors import InputError

OUTLINES_NOTE = (
    "Generalised, derived from postcodes. Source: Office for National Statistics licensed under the Open Government "
    "Licence v.3.0. Contains OS data, Royal Mail data © Crown copyright and database right."
)


@dataclass(frozen=True, slots=True)
class Authority:
    """
    One upper-tier authority.

    `la_code` is the Department's three-digit code, `ons_code` the one under which statistics are
    published, `also_ons` others for the same area. The code existed from `valid_from` (None: since before
    1 April 2019) up to, but not on, `valid_until`.
    """

    la_code: str
    ons_code: str
    name: str
    region: str
    kind: str
    dfe_region: str
    also_ons: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_until: date | None = None
    predecessors: tuple[str, ...] = ()
    successors: tuple[str, ...] = ()

    def existed_on(self, day: date) -> bool:
        """Return whether this authority was answerable on `day`."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_until is None or day < self.valid_until)


def _text(name: str) -> str:
    return resources.files("kinfold.terms").joinpath(name).read_text(encoding="utf-8")


def _authority(la_code: str, row: Mapping[str, Any]) -> Authority:
    return Authority(
        la_code=la_code,
        ons_code=row["ons_code"],
        name=row["name"],
        region=row["region"],
        kind=row["kind"],
        dfe_region=row.get("dfe_region", row["region"]),
        also_ons=tuple(row.get("also_ons", ())),
        valid_from=row.get("from"),
        valid_until=row.get("until"),
        predecessors=tuple(row.get("predecessors", ())),
        successors=tuple(row.get("successors", ())),
    )


@cache
def _all() -> Mapping[str, Authority]:
    content = tomllib.loads(_text("authorities.toml"))
    rows = {**content["current"], **content["former"]}
    return MappingProxyType({la_code: _authority(la_code, row) for la_code, row in rows.items()})


@cache
def authorities(on: date | None = None) -> Sequence[Authority]:
    """Return the authorities that exist, 153 of them, in order of code; or those that existed `on` a day."""
    chosen = (a for a in _all().values() if (a.valid_until is None if on is None else a.existed_on(on)))
    return tuple(sorted(chosen, key=lambda a: a.la_code))


def authority(la_code: str) -> Authority:
    """Return the authority with this three-digit code, existing or former. Raises InputError if there is none."""
    try:
        return _all()[la_code]
    except KeyError:
        raise InputError(f"{la_code} is not the three-digit code of an authority in England, such as 330") from None


def is_authority(la_code: str) -> bool:
    """Return whether this is the three-digit code of an authority in England, existing or former."""
    return la_code in _all()


def successors_of(la_code: str) -> tuple[str, ...]:
    """Return the codes of the authorities that answer today for this one's area: its own, if it still exists."""
    found = authority(la_code)
    return found.successors or (la_code,)


@cache
def _by_ons() -> Mapping[str, Authority]:
    # former authorities first, so that a code which was kept stands for the authority of today
    ordered = sorted(_all().values(), key=lambda a: a.valid_until is None)
    return {code: found for found in ordered for code in (found.ons_code, *found.also_ons)}


def authority_with_ons_code(ons_code: str) -> Authority | None:
    """Return the authority that an E06, E08, E09 or E10 code names, older and newer codes included; None for others."""
    return _by_ons().get(ons_code)


@cache
def regions() -> Sequence[str]:
    """Return the nine regions of England in order of the alphabet."""
    return tuple(sorted({found.region for found in authorities()}))


@cache
def _adjoining() -> Mapping[str, frozenset[str]]:
    content = tomllib.loads(_text("adjoining.toml"))
    return {la_code: frozenset(others) for la_code, others in content["adjoining"].items()}


def adjoining(la_code: str) -> frozenset[str]:
    """
    Return the codes of the authorities whose area touches this one's; empty for islands.

    Worked out from postcodes (see tools/build_adjoining.py), so a boundary across water or empty
    moorland may be missing. Raises InputError if the code is no existing authority's.
    """
    authority(la_code)
    return _adjoining().get(la_code, frozenset())


@cache
def _outlines() -> Mapping[str, Any]:
    content: Mapping[str, Any] = json.loads(_text("outlines.json"))
    return content


def authority_outlines() -> Mapping[str, str]:
    """
    Return SVG path data for each existing authority, by three-digit code.

    Generalised, derived from postcodes: fit for a small map, not for saying where a boundary runs.
    Show OUTLINES_NOTE beside it. Filled areas that touch share their edges exactly.
    """
    return MappingProxyType(_outlines()["paths"])
