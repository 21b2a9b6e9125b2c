"""Levels of agreement, and the patterns that tell one child from two."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinfold.identity.columns import columns_of
from kinfold.identity.compare import COMPARISONS, NAMES, PATTERN, SINGLE, levels_of
from kinfold.identity.index import Register
from kinfold.identity.normalise import particulars
from kinfold.identity.rarity import Rarity, band_of
from kinfold.identity.score import shipped_model
from kinfold.identity.seen import Seen, seen

REGISTER = Rarity(
    1_000_000,
    {"ella": 4_000, "bella": 900, "ellie": 2_000, "noah": 4_000, "oluwaseun": 12, "amelia": 5_000, "amellia": 1, "rose": 900},
    {"smith": 9_000, "ogunbanjo": 8, "hart": 700},
)  # fmt: skip
BASE = {"given": "Ella", "middle": "Rose", "family": "Smith", "dob": "2014-05-06", "sex": "F", "postcode": "LS1 1AA"}


def person(**changes: str) -> Seen:
    return seen(particulars({**BASE, **changes}), REGISTER)


def named_levels(one: Seen, two: Seen) -> dict[str, str]:
    found = levels_of(one, two)
    return {
        comparison.name: comparison.levels[level].name for comparison, level in zip(COMPARISONS, found, strict=True)
    }


@pytest.mark.parametrize(
    ("changes", "comparison", "level"),
    [
        ({}, "given", "same_1"),
        ({"given": "ELLA"}, "given", "same_1"),
        ({"given": "Eleanor"}, "given", "form"),
        ({"given": "Rose"}, "given", "middle"),
        ({"given": "Bella"}, "given", "one_letter"),
        ({"given": "Elka"}, "given", "slip"),
        ({"given": "E"}, "given", "initial"),
        ({"given": "El"}, "given", "begins"),
        ({"given": "Rose", "middle": "Ella"}, "given", "middle_both"),
        ({"given": "Rose", "middle": "Ella"}, "middle", "exchanged"),
        ({"given": "Baby"}, "given", "missing"),
        ({"given": "Noah"}, "given", "other"),
        ({"given": "Xqzt"}, "given", "other_unusual"),
        ({"given": "Smith", "family": "Ella"}, "family", "crossed"),
        ({"family": "Smith-Hart"}, "family", "part"),
        ({"family": "Smyth"}, "family", "slip"),
        ({"family": "Hart"}, "family", "other"),
        ({"dob": "06/05/2014"}, "born", "same"),
        ({"dob": "2014-06-05"}, "born", "swapped"),
        ({"dob": "2015-05-06"}, "born", "digit_year"),
        ({"dob": "2014-05-07"}, "born", "digit"),
        ({"dob": "2014-05-60"}, "born", "exchanged"),
        ({"dob": "2014-05-27"}, "born", "month"),
        ({"dob": "2014-01-01"}, "born", "january"),
        ({"dob": "2014-11-23"}, "born", "year"),
        ({"dob": "2003-11-23"}, "born", "other"),
        ({"dob": ""}, "born", "missing"),
        ({"dob": "May 2014"}, "born", "part"),
        ({"dob": "2014"}, "born", "part"),
        ({"given": "Smith", "family": "Bella"}, "family", "crossed_slip"),
        ({"given": "Smith", "family": "Noah"}, "family", "half_crossed"),
        ({"postcode": "ls11aa"}, "place", "same"),
        ({"postcode": "LS1 1AB"}, "place", "slip"),
        ({"postcode": "LS1 1ZZ"}, "place", "sector"),
        ({"postcode": "LS1 9ZZ"}, "place", "outward"),
        ({"postcode": "YO10 5DD"}, "place", "other"),
        ({"postcode": "YO10 5DD", "postcode_prev": "LS1 1AA"}, "place", "previous"),
        ({"sex": "male"}, "sex", "other"),
        ({"middle": "R"}, "middle", "initial"),
        ({"middle": ""}, "middle", "missing"),
        ({"middle": "Rosie"}, "middle", "close"),
        ({"middle": "Rhiannon"}, "middle", "other"),
    ],
)
def test_the_level_of_one_change(changes: dict[str, str], comparison: str, level: str) -> None:
    assert named_levels(person(), person(**changes))[comparison] == level


@pytest.mark.parametrize(
    ("changes", "pattern"),
    [
        ({}, "whole_home"),
        ({"postcode": "YO10 5DD"}, "whole"),
        ({"given": "Noah", "sex": "M"}, "twin_boy_and_girl"),
        ({"given": "Amelia"}, "twin_one_home"),
        ({"given": "Amelia", "postcode": "YO10 5DD"}, "twin_two_homes"),
        ({"given": "Bella"}, "twin_alike_home"),
        ({"given": "Noah", "dob": "2011-11-23"}, "sibling"),
        ({"dob": "2003-11-23", "postcode": "YO10 5DD"}, "namesake"),
        ({"dob": "2014-05-07"}, "slip_home"),
        ({"dob": ""}, "no_day_home"),
        ({"given": "Baby"}, "unnamed_home"),
        ({"given": "Elka"}, "near_home"),
        ({"family": "Hart"}, "renamed_home"),
        ({"family": "Hart", "postcode": "YO10 5DD"}, "renamed"),
        ({"given": "Smith", "family": "Ella"}, "crossed_born"),
        ({"given": "Noah", "family": "Hart", "dob": "2003-11-23"}, "neighbour"),
        ({"given": "Noah", "family": "Hart", "dob": "2003-11-23", "postcode": "YO10 5DD"}, "little"),
    ],
)
def test_the_pattern_of_several_changes(changes: dict[str, str], pattern: str) -> None:
    assert named_levels(person(), person(**changes))["pattern"] == pattern


@pytest.mark.parametrize(
    ("count", "size", "band"),
    [
        (11_000, 1_000_000, 0),
        (9_000, 1_000_000, 1),
        (1_001, 1_000_000, 2),
        (301, 1_000_000, 3),
        (31, 1_000_000, 4),
        (1, 10, 5),
        (0, 0, 5),
    ],
)
def test_a_name_that_few_have_is_rare(count: int, size: int, band: int) -> None:
    assert band_of(count, size) == band


ROWS = st.fixed_dictionaries(
    {
        "given": st.sampled_from(["Ella", "Bella", "Noah", "Rose", "Smith", "Baby", "E", "Oluwaseun", "Amellia", ""]),
        "middle": st.sampled_from(["Rose", "R", "Ella Noah", ""]),
        "family": st.sampled_from(["Smith", "Smyth", "Smith-Hart", "Ella", "Ogunbanjo", ""]),
        "dob": st.sampled_from(["2014-05-06", "2014-06-05", "2014-01-01", "2014-05-07", "2003-11-23", "2014", ""]),
        "sex": st.sampled_from(["F", "M", ""]),
        "postcode": st.sampled_from(["LS1 1AA", "LS1 1AB", "LS2 1AA", "4223", ""]),
        "postcode_prev": st.sampled_from(["LS1 1AA", "YO1 7HH", ""]),
        "nhs": st.sampled_from(["9000000009", "9000000017", ""]),
        "address": st.sampled_from(["12 High Street", "Flat 2, 12 High St", ""]),
    }
)


@given(ROWS, ROWS)
def test_it_does_not_matter_which_of_two_records_comes_first(one: dict[str, str], two: dict[str, str]) -> None:
    first, second = (seen(particulars(row), REGISTER) for row in (one, two))

    assert levels_of(first, second) == levels_of(second, first)


@given(ROWS, ROWS, st.randoms())
def test_the_order_and_case_of_fields_never_change_a_level(
    one: dict[str, str], two: dict[str, str], chance: object
) -> None:
    items = list(one.items())
    chance.shuffle(items)  # type: ignore[attr-defined]
    shuffled = {key: value.upper() for key, value in items}

    def levels(row: dict[str, str]) -> tuple[int, ...]:
        return levels_of(seen(particulars(row), REGISTER), seen(particulars(two), REGISTER))

    assert levels(shuffled) == levels(one)


def test_every_comparison_ends_with_a_level_for_all_else() -> None:
    for comparison in COMPARISONS:
        assert comparison.levels[-1].when is None
        assert all(level.when is not None for level in comparison.levels[:-1])
        assert len({level.name for level in comparison.levels}) == len(comparison.levels)
    assert (*SINGLE, PATTERN) == COMPARISONS


@pytest.mark.parametrize(
    ("count", "level"),
    [(0, "uncounted"), (1, "nobody"), (2, "another"), (3, "another"), (4, "several"), (11, "ten"), (31, "dozens"),
     (101, "hundred"), (301, "hundreds"), (9_000, "hundreds")],
)  # fmt: skip
def test_two_same_names_count_as_many_as_the_register_has_of_the_pair(count: int, level: str) -> None:
    held = seen(particulars(BASE), replace(REGISTER, both={("ella", "smith"): count} if count else {}))

    assert named_levels(person(), held)["names"] == named_levels(held, person())["names"] == level
    assert named_levels(person(given="Eleanor"), held)["names"] == "other"


def test_a_register_counts_how_many_have_both_names() -> None:
    names = [("Ella", "Smith")] * 12 + [
        ("Ella", "Hart"),
        ("Noah", "Hart"),
        ("Noah", "Hart"),
        ("", "Hart"),
        ("Ella", ""),
    ]
    frame = pl.DataFrame(
        {"unique_id": [str(n) for n in range(len(names))], "given": [one for one, _ in names], "family": [two for _, two in names]}
    )  # fmt: skip

    assert Register(columns_of(frame)).namesakes.tolist() == [4] * 12 + [1, 2, 2, 0, 0]


def test_the_rarer_two_names_are_together_the_more_they_weigh() -> None:
    model = shipped_model()
    weights = [model.weights[COMPARISONS.index(NAMES)][NAMES.level(name)] for name in ("dozens", "several", "nobody")]

    assert weights == sorted(weights)


def test_no_middle_name_on_either_side_is_no_middle_name_on_one_side() -> None:
    assert named_levels(person(middle=""), person(middle=""))["middle"] == "neither"
    assert named_levels(person(), person(middle=""))["middle"] == "missing"
