from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import polars as pl
import pytest

from kinfold.identity.compare import COMPARISONS
from kinfold.identity.fitting import WORTH, choices_of
from kinfold.identity.pairs import decisions_in, doubtful_pairs
from kinfold.identity.score import shipped_model
from kinfold.terms.errors import InputError

COLUMNS = ("unique_id", "given", "family", "dob", "sex", "postcode", "nhs")
PEOPLE = pl.DataFrame(
    [
        ("01", "Rosalind", "Applecote", "2012-03-14", "F", "S10 2AA", ""),
        ("02", "Rosalynd", "Applecote", "2012-03-14", "F", "S10 2AA", ""),
        ("03", "Tobias", "Fenwright", "2009-05-21", "M", "LS1 4AP", ""),
        ("04", "", "", "", "M", "", ""),
        ("05", "Unrelated", "Person", "1999-01-31", "F", "BB1 1AB", ""),
    ],
    schema=dict.fromkeys(COLUMNS, pl.String), orient="row",
)  # fmt: skip
NOTHING = tuple(0 for _ in COMPARISONS)


def test_a_child_written_down_twice_is_one_pair_with_the_levels_that_say_why() -> None:
    (pair,) = doubtful_pairs(PEOPLE, shipped_model())

    assert (pair.first, pair.second) == ("01", "02")
    assert pair.probability > 0.5
    assert len(pair.levels) == len(COMPARISONS)


def test_a_pair_that_needs_no_asking_is_left_out() -> None:
    assert doubtful_pairs(PEOPLE, shipped_model(), leave_out=[("01", "02")]) == []


def test_the_order_of_the_rows_changes_no_pair() -> None:
    assert doubtful_pairs(PEOPLE.reverse(), shipped_model()) == doubtful_pairs(PEOPLE, shipped_model())


def test_what_people_decided_weighs_more_than_what_was_invented() -> None:
    invented = choices_of([[(NOTHING, False), (NOTHING, True)], [(NOTHING, False)]])

    both = invented.with_decided(Counter({(NOTHING, False): 1, (NOTHING, True): 2}))

    assert both.query.tolist() == [0, 0, 1, 2, 3]
    assert both.truth.tolist() == [False, True, False, False, True]
    assert both.counts.tolist() == [1, 1, WORTH, 2 * WORTH]


def test_decisions_are_read_as_they_were_written(tmp_path: Path) -> None:
    file = tmp_path / "decisions.json"
    file.write_text(json.dumps([[list(NOTHING), True, 3]]))

    assert decisions_in(file) == {(NOTHING, True): 3}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("{", "is not what", id="not JSON"),
        pytest.param("[[1, 2]]", "is not what", id="another file"),
        pytest.param("[[[1, 2], true, 1]]", "another version", id="other comparisons"),
        pytest.param(json.dumps([[[999, *NOTHING[1:]], True, 1]]), "another version", id="a level that is not there"),
    ],
)
def test_a_file_that_is_something_else_is_refused_in_words(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "decisions.json"
    file.write_text(text)

    with pytest.raises(InputError, match=words):
        decisions_in(file)
