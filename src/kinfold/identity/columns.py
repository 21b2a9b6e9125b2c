"""
A whole register's particulars as arrays: each distinct spelling is normalised once, and a row is a few numbers.

`Columns.table` has one row per record: the numbers of its names in `Columns.names`, and the rest as they are
compared. This is what lets England's children fit in the memory of one machine.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from kinfold.identity.dates import day_digits, is_month_first
from kinfold.identity.names import NOBODY, Name, name_of
from kinfold.identity.normalise import (
    Particulars,
    address_hash,
    family_name,
    given_names,
    nhs_of,
    packed_postcode,
    sex_of,
)
from kinfold.identity.rarity import Rarity

ROW = np.dtype(
    [
        ("given", np.uint32),
        ("middle", np.uint32),
        ("middle_2", np.uint32),
        ("family", np.uint32),
        ("born", np.uint32),
        ("sex", np.uint8),
        ("postcode", np.uint64),
        ("previous", np.uint64),
        ("nhs", np.uint64),
        ("address", np.uint64),
    ]
)
Ints = npt.NDArray[np.uint64]
FIELDS = ("given", "middle", "family", "dob", "sex", "postcode", "postcode_prev", "nhs", "address")


class NameList:
    """Every distinct name of a register, each with its number; number 0 is no name."""

    def __init__(self) -> None:
        self.all: list[Name] = [NOBODY]
        self.number: dict[tuple[str, ...], int] = {NOBODY.whole: 0}

    def number_of(self, name: Name) -> int:
        """Return the number of `name`, giving it one if it has none."""
        found = self.number.get(name.whole)
        if found is None:
            found = self.number[name.whole] = len(self.all)
            self.all.append(name)
        return found


@dataclass(slots=True)
class Columns:
    """A register as arrays: `table` (of dtype `ROW`), the distinct `names`, and how rare each of them is."""

    table: npt.NDArray[np.void]
    names: Sequence[Name]
    rarity: Rarity

    def __len__(self) -> int:
        return len(self.table)

    def person(self, row: int) -> Particulars:
        """Return the particulars in one row."""
        given, middle, middle_2, family, born, sex, postcode, previous, nhs, address = self.table[row].item()
        names = self.names
        return Particulars(
            given=names[given],
            middles=tuple(names[number] for number in (middle, middle_2) if number),
            family=names[family],
            born=f"{born:08d}" if born else "",
            sex=sex,
            postcode=postcode,
            previous=previous,
            nhs=nhs,
            address=address,
        )


def columns_of(frame: pl.DataFrame, *, month_first: bool | None = None) -> Columns:
    """
    Return a table of people as arrays. Its columns are those of `FIELDS`; a missing one is read as empty.

    `month_first` is how days such as 03/04/2015 are written; None decides by the file itself.
    """
    names = NameList()
    table = table_of(frame, names, month_first=month_first)
    return Columns(table, names.all, Rarity(len(table), *name_counts(table, names.all)))


def table_of(frame: pl.DataFrame, names: NameList, *, month_first: bool | None = None) -> npt.NDArray[np.void]:
    """Return a table of people as `ROW`s, by the numbers that `names` has for their names, or gives them now."""
    table = np.zeros(frame.height, dtype=ROW)
    given, given_2, given_3 = _several(frame, "given", names)
    middle, middle_2, _ = _several(frame, "middle", names)
    table["given"] = given
    table["middle"] = np.where(given_2 > 0, given_2, middle)
    table["middle_2"] = np.where(given_2 > 0, np.where(given_3 > 0, given_3, middle), middle_2)
    table["family"] = _each(frame, "family", lambda text: names.number_of(family_name(text)))
    table["born"] = _days(frame, month_first)
    table["sex"] = _each(frame, "sex", sex_of)
    table["postcode"] = _each(frame, "postcode", packed_postcode)
    table["previous"] = _each(frame, "postcode_prev", packed_postcode)
    table["nhs"] = _numbers(frame)
    table["address"] = _each(frame, "address", address_hash)
    return table


def month_first_in(frame: pl.DataFrame) -> bool:
    """Return whether a table's dates of birth are written month first."""
    return "dob" in frame.columns and is_month_first(_texts(frame, "dob").unique(maintain_order=True).to_list())


