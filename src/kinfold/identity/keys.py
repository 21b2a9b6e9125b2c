"""
The keys under which a person is filed and looked for: two records of one child should share at least one.

A key is 63 bits (so that it is the same number in NumPy, SQLite and PostgreSQL), mixed from the codes of its
parts. `filed_under` gives the keys of a record in a register; `looked_for` those of a query, which also tries day
and month exchanged and given and family name exchanged. `index.py` mixes the same keys for a whole register at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kinfold.identity.names import Name
from kinfold.identity.normalise import Particulars, outward_of, sector_of
from kinfold.identity.seen import swapped_day

KEY = (1 << 63) - 1
_WORD = (1 << 64) - 1
# The constants of xxHash, with which keys are mixed.
PRIME_1, PRIME_2, PRIME_5 = 11400714785074694791, 14029467366897019727, 2870177450012600261
TURN = 31

# The sorts of key, by what two records must share.
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
# These are filed for everybody, and looked for only where a day or a given name is missing or says little.
FAMILY_MONTH = 17
NAMES = 18
GIVEN_MIDDLE = 19
HOME = 20
GIVEN_YEAR_INITIAL = 21
FAMILY_YEAR_INITIAL = 22


def mixed_by_hand(*parts: int) -> int:
    """Return the key over these parts, the first of which is its sort; every part is below 2 to the 61st."""
    value = PRIME_5
    for part in parts:
        value = (value + part * PRIME_2) & _WORD
        value = ((value << TURN | value >> (64 - TURN)) * PRIME_1) & _WORD
    return (value + (len(parts) ^ PRIME_5 ^ 3527539)) & KEY


def _mixed_by_python(*parts: int) -> int:
    return hash(parts) & KEY


# CPython hashes a tuple of numbers by the same rule, ten times as fast. Where an interpreter does not, we do it by
# hand: keys that are kept in a database must stay what they are.
_TRIED = ((1, 2), (7, 2024, 1 << 59, 5), (11, (1 << 60) - 3))
mixed = _mixed_by_python if all(_mixed_by_python(*x) == mixed_by_hand(*x) for x in _TRIED) else mixed_by_hand


def letters_code(text: str) -> int:
    """Return up to the first two letters of a name as a number."""
    return (ord(text[0]) << 21 | (ord(text[1]) if len(text) > 1 else 0)) if text else 0


def filed_under(person: Particulars) -> set[int]:
    """Return the keys under which a record is filed."""
    return {*_keys(person), *_keys_for_want(person, given=True, day=True, both_homes=True)}


def looked_for(person: Particulars) -> Iterator[tuple[set[int], int]]:
    """
    Yield the keys under which to look for a person: the surest, then all others, then those of a person whose names, or
    whose day and month, have been exchanged; and beside each set how many of the keys so far a record must share to be
    the person, so that nothing more need be asked for.

    Of the surest it is as many as names and day of birth have, which a twin in the same home does not come to; whoever shares
    none of these keys comes nowhere near a record that does. Of all keys it is three in five; a twin shares a third.
    """
    of_day, of_home = _surest_keys(person)
    surest = of_day | of_home
    yield surest, max(len(of_day), 1)
    # 1 January is where many systems put a day of birth that nobody knows
    no_day = person.born[4:] in ("", "0000", "0101")
    others = {*_keys(person), *_keys_for_want(person, given=not person.given, day=no_day)} - surest
    wanted = len(surest) + len(others)
    yield others, max(-(-3 * wanted // 5), 1)
    yield set(_turned_keys(person)) - surest - others, wanted


def _surest_keys(person: Particulars) -> tuple[set[int], set[int]]:
    """Return the keys of names with the day of birth, and those of names with the home; none where one of them is unknown."""
    given, family, home = person.given, person.family, person.postcode
    if not (given and family and person.born):
        return set(), set()
    day, sounds = int(person.born), given.root_codes
    of_day = _day_keys(given, family, day, sounds)
    of_day += [mixed(NAMES_YEAR, day // 10_000, one, two) for two in family.part_sounds for one in sounds]
    of_home = [mixed(NUMBER, person.nhs)] if person.nhs else []
    if home:
        of_home += [mixed(HOME_GIVEN, home, sound) for sound in sounds]
        of_home += [mixed(HOME_FAMILY, home, part) for part in family.part_sounds]
    return set(of_day), set(of_home)


def _turned_keys(person: Particulars) -> list[int]:
    """Return keys as if day and month, or given and family name, had been exchanged."""
    swapped = swapped_day(person.born) if person.born else ""
    keys = _day_keys(person.given, person.family, int(swapped), person.given.root_codes) if swapped else []
    return keys + _crossed_keys(person) if person.given and person.family else keys


def _keys_for_want(person: Particulars, *, given: bool, day: bool, both_homes: bool = False) -> list[int]:
    """Return the keys that stand in for a given name or a day of birth that may be missing."""
    keys = _year_keys(person) if day else []
    if (given or day) and person.postcode:
        keys.append(mixed(HOME, person.postcode))
    if both_homes and person.previous:
        keys.append(mixed(HOME, person.previous))
    family = person.family
    month = int(person.born) // 100 if person.born[4:6] > "00" else 0
    if given and month:
        keys += [mixed(FAMILY_MONTH, month, sound) for sound in family.part_sounds]
    if day and person.given:
        sounds = person.given.root_codes
        keys += [mixed(NAMES, one, two) for two in family.part_sounds for one in sounds]
        if person.middles and len(person.middles[0].text) > 1:
            keys.append(mixed(GIVEN_MIDDLE, sounds[0], person.middles[0].root_codes[0]))
    return keys


def _year_keys(person: Particulars) -> list[int]:
    """Return keys for a day of which the year alone is known, and one of the two names misspelt."""
    given, family = person.given, person.family
    if not (person.born and given and family):
        return []
    year = int(person.born) // 10_000
    keys = [mixed(GIVEN_YEAR_INITIAL, year, given.root_codes[0], ord(family.text[0]))]
    return keys + [mixed(FAMILY_YEAR_INITIAL, year, sound, ord(given.text[0])) for sound in family.part_sounds]


def _keys(person: Particulars) -> list[int]:
    day = int(person.born) if person.born else 0
    given_sounds = _given_sounds(person.given, person.middles)
    keys = _name_keys(person.given, person.family, day, outward_of(person.postcode))
    if day:
        families = person.family.part_sounds
        keys += [mixed(NAMES_YEAR, day // 10_000, one, two) for two in families for one in given_sounds]
    if day:
        keys += _day_keys(person.given, person.family, day, given_sounds)
    if person.postcode:
        keys += _home_keys(person.family, day, person.postcode, given_sounds)
    if person.previous and person.previous != person.postcode:
        keys += _home_keys(person.family, day, person.previous, given_sounds)
    if person.nhs:
        keys.append(mixed(NUMBER, person.nhs))
    return keys


def _day_keys(given: Name, family: Name, day: int, given_sounds: Sequence[int]) -> list[int]:
    keys = [mixed(DAY_FAMILY, day, sound) for sound in family.part_sounds]
    keys += [mixed(DAY_GIVEN, day, sound) for sound in given_sounds]
    if given:
        keys.append(mixed(DAY_BEGINS, day, letters_code(given.text)))
    if family:
        keys.append(mixed(DAY_FAMILY_BEGINS, day, letters_code(family.text)))
    return keys


def _given_sounds(given: Name, middles: tuple[Name, ...]) -> tuple[int, ...]:
    if not middles:
        return given.root_codes
    # whoever is known by a middle name is filed under it too
    return (*given.root_codes, *[middle.root_codes[0] for middle in middles if len(middle.text) > 1])


def _name_keys(given: Name, family: Name, day: int, outward: int) -> list[int]:
    month_day, month = day % 10_000, day // 100
    families = family.part_sounds
    pairs = [(given_sound, family_sound) for family_sound in families for given_sound in given.root_codes]
    keys = []
    if month_day:
        keys += [mixed(NAMES_MONTH_DAY, month_day, one, two) for one, two in pairs]
    if outward:
        keys += [mixed(NAMES_OUTWARD, outward, one, two) for one, two in pairs]
    if given and month_day:
        initial = ord(given.text[0])
        keys += [mixed(FAMILY_MONTH_INITIAL, month, sound, initial) for sound in families]
        keys += [mixed(FAMILY_MONTH_DAY_INITIAL, month_day, sound, initial) for sound in families]
    if given and family:
        keys.append(mixed(EXACT_NAMES, given.code, family.code))
        if month_day:
            keys.append(mixed(GIVEN_MONTH_INITIAL, month, given.root_codes[0], letters_code(family.text)))
    return keys


def _home_keys(family: Name, day: int, home: int, given_sounds: Sequence[int]) -> list[int]:
    keys = [mixed(HOME_FAMILY, home, sound) for sound in family.part_sounds]
    keys += [mixed(HOME_GIVEN, home, sound) for sound in given_sounds]
    if day:
        keys.append(mixed(HOME_MONTH, home, day // 100))
        sector = sector_of(home)
        if sector:
            keys.append(mixed(DAY_SECTOR, day, sector))
    return keys


def _crossed_keys(person: Particulars) -> list[int]:
    """Return keys as if given and family name had been exchanged."""
    given, family = person.family, person.given
    sound, initials = given.root_codes[0], family.part_sounds
    keys = [mixed(EXACT_NAMES, given.code, family.code)]
    day = int(person.born) if person.born else 0
    if day:
        keys += _day_keys(given, family, day, (sound,))
        keys += [mixed(NAMES_YEAR, day // 10_000, sound, other) for other in initials]
    elif person.postcode:
        keys += [mixed(HOME_FAMILY, person.postcode, other) for other in initials]
        keys.append(mixed(HOME_GIVEN, person.postcode, sound))
    return keys
