"""A row that only a new legal status began is no new placement: it starts no clock again and ends none."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinfold.duties import Calendars, Catalogue, clocks
from kinfold.duties.one_stay import one_stay_each
from kinfold.duties.story import one_story
from kinfold.files.daily_feed.reader import open_payload
from kinfold.files.recognise import Options
from kinfold.files.ssda903.looked_after_episodes import Episode
from kinfold.files.ssda903.spells import spells_from
from kinfold.record.claim import Claim, Place
from kinfold.record.in_time import FactVersion

BORN, TODAY = "2014-05-04", date(2026, 5, 1)
Row = tuple[
    str, str | None, str, str, str, str | None
]  # first day, end, why it began, legal status, type, why it ended
FIRST: Row = ("2026-01-05", "2026-02-16", "S", "V2", "U6", "X1")

ROWS = [
    pytest.param([FIRST, ("2026-02-16", None, "L", "C1", "U6", None)], 1, id="a status that changed once"),
    pytest.param(
        [FIRST, ("2026-02-16", "2026-03-20", "L", "C1", "U6", "X1"), ("2026-03-20", None, "L", "C2", "U6", None)],
        1, id="a status that changed twice",
    ),
    pytest.param([FIRST, ("2026-02-16", None, "P", "V2", "K2", None)], 2, id="another place"),
    pytest.param([FIRST, ("2026-02-16", None, "T", "V2", "U6", None)], 2, id="another place with the same carer"),
    pytest.param([FIRST, ("2026-02-16", None, "B", "C1", "K2", None)], 2, id="status, place and carer"),
    pytest.param([FIRST, ("2026-02-16", None, "U", "C1", "U6", None)], 2, id="status and place, the same carer"),
    pytest.param(
        [FIRST, ("2026-02-16", "2026-03-02", "L", "C1", "U6", "X1"), ("2026-03-02", None, "P", "C1", "K2", None)],
        2, id="a status, then another place",
    ),
    pytest.param(
        [("2026-01-05", "2026-02-16", "S", "V2", "U6", "E4A"), ("2026-03-09", None, "S", "V2", "U6", None)],
        2, id="a second time in care",
    ),
    pytest.param([FIRST, ("2026-02-16", "2026-04-01", "L", "C1", "U6", "E4A")], 1, id="home again"),
]  # fmt: skip


def by_the_feed(rows: Sequence[Row]) -> list[Claim]:
    """Return what the daily feed's door makes of the rows: each under an identifier of its own."""
    names = ("start_date", "end_date", "start_reason", "placement_type", "end_reason")
    told = [{"child_looked_after_placement_id": f"L{number}",
             **{name: said for name, said in zip(names, (row[0], row[1], row[2], row[4], row[5]), strict=True) if said}}
            for number, row in enumerate(rows)]  # fmt: skip
    child = {"la_child_id": "C1", "child_details": {"date_of_birth": BORN}, "social_care_episodes": [
        {"social_care_episode_id": "E1", "referral_date": "2025-12-01", "child_looked_after_placements": told}]}  # fmt: skip
    (subject,) = open_payload(json.dumps([child]).encode(), Options()).read()
    assert subject.problems == []
    return subject.claims


def by_the_return(rows: Sequence[Row]) -> list[Claim]:
    """Return what the SSDA903 door makes of the same rows, as episodes."""
    day = date.fromisoformat
    episodes = [
        Episode(day(row[0]), row[2], row[3], "N1", row[4], None, day(row[1]) if row[1] else None, row[5], None, None,
                None, None)
        for row in rows
    ]  # fmt: skip
    return spells_from([(one, Place(0, "Episodes", number)) for number, one in enumerate(episodes, start=2)])


def facts_of(claims: Iterable[Claim]) -> list[FactVersion]:
    """Return care and placements as facts of one child, with the visits and the review that were held."""
    told = [
        (one.kind, one.valid_from, one.valid_to, one.payload)
        for one in claims
        if one.kind in ("care_period", "placement")
    ]
    told += [("looked_after_visit", date(2026, 1, 9), None, {"seen": True}),
             ("looked_after_visit", date(2026, 2, 13), None, {"seen": True}),
             ("looked_after_review", date(2026, 1, 30), None, {}), ("person_details", None, None, {"birth_date": BORN})]  # fmt: skip
    return [
        FactVersion(id=number, fact=uuid5(UUID(int=0), f"{kind} {start}"), subject=1, kind=kind, valid_from=start,
                    valid_to=end, payload={name: said for name, said in payload.items() if name != "placement_provider"})
        for number, (kind, start, end, payload) in enumerate(told, start=1)
    ]  # fmt: skip


