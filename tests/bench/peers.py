"""
One look-up beside Splink's own way of comparing single records, in turn and in one process.

Kinfold searches the register and decides; Splink's `compare_records` is handed the candidates that Kinfold found, with
its SQL kept from call to call, and compares them: it has no search of its own.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

import polars as pl

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


def peers() -> list[Row]:
    """Return the middle and the 99th percentile of both, by the clock and of the processor, and how many times faster."""
    people = SIZES[os.environ.get("SCALE", "council")]
    world = invent(
        Plan(people, ASKED + STRETCH, SEED + 5, columns=PLAIN), stock_from(NAMES, wide=True, seed=SEED + 5)
    )  # fmt: skip
    with working():
        matcher = Matcher(Register(columns_of(world.register)), shipped_model())
        asked = [(row, _records(world.register[_like(matcher, row)])) for row in world.queries.iter_rows(named=True)]
        asked = [(row, records) for row, records in asked if records]
        ours, theirs, compare = list[Times](), list[Times](), _splink()
        with settled():
            for start in range(0, len(asked), STRETCH):
                stretch = asked[start : start + STRETCH]
                ours += [_timed(lambda row=row: matcher.match(particulars(row))) for row, _ in stretch]
                theirs += [
                    _timed(lambda row=row, others=others: compare(_record(row), others)) for row, others in stretch
                ]
    compared = sum(len(records) for _, records in asked[STRETCH:])
    return [_row(people, ours[STRETCH:], theirs[STRETCH:], compared)]  # the first stretch fills what is kept


def _like(matcher: Matcher, row: dict[str, Any]) -> list[int]:
    return matcher.register.rows_like(particulars(row))


Times = tuple[float, float]


def _row(people: int, ours: Sequence[Times], theirs: Sequence[Times], compared: int) -> Row:
    (clock, clock_99), (worked, _) = _cuts(ours, 0), _cuts(ours, 1)
    (their_clock, their_clock_99), (their_worked, _) = _cuts(theirs, 0), _cuts(theirs, 1)
    return {
        "what": f"one look-up among {people:,} beside Splink's compare_records", "asked": len(ours),
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


def _splink() -> Callable[[dict[str, Any], list[dict[str, Any]]], Any]:
    """Return Splink's comparison of a record with others, by its own ready-made comparisons, with its SQL kept."""
    import logging

    from splink import DuckDBAPI, SettingsCreator
    from splink import comparison_library as ready
    from splink.internals.realtime import compare_records

    logging.getLogger("splink").setLevel("ERROR")
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            ready.NameComparison("given"), ready.NameComparison("family"),
            ready.DateOfBirthComparison("dob", input_is_string=True), ready.PostcodeComparison("postcode"),
            ready.ExactMatch("sex"),
        ],
    )  # fmt: skip
    database = DuckDBAPI()

    def compare(one: dict[str, Any], others: list[dict[str, Any]]) -> Any:
        return compare_records(
            pl.DataFrame([one]).to_arrow(), pl.DataFrame(others).to_arrow(), settings, database, sql_cache_key="bench"
        ).as_record_list()

    return compare


def _record(row: dict[str, Any]) -> dict[str, Any]:
    said = {name: row[name] for name in ("unique_id", "given", "family", "dob", "postcode", "sex")}
    # how common a name is Splink takes from the record; any number costs it the same
    return said | {f"tf_{name}": 0.001 for name in ("given", "family", "sex")}


def _records(frame: pl.DataFrame) -> list[dict[str, Any]]:
    return [_record(row) for row in frame.iter_rows(named=True)]
