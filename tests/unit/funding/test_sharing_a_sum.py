"""A sum shared by need to the pound, and outturn that adds up or says where it does not. All figures are invented."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinfold.funding.allocation import allocated
from kinfold.funding.outturn import LOOKED_AFTER, PARTS, TOTAL, councils_sum, england, misfits, read_outturn
from kinfold.terms.errors import FileRefused, InputError

NEEDS = st.dictionaries(
    st.sampled_from([f"A{n:02d}" for n in range(30)]), st.integers(0, 10**6).map(Fraction), min_size=1
).filter(lambda need: any(need.values()))


@given(NEEDS, st.integers(0, 10**9), st.data())
def test_the_parts_are_the_sum_the_floor_is_kept_and_the_order_does_not_matter(
    need: dict[str, Fraction], total: int, data: st.DataObject
) -> None:
    floors = {code: data.draw(st.integers(0, total // len(need))) for code in need}
    parts = allocated(total, need, floors=floors)

    assert sum(one.pounds for one in parts.values()) == total
    assert all(parts[code].pounds >= floors[code] for code in need)
    turned = dict(reversed(list(need.items())))
    assert allocated(total, turned, floors=floors) == parts


@given(NEEDS, st.integers(0, 10**9), st.data())
def test_more_need_never_gives_less_and_nobody_is_rounded_by_a_pound(
    need: dict[str, Fraction], total: int, data: st.DataObject
) -> None:
    code = data.draw(st.sampled_from(sorted(need)))
    before = allocated(total, need)
    after = allocated(total, need | {code: need[code] + data.draw(st.integers(0, 10**6))})

    assert after[code].exact >= before[code].exact
    assert all(abs(one.rounded_by) < 1 for one in before.values())


def test_remainders_go_to_the_largest_and_then_by_code() -> None:
    assert {code: one.pounds for code, one in allocated(10, dict.fromkeys("bca", Fraction(1))).items()} == {
        "a": 4,
        "b": 3,
        "c": 3,
    }
    held = allocated(100, {"a": Fraction(97), "b": Fraction(2), "c": Fraction(1)}, floors={"c": 5})
    assert {code: one.pounds for code, one in held.items()} == {"a": 93, "b": 2, "c": 5}
    assert held["c"].at_floor


@pytest.mark.parametrize(
    ("total", "need", "floors", "said"),
    [
        pytest.param(10, {}, {}, "need", id="nobody"),
        pytest.param(10, {"a": Fraction(0)}, {}, "need", id="no need"),
        pytest.param(10, {"a": Fraction(1), "b": Fraction(-1)}, {}, "need", id="need below nothing"),
        pytest.param(10, {"a": Fraction(1)}, {"a": 11}, "floors", id="floors above the sum"),
    ],
)
def test_what_cannot_be_shared_is_refused(
    total: int, need: dict[str, Fraction], floors: dict[str, int], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        allocated(total, need, floors=floors)


def outturn(path: Path, *, wrong: float = 0.0) -> Path:
    """Write an invented outturn of one council and of England, which has more than the council."""
    head = "financial_year,geographic_level,la_code,area_name,form,line_id,net_current_expenditure\n"
    lines = []
    for level, area, times in (("National", "England", 3), ("Local authority", "Quillmere", 1)):
        for line in PARTS[LOOKED_AFTER]:
            lines.append((level, area, line, 10.25 * times))
        for line in PARTS[TOTAL]:
            lines.append((level, area, line, 41.0 * times if line == LOOKED_AFTER else 1.5 * times))
        lines.append((level, area, TOTAL, 51.5 * times + (wrong if level != "National" else 0)))
    rows = [f"2024-25,{level},,{area},RO3,{line},{value}" for level, area, line, value in lines]
    path.write_text(head + "\n".join([*rows, "2024-25,National,,England,RSX,csc_total,9"]) + "\n", encoding="utf-8")
    return path


def test_sums_that_come_out_are_silent_and_one_that_does_not_is_said(tmp_path: Path) -> None:
    whole = read_outturn(outturn(tmp_path / "a.csv"))

    assert misfits(whole) == []
    assert england(whole, "2024-25")[TOTAL] == 154.5
    assert councils_sum(whole, "2024-25") == (51.5, 1)
    (found,) = misfits(read_outturn(outturn(tmp_path / "b.csv", wrong=2)))
    assert (found.area, found.line, found.said, found.made) == ("Quillmere", TOTAL, 53.5, 51.5)
    (tmp_path / "c.csv").write_text("a,b\n1,2\n")
    with pytest.raises(FileRefused, match="financial_year"):
        read_outturn(tmp_path / "c.csv")
