"""
The keys under which a person is filed and looked for: two records of one child should share at least one.

A key is 63 bits (so that it is the same number in NumPy, SQLite and PostgreSQL), mixed from the codes of its
parts. `filed_under` gives the keys of a record in a register; `looked_for` those of a query, which also tries day
and month exchanged and given and family name exchanged. `index.py` mixes the same keys for a whole register at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum

from kinfold.identity.names import Name
from kinfold.identity.normalise import Particulars, outward_of, sector_of
from kinfold.identity.seen import swapped_day

WORD, MULTIPLIER, SHIFT = (1 << 64) - 1, 0x9E3779B97F4A7C15, 32


class Sort(IntEnum):
    """The sorts of key, by what two records must share."""

    DAY_FAMILY = 1
    DAY_GIVEN = 2
    DAY_BEGINS = 3
    DAY_SECTOR = 4
    HOME_FAMILY = 5
    HOME_GIVEN = 6
    NAMES_YEAR = 7
    NAMES_MONTH_DAY = 8
    EXACT_NAMES = 9
    NAMES_OUTWARD = 10
    NUMBER = 11
    FAMILY_MONTH_INITIAL = 12
    GIVEN_MONTH_INITIAL = 13
    HOME_MONTH = 14
    DAY_FAMILY_BEGINS = 15
    FAMILY_MONTH_DAY_INITIAL = 16
    GIVEN_MIDDLE_DAY = 17


def mixed(sort: int, *parts: int) -> int:
    """Return the key of this sort over `parts`, 63 bits."""
    value = sort
    for part in parts:
        value = ((value ^ part) * MULTIPLIER) & WORD
        value ^= value >> SHIFT
    return value >> 1


def letters_code(text: str) -> int:
    """Return up to the first two letters of a name as a number."""
    return (ord(text[0]) << 21 | (ord(text[1]) if len(text) > 1 else 0)) if text else 0


def filed_under(person: Particulars) -> set[int]:
    """Return the keys under which a record is filed."""
    return set(_keys(person, person.given, person.family, person.born))


def looked_for(person: Particulars) -> set[int]:
    """Return the keys under which to look for a person."""
    keys = set(_keys(person, person.given, person.family, person.born))
    swapped = swapped_day(person.born) if person.born else ""
    if swapped:
        keys.update(_day_keys(person.given, person.family, int(swapped), ()))
    if person.given and person.family:
        keys.update(_crossed_keys(person))
    return keys


def _keys(person: Particulars, given: Name, family: Name, born: str) -> Iterator[int]:
    day = int(born) if born else 0
    if day:
        yield from _day_keys(given, family, day, person.middles)
    yield from _name_keys(given, family, day, outward_of(person.postcode), person.middles)
    for home in {person.postcode, person.previous} - {0}:
        yield from _home_keys(given, family, day, home, person.middles)
    if person.nhs:
        yield mixed(Sort.NUMBER, person.nhs)


def _day_keys(given: Name, family: Name, day: int, middles: tuple[Name, ...]) -> Iterator[int]:
    for sound in family.part_sounds:
        yield mixed(Sort.DAY_FAMILY, day, sound)
    for sound in _given_sounds(given, middles):
        yield mixed(Sort.DAY_GIVEN, day, sound)
    if given:
        yield mixed(Sort.DAY_BEGINS, day, letters_code(given.text))
    if family:
        yield mixed(Sort.DAY_FAMILY_BEGINS, day, letters_code(family.text))


def _given_sounds(given: Name, middles: tuple[Name, ...]) -> tuple[int, ...]:
    if not middles:
        return given.root_codes
    # whoever is known by a middle name is filed under it too
    return (*given.root_codes, *(middle.root_codes[0] for middle in middles if len(middle.text) > 1))


def _name_keys(
    given: Name, family: Name, day: int, outward: int, middles: tuple[Name, ...]
) -> Iterator[int]:
    year, month_day = divmod(day, 10_000)
    month = day // 100
    for family_sound in family.part_sounds:
        for given_sound in _given_sounds(given, middles):
            if year:
                yield mixed(Sort.NAMES_YEAR, year, given_sound, family_sound)
            if month_day:
                yield mixed(Sort.NAMES_MONTH_DAY, month_day, given_sound, family_sound)
            if outward:
                yield mixed(Sort.NAMES_OUTWARD, outward, given_sound, family_sound)
        if given and month_day:
            yield mixed(Sort.FAMILY_MONTH_INITIAL, month, family_sound, ord(given.text[0]))
            yield mixed(Sort.FAMILY_MONTH_DAY_INITIAL, month_day, family_sound, ord(given.text[0]))
    if given and family:
        yield mixed(Sort.EXACT_NAMES, given.code, family.code)
        if month_day:
            yield mixed(Sort.GIVEN_MONTH_INITIAL, month, given.root_codes[0], letters_code(family.text))


def _home_keys(given: Name, family: Name, day: int, home: int, middles: tuple[Name, ...]) -> Iterator[int]:
    for sound in family.part_sounds:
        yield mixed(Sort.HOME_FAMILY, home, sound)
    for sound in _given_sounds(given, middles):
        yield mixed(Sort.HOME_GIVEN, home, sound)
    if day:
        yield mixed(Sort.HOME_MONTH, home, day // 100)
        sector = sector_of(home)
        if sector:
            yield mixed(Sort.DAY_SECTOR, day, sector)


def _crossed_keys(person: Particulars) -> Iterator[int]:
    given, family = person.family, person.given
    day = int(person.born) if person.born else 0
    yield mixed(Sort.EXACT_NAMES, given.code, family.code)
    for home in {person.postcode, person.previous} - {0}:
        yield mixed(Sort.HOME_FAMILY, home, family.part_sounds[0] if family.part_sounds else 0)
        yield mixed(Sort.HOME_GIVEN, home, given.root_codes[0])
    if day:
        yield from _day_keys(given, family, day, ())
        for sound in family.part_sounds:
            yield mixed(Sort.NAMES_YEAR, day // 10_000, given.root_codes[0], sound)
