"""Exits as flows, groups difficult to replace, and settings that are not registered. All bodies and children are invented."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from kinfold.market.exits import Supply, Thresholds, difficult_to_replace, simulate_exit
from kinfold.market.exits.children import Kinds, Room, drawn_groups, place
from kinfold.market.exits.distances import miles_between_authorities
from kinfold.market.exits.flow import cheapest
from kinfold.market.policy import pack
from kinfold.market.unregistered import Stay, choose, figures, nights, recommended
from kinfold.terms.errors import InputError

POLICY = pack("england", date(2026, 6, 1))
small = st.integers(0, 4)


def brute_force(children: list[int], places: list[int], distance: np.ndarray) -> tuple[int, float]:
    """Return (most placed, least distance) by trying everything, a child at a time."""
    best = {tuple(places): (0, 0.0)}
    for row, many in enumerate(children):
        for _ in range(many):
            following: dict[tuple[int, ...], tuple[int, float]] = dict(best)
            for left, (placed, cost) in best.items():
                for column, free in enumerate(left):
                    if free and distance[row, column] < np.inf:
                        after = (*left[:column], free - 1, *left[column + 1 :])
                        found = (placed + 1, cost + distance[row, column])
                        held = following.get(after)
                        if held is None or (-found[0], found[1]) < (-held[0], held[1]):
                            following[after] = found
            best = following
    return min(((placed, cost) for placed, cost in best.values()), key=lambda one: (-one[0], one[1]))


@settings(max_examples=120, deadline=None)
@given(
    st.lists(st.integers(0, 2), min_size=1, max_size=3), st.lists(st.integers(0, 2), min_size=1, max_size=3), st.data()
)
def test_as_many_as_possible_are_placed_and_as_near_as_possible(
    children: list[int], places: list[int], data: st.DataObject
) -> None:
    cells = st.sampled_from([0.0, 1.0, 2.0, 5.0, 9.0, np.inf])
    distance = np.array([[data.draw(cells) for _ in places] for _ in children])

    sent = cheapest(np.array(children), np.array(places), distance)

    placed, cost = brute_force(children, places, distance)
    assert (sent.sum(axis=1) <= children).all()
    assert (sent.sum(axis=0) <= places).all()
    assert int(sent.sum()) == placed
    assert float(np.where(sent > 0, distance, 0.0).ravel() @ sent.ravel()) == pytest.approx(cost)


@settings(max_examples=20, deadline=None, phases=(Phase.explicit, Phase.generate))
@given(st.lists(small, min_size=2, max_size=30), st.lists(small, min_size=2, max_size=30), st.floats(0.2, 1.0))
def test_nobody_is_lost_or_made_up_and_the_curve_falls(
    leaving: list[int], staying: list[int], occupancy: float
) -> None:
    codes = ["330", "352", "380", "203", "908"]
    ours, theirs = (
        Supply(np.array(many), [codes[n % 5] for n in range(len(many))], ["R"] * len(many))
        for many in (leaving, staying)
    )

    found = simulate_exit(ours, theirs, policy=POLICY, occupancy=occupancy, draws=1)

    for row in found["curve"]:
        parts = sum(row[name]["middle"] for name in ("same_authority", "near", "same_region", "further", "unplaced"))
        assert parts == pytest.approx(row["displaced"]["middle"], abs=1e-9)
        assert row["none_near"]["middle"] == pytest.approx(
            parts - row["same_authority"]["middle"] - row["near"]["middle"], abs=1e-9
        )
        assert row["displaced"]["high"] <= sum(leaving)
    unplaced = [row["unplaced"]["middle"] for row in found["curve"]]
    assert unplaced[-1] >= unplaced[0]


def test_a_place_at_the_other_end_of_the_country_is_no_place_near() -> None:
    ours, theirs = Supply(np.array([10]), ["908"], ["South West"]), Supply(np.array([400]), ["929"], ["North East"])

    row = simulate_exit(ours, theirs, policy=POLICY, occupancy=0.5, draws=1)["curve"][0]

    assert row["unplaced"]["middle"] == 0
    assert row["none_near"] == row["displaced"]


def test_with_every_place_filled_nobody_finds_one() -> None:
    homes = Supply(np.array([4, 4]), ["330", "352"], ["A", "B"])

    assert simulate_exit(homes, homes, policy=POLICY, occupancy=1.0, draws=1)["curve"][0]["unplaced"]["middle"] == 8


def test_distances_are_those_of_the_map() -> None:
    miles = miles_between_authorities(["330"], ["330", "352", "999"])

    assert 60 < miles[0, 1] < 80  # Birmingham and Manchester lie 70 miles apart
    assert 0 < miles[0, 0] < 10
    assert np.isinf(miles[0, 2])


def test_shares_outside_nought_to_one_are_refused() -> None:
    homes = Supply(np.array([4]), ["330"], ["A"])
    with pytest.raises(InputError, match="from 0 to 1"):
        simulate_exit(homes, homes, policy=POLICY, occupancy=80)


def test_a_group_is_difficult_to_replace_by_size_region_or_spread() -> None:
    rows = [("big", "A", "330", 60), ("local", "B", "352", 30), ("spread", "A", "330", 5), ("spread", "B", "352", 5),
            ("spread", "C", "380", 5), ("rest", "A", "203", 300), ("rest", "B", "203", 300), ("rest", "C", "380", 60)]  # fmt: skip
    homes = pl.DataFrame(
        [{"owner": g.title(), "owner_key": g, "region": r, "la_code": a, "places": p} for g, r, a, p in rows]
    )

    found = {
        one["owner_key"]: one["conditions"] for one in difficult_to_replace(homes, Thresholds(0.07, 0.085, 0.05, 3))
    }

    assert found == {
        "rest": ["national", "regional"],
        "big": ["national", "regional"],
        "local": ["regional"],
        "spread": ["authorities"],
    }


@pytest.mark.parametrize(
    ("repeat", "harm", "now", "emergency", "evidence", "interest", "route"),
    [
        (False, "low", "applied", False, True, True, "no further action"),
        (False, "low", "ceased", False, True, True, "warning"),
        (False, "low", "ceased", True, True, True, "no further action"),
        (False, "medium", "ceased", False, True, True, "caution"),
        (False, "medium", "continuing", False, True, True, "civil penalty"),
        (False, "high", "ceased", False, True, True, "civil penalty"),
        (False, "high", "continuing", False, True, True, "prosecution"),
        (True, "medium", "continuing", False, True, True, "prosecution"),
        (True, "low", "ceased", False, True, True, "caution"),
        (True, "high", "continuing", True, True, True, "prosecution"),
        (True, "high", "continuing", False, False, True, "warning"),
        (True, "high", "continuing", False, True, False, "caution"),
    ],
)
def test_the_ladder(
    repeat: bool, harm: str, now: str, emergency: bool, evidence: bool, interest: bool, route: str
) -> None:
    found = recommended(
        repeat=repeat, harm=harm, now=now, emergency=emergency, evidence_beyond_doubt=evidence, public_interest=interest,
        policy=POLICY,
    )  # fmt: skip

    assert found == route


def test_departing_from_the_ladder_needs_reasons() -> None:
    with pytest.raises(InputError, match="why you depart"):
        choose("warning", "prosecution", by="R. Osei", reasons=" ", policy=POLICY)
    assert choose("prosecution", "prosecution", by="R. Osei", reasons="", policy=POLICY).chosen == "prosecution"


def test_a_night_counts_once_however_often_it_is_told() -> None:
    stays = [Stay("C1", "990", date(2026, 1, 1), date(2026, 1, 11)), Stay("C1", "991", date(2026, 1, 5), date(2026, 1, 8)),
             Stay("C2", "990", date(2026, 1, 1), None), Stay("C3", "990", date(2026, 1, 1), date(2026, 1, 1))]  # fmt: skip

    assert nights(stays, today=date(2026, 1, 21)) == 10 + 20


def test_shares_are_of_opened_and_of_determined() -> None:
    cases = [
        {"determination": one} for one in ("registrable", "registrable", "not registrable", "unresolved", "duplicate")
    ]

    assert figures(cases) == {"opened": 4, "determined": 3, "registrable": 2, "of_opened": 0.5, "of_determined": 2 / 3}


KINDS = Kinds(
    siblings=0.5, schooled=0.5, complex_needs=0.3, capable=0.4, school_miles=10, school_weight=15, triples=0.15
)


@pytest.mark.parametrize(
    ("groups", "places", "capable", "expected"),
    [
        # (complex, size, has school): groups; free places of two homes in one area, and those that could meet complex needs
        pytest.param({(False, 2, False): 1}, [2, 0], [0, 0], (1, 1, 0, 0), id="two stay together where one home has two places"),
        pytest.param({(False, 2, False): 1}, [1, 1], [0, 0], (1, 0, 0, 0), id="two homes with one place each: they are split"),
        pytest.param({(False, 3, False): 1}, [2, 2], [0, 0], (1, 0, 0, 0), id="three find no home for three"),
        pytest.param({(True, 1, False): 1}, [3, 0], [0, 0], (0, 0, 1, 1), id="needs that no free place can meet"),
        pytest.param({(True, 1, False): 1, (False, 1, False): 3}, [3, 0], [1, 0], (0, 0, 1, 0), id="the one who needs it has the place that can"),
        pytest.param({(True, 2, False): 1}, [2, 2], [1, 1], (1, 0, 0, 0), id="complex needs, split over the two places that can"),
    ],
)  # fmt: skip
def test_brothers_and_sisters_stay_in_one_home_or_are_split_and_needs_are_met_or_are_not(
    groups: dict[tuple[bool, int, bool], int],
    places: list[int],
    capable: list[int],
    expected: tuple[int, int, int, int],
) -> None:
    every = {(needs, size, school): np.array([groups.get((needs, size, school), 0)])
             for needs in (True, False) for size in (1, 2, 3) for school in (True, False)}  # fmt: skip
    found = place(
        every, Room(np.array(places), np.array(capable), np.zeros(2, dtype=np.int64), 1), np.array([[5.0]]), KINDS
    )
    left = sum(size * count for (_, size, _), count in groups.items()) - int(found.sent.sum())

    assert (found.groups, found.together, left, found.complex_unplaced) == expected


def test_a_child_who_could_keep_a_school_is_sent_near_and_the_other_further() -> None:
    every = {
        (needs, size, school): np.array([int(not needs and size == 1)])
        for needs in (True, False)
        for size in (1, 2, 3)
        for school in (True, False)
    }
    room = Room(np.array([1, 1]), np.array([0, 0]), np.array([0, 1]), 2)
    found = place(every, room, np.array([[4.0, 30.0]]), KINDS)

    assert (found.schooled, found.schools_kept) == (1, 1)
    assert found.sent.tolist() == [[1, 1]]


@given(st.integers(0, 10_000), st.floats(0, 1), st.floats(0, 1), st.floats(0.05, 1))
def test_nobody_is_lost_or_made_and_no_place_is_taken_twice(
    seed: int, siblings: float, needs: float, capable: float
) -> None:
    chance = np.random.default_rng(seed)
    kinds = Kinds(siblings, 0.5, needs, capable, 10, 15, 0.15)
    children, here = chance.integers(0, 6, 9), chance.integers(0, 3, 9)
    free, there = chance.integers(0, 5, 8), chance.integers(0, 4, 8)
    groups = drawn_groups(children, here, 3, kinds, chance)
    able = chance.binomial(free, capable)
    room = Room(free.copy(), able.copy(), there, 4)
    found = place(groups, room, chance.random((3, 4)) * 60, kinds)

    assert sum(int(counts.sum()) * size for (_, size, _), counts in groups.items()) == children.sum()
    assert (found.sent.sum(axis=1) <= np.bincount(here, children, minlength=3)).all()
    assert (found.sent.sum(axis=0) <= np.bincount(there, free, minlength=4)).all()
    assert (room.places >= 0).all()
    assert (room.capable >= 0).all()
    assert found.sent.sum() + room.places.sum() == free.sum()
    assert 0 <= found.complex_unplaced <= found.complex_needs
    assert found.complex_needs - found.complex_unplaced <= able.sum()
    assert found.together <= found.groups
    assert found.schools_kept <= found.schooled
