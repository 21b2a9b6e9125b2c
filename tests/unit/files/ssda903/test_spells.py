"""Episodes become care periods, legal statuses and placements, and these become the same episodes again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinfold.files.ssda903.looked_after_episodes import Episode, cut
from kinfold.files.ssda903.spells import CONTINUING, continued, spells_from
from kinfold.record.claim import Claim, Key, Place

FOSTERED = ("U6", "PR1", "SC000001", "AB1 2CD")
IN_A_HOME = ("K2", "PR4", "SC000002", "EF3 4GH")
Spec = tuple[str, str, str, str]


def day(text: str) -> date:
    return date.fromisoformat(text)


def episode(
    started: str,
    reason: str,
    status: str,
    place: Spec,
    ended: str | None = None,
    ceased: str | None = None,
    change: str | None = None,
) -> Episode:
    kind, provider, urn, postcode = place
    return Episode(
        day(started),
        reason,
        status,
        "N1",
        kind,
        provider,
        day(ended) if ended else None,
        ceased,
        change,
        "ZZ1 1ZZ",
        postcode,
        urn,
    )


def spells(*episodes: Episode) -> list[Claim]:
    return spells_from([(each, Place(0, "Episodes", number)) for number, each in enumerate(episodes, start=2)])


def spans(claims: Sequence[Claim], kind: str) -> list[tuple[str, str | None]]:
    found = [claim for claim in claims if claim.kind == kind]
    return [(str(claim.valid_from), str(claim.valid_to) if claim.valid_to else None) for claim in found]


THE_YEAR = (
    episode("2025-04-10", "S", "V2", FOSTERED, "2025-06-01", "X1"),
    episode("2025-06-01", "L", "C1", FOSTERED, "2025-09-01", "X1", "CARPL"),
    episode("2025-09-01", "P", "C1", IN_A_HOME, "2026-01-15", "E4A"),
)


def test_episodes_with_one_placement_are_one_placement_and_with_one_status_one_status() -> None:
    claims = spells(*THE_YEAR)

    assert spans(claims, "care_period") == [("2025-04-10", "2026-01-15")]
    assert spans(claims, "legal_status") == [("2025-04-10", "2025-06-01"), ("2025-06-01", "2026-01-15")]
    assert spans(claims, "placement") == [("2025-04-10", "2025-09-01"), ("2025-09-01", "2026-01-15")]


def test_a_spell_says_how_it_began_and_ended_and_which_rows_it_came_from() -> None:
    claims = spells(*THE_YEAR)
    care = next(claim for claim in claims if claim.kind == "care_period")
    placement = next(claim for claim in claims if claim.kind == "placement")

    assert care.payload == {"start_reason": "S", "end_reason": "E4A", "primary_need": "N1"}
    assert placement.payload == {
        "placement_type": "U6",
        "placement_provider": "PR1",
        "urn": "SC000001",
        "postcode": "AB1 2CD",
        "home_postcode": "ZZ1 1ZZ",
        "start_reason": "S",
        "end_reason": "X1",
        "change_reason": "CARPL",
    }
    assert (placement.ref, placement.party) == ("SC000001", Key("setting", "SC000001"))
    assert [place.row for place in placement.places] == [2, 3]


def test_a_move_that_changes_nothing_written_is_still_a_new_placement() -> None:
    claims = spells(
        episode("2025-04-10", "S", "V2", FOSTERED, "2025-06-01", "X1", "CARPL"),
        episode("2025-06-01", "P", "V2", FOSTERED),
    )

    assert spans(claims, "placement") == [("2025-04-10", "2025-06-01"), ("2025-06-01", None)]
    assert spans(claims, "legal_status") == [("2025-04-10", None)]


def test_gaps_and_overlaps_are_kept_as_reported() -> None:
    gap = spells(
        episode("2025-04-10", "S", "V2", FOSTERED, "2025-06-01", "X1"), episode("2025-06-05", "P", "V2", IN_A_HOME)
    )
    overlap = spells(
        episode("2025-04-10", "S", "V2", FOSTERED, "2025-06-09", "X1"), episode("2025-06-05", "P", "V2", IN_A_HOME)
    )

    assert spans(gap, "placement") == [("2025-04-10", "2025-06-01"), ("2025-06-05", None)]
    assert spans(gap, "care_period") == [("2025-04-10", None)]
    assert spans(overlap, "placement") == [("2025-04-10", "2025-06-09"), ("2025-06-05", None)]


def test_coming_back_into_care_is_a_new_care_period_even_on_the_day_of_leaving() -> None:
    claims = spells(
        episode("2025-04-10", "S", "V2", FOSTERED, "2025-06-01", "E8"), episode("2025-06-01", "S", "V2", FOSTERED)
    )

    assert spans(claims, "care_period") == [("2025-04-10", "2025-06-01"), ("2025-06-01", None)]
    assert spans(claims, "legal_status") == [("2025-04-10", "2025-06-01"), ("2025-06-01", None)]


def test_a_setting_without_a_number_is_nobodys_party() -> None:
    (placement,) = [
        claim
        for claim in spells(episode("2025-04-10", "S", "V2", ("U6", "PR1", "XXXXXXX", "")))
        if claim.kind == "placement"
    ]

    assert placement.ref == "XXXXXXX"
    assert placement.party is None


def test_rows_that_begin_on_one_day_have_keys_of_their_own() -> None:
    claims = spells(
        episode("2025-04-10", "S", "V2", FOSTERED, "2025-06-01", "X1"),
        episode("2025-04-10", "S", "C2", IN_A_HOME, "2025-06-02", "X1"),
    )

    keys = [(claim.kind, claim.natural_key) for claim in claims]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(
    ("reason", "continuing"),
    [
        ("S", set()),
        ("P", {"care_period", "legal_status"}),
        ("T", {"care_period", "legal_status"}),
        ("L", {"care_period", "placement"}),
        ("B", {"care_period"}),
        ("U", {"care_period"}),
    ],
)
def test_what_the_first_episode_goes_on_with_is_marked(reason: str, continuing: set[str]) -> None:
    claims = spells(episode("2025-04-10", reason, "V2", FOSTERED))

    assert {claim.kind for claim in claims if claim.natural_key.startswith(CONTINUING)} == continuing


def test_a_spell_that_goes_on_takes_its_beginning_from_what_is_known() -> None:
    last_year = spells(
        episode("2024-05-01", "S", "V2", FOSTERED, "2025-02-01", "X1"), episode("2025-02-01", "L", "C2", FOSTERED)
    )
    this_year = spells(
        episode("2025-02-01", "L", "C2", FOSTERED, "2025-08-01", "X1", "CARPL"),
        episode("2025-08-01", "P", "C2", IN_A_HOME),
    )

    joined = continued(this_year, last_year)

    assert spans(joined, "care_period") == [("2024-05-01", None)]
    assert spans(joined, "placement") == [("2024-05-01", "2025-08-01"), ("2025-08-01", None)]
    assert spans(joined, "legal_status") == [("2025-02-01", None)]
    assert [claim.natural_key for claim in joined if claim.kind == "placement"] == ["2024-05-01", "2025-08-01"]
    assert next(claim for claim in joined if claim.kind == "placement").payload["start_reason"] == "S"


def test_a_spell_that_nothing_known_fits_begins_where_the_file_does() -> None:
    known = spells(episode("2024-05-01", "S", "V2", IN_A_HOME, "2024-06-01", "E8"))
    claims = spells(episode("2025-02-01", "L", "C2", FOSTERED))

    joined = continued(claims, known)

    assert [(claim.kind, claim.natural_key, claim.valid_from) for claim in joined] == [
        (claim.kind, "2025-02-01", date(2025, 2, 1)) for claim in claims
    ]


def test_a_spell_that_goes_on_and_one_that_begins_that_day_have_keys_of_their_own() -> None:
    claims = spells(
        episode("2025-04-10", "L", "C2", FOSTERED, "2025-05-01", "X1"),
        episode("2025-04-10", "P", "C2", IN_A_HOME, "2025-06-02", "X1"),
    )

    keys = [(claim.kind, claim.natural_key) for claim in continued(claims, [])]
    assert len(set(keys)) == len(keys)


def test_episodes_are_cut_again_from_the_spells() -> None:
    assert cut(spells(*THE_YEAR)) == list(THE_YEAR)


def test_reasons_are_worked_out_where_no_spell_says_them() -> None:
    bare = [replace(claim, payload=_without_reasons(claim)) for claim in spells(*THE_YEAR)]

    assert [(each.reason_for_new_episode, each.reason_ceased) for each in cut(bare)] == [
        ("S", "X1"),
        ("L", "X1"),
        ("P", "E4A"),
    ]


def _without_reasons(claim: Claim) -> dict[str, object]:
    kept = claim.kind == "care_period"
    return {name: value for name, value in claim.payload.items() if kept or not name.endswith("_reason")}


def test_spells_without_any_day_have_no_episode() -> None:
    assert cut([]) == []
    assert cut([Claim("placement", "", None, None, {}, ())]) == []


def test_overlapping_spells_are_cut_without_fault_and_the_later_counts() -> None:
    overlap = spells(
        episode("2025-04-10", "S", "V2", FOSTERED, "2025-06-09", "X1"), episode("2025-06-05", "P", "V2", IN_A_HOME)
    )

    assert [(str(each.started), each.placement_type) for each in cut(overlap)] == [
        ("2025-04-10", "U6"),
        ("2025-06-05", "K2"),
        ("2025-06-09", "K2"),
    ]


PLACES = (FOSTERED, IN_A_HOME, ("P1", "PR0", "", "IJ5 6KL"), ("T1", "", "", ""))
STATUSES = ("C1", "C2", "V2", "E1")


@st.composite
def careers(draw: st.DrawFn) -> list[Episode]:
    """A child's episodes without gap or overlap, in one or more care periods, as a clean return has them."""
    found: list[Episode] = []
    today = date(2020, 1, 1) + timedelta(days=draw(st.integers(0, 400)))
    for _ in range(draw(st.integers(1, 3))):
        reason, status, place, need = (
            "S",
            draw(st.sampled_from(STATUSES)),
            draw(st.sampled_from(PLACES)),
            draw(st.sampled_from(("N1", "N5"))),
        )
        length = draw(st.integers(1, 6))
        for number in range(length):
            end = today + timedelta(days=draw(st.integers(1, 200)))
            last = number == length - 1
            following = draw(st.sampled_from("LPTBU"))
            moves = not last and following != "L"
            found.append(
                Episode(
                    today, reason, status, need, place[0], place[1] or None, end, "E8" if last else "X1",
                    "CARPL" if moves else None, None, place[3] or None, place[2] or None,
                )
            )  # fmt: skip
            today, reason = end, following
            if following in "LBU":
                status = draw(st.sampled_from([each for each in STATUSES if each != status]))
            if following in "PTBU":
                place = draw(st.sampled_from(PLACES))
        today += timedelta(days=draw(st.integers(0, 50)))
    if draw(st.booleans()):
        found[-1] = found[-1]._replace(ended=None, reason_ceased=None)
    return found


@given(careers(), st.randoms())
def test_episodes_to_spells_to_episodes_is_identity(career: list[Episode], order: object) -> None:
    rows = [(each, Place(0, "Episodes", number)) for number, each in enumerate(career)]
    order.shuffle(rows)  # type: ignore[attr-defined]

    assert cut(spells_from(rows)) == career


@given(
    st.lists(
        st.tuples(st.integers(0, 60), st.integers(0, 60), st.sampled_from("SLPTBU"), st.sampled_from(PLACES)),
        max_size=8,
    )
)
def test_no_muddle_of_episodes_breaks_either_way(rows: list[tuple[int, int, str, Spec]]) -> None:
    base = date(2025, 1, 1)
    career = [
        Episode(base + timedelta(start), reason, "C1", "N1", place[0], None, base + timedelta(end), "X1")
        for start, end, reason, place in rows
    ]

    claims = spells_from([(each, Place(0, "Episodes", number)) for number, each in enumerate(career)])

    assert len({(claim.kind, claim.natural_key) for claim in claims}) == len(claims)
    assert all(each.ended is None or each.started <= each.ended for each in cut(claims))
