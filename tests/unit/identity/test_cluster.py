"""Links make clusters, and never against what is known."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kinfold.identity.cluster import Clusters, clustered

ROWS = st.integers(0, 11)
PAIRS = st.tuples(ROWS, ROWS)


def test_links_are_followed_from_row_to_row() -> None:
    assert clustered(4, [(5.0, 0, 1), (4.0, 1, 2)]) == [0, 0, 0, 3]


def test_a_weaker_link_does_not_bring_together_what_is_known_to_be_apart() -> None:
    assert clustered(3, [(5.0, 0, 1), (4.0, 1, 2)], apart=[(0, 2)]) == [0, 0, 2]


def test_a_mark_of_a_person_goes_before_every_link() -> None:
    assert clustered(2, [(30.0, 0, 1)], do_not_link=[(0, 1)]) == [0, 1]
    assert clustered(2, [], same=[(0, 1)], apart=[(0, 1)]) == [0, 0]
    assert clustered(2, [], same=[(0, 1)], do_not_link=[(1, 0)]) == [0, 1]


@given(st.lists(st.tuples(st.floats(0, 9), ROWS, ROWS)), st.lists(PAIRS), st.lists(PAIRS))
def test_rows_marked_apart_never_share_a_cluster(
    links: list[tuple[float, int, int]], do_not_link: list[tuple[int, int]], apart: list[tuple[int, int]]
) -> None:
    labels = clustered(12, links, apart=apart, do_not_link=do_not_link)

    assert all(labels[one] != labels[two] for one, two in (*do_not_link, *apart) if one != two)


@given(st.lists(st.tuples(st.floats(0, 9), ROWS, ROWS)), st.randoms())
def test_the_order_in_which_links_come_changes_nothing(links: list[tuple[float, int, int]], chance: object) -> None:
    shuffled = list(links)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]

    assert clustered(12, shuffled) == clustered(12, links)


@given(st.lists(PAIRS))
def test_without_marks_clusters_are_what_can_be_reached(pairs: list[tuple[int, int]]) -> None:
    reach = {row: {row} for row in range(12)}
    for _ in range(12):
        for one, two in pairs:
            together = reach[one] | reach[two]
            for row in together:
                reach[row] = reach[row] | together

    assert clustered(12, [(1.0, one, two) for one, two in pairs]) == [min(reach[row]) for row in range(12)]


def test_a_cluster_knows_its_rows() -> None:
    clusters = Clusters(3)
    clusters.join(0, 2)

    assert sorted(clusters.rows(clusters.of(2))) == [0, 2]
