"""Each figure is worked out from counts, set beside the published one, and names its source."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from kinfold.synthetic import check, invent
from kinfold.synthetic.calibration import calibration
from kinfold.synthetic.check import _RATIOS, invented_values
from kinfold.synthetic.settings import groups_of_companies
from kinfold.terms.errors import InputError

_WORKED_OUT = {
    "not_known_over_20_miles_pct",
    "two_or_more_placements_pct",
    "vacant_pct",
    "turnover_pct",
    "largest_group_homes",
}


def test_every_figure_names_its_source_and_can_be_worked_out() -> None:
    for row in calibration()["figures"]:
        assert row["source"]
        assert row["tolerance"] > 0
        assert row["key"] in _RATIOS or row["key"] in _WORKED_OUT


def test_a_share_is_what_was_counted_of_all() -> None:
    values = invented_values(
        Counter({"in care": 200, "foster": 134, "far": 44, "two placements": 42, "three placements": 20})
    )

    assert values["foster_pct"] == pytest.approx(67.0)
    assert values["over_20_miles_pct"] == pytest.approx(22.0)
    assert values["not_known_over_20_miles_pct"] == pytest.approx(78.0)
    assert values["two_or_more_placements_pct"] == pytest.approx(31.0)
    assert "adopted_pct" not in values


def test_a_folder_without_an_invented_england_is_refused_in_plain_words(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"holds no invented England"):
        check(tmp_path)


@pytest.mark.parametrize(
    ("scale", "formats", "years", "message"),
    [
        pytest.param("county", ("ssda903",), 5, "scale county", id="an unknown scale"),
        pytest.param("council", ("csv",), 5, "format csv", id="an unknown format"),
        pytest.param("council", ("ssda903",), 2, "from 3 to 10", id="too few years"),
    ],
)
def test_what_cannot_be_invented_is_refused(
    tmp_path: Path, scale: str, formats: tuple[str, ...], years: int, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        list(invent(scale, 1, tmp_path, formats=formats, years=years))


def test_groups_have_names_of_their_own_and_the_largest_several_companies() -> None:
    groups = groups_of_companies(300)

    assert len({name for name, _ in groups}) == 300
    assert len({company for _, companies in groups for company in companies}) == sum(len(c) for _, c in groups)
    assert len(groups[0][1]) == 3
