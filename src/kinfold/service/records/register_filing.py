"""
The index of look-ups: under which keys each child is filed, in the same two tables on SQLite and PostgreSQL.

A child is filed under every name and every home that the record has of them, former ones included. Whoever's names, day,
home or number changed is filed anew at the next look-up, or by `kinfold register`; nothing else is.
"""

from __future__ import annotations

import json
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from typing import Any

from django.db import connection

from kinfold.identity.filed import Filed
from kinfold.identity.kept_while import working
from kinfold.identity.keys import EXACT_NAMES, filed_under, mixed
from kinfold.identity.normalise import Particulars, particulars
from kinfold.identity.rarity import Rarity
from kinfold.identity.seen import Seen, seen
from kinfold.service.records.models import PersonIndex, RegisterKey
from kinfold.service.records.reads.register_people import name_of_payload
from kinfold.service.records.scope import as_system
from kinfold.service.records.tables import fetch, in_chunks, insert_rows, placeholders

# Beside the keys of `identity.keys`: how many people have a given or a family name is counted under these.
GIVEN_COUNT, FAMILY_COUNT = 61, 62
# Names and homes of one child that are filed in every combination.
MOST_NAMES, MOST_HOMES = 4, 4
# A key with more people than this is not followed (`identity.index`).
LARGEST_BLOCK = 400
AT_ONCE = 400
SIZE_HOLDS = 300.0  # seconds


def shapes_of(persons: Sequence[int]) -> dict[int, list[Particulars]]:
    """Return each person's particulars in each of their names and homes, as they are now first; at least one shape."""
    details, names, homes = _details(persons), _names(persons), _homes(persons)
    found: dict[int, list[Particulars]] = {}
    for person in persons:
        day, sex, number = details.get(person, ("", "", ""))
        its_homes = homes.get(person, [])[:MOST_HOMES] or [""]
        found[person] = [
            particulars(
                {"given": given, "middle": middle, "family": family, "dob": day, "sex": sex, "postcode": home,
                 "postcode_prev": its_homes[0] if home != its_homes[0] else "", "nhs": number}
            )
            for (given, middle, family), home in product(names.get(person, [])[:MOST_NAMES] or [("", "", "")], its_homes)
        ]  # fmt: skip
    return found


def _details(persons: Sequence[int]) -> dict[int, tuple[str, str, str]]:
    """Return the day of birth, the sex and the NHS number by Person."""
    rows = fetch(
        "select it.person, it.birth_date, it.sex, number.value from person_index it left join identifier_key number "
        f"on number.thing = it.person and number.sort = 'nhs_number' where it.person in ({placeholders(len(persons))})",
        persons,
    )
    return {person: (born.isoformat() if born else "", sex, number or "") for person, born, sex, number in rows}


def _names(persons: Sequence[int]) -> dict[int, list[tuple[str, str, str]]]:
    """Return every name by Person, those that hold first and the latest before the earlier."""
    rows = fetch(
        f"select subject, payload, valid_to from person_fact where subject in ({placeholders(len(persons))}) "
        "and kind = 'name' and known_to is null and status = 'final' order by valid_to is not null, id desc",
        persons,
    )
    found: dict[int, dict[tuple[str, str, str], None]] = defaultdict(dict)
    for person, payload, _ in rows:
        found[person][name_of_payload(_said(payload))] = None
    return {person: list(names) for person, names in found.items()}


def _homes(persons: Sequence[int]) -> dict[int, list[str]]:
    """Return every postcode by Person, where they live now first."""
    rows = fetch(
        f"select subject, payload from spell_fact where subject in ({placeholders(len(persons))}) "
        "and kind = 'address' and known_to is null and status = 'final' "
        "order by valid_to is not null, valid_from desc, id desc",
        persons,
    )
    found: dict[int, dict[str, None]] = defaultdict(dict)
    for person, payload in rows:
        if postcode := _said(payload).get("postcode"):
            found[person][str(postcode)] = None
    return {person: list(homes) for person, homes in found.items()}


def _said(payload: Any) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(payload) if isinstance(payload, str) else payload
    return said


def keys_of(shapes: Iterable[Particulars]) -> set[int]:
    """Return the keys under which a child of these shapes is filed, those by which names are counted included."""
    keys: set[int] = set()
    for shape in shapes:
        if shape.says_nothing:
            continue
        keys |= filed_under(shape)
        keys |= {mixed(GIVEN_COUNT, shape.given.code)} if shape.given else set()
        keys |= {mixed(FAMILY_COUNT, shape.family.code)} if shape.family else set()
    return keys


def file_changed(held_by: int) -> int:
    """File anew every child of a holder whose row changed, and return how many."""
    done = 0
    if not _unfiled(held_by, most=1):
        return 0
    with as_system(), working():
        while chunk := _unfiled(held_by, most=AT_ONCE):
            _file(held_by, chunk)
            done += len(chunk)
    return done


def _unfiled(held_by: int, *, most: int) -> list[int]:
    """Return children who are not filed, found by the index of them alone: SQLite would rather read everybody."""
    by = "indexed by person_index_unfiled" if connection.vendor == "sqlite" else ""
    rows = fetch(
        f"select person from person_index {by} where held_by = %s and not filed and sort = 'child' limit {int(most)}",
        [held_by],
    )
    return [row[0] for row in rows]


