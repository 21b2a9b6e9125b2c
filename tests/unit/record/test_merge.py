"""Two records of one person, joined and parted again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinfold.record.merge import SameAs, everyone_joined_to, merge, resolve, resolve_all, unmerge
from kinfold.terms.errors import StructureBroken

PEOPLE = range(1, 8)
PAIRS = st.tuples(st.sampled_from(PEOPLE), st.sampled_from(PEOPLE)).filter(lambda pair: pair[0] != pair[1])


def _links(pairs, undone=()):
    return tuple(
        SameAs(id=n, absorbed=a, kept=b, known_from=n, known_to=100 if n in undone else None)
        for n, (a, b) in enumerate(pairs, start=1)
    )


def test_a_person_nobody_joined_is_themselves():
    assert resolve(1, ()) == 1
    assert everyone_joined_to(1, ()) == {1}


def test_a_merged_record_is_shown_under_the_one_that_was_kept():
    links = merge((), absorbed=2, kept=1, commit_number=5, because="same NHS number")

    assert resolve(2, links) == resolve(1, links) == 1
    assert everyone_joined_to(1, links) == {1, 2}
    assert links[0].because == "same NHS number"


def test_a_chain_of_merges_ends_at_the_last_one_kept():
    links = _links([(2, 1), (1, 3), (4, 2)])

    assert [resolve(person, links) for person in (1, 2, 3, 4)] == [3, 3, 3, 3]


def test_what_was_shown_before_a_merge_is_still_answered():
    links = merge((), absorbed=2, kept=1, commit_number=5, because="same birth and name")
    links = unmerge(links, link_id=1, commit_number=9)

    assert [resolve(2, links, commit_number=number) for number in (4, 5, 8, 9)] == [2, 1, 1, 2]


@pytest.mark.parametrize(
    ("absorbed", "kept", "says"),
    [
        pytest.param(1, 1, "with themselves", id="with themselves"),
        pytest.param(2, 1, "already one person", id="twice"),
        pytest.param(1, 2, "already one person", id="the other way round"),
    ],
)
def test_a_merge_that_says_nothing_is_refused(absorbed, kept, says):
    links = merge((), absorbed=2, kept=1, commit_number=1, because="")

    with pytest.raises(StructureBroken, match=says):
        merge(links, absorbed=absorbed, kept=kept, commit_number=2, because="")


def test_undoing_what_is_not_there_is_refused():
    with pytest.raises(StructureBroken, match="undone before, or was never made"):
        unmerge((), link_id=1, commit_number=2)


@given(pairs=st.lists(PAIRS, max_size=8), pair=PAIRS)
def test_merge_and_then_unmerge_is_as_if_nothing_had_been(pairs, pair):
    links = _links(pairs)
    absorbed, kept = pair
    if resolve(absorbed, links) == resolve(kept, links):
        return

    joined = merge(links, absorbed=absorbed, kept=kept, commit_number=50, because="")
    parted = unmerge(joined, link_id=joined[-1].id, commit_number=51)

    assert {p: resolve(p, parted) for p in PEOPLE} == {p: resolve(p, links) for p in PEOPLE}
    assert resolve(absorbed, joined) == resolve(kept, joined)
    assert {p: resolve(p, parted, commit_number=50) for p in PEOPLE} == {p: resolve(p, joined) for p in PEOPLE}


@given(pairs=st.lists(PAIRS, max_size=10), undone=st.frozensets(st.integers(1, 10)))
def test_all_who_are_joined_have_one_answer_even_where_links_go_round(pairs, undone):
    links = _links(pairs, undone)

    for person in PEOPLE:
        together = everyone_joined_to(person, links)
        assert {resolve(other, links) for other in together} == {resolve(person, links)}
        assert resolve(person, links) in together
        assert resolve(resolve(person, links), links) == resolve(person, links)


@given(pairs=st.lists(PAIRS, max_size=10), undone=st.frozensets(st.integers(1, 10)))
def test_all_at_once_is_each_by_itself(pairs, undone):
    links = _links(pairs, undone)

    everyone = resolve_all(links)

    assert {person: everyone.get(person, person) for person in PEOPLE} == {p: resolve(p, links) for p in PEOPLE}