@pytest.mark.parametrize(("rows", "stays"), ROWS)
def test_the_daily_feed_and_the_return_give_the_same_clocks(
    rows: list[Row], stays: int, catalogue: Catalogue, calendars: Calendars
) -> None:
    def wall(claims: list[Claim]) -> list[tuple[Any, ...]]:
        found = clocks(facts_of(claims), catalogue, calendars, today=TODAY)
        return sorted((one.key, one.state.value, str(one.due), str(one.ended)) for one in found)

    assert len(one_story(facts_of(by_the_feed(rows)), subject=1, commit_number=None).by_kind["placement"]) == stays
    assert wall(by_the_feed(rows)) == wall(by_the_return(rows))


def test_what_a_placement_starts_is_due_once_though_the_status_changed(
    catalogue: Catalogue, calendars: Calendars
) -> None:
    rows: list[Row] = [FIRST, ("2026-02-16", None, "L", "C1", "U6", None)]

    found = clocks(facts_of(by_the_feed(rows)), catalogue, calendars, today=TODAY)

    assert [(one.state.value, str(one.due)) for one in found if one.duty.id == "LA12"] == [("met", "2026-01-12")]
    assert {str(one.trigger.when) for one in found if one.trigger.fact.kind == "placement"} == {"2026-01-05"}


@pytest.mark.parametrize(
    ("second", "ends", "kept"),
    [
        pytest.param({"start": "2026-02-16"}, "2026-02-16", 1, id="on the day the one before ended"),
        pytest.param({"start": "2026-02-17"}, "2026-02-16", 1, id="a day after a row that says another follows"),
        pytest.param({"start": "2026-02-18"}, "2026-02-16", 2, id="after a gap"),
        pytest.param({"start": "2026-02-01"}, None, 1, id="while the one before still holds"),
        pytest.param({"start": "2026-02-01", "to": "2026-02-10"}, "2026-03-10", 1, id="within the one before"),
        pytest.param({"start": "2026-01-05"}, "2026-02-16", 2, id="on its very first day"),
        pytest.param({"start": "2026-02-16", "placement_type": "K2"}, "2026-02-16", 2, id="of another type"),
        pytest.param({"start": "2026-02-16", "postcode": "LS1 4AP"}, "2026-02-16", 2, id="at another postcode"),
        pytest.param({"start": "2026-02-16", "postcode": None}, "2026-02-16", 1, id="without its postcode"),
    ],
)
def test_a_row_with_reason_l_goes_on_only_with_the_same_place(
    fact: Any, second: dict[str, Any], ends: str | None, kept: int
) -> None:
    place = {"placement_type": "U6", "postcode": "WS1 1AA"}
    first = fact("placement", "2026-01-05", to=ends, start_reason="S", end_reason="X1", **place)
    start, end = second.pop("start"), second.pop("to", None)
    later = fact("placement", start, to=end, start_reason="L", **{**place, **second})

    found = one_stay_each([first, later])

    assert len(found) == kept
    if kept == 1:
        assert (found[0].fact, found[0].valid_from) == (first.fact, first.valid_from)
        assert str(found[0].valid_to) == ("2026-03-10" if end else "None")
        assert found[0].payload["start_reason"] == "S"


@given(st.lists(st.sampled_from(["S", "L", "P", "T", "B", "U", None]), max_size=8))
def test_no_day_in_a_placement_is_lost_and_joining_twice_changes_nothing(reasons: list[str | None]) -> None:
    rows = [
        FactVersion(id=number, fact=UUID(int=number + 1), subject=1, kind="placement", valid_from=date(2026, 1, 1 + number),
                    valid_to=date(2026, 1, 2 + number), payload={"start_reason": reason} if reason else {})
        for number, reason in enumerate(reasons)
    ]  # fmt: skip

    joined = one_stay_each(rows)

    assert sum((one.valid_to - one.valid_from).days for one in joined if one.valid_to and one.valid_from) == len(rows)
    assert one_stay_each(joined) == joined
    assert [one.payload.get("start_reason") for one in joined[1:]].count("L") == 0


@pytest.mark.parametrize(
    ("rows", "due"),
    [
        pytest.param([("2024-01-08", None, "S", "V2", "U6", None)], ["2026-05-15"], id="while it lasts"),
        pytest.param(
            [("2024-01-08", "2026-02-02", "S", "V2", "U6", "X1"), ("2026-02-02", None, "P", "V2", "K2", None)],
            [], id="the child moved: the first year of another placement begins",
        ),
        pytest.param(
            [("2024-01-08", "2026-02-02", "S", "V2", "U6", "X1"), ("2026-02-02", None, "L", "C1", "U6", None)],
            ["2026-05-15"], id="only the legal status changed",
        ),
    ],
)  # fmt: skip
def test_visits_after_the_first_year_go_on_as_long_as_the_placement(
    rows: list[Row], due: list[str], fact: Any, catalogue: Catalogue, calendars: Calendars
) -> None:
    facts = [*facts_of(by_the_feed(rows)), fact("looked_after_visit", "2026-04-03", seen=True)]

    found = clocks(facts, catalogue, calendars, today=TODAY)

    assert [str(one.due) for one in found if one.duty.id == "LA14" and one.is_waiting] == due
