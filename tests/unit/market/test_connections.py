"""How two operators hang together, and the groups that ownership makes of several owners. All companies and people are invented."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kinfold.market.owners import owner_key
from kinfold.market.ownership import Entity, Graph, Interest, graph_on
from kinfold.market.ownership.connections import way_in_words, ways
from kinfold.market.ownership.roll_up import joint_groups, regrouped

TODAY = date(2026, 4, 1)
Row = tuple[str, str, float]


def graph_of(*rows: Row, sorts: dict[str, str] | None = None) -> Graph:
    uids = sorted({uid for one in rows for uid in one[:2]})
    return graph_on(
        [Entity(uid, uid, sort=(sorts or {}).get(uid, "entity")) for uid in uids],
        [Interest(owner, subject, "shares", share, share) for owner, subject, share in rows], TODAY,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        pytest.param([("Ada", "Fell", 1.0), ("Ada", "Tarn", 0.6)],
                     "Fell belongs to Ada (100% of the shares). Ada holds Tarn (60% of the shares). Ada controls both.",
                     id="one person owns both"),
        pytest.param([("Fell", "Tarn", 0.3)], "Fell holds Tarn (30% of the shares).", id="one holds a part of the other"),
        pytest.param([("Ada", "Top", 1.0), ("Top", "Fell", 1.0), ("Ada", "Tarn", 0.255)],
                     "Fell belongs to Top (100% of the shares). Top belongs to Ada (100% of the shares). Ada holds Tarn (25.5% of the shares).",
                     id="through a company and a person, without control of both"),
        pytest.param([("Ada", "Fell", 1.0), ("Bo", "Tarn", 1.0)], None, id="not connected"),
    ],
)  # fmt: skip
def test_a_way_between_two_operators_is_said_link_by_link(rows: list[Row], said: str | None) -> None:
    graph = graph_of(*rows)
    found = ways(graph, "Fell", ["Tarn"], most_links=6, most_held=40)

    assert (way_in_words(graph, found["Tarn"]) if found else None) == said


@pytest.mark.parametrize("sort", ["anonymous", "unknown", "state"])
def test_no_way_leads_through_somebody_whom_nobody_has_named(sort: str) -> None:
    graph = graph_of(("X", "Fell", 1.0), ("X", "Tarn", 1.0), sorts={"X": sort})

    assert ways(graph, "Fell", ["Tarn"], most_links=6, most_held=40) == {}


def test_a_nominee_of_very_many_and_a_way_that_is_too_long_connect_nothing() -> None:
    nominee = graph_of(*[("Nominee", name, 0.1) for name in ("Fell", "Tarn", "C", "D")])
    chain = graph_of(("Fell", "A", 0.5), ("A", "B", 0.5), ("B", "Tarn", 0.5))

    assert ways(nominee, "Fell", ["Tarn"], most_links=6, most_held=3) == {}
    assert "Tarn" in ways(nominee, "Fell", ["Tarn"], most_links=6, most_held=4)
    assert ways(chain, "Fell", ["Tarn"], most_links=2, most_held=9) == {}
    assert len(ways(chain, "Fell", ["Tarn"], most_links=3, most_held=9)["Tarn"].links) == 3
    assert ways(chain, "nobody here", ["Tarn"], most_links=3, most_held=9) == {}


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef")), min_size=1, max_size=12))
def test_a_way_is_unbroken_and_is_as_long_from_either_end(pairs: list[tuple[str, str]]) -> None:
    graph = graph_of(*[(owner, subject, 0.1) for owner, subject in pairs])
    start = pairs[0][0]

    for end, way in ways(graph, start, set("abcdef"), most_links=9, most_held=99).items():
        here = start
        for link in way.links:
            assert here in (link.owner, link.subject)
            here = link.owner if link.up else link.subject
        assert here == end
        back = ways(graph, end, [start], most_links=9, most_held=99)[start]
        assert len(back.links) == len(way.links)


def homes(*names: str) -> pl.DataFrame:
    return pl.DataFrame({"owner": names, "owner_key": [owner_key(name) for name in names]})


def test_what_a_number_or_an_officer_says_makes_a_group_and_a_name_or_two_numbers_do_not() -> None:
    listed = homes("Fenn Ltd", "Fenn Ltd", "Tarn Ltd 09900001", "Wren Ltd", "Two 09900002", "Two 09900009", "Own Ltd")
    companies = [Entity(f"GB-COH-0990000{n}", f"Company {n}") for n in range(6)]
    interests = [Interest(companies[0].uid, one.uid, "votes", 0.75, 1.0) for one in companies[1:5]]
    interests.append(Interest("GB-COH-09900007", "GB-COH-09900009", "votes", 0.75, 1.0))
    graph = graph_on(companies, interests, TODAY)

    decided = joint_groups(listed, graph, accepted={"fenn": companies[3].uid})
    assert [(one.key, one.members, one.root) for one in decided] == [("fenn", ("fenn", "tarn"), companies[0].uid)]
    assert sorted(regrouped(listed, decided)["owner_key"].unique()) == ["fenn", "own", "two", "wren"]

    assert joint_groups(listed, graph, accepted={}) == ()
    assert regrouped(listed, ()).equals(listed)
