"""What clocks are worked out against for one holder: where the council lies, and which kinds it keeps."""

from __future__ import annotations

from functools import lru_cache

from kinfold.duties import Council
from kinfold.record.declare import KINDS
from kinfold.service.records.clock_marks import kinds_that_move_clocks
from kinfold.service.records.models import FACT_TABLES, Holder, Load
from kinfold.service.records.tables import fetch
from kinfold.terms.places import adjoining, authority_of, demo_authority, is_authority, is_demo_code


def council_of(holder: Holder) -> Council | None:
    """Return where a council lies, for the legal test of distance; an invented one stands on a real one's ground."""
    code = demo_authority(holder.code).stands_on if is_demo_code(holder.code) else holder.code
    if not is_authority(code):
        return None
    return Council(la_code=code, adjoining=adjoining, authority_of=_authority_of)


@lru_cache(maxsize=50_000)
def _authority_of(postcode: str) -> str | None:
    """Return in whose area a postcode lies; remembered, because the homes of a council are asked about again and again."""
    return authority_of(postcode)


def kept_kinds(held_by: int) -> frozenset[str] | None:
    """
    Return the kinds among those clocks look at that some file or form of the council has carried so far.

    None where nothing was ever loaded: what is typed in here can be typed in for every duty.
    """
    if not Load.objects.filter(held_by_id=held_by).exists():
        return None
    by_table: dict[str, list[str]] = {}
    for name in sorted(kinds_that_move_clocks()):
        by_table.setdefault(FACT_TABLES[KINDS[name].word.value]._meta.db_table, []).append(name)
    found: set[str] = set()
    for table, names in by_table.items():
        # one look into the index for each kind, which `limit` holds the database to: a join would read the whole table
        asked = (
            f"with asked(kind) as (values {', '.join(['(%s)'] * len(names))}) select kind from asked where (select 1 "
            f'from "{table}" as it where it.kind = asked.kind and it.held_by = %s and it.known_to is null limit 1) = 1'
        )
        found |= {row[0] for row in fetch(asked, [*names, held_by])}
    return frozenset(found)
