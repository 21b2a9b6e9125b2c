"""A register that changes: filed, moved, taken out, on any shelf, and looked up in the same way."""

from __future__ import annotations

import pickle
import sqlite3
from collections.abc import Iterable, Mapping, Sequence

import polars as pl
import pytest

from kinfold.identity.columns import columns_of
from kinfold.identity.decide import Decision, Matcher
from kinfold.identity.filed import Filed, InMemory, Shelf
from kinfold.identity.index import Register
from kinfold.identity.normalise import Particulars, particulars
from kinfold.identity.rarity import Rarity
from kinfold.identity.score import shipped_model

ADA = {"given": "Ada", "family": "Quillfeather", "dob": "2015-03-09", "sex": "F", "postcode": "LS1 1AA"}
PEOPLE = [
    {"unique_id": "0", **ADA},
    {"unique_id": "1", **ADA, "given": "Tom", "sex": "M", "dob": "2012-07-21"},
    {"unique_id": "2", **ADA, "given": "Noor", "family": "Khan", "dob": "2011-01-30", "postcode": "BD5 8PL"},
]


class InSqlite:
    """The two tables as the record will keep them."""

    def __init__(self) -> None:
        self.base = sqlite3.connect(":memory:")
        self.base.execute("create table block (key integer, row integer, primary key (key, row)) without rowid")
        self.base.execute("create table people (row integer primary key, shapes blob)")

    def put(self, row: int, shapes: Sequence[Particulars], keys: Iterable[int]) -> None:
        self.take_out(row)
        self.base.execute("insert into people values (?, ?)", (row, pickle.dumps([tuple_of(one) for one in shapes])))
        self.base.executemany("insert into block values (?, ?)", [(key, row) for key in keys])

    def take_out(self, row: int) -> None:
        self.base.execute("delete from block where row = ?", (row,))
        self.base.execute("delete from people where row = ?", (row,))

    def rows_with(self, keys: Sequence[int]) -> Iterable[int]:
        marks = ",".join("?" * len(keys))
        for (row,) in self.base.execute(f"select row from block where key in ({marks})", keys):
            yield row

    def shapes(self, rows: Sequence[int]) -> Mapping[int, Sequence[Particulars]]:
        marks = ",".join("?" * len(rows))
        kept = self.base.execute(f"select row, shapes from people where row in ({marks})", rows)
        return {row: [particulars(one) for one in pickle.loads(shapes)] for row, shapes in kept}  # noqa: S301


def tuple_of(one: Particulars) -> dict[str, object]:
    return {
        "given": one.given.text,
        "family": one.family.text,
        "dob": one.born,
        "sex": "_MF"[one.sex],
        "postcode": "LS1 1AA" if one.family.text == "quillfeather" else "BD5 8PL",
    }


@pytest.fixture(params=[InMemory, InSqlite])
def filed(request: pytest.FixtureRequest) -> Filed:
    shelf: Shelf = request.param()
    register = Filed(shelf, Rarity(1_000_000, {}, {}))
    for row, person in enumerate(PEOPLE):
        register.file(row, particulars(person))
    return register


def best(register: Filed, **changes: str) -> tuple[Decision, int | None]:
    answer = Matcher(register, shipped_model()).match(particulars({**ADA, **changes}))
    return answer.decision, answer.best.row if answer.best else None


def test_who_is_filed_is_found_and_who_is_taken_out_is_not(filed: Filed) -> None:
    assert best(filed) == (Decision.MATCH, 0)

    filed.take_out(0)

    assert best(filed)[0] is not Decision.MATCH


def test_who_is_filed_anew_is_found_under_the_new_name_only(filed: Filed) -> None:
    filed.file(
        0, particulars({**ADA, "given": "Zebedee", "family": "Khan", "dob": "2001-01-05", "postcode": "BD5 8PL"})
    )

    assert best(filed)[0] is not Decision.MATCH


def test_a_former_name_is_kept_beside_the_new_one_and_names_the_person_once(filed: Filed) -> None:
    filed.file(0, particulars({**ADA, "family": "Khan", "postcode": "BD5 8PL"}), particulars(ADA))

    assert best(filed) == (Decision.MATCH, 0)
    assert best(filed, family="Khan", postcode="BD5 8PL") == (Decision.MATCH, 0)


def test_a_changing_register_and_an_array_find_the_same_people(filed: Filed) -> None:
    arrays = Register(columns_of(pl.DataFrame(PEOPLE)))

    for person in PEOPLE:
        assert set(filed.rows_like(particulars(person))) == set(arrays.rows_like(particulars(person)))
