"""
One look-up beside Splink's own way of comparing single records, in turn and in one process.

Kinfold searches the register and decides; Splink's `compare_records` is handed the candidates that Kinfold found, with
its SQL kept from call to call, and compares them: it has no search of its own. It does so twice: by its own ready-made
comparisons of five fields, and by Kinfold's comparisons, said in SQL as for a whole file.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import polars as pl

from kinfold.identity.batch import records, settings
from kinfold.identity.columns import columns_of
from kinfold.identity.decide import Matcher
from kinfold.identity.generator import Plan, invent, stock_from
from kinfold.identity.index import Register
from kinfold.identity.kept_while import settled, working
from kinfold.identity.normalise import particulars
from kinfold.identity.score import shipped_model
from tests.bench.identity import NAMES, PLAIN, SEED, SIZES, Row

ASKED = int(os.environ.get("ASKED", "300"))
# So many look-ups of one sort, then so many of the other: a service does one sort.
STRETCH = 50
LEAST_TIMES = 200


Compare = Callable[[Any, Any], Any]


def peers() -> list[Row]:
    """Return the middle and the 99th percentile of each, by the clock and of the processor, and how many times faster."""
    people = SIZES[os.environ.get("SCALE", "council")]
    world = invent(
        Plan(people, ASKED + STRETCH, SEED + 5, columns=PLAIN), stock_from(NAMES, wide=True, seed=SEED + 5)
    )  # fmt: skip
    with working():
        matcher = Matcher(Register(columns_of(world.register)), shipped_model())
        asked = [(row, world.register[_like(matcher, row)]) for row in world.queries.iter_rows(named=True)]
        asked = [(row, others) for row, others in asked if len(others)]
        ours, theirs = list[Times](), {sort.words: list[Times]() for sort in _SORTS}
        ready = [
            (sort, sort.compare(), [(sort.records([row]), sort.records(others)) for row, others in asked])
            for sort in _SORTS
        ]
        with settled():
            for start in range(0, len(asked), STRETCH):
                part = slice(start, start + STRETCH)
                ours += [_timed(lambda row=row: matcher.match(particulars(row))) for row, _ in asked[part]]
                for sort, compare, pairs in ready:
                    theirs[sort.words] += [_timed(partial(compare, one, two)) for one, two in pairs[part][: sort.many]]
    compared = sum(len(others) for _, others in asked[STRETCH:])
    # the first stretch fills what is kept
    return [_row(people, sort, ours[STRETCH:], theirs[sort.words][sort.many :], compared) for sort in _SORTS]


def _like(matcher: Matcher, row: dict[str, Any]) -> list[int]:
    return matcher.register.rows_like(particulars(row))


Times = tuple[float, float]


def _row(people: int, sort: _Sort, ours: Sequence[Times], theirs: Sequence[Times], compared: int) -> Row:
    (clock, clock_99), (worked, _) = _cuts(ours, 0), _cuts(ours, 1)
    (their_clock, their_clock_99), (their_worked, _) = _cuts(theirs, 0), _cuts(theirs, 1)
    return {
        "what": f"one look-up among {people:,} beside Splink's compare_records, {sort.words}", "asked": len(ours),
        "candidates": round(compared / max(len(ours), 1), 1), "p50_ms": clock, "p99_ms": clock_99,
        "splink_p50_ms": their_clock, "splink_p99_ms": their_clock_99, "times_faster": round(their_clock / clock),
        "processor_p50_ms": worked, "splink_processor_p50_ms": their_worked,
        "times_faster_of_processor": round(their_worked / worked), "load": round(os.getloadavg()[0], 1),
        "of_limit": {"times": LEAST_TIMES * clock / their_clock},
    }  # fmt: skip


def _timed(call: Callable[[], Any]) -> Times:
    began, worked = time.perf_counter(), time.process_time()
    call()
    return (time.perf_counter() - began) * 1000, (time.process_time() - worked) * 1000


def _cuts(times: Sequence[Times], which: int) -> tuple[float, float]:
    cuts = statistics.quantiles([one[which] for one in times], n=100)
    return round(cuts[49], 3), round(cuts[98], 3)


def _quiet() -> None:
    import logging

    logging.getLogger("splink").setLevel("ERROR")


def _ready_made() -> Compare:
    """Return Splink's comparison of a record with others, by its own ready-made comparisons, with its SQL kept."""
    from splink import SettingsCreator
    from splink import comparison_library as ready

    return _by(
        SettingsCreator(
            link_type="dedupe_only",
            comparisons=[
                ready.NameComparison("given"), ready.NameComparison("family"),
                ready.DateOfBirthComparison("dob", input_is_string=True), ready.PostcodeComparison("postcode"),
                ready.ExactMatch("sex"),
            ],
        ),
        "ready-made",
    )  # fmt: skip


def _as_here() -> Compare:
    """Return Splink's comparison by the comparisons and weights of Kinfold."""
    return _by(settings(shipped_model(), link_type="dedupe_only"), "as here")


def _by(settings: Any, key: str) -> Compare:
    from splink import DuckDBAPI
    from splink.internals.realtime import compare_records

    _quiet()
    database = DuckDBAPI()

    def compare(one: Any, others: Any) -> Any:
        return compare_records(one, others, settings, database, sql_cache_key=key).as_record_list()

    return compare


def _plain_records(people: Any) -> Any:
    """Return people as Splink's ready-made comparisons take them."""
    said = pl.DataFrame(people).select("unique_id", "given", "family", "dob", "postcode", "sex")
    # how common a name is Splink takes from the record; any number costs it the same
    return said.with_columns(pl.lit(0.001).alias(f"tf_{name}") for name in ("given", "family", "sex")).to_arrow()


def _our_records(people: Any) -> Any:
    """Return people as Kinfold's comparisons take them."""
    return records(Register(columns_of(pl.DataFrame(people))))


@dataclass(frozen=True, slots=True)
class _Sort:
    """A way of comparing by Splink, how it takes people, and how many of each stretch are compared so."""

    words: str
    compare: Callable[[], Compare]
    records: Callable[[Any], Any]
    many: int


# By Kinfold's comparisons a look-up takes Splink most of a second: a few are enough to know.
_SORTS = (
    _Sort("its ready-made comparisons", _ready_made, _plain_records, STRETCH),
    _Sort("Kinfold's comparisons", _as_here, _our_records, 5),
)
