"""Which settings were registered on a day: from sightings a year apart, closures, and files that list only some."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kinfold.market.groups import groups_on, settings_of
from kinfold.market.invented import Invented, invented_register
from kinfold.market.owners import concentration, owner_key
from kinfold.market.reading import FLOW_COLUMNS, INSPECTION_COLUMNS, PREMISES_COLUMNS, SETTING_COLUMNS, Delivery
from kinfold.market.register import Register, build, totals
from kinfold.market.store import alone, keep, market_folder, open_register
from kinfold.terms.errors import InputError, NoRuleInForce

HOME = "Children's home"


def sighting(year: int, urn: str, **other: object) -> dict[str, object]:
    row: dict[str, object] = dict.fromkeys(SETTING_COLUMNS)
    row |= {"as_at": date(year, 3, 31), "urn": urn, "type": HOME, "sector": "Private", "places": 4, "complete": True,
            "owner": "Tarnholt Care Ltd", "region": "London", "source": f"{year}"}  # fmt: skip
    return row | other


def register_of(rows: list[dict[str, object]], flows: list[dict[str, object]] | None = None,
                inspections: list[dict[str, object]] | None = None) -> Register:  # fmt: skip
    full = [dict.fromkeys(FLOW_COLUMNS) | one for one in flows or []]
    seen = [dict.fromkeys(INSPECTION_COLUMNS) | {"event_type": "Full inspection"} | one for one in inspections or []]
    return build(
        Delivery(
            pl.DataFrame(rows, schema=SETTING_COLUMNS),
            pl.DataFrame(seen, schema=INSPECTION_COLUMNS),
            pl.DataFrame(full, schema=FLOW_COLUMNS),
            pl.DataFrame(schema=PREMISES_COLUMNS),
        )
    )


def urns(register: Register, day: date) -> list[str]:
    return register.on(day)["urn"].to_list()


def test_a_setting_is_there_from_its_registration_to_the_day_it_closed() -> None:
    rows = [sighting(2021, "A", registration_date=date(2015, 1, 1)), sighting(2021, "B"), sighting(2022, "B")]
    register = register_of(rows, [{"urn": "A", "type": HOME, "ended": date(2021, 9, 10), "leaver": True}])

    assert urns(register, date(2021, 9, 9)) == ["A", "B"]
    assert urns(register, date(2021, 9, 10)) == ["B"]


def test_a_setting_that_no_file_says_closed_goes_with_the_first_complete_file_without_it() -> None:
    register = register_of([sighting(2021, "A"), sighting(2021, "B"), sighting(2022, "B")])

    assert urns(register, date(2022, 3, 30)) == ["A", "B"]
    assert urns(register, date(2022, 3, 31)) == ["B"]
    assert register.spells.filter(pl.col("urn") == "A")["closed_said"].to_list() == [False]


def test_a_file_that_lists_only_inspected_settings_closes_only_those_that_had_been_inspected() -> None:
    rows = [sighting(2021, "A"), sighting(2021, "B"), sighting(2022, "C", complete=False)]
    register = register_of(rows, inspections=[{"urn": "A", "inspection_date": date(2020, 5, 1), "overall": "Good"}])

    assert urns(register, date(2022, 3, 31)) == ["B", "C"]


def test_on_its_own_day_a_complete_file_is_the_answer() -> None:
    late = sighting(2022, "A", registration_date=date(2010, 1, 1))
    register = register_of([sighting(2021, "B"), late, sighting(2022, "B")])

    assert urns(register, date(2021, 3, 31)) == ["B"]
    assert urns(register, date(2021, 4, 1)) == ["A", "B"]


def test_places_and_owner_are_those_of_the_last_file_before() -> None:
    register = register_of([sighting(2021, "A", places=3), sighting(2022, "A", places=5, owner="Fennawold Care")])

    assert register.on(date(2022, 1, 1)).select("places", "owner").rows() == [(3, "Tarnholt Care Ltd")]
    assert register.on(date(2023, 1, 1)).select("places", "owner").rows() == [(5, "Fennawold Care")]


def test_two_files_of_one_day_are_one_register_and_their_difference_is_said() -> None:
    partial = sighting(2023, "A", places=None, sector="Voluntary", complete=False, source="inspected")
    register = register_of([partial, sighting(2023, "A", places=6)])

    assert register.on(date(2023, 3, 31)).select("places", "sector").rows() == [(6, "Private")]
    assert any("sector" in note and "(A)" in note for note in register.notes)


def test_a_day_before_the_first_file_is_not_guessed() -> None:
    with pytest.raises(NoRuleInForce, match="the first is of 31 March 2021"):
        register_of([sighting(2021, "A")]).on(date(2021, 3, 30))


def test_totals_count_short_breaks_apart() -> None:
    register = register_of([sighting(2023, "A", short_break_only=True), sighting(2023, "B", places=None)])

    (row,) = totals(register.on(date(2023, 3, 31)))

    assert (row["settings"], row["places"], row["short_break_only_settings"]) == (2, 4, 1)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Cambian Childcare Ltd", "CAMBIAN CHILDCARE LIMITED"),
        ("Tarnholt Children's Homes Ltd", "Tarnholt Childrens Homes Limited 09900002"),
        ("Wren & Sorrel (Care) Ltd.", "Wren and Sorrel Care LLP"),
        ("The Fennawold Trust (09900002)", "Fennawold Trust"),
    ],
)
def test_one_owner_has_one_key_however_spelled(one: str, other: str) -> None:
    assert owner_key(one) == owner_key(other)


@given(st.text(min_size=1, max_size=40))
def test_an_owners_key_is_its_own_key(name: str) -> None:
    assert owner_key(owner_key(name)) == owner_key(name)


@given(st.lists(st.sampled_from("abcdef"), min_size=1, max_size=60))
def test_concentration_adds_up(owners: list[str]) -> None:
    found = concentration(pl.DataFrame({"owner_key": owners}), "owner_key")

    assert found["homes"] == len(owners)
    assert found["owners"] == len(set(owners))
    assert 1 / found["owners"] - 1e-5 <= found["hhi"] <= 1
    assert found["top_10_homes"] == found["homes"]  # six owners at most


def invented(seed: int = 3) -> Delivery:
    homes = [
        Invented(f"SC9{n:04d}", HOME, "Private", f"Tarn {n % 7} Ltd", "990", "Quillmere", "North West", 4)
        for n in range(60)
    ]
    return invented_register(homes, last_year=2025, seed=seed)


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 1000), st.integers(0, 3000))
def test_no_setting_stands_twice_on_any_day_and_each_is_within_its_spell(seed: int, after: int) -> None:
    register = build(invented(seed))
    day = register.days[0] + timedelta(days=after)

    rows = register.on(day)

    assert rows["urn"].n_unique() == rows.height
    assert rows.filter((pl.col("opened") > day) | (pl.col("closed") <= day)).is_empty()


def test_an_invented_register_is_the_same_each_time_and_survives_being_kept(tmp_path: Path) -> None:
    first = keep(invented(), folder=tmp_path)
    again = keep(invented(), folder=tmp_path)

    assert first == again
    assert open_register(tmp_path).on(date(2025, 3, 31)).filter(pl.col("urn").str.starts_with("SC9")).height >= 58
    assert len(list((tmp_path / "market").glob("register-*"))) == 1


def test_a_group_is_found_by_any_spelling_and_a_wrong_name_gets_the_nearest() -> None:
    register = build(invented())
    today = date(2025, 3, 31)

    assert settings_of(register.on(today), "TARN 3 LIMITED")["owner"].unique().to_list() == ["Tarn 3 Ltd"]
    assert sum(row["settings"] for row in groups_on(register, today)["groups"]) == register.on(today).height
    with pytest.raises(InputError, match="tarn 3"):
        settings_of(register.on(today), "tarn 3 holdings")


def test_a_register_that_is_not_there_says_how_to_load_one(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="kinfold market load"):
        open_register(tmp_path)


def test_of_two_loads_at_once_the_second_is_refused_and_the_first_is_whole(tmp_path: Path) -> None:
    delivery = invented_register(
        [Invented("SC1", HOME, "Private", "Tarn", "990", "Quillmere", "London", 4)], last_year=2025, seed=1
    )

    with alone(market_folder(tmp_path)), pytest.raises(InputError, match="Another load into"):
        keep(delivery, folder=tmp_path)
    keep(delivery, folder=tmp_path)

    assert open_register(tmp_path).spells.height >= 1
