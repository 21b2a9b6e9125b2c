"""
Where things are: postcodes, distances, England's authorities, and the invented ones of the demonstration.

`grid_reference`, `authority_of` and `distance_miles` answer from the reference postcodes, which are
unpacked once into the data folder (see `postcodes.py`). Nothing is asked of the network.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import hypot

from kinfold.terms.authorities import (
    OUTLINES_NOTE,
    Authority,
    adjoining,
    authorities,
    authority,
    authority_outlines,
    authority_with_ons_code,
    is_authority,
    regions,
    successors_of,
)
from kinfold.terms.demonstration import DemoAuthority, demo_authorities, demo_authority, is_demo_code
from kinfold.terms.identifiers import normalise_postcode
from kinfold.terms.postcodes import Location, la_code_of_district, postcode_file

__all__ = [
    "OUTLINES_NOTE",
    "Authority",
    "DemoAuthority",
    "Location",
    "adjoining",
    "authorities",
    "authority",
    "authority_of",
    "authority_outlines",
    "authority_with_ons_code",
    "demo_authorities",
    "demo_authority",
    "distance_miles",
    "grid_reference",
    "is_authority",
    "is_demo_code",
    "la_code_of_district",
    "locate",
    "locate_many",
    "miles_between",
    "normalise_postcode",
    "placement_authority",
    "regions",
    "successors_of",
]

_METRES_IN_A_KILOMETRE = 1000
_KILOMETRES_IN_A_MILE = 1.6093  # the Department's own figure, not 1.609344: a fourth digit decides some tenths


def locate(postcode: str) -> Location | None:
    """Return where a postcode lies, however it is spaced, or None if the directory does not have it."""
    return postcode_file().find(postcode)


def locate_many(postcodes: Iterable[str]) -> Mapping[str, Location]:
    """Return where many postcodes lie, by the text as given; those the directory does not have are left out."""
    return postcode_file().find_many(postcodes)


def grid_reference(postcode: str) -> tuple[int, int] | None:
    """Return easting and northing in metres on the national grid, or None: not known, or in Northern Ireland."""
    found = locate(postcode)
    if found is None or found.easting is None or found.northing is None:
        return None
    return found.easting, found.northing


def authority_of(postcode: str) -> str | None:
    """Return the three-digit code of the authority in which a postcode lies; None outside England or if not known."""
    found = locate(postcode)
    return found.la_code if found else None


def placement_authority(postcode: str) -> str | None:
    """Return the same, but WAL, SCO, NIR or NUK outside England, as the SSDA903 guide has it; None if not known."""
    found = locate(postcode)
    return found.placement_authority if found else None


def miles_between(one: tuple[int, int], other: tuple[int, int]) -> float:
    """
    Return the miles in a straight line between two grid references, to one decimal.

    Source: Department for Education, SSDA903 guide: sqrt(dE^2 + dN^2) / 1000 / 1.6093.
    """
    metres = hypot(one[0] - other[0], one[1] - other[1])
    return round(metres / _METRES_IN_A_KILOMETRE / _KILOMETRES_IN_A_MILE, 1)


def distance_miles(home: str, placement: str) -> float | None:
    """Return the miles between two postcodes by the Department's rule, or None if either has no grid reference."""
    one, other = grid_reference(home), grid_reference(placement)
    return miles_between(one, other) if one and other else None
