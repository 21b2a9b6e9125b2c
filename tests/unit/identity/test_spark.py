"""The same weights on Spark give the same scores."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kinfold.identity.batch import OnDuckDB, OnSpark, pairs_within, records, scored
from kinfold.identity.columns import columns_of
from kinfold.identity.generator import Plan, duplicated, stock_from
from kinfold.identity.index import Register
from kinfold.identity.score import shipped_model

NAMES = Path(__file__).resolve().parents[3] / "src" / "kinfold" / "synthetic" / "names.toml"


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Any]:
    if importlib.util.find_spec("pyspark") is None or shutil.which("java") is None:
        why = "Spark needs Java 17 and: pip install 'kinfold[spark]'"
        if "spark" in os.environ.get("KINFOLD_REQUIRE", ""):
            pytest.fail(why)
        pytest.skip(why)
    from pyspark.sql import SparkSession
    from splink.backends.spark import similarity_jar_location

    settings = {
        "spark.jars": similarity_jar_location(),
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.adaptive.enabled": "false",
        "spark.local.dir": str(tmp_path),
    }
    builder = SparkSession.builder.master("local[2]")
    for key, value in settings.items():
        builder = builder.config(key, value)
    made = builder.getOrCreate()
    made.sparkContext.setCheckpointDir(str(tmp_path / "checkpoints"))
    yield made
    made.stop()


@pytest.mark.spark
@pytest.mark.long
def test_spark_and_duckdb_give_every_pair_the_same_score(session: Any) -> None:
    stock = stock_from(NAMES, wide=False, seed=43)
    register = Register(columns_of(duplicated(Plan(300, 0, seed=43, duplicates=0.4), stock)))
    pairs, table, model = pairs_within(register), records(register), shipped_model()

    on_spark = scored(table, pairs, model, engine=OnSpark(session))
    on_duckdb = scored(table, pairs, model, engine=OnDuckDB(threads=1))

    assert len(on_spark) > 100
    assert np.abs(on_spark - on_duckdb).max() < 1e-6