def _texts(frame: pl.DataFrame, column: str) -> pl.Series:
    if column not in frame.columns:
        return pl.Series(column, [""]).new_from_index(0, frame.height)
    return frame[column].cast(pl.String).fill_null("").str.strip_chars()


def _coded(frame: pl.DataFrame, column: str) -> tuple[npt.NDArray[np.int64], list[str]]:
    coded = _texts(frame, column).rename("value").to_frame().with_columns(pl.col("value").rank("dense").alias("rank"))
    values = coded["value"].unique().sort().to_list()
    return coded["rank"].to_numpy().astype(np.int64) - 1, values


def _each(frame: pl.DataFrame, column: str, read: Callable[[str], int]) -> Ints:
    codes, values = _coded(frame, column)
    read_once = np.array([read("" if value in ("nan", "NaN", "None") else value) for value in values], dtype=np.uint64)
    return read_once[codes] if len(values) else np.zeros(len(codes), dtype=np.uint64)


def _several(frame: pl.DataFrame, column: str, names: NameList) -> tuple[Ints, Ints, Ints]:
    codes, values = _coded(frame, column)
    read_once = np.zeros((len(values) or 1, 3), dtype=np.uint64)
    for place, value in enumerate(values):
        words = given_names("" if value in ("nan", "NaN", "None") else value)[:3]
        read_once[place, : len(words)] = [names.number_of(name_of(word)) for word in words]
    found = read_once[codes]
    return found[:, 0], found[:, 1], found[:, 2]


def _days(frame: pl.DataFrame, month_first: bool | None) -> Ints:
    by_month = month_first_in(frame) if month_first is None else month_first
    return _each(frame, "dob", lambda text: int(day_digits(text, month_first=by_month) or 0))


def _numbers(frame: pl.DataFrame) -> Ints:
    """Return each row's NHS number. Ten digits are checked all at once; what is written otherwise, one by one."""
    texts = _texts(frame, "nhs")
    plain = texts.str.contains(r"^[0-9]{10}$")
    numbers = texts.to_frame("nhs").select(pl.when(plain).then(pl.col("nhs")).otherwise(pl.lit("0")))["nhs"]
    found: Ints = numbers.cast(pl.UInt64).to_numpy().copy()
    digits = [found // np.uint64(10**place) % np.uint64(10) for place in range(9, -1, -1)]
    weighed = sum((digit * np.uint64(10 - place) for place, digit in enumerate(digits[:9])), np.uint64(0))
    alone = np.logical_and.reduce([digit == digits[0] for digit in digits])
    # 11 less the remainder of division by 11, where 11 counts as 0; 10 is no digit and never right
    found[(np.uint64(11) - weighed % np.uint64(11)) % np.uint64(11) != digits[9]] = 0
    found[alone] = 0
    for row in (~plain & (texts != "")).arg_true().to_list():
        found[row] = nhs_of(texts[row])
    return found


def name_counts(table: npt.NDArray[np.void], names: Sequence[Name]) -> tuple[dict[str, int], dict[str, int]]:
    """Return how many rows have each given and each family name."""
    return _counts(table["given"], names), _counts(table["family"], names)


def _counts(numbers: npt.NDArray[Any], names: Sequence[Name]) -> dict[str, int]:
    counts = np.bincount(numbers, minlength=len(names))
    found: dict[str, int] = {}
    for number in np.flatnonzero(counts).tolist():
        if number:
            text = names[number].text
            found[text] = found.get(text, 0) + int(counts[number])
    return found
