"""The scorecard on real failures, by firms that it has never seen."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from kinfold.market.financial.arithmetic import z_double_prime
from kinfold.market.financial.measures import measured
from kinfold.market.financial.scorecard import shipped_card
from kinfold.market.financial.train import card_ratios, folded, training_data
from kinfold.market.signals.back_test import area_under_curve

DATA = Path(__file__).resolve().parents[3] / ".." / "shared" / "data" / "insolvency_poland.parquet"

pytestmark = pytest.mark.skipif(not DATA.exists(), reason="insolvency_poland.parquet is not in ../shared/data")


def test_z_tells_failures_this_well() -> None:
    frame = pl.read_parquet(DATA).filter(pl.col("years_ahead") == 1)
    parts = zip(*(frame[f"attr{number}"].to_list() for number in (3, 6, 7, 8)), frame["failed"].to_list(), strict=True)
    known = [
        (z_double_prime(working_capital=a, retained=b, ebit=c, equity_to_liabilities=d), failed == 1)
        for a, b, c, d, failed in parts
        if None not in (a, b, c, d) and np.isfinite([a, b, c, d]).all()
    ]

    area = area_under_curve(-np.array([z for z, _ in known]), np.array([failed for _, failed in known]))

    assert area == pytest.approx(0.766, abs=0.01)


def test_the_card_tells_failures_well_and_its_chances_come_true() -> None:
    values, failed = training_data(DATA)
    found = measured(folded(values, failed, [one["better"] for one in card_ratios().values()]), failed)

    assert found.area >= 0.90
    assert found.calibration_error <= 0.02
    assert found.brier < found.brier_of_rate
    shipped = shipped_card().report["one_year_ahead"]
    assert found.area == pytest.approx(shipped["area"], abs=1e-3)


def test_reason_codes_go_one_way() -> None:
    for one in shipped_card().ratios:
        steps = np.diff(one.evidence) * (1 if one.better == "higher" else -1)
        assert one.weight >= 0
        assert (steps > 0).all()
