"""
Look-ups in a register kept on disk as arrays: a snapshot, opened by another process than the one that wrote it.

SCALE=council is a hundred thousand children, region a million, england fifteen million (England's children and young
adults; half an hour to invent). SNAPSHOT names a folder that was written before, with its queries beside it.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from kinfold.identity.decide import Matcher
from kinfold.identity.generator import Plan, invent, stock_from
from kinfold.identity.kept_while import settled
from kinfold.identity.measure import figures, looked_up
from kinfold.identity.score import shipped_model
from kinfold.identity.snapshot import open_snapshot, write_snapshot
from tests.bench.identity import FULL, NAMES, Row

SEED = 433_000
SIZES = {"council": 100_000, "region": 1_000_000, "england": 15_000_000}
AT_ONCE = 1_000_000
QUERIES = 10_000
P50_MS, P99_MS, MOST_GB = 2.0, 20.0, 6.0


def snapshot() -> list[Row]:
    """Return how long a snapshot takes to write and to open, what it weighs, and its look-ups."""
    if kept := os.environ.get("SNAPSHOT"):
        return [_apart(Path(kept))]
    people = SIZES[os.environ.get("SCALE", "council")]
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "register"
        began = time.perf_counter()
        _write(place, people)
        return [{**_apart(place), "invented_and_written_s": round(time.perf_counter() - began)}]


def _write(place: Path, people: int) -> None:
    queries: list[pl.DataFrame] = []
    write_snapshot(place, _invented(people, queries))
    pl.concat(queries).write_parquet(_queries_of(place))


def _queries_of(place: Path) -> Path:
    return place.with_name(f"{place.name}-queries.parquet")


def _invented(people: int, queries: list[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """Yield children a million at a time, each with a number of its own; queries about them are added to `queries`."""
    stock, parts = stock_from(NAMES, wide=True, seed=SEED), max(1, people // AT_ONCE)
    for number in range(parts):
        plan = Plan(min(people, AT_ONCE), QUERIES // parts, SEED + number, columns=FULL)
        world = invent(plan, stock)
        queries.append(world.queries.with_columns(_numbered("unique_id", number), _numbered("truth", number)))
        yield world.register.with_columns(_numbered("unique_id", number))


def _numbered(column: str, number: int) -> pl.Expr:
    return (
        pl.when(pl.col(column) != "")
        .then(pl.format("{}-{}", pl.lit(number), pl.col(column)))
        .otherwise(pl.lit(""))
        .alias(column)
    )


def _apart(place: Path) -> Row:
    """Return the figures of a process that does nothing but look up: what it weighs is the snapshot's alone."""
    said = subprocess.run(
        [sys.executable, "-m", "tests.bench.snapshot", str(place)], capture_output=True, text=True, check=True
    )
    found: Row = json.loads(said.stdout.splitlines()[-1])
    return found


def measured(place: Path) -> Row:
    """Return the figures of look-ups in the snapshot in a folder, in this process."""
    began = time.perf_counter()
    opened = open_snapshot(place)
    seconds = time.perf_counter() - began
    queries = pl.read_parquet(_queries_of(place))
    row_of = {opened.ids[row]: row for row in opened.ids.known.is_in(queries["truth"].implode()).arg_true().to_list()}
    matcher = Matcher(opened.register, shipped_model())
    with settled():
        outcomes = looked_up(matcher, queries, opened.ids, row_of)
    found = figures(outcomes)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_048_576
    size = sum(file.stat().st_size for file in place.iterdir()) / 1e9
    return {
        "what": f"a snapshot of {len(opened.register):,} children", "opened_and_checked_s": round(seconds, 1),
        "on_disk_gb": round(size, 2), "peak_gb_with_what_is_mapped": round(peak, 2),
        "queries": found.queries, "candidate_recall": round(found.candidate_recall, 4),
        "recall_at_precision_999": round(found.recall_at_999, 4), "twin_false_matches": round(found.twin_false_matches, 4),
        "p50_ms": round(found.p50_ms, 2), "p99_ms": round(found.p99_ms, 2),
        "processor_p50_ms": round(found.p50_ms_of_processor, 2), "processor_p99_ms": round(found.p99_ms_of_processor, 2),
        "load": round(os.getloadavg()[0], 1),
        "of_limit": {"p50": found.p50_ms / P50_MS, "p99": found.p99_ms / P99_MS, "memory": peak / MOST_GB},
    }  # fmt: skip


def main(arguments: list[str]) -> Any:
    """Print the figures of one snapshot as JSON."""
    print(json.dumps(measured(Path(arguments[0]))))


if __name__ == "__main__":
    main(sys.argv[1:])