def _file(held_by: int, persons: Sequence[int]) -> None:
    marks = placeholders(len(persons))
    with connection.cursor() as cursor:
        cursor.execute(f"delete from register_key where person in ({marks})", persons)
    rows = [(held_by, key, person) for person, shapes in shapes_of(persons).items() for key in keys_of(shapes)]
    insert_rows(RegisterKey._meta.db_table, ("held_by", "key", "person"), sorted(rows, key=lambda row: row[1]))
    PersonIndex.objects.filter(pk__in=persons).update(filed=True)


class Shelves:
    """The tables as `identity.filed` uses a shelf, for look-ups in one holder's register."""

    def __init__(self, held_by: int) -> None:
        self.held_by = held_by

    def put(self, row: int, shapes: Sequence[Particulars], keys: Iterable[int]) -> None:
        """File one child anew from the record; what is handed in is what the record says already."""
        _file(self.held_by, [row])

    def take_out(self, row: int) -> None:
        """Keep no key of a child."""
        RegisterKey.objects.filter(person_id=row).delete()

    def rows_with(self, keys: Sequence[int]) -> Iterable[int]:
        """Return the child of each entry under any of `keys`, keys that too many share left out."""
        found: list[int] = []
        for chunk in in_chunks(keys, 300):
            by_key: dict[int, list[int]] = defaultdict(list)
            rows = fetch(
                f"select key, person from register_key where held_by = %s and key in ({placeholders(len(chunk))})",
                [self.held_by, *chunk],
            )
            for key, person in rows:
                by_key[key].append(person)
            found += [person for persons in by_key.values() if len(persons) <= LARGEST_BLOCK for person in persons]
        return found

    def shapes(self, rows: Sequence[int]) -> Mapping[int, Sequence[Particulars]]:
        """Return the shapes of each child."""
        found: dict[int, list[Particulars]] = {}
        for chunk in in_chunks(rows):
            found.update(shapes_of(chunk))
        return found


_sizes: dict[tuple[str, int], tuple[float, int]] = {}


def _size_of(held_by: int) -> int:
    """
    Return how many children a register has, as counted within the last few minutes: what is asked is how common a name
    is, and a register of a million takes longer to count than to search.
    """
    place, now = (str(connection.settings_dict["NAME"]), held_by), time.monotonic()
    counted, size = _sizes.get(place, (-SIZE_HOLDS, 0))
    if now - counted >= SIZE_HOLDS:
        size = PersonIndex.objects.filter(held_by_id=held_by, sort="child").count()
        _sizes[place] = (now, size)
    return size


# From so many people on, a count is kept for as long as the size is: a few more or fewer make no difference to how common
# a name is, and to count thousands takes longer than all the rest of a look-up. What is kept is numbers, never a name.
MANY = 100
_counts: dict[tuple[str, int, int], tuple[float, int]] = {}
MOST_KEPT = 50_000


def _counts_of(held_by: int, keys: Sequence[int]) -> Counter[int]:
    """Return how many children are filed under each key."""
    database, now = str(connection.settings_dict["NAME"]), time.monotonic()
    found: Counter[int] = Counter()
    for key in keys:
        counted, count = _counts.get((database, held_by, key), (-SIZE_HOLDS, 0))
        if now - counted < SIZE_HOLDS:
            found[key] = count
    for chunk in in_chunks([key for key in keys if key not in found], 300):
        rows = fetch(
            f"select key, count(*) from register_key where held_by = %s and key in ({placeholders(len(chunk))}) "
            "group by key",
            [held_by, *chunk],
        )
        found.update(dict(rows))
        if len(_counts) > MOST_KEPT:
            _counts.clear()
        _counts.update({(database, held_by, key): (now, count) for key, count in rows if count >= MANY})
    return found


class LiveRegister(Filed):
    """One holder's register as it is now. How common a name is is counted from the keys, for the names at hand."""

    def __init__(self, held_by: int) -> None:
        self.held_by = held_by
        super().__init__(Shelves(held_by), Rarity(size=_size_of(held_by)))

    def rows_like(self, person: Particulars) -> list[int]:
        """Return the children worth comparing with `person`, and count how common the names of both sides are."""
        self._count([person])
        return super().rows_like(person)

    def shapes(self, rows: Sequence[int]) -> list[Sequence[Seen]]:
        """Return each child's shapes as comparisons see them."""
        kept = self.shelf.shapes(rows)
        self._count([shape for row in rows for shape in kept[row]])
        return [[seen(shape, self.rarity) for shape in kept[row]] for row in rows]

    def _count(self, people: Iterable[Particulars]) -> None:
        given, family, both = dict(self.rarity.given), dict(self.rarity.family), dict(self.rarity.both)
        wanted: dict[int, tuple[dict[Any, int], Any]] = {}
        for person in people:
            one, two = person.given, person.family
            if one and one.text not in given:
                wanted[mixed(GIVEN_COUNT, one.code)] = (given, one.text)
            if two and two.text not in family:
                wanted[mixed(FAMILY_COUNT, two.code)] = (family, two.text)
            if one and two and (one.text, two.text) not in both:
                wanted[mixed(EXACT_NAMES, one.code, two.code)] = (both, (one.text, two.text))
        counts = _counts_of(self.held_by, list(wanted))
        for key, (known, name) in wanted.items():
            known[name] = counts[key]
        self.rarity = Rarity(self.rarity.size, given, family, both)
