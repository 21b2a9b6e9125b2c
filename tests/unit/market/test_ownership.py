"""Who controls, who has what interest, who is registered. All companies and people are invented."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kinfold.market.ownership import Entity, Graph, Interest, control_set, controllers, economic_interests, graph_on

TODAY = date(2026, 4, 1)


def graph_of(*links: tuple[str, str, str, float, float] | tuple[str, str, float]) -> Graph:
    """Return a graph of (owner, subject, share) or (owner, subject, kind, low, high)."""
    interests = [
        Interest(one[0], one[1], "shares", one[2], one[2]) if len(one) == 3 else Interest(*one)  # type: ignore[arg-type]
        for one in links
    ]
    uids = sorted({uid for one in interests for uid in (one.owner, one.subject)})
    return graph_on([Entity(uid) for uid in uids], interests, TODAY)


def owners(graph: Graph, uid: str) -> dict[str, tuple[float, float]]:
    return {one.owner: (round(one.low, 6), round(one.high, 6)) for one in economic_interests(graph).of(uid).owners}


def test_an_interest_passes_through_a_chain_and_adds_up_over_two() -> None:
    graph = graph_of(("Ada", "Hold", 0.6), ("Hold", "Home", 0.5), ("Ada", "Home", 0.1), ("Bo", "Home", 0.4))

    assert owners(graph, "Home") == {"Ada": (0.4, 0.4), "Bo": (0.4, 0.4)}
    assert economic_interests(graph).of("Home").unknown == pytest.approx((0.2, 0.2))


def test_a_circle_is_solved_and_said() -> None:
    graph = graph_of(("Fund", "Hold", 0.8), ("Hold", "Op", 1.0), ("Op", "Hold", 0.2))

    found = economic_interests(graph).of("Op")

    assert (found.owners[0].owner, round(found.owners[0].low, 9)) == ("Fund", 1.0)
    assert found.circular
    assert not found.closed


def test_a_circle_that_nobody_outside_owns_ends_and_says_so() -> None:
    graph = graph_of(("A", "B", 1.0), ("B", "C", 1.0), ("C", "A", 1.0), ("C", "Home", 0.9))

    found = economic_interests(graph).of("Home")

    assert found.owners == ()
    assert found.closed
    assert found.unknown == (1.0, 1.0)
    assert controllers(graph).circular.sum() == 3


def test_bands_stay_bands_and_are_tightened_by_what_others_hold() -> None:
    graph = graph_of(
        ("Ada", "Home", "shares", 0.5, 0.75), ("Bo", "Home", "shares", 0.25, 0.5), ("Cy", "Home", "shares", 0.0, 1.0)
    )

    assert owners(graph, "Home") == {"Ada": (0.5, 0.75), "Bo": (0.25, 0.5), "Cy": (0.0, 0.25)}


shares = st.floats(0.0, 0.45)


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    size = draw(st.integers(2, 7))
    pairs = draw(
        st.lists(st.tuples(st.integers(0, size - 1), st.integers(0, size - 1)), min_size=1, max_size=12, unique=True)
    )
    links = []
    for one, other in pairs:
        low = draw(shares)
        links.append((f"E{one}", f"E{other}", "shares", low, min(1.0, low + draw(st.sampled_from([0.0, 0.25])))))
    return graph_of(*links)


@settings(max_examples=150, deadline=None)
@given(graphs())
def test_interests_are_never_more_than_the_whole_and_low_is_never_above_high(graph: Graph) -> None:
    economic = economic_interests(graph)

    for one in graph.entities:
        found = economic.of(one.uid)
        assert sum(share.low for share in found.owners) <= 1 + 1e-6
        assert all(-1e-9 <= share.low <= share.high + 1e-9 <= 1 + 2e-9 for share in found.owners)


@settings(max_examples=150, deadline=None)
@given(graphs())
def test_following_upwards_agrees_with_the_inverse(graph: Graph) -> None:
    from kinfold.market.ownership.graph import pairs_of_shares

    owner, subject, low, _ = pairs_of_shares(graph)
    dense = np.zeros((graph.size, graph.size))
    dense[owner, subject] = low
    if max(abs(np.linalg.eigvals(dense))) > 0.95:
        return
    everything = np.linalg.inv(np.eye(graph.size) - dense)
    whole = everything @ dense / np.diag(everything)[:, None]  # without counting itself twice
    economic = economic_interests(graph)

    for place, one in enumerate(graph.entities):
        for share in economic.of(one.uid).owners:
            assert share.low == pytest.approx(min(whole[graph.place[share.owner], place], 1), abs=1e-8)


@settings(max_examples=150, deadline=None)
@given(graphs())
def test_control_is_closed_certain_within_possible_and_found_both_ways(graph: Graph) -> None:
    found = controllers(graph)
    for one in graph.entities:
        certain = {other.uid for other in control_set(graph, one.uid)}
        possible = {other.uid for other in control_set(graph, one.uid, possibly=True)}
        assert certain <= possible
        assert all({x.uid for x in control_set(graph, other)} - {one.uid} <= certain for other in certain)
        ultimate = found.of(one.uid)
        if ultimate != one.uid and not found.circular.any():
            assert one.uid in {other.uid for other in control_set(graph, ultimate)}


@pytest.mark.parametrize(
    ("links", "controlled"),
    [
        pytest.param([("P", "C", "votes", 0.51, 0.51)], ("a",), id="majority of votes"),
        pytest.param([("P", "C", "votes", 0.5, 0.5)], None, id="half is no majority"),
        pytest.param([("P", "C", "shares", 0.25, 0.5)], None, id="25 per cent is registered and no parent"),
        pytest.param([("P", "C", "shares", 0.1, 0.1), ("P", "C", "board", 0, 1)], ("b",), id="member with the board"),
        pytest.param([("P", "C", "board", 0, 1)], None, id="the board without membership"),
        pytest.param([("P", "C", "influence", 0, 1)], ("c",), id="dominant influence needs no membership"),
        pytest.param([("P", "C", "shares", 0.1, 0.1), ("P", "C", "agreement", 0, 1)], ("d",), id="votes by agreement"),
        pytest.param([("P", "C", "shares", 0.9, 0.9), ("Q", "C", "votes", 0.6, 0.6)], None, id="shares without votes"),
    ],
)
def test_the_tests_of_section_1162(
    links: list[tuple[str, str, str, float, float]], controlled: tuple[str, ...] | None
) -> None:
    found = {one.uid: one.tests for one in control_set(graph_of(*links), "P")}

    assert found.get("C") == controlled


def test_two_subsidiaries_together_give_their_parent_a_company() -> None:
    graph = graph_of(("P", "A", 0.9), ("P", "B", 0.8), ("A", "C", 0.3), ("B", "C", 0.3))

    assert [one.uid for one in control_set(graph, "P")] == ["A", "B", "C"]
    assert controllers(graph).of("C") == "P"


def test_a_band_that_may_be_a_majority_is_possible_control_only() -> None:
    graph = graph_of(("P", "C", "votes", 0.25, 0.75))

    assert control_set(graph, "P") == []
    assert [one.uid for one in control_set(graph, "P", possibly=True)] == ["C"]


def test_what_ended_is_not_held_and_what_nobody_described_is_kept_as_unknown() -> None:
    gone = Interest("Ada", "Home", "shares", 1, 1, end=date(2026, 4, 1))
    graph = graph_on([Entity("Home")], [gone, Interest("Nobody", "Home", "shares", 1, 1)], TODAY)

    assert owners(graph, "Home") == {"Nobody": (1.0, 1.0)}
    assert graph.entities[graph.place["Nobody"]].sort == "unknown"
    assert any("Nobody" in problem for problem in graph.problems)


def test_ownership_closes_the_gap_that_names_leave() -> None:
    """Ten homes of four names; by number and by an accepted match six of them are one group's, and a name alone joins none."""
    import polars as pl

    from kinfold.market.owners import concentration, owner_key
    from kinfold.market.ownership.roll_up import with_roots

    names = ["Tarn A Ltd 09900001"] * 3 + ["Wren B Limited (09900002)"] * 2 + ["Fenn C Ltd"] + ["Other D Ltd"] * 4
    homes = pl.DataFrame({"owner": names, "owner_key": [owner_key(name) for name in names]})
    entities = [
        Entity(f"GB-COH-0990000{n}", name)
        for n, name in enumerate(("Top Plc", "Tarn A", "Wren B", "Fenn C", "Other D"))
    ]
    interests = [Interest(entities[0].uid, one.uid, "votes", 0.75, 1.0) for one in entities[1:4]]
    graph = graph_on(entities, interests, TODAY)

    by_name = concentration(homes, "owner_key")
    by_root = concentration(with_roots(homes, graph, accepted={"fenn c": "GB-COH-09900003"}), "root")

    assert (by_name["owners"], by_root["owners"]) == (4, 2)
    assert by_root["hhi"] > by_name["hhi"]
    assert with_roots(homes, graph, accepted={}).filter(pl.col("root") == "fenn c").height == 1
