"""
Whole files at once: Splink scores the pairs, on DuckDB or on Spark, by the same comparisons and the same weights.

This is Splink's one door. What it is given is the list in `compare.py` said in SQL and the weights of `score.py`;
nothing is estimated here, so that a pair has the same rank in a batch and in a look-up.
"""

from __future__ import annotations

import importlib
import importlib.util
import logging
import math
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from tempfile import TemporaryDirectory
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from kinfold.identity.columns import Columns, columns_of
from kinfold.identity.compare import COMPARISONS, SINGLE, Comparison
from kinfold.identity.index import Register
from kinfold.identity.names import Name
from kinfold.identity.normalise import FOREIGN, outward_of, postcode_text, sector_of
from kinfold.identity.pairwise import calibrated_all
from kinfold.identity.score import Model, probability
from kinfold.identity.seen import day_parts
from kinfold.terms.errors import SettingError

Rows = npt.NDArray[np.int64]
_PAIRS_AT_ONCE = 4_000_000


class Engine(Protocol):
    """Where Splink does its work."""

    dialect: str

    def api(self) -> Any:
        """Return Splink's database."""


@dataclass(slots=True)
class OnDuckDB:
    """One machine: DuckDB in this process, within so much memory and so many threads (None: its own choice)."""

    memory: str = "1200MB"
    threads: int | None = None
    dialect: str = "duckdb"
    # What does not fit spills into a folder of our own that goes with us. DuckDB's own choice is the folder one happens
    # to stand in, where children's names would be left lying.
    spill: TemporaryDirectory[str] = field(default_factory=lambda: TemporaryDirectory(prefix="kinfold-"))

    def api(self) -> Any:
        """Return Splink's database, in memory."""
        import duckdb
        from splink import DuckDBAPI

        connection = duckdb.connect(":memory:")
        connection.execute(f"SET memory_limit = '{self.memory}'")
        connection.execute(f"SET temp_directory = '{self.spill.name}'")
        connection.execute("SET preserve_insertion_order = false")
        connection.execute("SET enable_progress_bar = false")  # it would write among the answers
        if self.threads:
            connection.execute(f"SET threads = {int(self.threads)}")
        return DuckDBAPI(connection=connection)


@dataclass(slots=True)
class OnSpark:
    """Many machines: a Spark session whose jars include Splink's, with a checkpoint folder set (`spark_session`)."""

    session: Any
    dialect: str = "spark"

    def api(self) -> Any:
        """Return Splink's database."""
        from splink.backends.spark import SparkAPI

        return SparkAPI(spark_session=self.session)  # type: ignore[no-untyped-call]


_SPARK = {
    "spark.master": "local[*]",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}
NO_SPARK = "Spark needs Java 17 and: pip install 'kinfold[spark]'"


@contextmanager
def spark_session(settings: Mapping[str, str] | None = None) -> Iterator[OnSpark]:
    """
    Start Spark as `spark-submit` says, or on this machine where nothing is said, and stop it at the end.

    Raises SettingError where Java or PySpark is missing.
    """
    if importlib.util.find_spec("pyspark") is None or shutil.which("java") is None:
        raise SettingError(NO_SPARK)
    from splink.backends.spark import similarity_jar_location

    # started by spark-submit, where to work is said already
    here = {} if "PYSPARK_GATEWAY_PORT" in os.environ else _SPARK
    # by name: PySpark is no part of what Kinfold is installed with
    builder = importlib.import_module("pyspark.sql").SparkSession.builder
    for key, value in {**here, "spark.jars": similarity_jar_location(), **(settings or {})}.items():
        builder = builder.config(key, value)
    with TemporaryDirectory(prefix="kinfold-") as folder:
        session = builder.getOrCreate()
        session.sparkContext.setCheckpointDir(folder)  # Splink on Spark does not work without one
        try:
            yield OnSpark(session)
        finally:
            session.stop()


_IN_SPARK = {
    "spark.master": "local[*]",
    "list_contains(": "array_contains(",
    "list_has_any(": "arrays_overlap(",
    "jaro_winkler_similarity(": "jaro_winkler(",
}


