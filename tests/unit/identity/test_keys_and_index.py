"""The keys of one record and of a whole register are the same keys, and find the same people."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinfold.identity import index
from kinfold.identity.columns import columns_of
from kinfold.identity.decide import Matcher
from kinfold.identity.generator import Plan, invent, stock_from
from kinfold.identity.index import Register, mix
from kinfold.identity.keys import filed_under, looked_for, mixed, mixed_by_hand
from kinfold.identity.normalise import Particulars, particulars
from kinfold.identity.score import shipped_model

NAMES = Path(__file__).resolve().parents[3] / "src" / "kinfold" / "synthetic" / "names.toml"
PARTS = st.integers(min_value=1, max_value=(1 << 60) - 1)
PEOPLE = [
    {"unique_id": "1", "given": "Amelia", "middle": "Rose", "family": "Hart-Doyle", "dob": "2014-05-06", "sex": "F", "postcode": "LS1 1AA"},
    {"unique_id": "2", "given": "Muhammad Ali", "family": "Khan", "dob": "2012-12-11", "sex": "M", "postcode": "BD5 8PL", "postcode_prev": "BD5 9ZZ"},
    {"unique_id": "3", "given": "Baby", "family": "Osei", "dob": "2021-01-01", "sex": "", "postcode": "4223"},
    {"unique_id": "4", "given": "Zoë", "family": "", "dob": "", "sex": "F", "postcode": "", "nhs": "9000000009"},
    {"unique_id": "5", "given": "", "family": "", "dob": "", "sex": "", "postcode": ""},
]  # fmt: skip


@pytest.fixture(scope="module")
def register() -> Register:
    columns = dict.fromkeys([key for row in PEOPLE for key in row], pl.String)
    return Register(columns_of(pl.DataFrame(PEOPLE, schema=columns)))


@given(st.integers(1, 20), st.lists(PARTS, min_size=1, max_size=3))
def test_a_key_is_the_same_number_however_it_is_mixed(sort: int, parts: list[int]) -> None:
    by_hand = mixed_by_hand(sort, *parts)

    assert mixed(sort, *parts) == by_hand
    assert mix(sort, *(np.array([part], dtype=np.uint64) for part in parts)).tolist() == [by_hand]
    assert 0 <= by_hand < 1 << 63


def test_a_key_keeps_its_number_from_version_to_version() -> None:
    assert mixed(1, 20140506, 12345) == mixed_by_hand(1, 20140506, 12345) == 6377537102486526458


@pytest.mark.parametrize("row", range(len(PEOPLE)))
def test_a_register_files_each_record_under_the_records_own_keys(register: Register, row: int) -> None:
    person = particulars(PEOPLE[row])
    shift = np.uint64(register.row_bits)

    filed = {int(entry >> shift) for entry in register.filed if int(entry) & register._mask == row}

    assert register.columns.person(row) == person
    assert filed == {key >> (register.row_bits - 1) for key in filed_under(person)}


@pytest.mark.parametrize(
    ("query", "row"),
    [
        pytest.param({"given": "Amelia", "family": "Doyle", "dob": "2014-05-06"}, 0, id="half of a family name"),
        pytest.param({"given": "Millie", "family": "Hart", "dob": "06/05/2014"}, 0, id="a short form"),
        pytest.param({"given": "Amelia", "family": "Doyle", "dob": "2014-06-05"}, 0, id="day and month exchanged"),
        pytest.param({"given": "Rose", "family": "Other", "dob": "2014-05-06"}, 0, id="a middle name, renamed"),
        pytest.param({"given": "Khan", "family": "Muhammad", "dob": "2012-12-11"}, 1, id="names exchanged"),
        pytest.param({"given": "Mohamed", "family": "Khann", "dob": "2013-12-11"}, 1, id="spelling and year"),
        pytest.param({"given": "Mohd", "postcode": "BD59ZZ"}, 1, id="a previous postcode, no day"),
        pytest.param({"family": "Osei", "dob": "2021-01-01"}, 2, id="no given name"),
        pytest.param({"nhs": "900 000 0009"}, 3, id="a number alone"),
    ],
)
def test_a_record_is_found_although(register: Register, query: dict[str, object], row: int) -> None:
    assert row in register.rows_like(particulars(query))


def test_nobody_is_found_by_nothing(register: Register) -> None:
    assert register.rows_like(particulars({})) == []


def test_a_register_of_nobody_finds_nobody() -> None:
    empty = Register(columns_of(pl.DataFrame({"unique_id": []}, schema={"unique_id": pl.String})))

    assert empty.rows_like(particulars(PEOPLE[0])) == []


def test_a_key_that_too_many_share_is_not_followed_but_the_others_are() -> None:
    crowd = [
        {"unique_id": str(n), "given": "Ada", "family": "Smith", "dob": "2015-03-09", "postcode": f"LS{n % 90 + 1} 1AA"}
        for n in range(900)
    ]
    crowd.append({"unique_id": "x", "given": "Ada", "family": "Smith", "dob": "2015-03-09", "postcode": "YO1 7HH"})
    register = Register(columns_of(pl.DataFrame(crowd)))

    assert register.rows_like(particulars(crowd[-1])) == [900]


@pytest.mark.parametrize("missing", ["given", "dob", "postcode", "family", None])
def test_a_record_with_one_thing_missing_still_shares_a_key_with_itself(missing: str | None) -> None:
    for row in PEOPLE[:2]:
        query = {key: value for key, value in row.items() if key != missing}

        assert filed_under(particulars(row)) & set().union(*(keys for keys, _ in looked_for(particulars(query))))


@pytest.mark.parametrize(
    ("who", "query", "kept", "parts"),
    [
        pytest.param(
            "the child, as registered", {}, {}, 1, id="the surest keys are enough for the child as registered"
        ),
        pytest.param("the child, moved", {"postcode": "BD5 8PL"}, {}, 1, id="and for one who moved"),
        pytest.param("a twin", {"given": "Tobias"}, {}, 3, id="a twin is not enough"),
        pytest.param("a twin", {"given": "Tobias"}, {"family": "Hart-Doyle"}, 3, id="nor is one of a double name"),
        pytest.param(
            "a child with a slip",
            {"dob": "2014-05-07", "postcode": "BD5 8PL"},
            {},
            3,
            id="a slip and a move ask for all keys",
        ),
        pytest.param(
            "exchanged", {"given": "Hart", "family": "Amelia"}, {}, 3, id="and names exchanged for all of them"
        ),
    ],
)
def test_no_more_keys_are_asked_for_than_it_takes_to_find(
    who: str, query: dict[str, str], kept: dict[str, str], parts: int
) -> None:
    child = {"given": "Amelia", "family": "Hart", "dob": "2014-05-06", "sex": "F", "postcode": "LS1 1AA", **kept}
    filed, shared, asked = filed_under(particulars(child)), 0, 0
    for keys, enough in looked_for(particulars({**child, **query})):
        shared, asked = shared + len(keys & filed), asked + 1
        if shared >= enough:
            break

    assert asked == parts, who


def test_a_stranger_whose_names_sound_alike_does_not_end_the_search() -> None:
    tony = {
        "unique_id": "1",
        "given": "Tony",
        "middle": "Glen",
        "family": "Ali",
        "dob": "2014-05-06",
        "postcode": "LS1 1AA",
    }
    stranger = {**tony, "unique_id": "2", "given": "Annie", "middle": "", "family": "Barrett", "postcode": "YO1 7HH"}
    register = Register(columns_of(pl.DataFrame([tony, stranger])))

    assert 0 in register.rows_like(particulars({**tony, "given": "Ony", "family": "Barrett"}))


def _all_at_once(person: Particulars) -> Iterator[tuple[set[int], int]]:
    nobody_shares_so_many = 10**9
    first, *others = [keys for keys, _ in looked_for(person)]
    yield first, nobody_shares_so_many
    yield set().union(*others), nobody_shares_so_many


@pytest.mark.parametrize("wide", [True, False], ids=["many names", "few names"])
def test_whoever_is_found_by_the_surest_keys_is_found_by_all_of_them(
    wide: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = invent(Plan(4_000, 1_500, 31, wide=wide), stock_from(NAMES, wide=wide, seed=31))
    matcher = Matcher(Register(columns_of(world.register)), shipped_model())
    asked = [particulars(row) for row in world.queries.iter_rows(named=True)]

    by_the_surest = [matcher.match(person) for person in asked]
    monkeypatch.setattr(index, "looked_for", _all_at_once)
    by_all = [matcher.match(person) for person in asked]

    assert [(one.decision, one.best and one.best.row) for one in by_the_surest] == [
        (one.decision, one.best and one.best.row) for one in by_all
    ]
