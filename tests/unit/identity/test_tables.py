"""Files of people: whole, broken, and not files of people at all."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from kinfold.identity.reading_notes import ReadingNotes
from kinfold.identity.tables import check_out, people_in_parts, read_people, write_answers
from kinfold.terms.errors import InputError

HEADER = "unique_id,given,family,dob"


def written(folder: Path, text: str | bytes, name: str = "people.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_columns_are_found_in_any_case_and_others_are_left_out(tmp_path: Path) -> None:
    found = read_people(written(tmp_path, "Unique_ID, GIVEN ,favourite colour,Family\n1,Ada,blue,Byron\n"))

    assert found.rows(named=True) == [{"unique_id": "1", "given": "Ada", "family": "Byron"}]


@pytest.mark.parametrize(
    ("line", "row"),
    [
        pytest.param('2,Ada "Lovelace,Byron,2015-03-09', ("2", "Ada Lovelace", "Byron", "2015-03-09"), id="stray mark"),
        pytest.param("2,Ada", ("2", "Ada", "", ""), id="too few cells"),
        pytest.param("2,Ada,Byron,2015-03-09,more,and more", ("2", "Ada", "Byron", "2015-03-09"), id="too many cells"),
        pytest.param('2,"Ada, Countess",Byron,', ("2", "Ada, Countess", "Byron", ""), id="a comma within marks"),
        pytest.param("2,A\x00da,Byron,", ("2", "Ada", "Byron", ""), id="a null"),
    ],
)
def test_a_broken_row_spoils_no_other(tmp_path: Path, line: str, row: tuple[str, ...]) -> None:
    text = f"{HEADER}\n1,Bo,Peep,2011-01-02\n{line}\n3,Cy,Young,2012-01-02\n9,too,many,cells,here\n"

    found = read_people(written(tmp_path, text))

    assert found["unique_id"].to_list() == ["1", "2", "3", "9"]
    assert found.row(1) == row


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_letters_come_through_whatever_their_encoding(tmp_path: Path, encoding: str) -> None:
    found = read_people(written(tmp_path, f"{HEADER}\n1,Zoë,Müller,2015-03-09\n".encode(encoding)))

    assert found["given"].to_list() == ["Zoë"]


def test_days_and_numbers_in_parquet_are_read_as_text(tmp_path: Path) -> None:
    path = tmp_path / "people.parquet"
    pl.DataFrame({"unique_id": [7], "given": ["Ada"], "dob": ["2015-03-09"]}).with_columns(
        pl.col("dob").str.to_date()
    ).write_parquet(path)

    assert read_people(path).rows() == [("7", "Ada", "2015-03-09")]


@pytest.mark.parametrize("kept_as", [pl.Float64, pl.Float32, pl.Decimal(12, 2), pl.Int64])
def test_whole_numbers_are_read_alike_whatever_they_are_kept_as(tmp_path: Path, kept_as: pl.DataType) -> None:
    path = tmp_path / "people.parquet"
    pl.DataFrame(
        {"unique_id": pl.Series([1, 2, None], dtype=pl.Int64).cast(kept_as), "given": ["Ada", "Bo", "Cy"]}
    ).write_parquet(path)

    assert read_people(path)["unique_id"].to_list() == ["1", "2", ""]


def test_what_is_not_a_number_is_nothing_and_fractions_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "people.parquet"
    pl.DataFrame({"unique_id": [1.0, float("nan"), 2.5, -0.0, 1e30], "given": ["x"] * 5}).write_parquet(path)

    assert read_people(path)["unique_id"].to_list() == ["1", "", "2.5", "0", "1e+30"]


@pytest.mark.parametrize(
    "values",
    [
        pytest.param([["Ada"]], id="a list"),
        pytest.param([{"first": "Ada"}], id="a struct"),
        pytest.param([b"\xff\xfe"], id="bytes"),
    ],
)
def test_a_column_that_is_not_text_is_refused_by_name(tmp_path: Path, values: list[object]) -> None:
    path = tmp_path / "people.parquet"
    pl.DataFrame({"unique_id": ["1"], "given": values, "dob": [""]}).write_parquet(path)

    for reading in (lambda: read_people(path), lambda: list(people_in_parts(path))):
        with pytest.raises(InputError, match=r"people\.parquet: the column given "):
            reading()


def test_a_column_of_lists_that_is_not_read_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "people.parquet"
    pl.DataFrame({"unique_id": ["1"], "given": ["Ada"], "visits": [["a", "b"]]}).write_parquet(path)
    notes = ReadingNotes(path.name)

    assert read_people(path, notes).rows() == [("1", "Ada")]
    assert notes.not_read == ["visits"]


def test_a_byte_order_mark_in_parquet_is_dropped(tmp_path: Path) -> None:
    path = tmp_path / "people.parquet"
    pl.DataFrame({"\ufeffunique_id": ["\ufeff1"], "given": ["A\ufeffda"]}).write_parquet(path)

    assert read_people(path).rows() == [("1", "Ada")]


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        pytest.param("people.csv", "", "people.csv", id="empty"),
        pytest.param("people.csv", "id,name\n1,Ada\n", "unique_id", id="no unique_id"),
        pytest.param(
            "people.csv", "unique_id,colour\n1,blue\n", "at least one of", id="nothing that tells people apart"
        ),
        pytest.param("people.parquet", "not parquet", "damaged", id="not what its name says"),
        pytest.param("people.doc", "x", "neither CSV nor Parquet", id="another sort of file"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_words(tmp_path: Path, name: str, text: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        read_people(written(tmp_path, text, name))


def test_a_file_that_is_not_there_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no file people\.csv"):
        read_people(tmp_path / "people.csv")


def test_where_to_write_is_checked_before_the_work(tmp_path: Path) -> None:
    check_out(tmp_path / "out.csv")
    with pytest.raises(InputError, match="folder does not exist"):
        check_out(tmp_path / "nowhere" / "out.csv")
    with pytest.raises(InputError, match=r"\.csv or \.parquet"):
        check_out(tmp_path / "out.txt")


@pytest.mark.parametrize("name", ["out.csv", "out.parquet"])
def test_answers_come_back_as_they_were_written(tmp_path: Path, name: str) -> None:
    frame = pl.DataFrame({"unique_id": ["1"], "probability": [0.25]})

    write_answers(frame, tmp_path / name)

    assert read_people_raw(tmp_path / name).equals(frame)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def read_people_raw(path: Path) -> pl.DataFrame:
    if path.suffix == ".parquet":
        return pl.read_parquet(path)
    return pl.read_csv(path, schema_overrides={"unique_id": pl.String})