def settings(model: Model, *, link_type: str, dialect: str = "duckdb") -> dict[str, Any]:
    """Return Splink's settings: the comparisons in SQL, with the weights as ratios of m to u."""
    return {
        "link_type": link_type,
        "unique_id_column_name": "unique_id",
        "probability_two_random_records_match": probability(model.start),
        "blocking_rules_to_generate_predictions": ["l.unique_id = r.unique_id"],
        "comparisons": [
            _comparison(comparison, weights, dialect)
            for comparison, weights in zip(COMPARISONS, model.weights, strict=True)
        ],
        "retain_matching_columns": False,
        "retain_intermediate_calculation_columns": False,
    }


def _comparison(comparison: Comparison, weights: tuple[float, ...], dialect: str) -> dict[str, Any]:
    levels = []
    for level, weight in zip(comparison.levels, weights, strict=True):
        condition = level.when.sql() if level.when is not None else "ELSE"
        if dialect == "spark":
            for ours, theirs in _IN_SPARK.items():
                condition = condition.replace(ours, theirs)
        # any m and u of this ratio will do; these two lie between 0 and 1 whatever the weight
        odds = math.exp(weight)
        levels.append(
            {
                "sql_condition": condition,
                "label_for_charts": level.words,
                "m_probability": odds / (1 + odds),
                "u_probability": 1 / (1 + odds),
                "fix_m_probability": True,
                "fix_u_probability": True,
            }
        )
    return {
        "output_column_name": comparison.name,
        "comparison_description": comparison.name,
        "comparison_levels": levels,
    }


def records(register: Register) -> pa.Table:
    """Return a register as the table that Splink reads: one row per record, `unique_id` its row number."""
    columns, table = register.columns, register.columns.table
    names = columns.names
    by_given = _Taker(table["given"])
    by_family = _Taker(table["family"])
    days = _Taker(*_distinct(table["born"]))
    homes = _Taker(*_distinct(table["postcode"]))
    days_read = [day_parts(f"{born:08d}" if born else "") for born in days.values]
    fields: dict[str, Any] = {
        "unique_id": pa.array(np.arange(len(table), dtype=np.int64)),
        "given": by_given.take([name.text for name in names]),
        "given_rest": by_given.take([name.text[1:] for name in names]),
        "given_sound": by_given.take([name.sound for name in names]),
        "given_roots": by_given.take([sorted(name.roots) for name in names], pa.list_(pa.string())),
        "given_band": by_given.take(register.given_bands),
        "given_known": by_given.take(register.given_known),
        **_middle_fields(columns),
        "family": by_family.take([name.text for name in names]),
        "family_sound": by_family.take([name.sound for name in names]),
        "family_parts": by_family.take([sorted(name.parts) for name in names], pa.list_(pa.string())),
        "family_band": by_family.take(register.family_bands),
        "namesakes": pa.array(register.namesakes.astype(np.int64)),
        "born": days.take([f"{born:08d}" if born else "" for born in days.values]),
    }
    for place, name in enumerate(
        ("born_year", "born_month_day", "born_year_month", "born_swapped", "january", "whole_day")
    ):
        fields[name] = days.take([parts[place] for parts in days_read])
    fields["postcode_text"] = homes.take([postcode_text(code) for code in homes.values])
    fields["sector"] = homes.take([sector_of(code) for code in homes.values])
    fields["outward"] = homes.take([outward_of(code) for code in homes.values])
    fields["foreign"] = homes.take([int(code >= FOREIGN) for code in homes.values])
    fields["nhs_text"] = pa.array([f"{number:010d}" if number else "" for number in table["nhs"].tolist()])
    for name in ("sex", "postcode", "previous", "nhs", "address"):
        fields[name] = pa.array(table[name].astype(np.int64))
    # the last comparison asks about levels just found; Splink wants to find their names among the columns
    for comparison in SINGLE:
        fields[f"gamma_{comparison.name}"] = pa.array(np.zeros(len(table), dtype=np.int8))
    return pa.table(fields)


class _Taker:
    """Gives each row the value of its number, working each value out once."""

    def __init__(self, numbers: npt.NDArray[Any], values: list[int] | None = None) -> None:
        self.numbers = pa.array(numbers.astype(np.int64))
        self.values = values or []

    def take(self, values: Iterable[Any], type_: pa.DataType | None = None) -> pa.Array:
        """Return for each row the value at its number."""
        return pa.array(list(values), type=type_).take(self.numbers)


def _distinct(values: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], list[int]]:
    distinct, numbers = np.unique(values, return_inverse=True)
    return numbers, distinct.tolist()


