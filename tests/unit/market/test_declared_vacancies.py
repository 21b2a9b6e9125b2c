"""What providers say of their free places, in the exit simulation: the last word counts while it is new, and goes before what is assumed."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from kinfold.market.exits.declared import Said, Vacancies
from kinfold.market.exits.simulate import Supply, simulate_exit
from kinfold.market.policy import pack

TODAY = date(2026, 6, 1)
POLICY = pack("england", TODAY)


def said(urn: str, places: int, ago: int) -> Said:
    return Said(urn, places, TODAY - timedelta(days=ago))


def test_the_last_word_counts_and_what_is_too_old_is_counted_and_not_used() -> None:
    found = Vacancies.of(
        [said("SC1", 3, 20), said("SC1", 1, 2), said("SC2", 2, 28), said("SC3", 4, 29)], today=TODAY, allowed=28
    )

    assert found.free(["SC1", "SC2", "SC3", "SC4"]) == {"SC1": 1, "SC2": 2}
    assert found.words(["SC1"], ["SC2", "SC3"]) == {
        "homes_leaving": 1, "homes_staying": 1, "places_free": 2, "too_old": 1, "allowed_days": 28, "newest_days": 2, "middle_days": 28,
        "oldest_days": 28,
    }  # fmt: skip


def homes(places: list[int], free: list[int] | None) -> Supply:
    count = len(places)
    return Supply(np.array(places), ["330"] * count, ["North West"] * count, np.array(free) if free else None)


@pytest.mark.parametrize(
    ("ours", "theirs", "displaced", "unplaced"),
    [
        ([1, 0], [3, 4], 7, 0),  # 8 places less 1 free leave 7 children; 7 places are free for them
        ([0, 0], [0, 0], 8, 8),
        ([4, 4], [0, 0], 0, 0),  # the homes that close are empty, their provider says
        ([0, 0], [9, 0], 8, 4),  # nobody has more places free than are registered
    ],
)
def test_what_was_said_goes_before_an_assumed_occupancy_on_both_sides(
    ours: list[int], theirs: list[int], displaced: int, unplaced: int
) -> None:
    found = simulate_exit(
        homes([4, 4], ours), homes([4, 4], theirs), policy=POLICY, occupancy=0.5, suitabilities=(1.0,), draws=3
    )["curve"][0]

    assert (found["displaced"]["low"], found["displaced"]["high"]) == (displaced, displaced)
    assert (found["unplaced"]["low"], found["unplaced"]["high"]) == (unplaced, unplaced)


def test_a_home_of_which_nobody_has_said_anything_keeps_its_draw() -> None:
    alone = simulate_exit(homes([4, 4], None), homes([40, 40], None), policy=POLICY, occupancy=0.5, draws=5)
    beside = simulate_exit(homes([4, 4], [-1, -1]), homes([40, 40], [-1, -1]), policy=POLICY, occupancy=0.5, draws=5)

    assert alone["curve"] == beside["curve"]
