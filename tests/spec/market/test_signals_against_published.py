"""What the signals foretell on the publisher's own judgements, as far as it has been measured before."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from kinfold.command.market_foretold import foretold
from kinfold.market.policy import pack
from kinfold.market.reading import read_delivery
from kinfold.market.register import Register, build
from kinfold.market.signals import back_test, scan, triage
from kinfold.market.signals.back_test import judged_homes
from kinfold.market.store import keep

DATA = Path(__file__).resolve().parents[3] / ".." / "shared" / "data"

pytestmark = pytest.mark.skipif(
    not (DATA / "providers_panel.parquet").exists(), reason="the publisher's provider files are not in ../shared/data"
)


@pytest.fixture(scope="module")
def register() -> Register:
    return build(read_delivery([DATA / "providers_panel.parquet"]))


@pytest.mark.parametrize(("year", "area"), [(2021, 0.59), (2022, 0.62), (2023, 0.58), (2024, 0.60)])
def test_a_groups_other_homes_foretell_this_well(register: Register, year: int, area: float) -> None:
    found = back_test(register, year)

    assert found.area == pytest.approx(area, abs=0.03)
    assert 0.07 <= found.correlation <= 0.17


def test_the_command_measures_the_same_on_the_register_that_is_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(read_delivery([DATA / "providers_panel.parquet"]), folder=tmp_path)
    monkeypatch.setenv("KINFOLD_DATA", str(tmp_path))

    foretold(as_json=True)

    said = {year["year"]: round(year["area"], 2) for year in json.loads(capsys.readouterr().out)["years"]}
    assert {year: said[year] for year in (2021, 2022, 2023, 2024)} == pytest.approx(
        {2021: 0.59, 2022: 0.62, 2023: 0.58, 2024: 0.60}, abs=0.03
    )


def test_in_march_2023_one_group_stands_out_and_no_other(register: Register) -> None:
    homes = judged_homes(register, 2023)
    found = scan(homes["owner_key"].to_list(), homes["bad"].to_list(), shuffles=999, at_least=3, fdr=0.1, critical=0.05)
    chances = np.sort(found.family_chance)
    first = int(np.argmin(found.family_chance))

    assert len(found.groups) == 296
    assert (int(found.bad[first]), int(found.homes[first])) == (6, 7)
    assert chances[0] <= 0.05 < chances[1]
    assert found.critical == pytest.approx(6.4, abs=0.25)


def test_the_whole_market_is_scanned_and_starts_no_notice(register: Register) -> None:
    found = triage(register.on(date(2025, 3, 31)), pack("england", date(2025, 3, 31)))

    assert found.scanned > 250
    assert found.may_start_a_notice is False


def test_judgements_gave_no_warning_of_a_closure_on_a_renamed_copy_of_the_published_rows(register: Register) -> None:
    """
    Two residential special schools of one company, suspended in the file of March 2021 and judged good in those before it.

    Their published rows are renamed, and counted as homes so that they are looked at at all. What invented notifications would have
    told, and when, is asked in tests/unit/market/test_signals.py.
    """
    copied = pl.col("urn").is_in(["SC008015", "SC035687"])
    renamed = {"owner": "Wrenfold Residential", "owner_key": "wrenfold residential", "type": "Children's home"}

    for year in (2019, 2020):
        settings = register.on(date(year, 3, 31)).with_columns(
            pl.when(copied).then(pl.lit(said)).otherwise(pl.col(name)).alias(name) for name, said in renamed.items()
        )
        found = triage(settings, pack("england", date(2025, 3, 31)), at_least=2, shuffles=199)
        ours = next(one for one in found.signals if one.group == "wrenfold residential")

        assert settings.filter(copied).select("status", "overall").rows() == [("Active", "Good")] * 2
        assert (ours.rate.k, ours.rate.n, ours.discovery) == (0, 2, False)
        assert ours.family_chance > 0.5
        assert ours.rate.middle < found.prior.mean
    assert register.on(date(2021, 3, 31)).filter(copied)["status"].to_list() == ["Suspended"] * 2