def _middle_fields(columns: Columns) -> dict[str, pa.Array]:
    table, names = columns.table, columns.names
    pair = table["middle"].astype(np.uint64) << np.uint64(32) | table["middle_2"].astype(np.uint64)
    taker = _Taker(*_distinct(pair))
    both: list[list[Name]] = [
        [names[number] for number in (code >> 32, code & 0xFFFFFFFF) if number] for code in taker.values
    ]
    return {
        "middle": taker.take([one[0].text if one else "" for one in both]),
        "middle_initial": taker.take([one[0].text[:1] if one else "" for one in both]),
        "middle_rest": taker.take([one[0].text[1:] if one else "" for one in both]),
        "middles": taker.take([sorted({name.text for name in one}) for one in both], pa.list_(pa.string())),
    }


def scored(
    table: pa.Table,
    pairs: tuple[Rows, Rows],
    model: Model,
    *,
    engine: Engine | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> npt.NDArray[np.float64]:
    """
    Return the calibrated logarithm of the odds of each pair of rows of `table`, in the order of `pairs`.

    Splink works on a few million pairs at a time, so that memory does not grow with the file.
    """
    place, whole = engine or OnDuckDB(), len(pairs[0])
    found = np.empty(whole, dtype=np.float64)
    quiet = logging.getLogger("splink")
    before = quiet.level
    quiet.setLevel(logging.ERROR)
    try:
        linker, api = _linker(table, model, place)
        for start in range(0, whole, _PAIRS_AT_ONCE):
            part = slice(start, min(start + _PAIRS_AT_ONCE, whole))
            found[part] = _scored_part(linker, api, (pairs[0][part], pairs[1][part]))
            if progress:
                progress(part.stop, whole)
    finally:
        quiet.setLevel(before)
    return calibrated_all(found * math.log(2), model)


def linker_over(people: pl.DataFrame, model: Model) -> Any:
    """Return Splink's linker over a table of people, with the comparisons and weights of a model: for its charts."""
    quiet = logging.getLogger("splink")
    before = quiet.level
    quiet.setLevel(logging.ERROR)
    try:
        return _linker(records(Register(columns_of(people))), model, OnDuckDB(threads=1))[0]
    finally:
        quiet.setLevel(before)


def _linker(table: pa.Table, model: Model, engine: Engine) -> tuple[Any, Any]:
    from splink import Linker

    api = engine.api()
    source = api.register(_as_input(table, engine), dataset_display_name="people")
    # the settings are as we say: nothing is trained, so there is nothing for Splink to check or to say
    return Linker(
        source,
        settings(model, link_type="dedupe_only", dialect=engine.dialect),
        log_level=None,
        validate_settings=False,
    ), api


def _as_input(table: pa.Table, engine: Engine) -> Any:
    if isinstance(engine, OnSpark):
        return engine.session.createDataFrame(table.to_pylist())
    return table


def _scored_part(linker: Any, api: Any, pairs: tuple[Rows, Rows]) -> npt.NDArray[np.float64]:
    listed = pa.table(
        {
            "match_key": pa.array(np.zeros(len(pairs[0]), dtype=np.int8)).cast(pa.string()),
            "join_key_l": pa.array(pairs[0]),
            "join_key_r": pa.array(pairs[1]),
        }
    )
    given = listed if linker._sql_dialect_str == "duckdb" else api.spark.createDataFrame(listed.to_pylist())
    linker.table_management.register_blocked_pairs_for_predict(api.register(given))
    answer = linker.inference.predict(threshold_match_weight=None)
    scores = answer.as_pyarrow_table().select(["unique_id_l", "unique_id_r", "match_weight"])
    answer.drop_table_from_database_and_remove_from_cache()
    return _in_order(pairs, scores)


def _in_order(pairs: tuple[Rows, Rows], scores: pa.Table) -> npt.NDArray[np.float64]:
    """Return the scores in the order of the pairs: a database gives them in any."""
    asked = pairs[0] << 32 | pairs[1]
    left, right = (scores[name].to_numpy().astype(np.int64) for name in ("unique_id_l", "unique_id_r"))
    told = np.minimum(left, right) << 32 | np.maximum(left, right)
    weights = scores["match_weight"].to_numpy().astype(np.float64)
    ordered = np.empty(len(asked), dtype=np.float64)
    ordered[np.argsort(asked, kind="stable")] = weights[np.argsort(told, kind="stable")]
    return ordered
