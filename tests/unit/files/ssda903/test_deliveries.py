"""What a delivery of the SSDA903 return is: its tables, its collection year, and the files that are refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from kinfold.files.received import Limits
from kinfold.files.recognise import Options
from kinfold.record.claim import Delivery
from kinfold.terms.errors import FileRefused

from .conftest import csv_text, recognised, record_of

Deliver = Callable[..., Delivery]

HEADER = "A1,F,03/12/2012,WIRI,T000000000001,0,"


def test_a_delivery_speaks_only_of_the_tables_that_were_sent(deliver: Deliver) -> None:
    delivery = deliver({"Reviews": ["A1,03/12/2012,04/05/2025,PN1"]})

    assert delivery.kinds == {"looked_after_review"}
    assert delivery.table_of_kind == {"looked_after_review": {"Reviews"}}
    assert delivery.window == (date(2025, 4, 1), date(2026, 4, 1))
    assert delivery.full


@pytest.mark.parametrize(
    ("dates", "collection"),
    [
        pytest.param(["04/05/2025"], "2025-26", id="May"),
        pytest.param(["31/03/2025"], "2024-25", id="the last day"),
        pytest.param(["01/04/2025", "02/04/2025", "04/05/2250", "04/05/1925"], "2025-26", id="slips of the keyboard"),
        pytest.param(["01/04/2025", "01/04/2024"], "2025-26", id="the later of two equal"),
    ],
)
def test_the_collection_year_is_told_by_the_dates(deliver: Deliver, dates: list[str], collection: str) -> None:
    rows = [f"A1,03/12/2012,{day},PN1" for day in dates]

    assert deliver({"Reviews": rows}, collection=None).collection == collection


def test_open_episodes_alone_tell_the_year_by_the_latest_start(deliver: Deliver) -> None:
    rows = ["A1,09/05/2022,S,C2,N1,U6,PR1,,,,,,", "B2,09/05/2024,S,C2,N1,U6,PR1,,,,,,"]

    assert deliver({"Episodes": rows}, collection=None).collection == "2024-25"


def test_a_year_that_is_hard_to_tell_is_noted(deliver: Deliver) -> None:
    rows = ["A1,03/12/2012,01/04/2025,PN1", "A1,03/12/2012,01/04/2024,PN1"]

    assert "say which year it is" in deliver({"Reviews": rows}, collection=None).notes[-1]


def test_a_collection_that_is_none_is_refused(deliver: Deliver) -> None:
    with pytest.raises(FileRefused, match="Write it as 2025-26"):
        deliver({"Reviews": ["A1,03/12/2012,01/04/2025,PN1"]}, collection="next year")


def test_a_year_given_that_the_dates_plainly_contradict_is_refused(deliver: Deliver) -> None:
    with pytest.raises(FileRefused, match="sent as 2025-26, but its dates lie in 2024-25"):
        deliver({"Reviews": ["A1,03/12/2012,01/05/2024,PN1"]}, collection="2025-26")


def test_a_table_with_a_header_only_among_others_is_no_harm(deliver: Deliver) -> None:
    delivery = deliver({"Reviews": ["A1,03/12/2012,04/05/2025,PN1"], "DoLo": []})

    assert "deprivation_of_liberty" in delivery.kinds
    assert delivery.expected_rows == 1


def test_a_file_with_a_header_only_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "reviews.csv"
    path.write_text(csv_text("Reviews"))

    with pytest.raises(FileRefused, match="a header and no rows"):
        recognised(path)


def test_more_rows_than_allowed_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "reviews.csv"
    path.write_text(csv_text("Reviews", *["A1,03/12/2012,04/05/2025,PN1"] * 30))

    with pytest.raises(FileRefused, match="more than 10 rows"):
        recognised(path, limits=Limits(rows=10))


def test_last_years_tables_beside_this_years_are_a_delivery_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "reviews.csv").write_text(csv_text("Reviews", "A1,03/12/2012,04/05/2025,PN1"))
    (tmp_path / "reviews_last.csv").write_text(csv_text("Reviews", "A1,03/12/2012,04/05/2024,PN1"))

    deliveries = recognised(tmp_path)

    assert [delivery.collection for delivery in deliveries] == ["2025-26", "2024-25"]


def test_a_table_is_known_by_its_columns_whatever_its_name_order_and_case(tmp_path: Path) -> None:
    path = tmp_path / "export (3).txt"
    path.write_text("review_code;Review;Team;dob;Child Id\nPN1;04/05/2025;East;03/12/2012;A1\n")

    (delivery,) = recognised(path)

    assert "looked_after_review" in {claim.kind for claim in record_of(delivery).claims}
    assert "Team" in delivery.notes[0]


def test_a_file_of_no_known_format_is_refused_with_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "episodes.csv").write_text("CHILD,RNE,LS,CIN,PLACE\nA1,S,C2,N1,U6\n")
    (tmp_path / "reviews.csv").write_text(csv_text("Reviews", "A1,03/12/2012,04/05/2025,PN1"))

    deliveries = recognised(tmp_path)

    assert len(deliveries) == 1
    (refused,) = deliveries.refused
    assert "the nearest is Episodes" in str(refused)
    assert "DECOM" in str(refused)


def test_reading_twice_gives_the_same_answer(deliver: Deliver) -> None:
    delivery = deliver({"Header": [HEADER], "Reviews": ["A1,03/12/2012,,PN1", "A1,03/12/2012,04/05/2025,PN1"]})

    assert list(delivery.read()) == list(delivery.read())


def test_what_is_given_with_the_files_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "reviews.csv"
    path.write_text(csv_text("Reviews", "A1,03/12/2012,04/05/2025,PN1"))

    (delivery,) = recognised(path, options=Options(la_code="999", full=False))

    assert (delivery.la_code, delivery.full) == ("999", False)
