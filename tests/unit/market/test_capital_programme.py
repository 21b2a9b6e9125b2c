"""The capital programme: a project from grant to opening, where places stand, and files with faults. All is invented."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinfold.market.cases import project
from kinfold.market.supply.invented import invented_projects
from kinfold.market.supply.programme import (
    DELIVERED,
    LATE,
    LOST,
    ON_TRACK,
    STANDINGS,
    TO_COME,
    barriers_met,
    by_area,
    by_stage,
    slips,
    standing,
    tally,
)
from kinfold.market.supply.programme_file import FIELDS, facts_of, lines_of, row_of
from kinfold.market.supply.sheet import read_filled, template
from kinfold.terms.errors import FileRefused, InputError
from tests.unit.market.supply import PACK, TODAY, Journal, ago

PLANNED = {"planning": ago(300), "exchange": ago(200), "build": ago(10), "registration": ago(-60), "opening": ago(-90)}


def a_project(**said: Any) -> Journal:
    return Journal(
        project,
        **{
            "name": "Ash",
            "project": "CH-1",
            "council": "990",
            "places": {"open": 4},
            "grant": 100,
            "planned": PLANNED,
            **said,
        },
    )


def done(journal: Journal, **days: int) -> Any:
    made = journal.working
    for milestone, days_ago in days.items():
        made = journal.write("progress", milestone=milestone, done_on=ago(days_ago))
    return made


@pytest.mark.parametrize(
    ("reached", "said"),
    [
        ({"planning": 300, "exchange": 200, "build": 10}, ON_TRACK),
        ({"planning": 300, "exchange": 200}, ON_TRACK),  # building is overdue by ten days: less than the policy allows
        ({"planning": 300}, LATE),  # contracts were to be exchanged 200 days ago
        ({}, LATE),
        ({"planning": 300, "exchange": 120, "build": 0}, ON_TRACK),  # time was made good
        ({"planning": 300, "exchange": 200, "build": 10, "registration": 3, "opening": 2}, DELIVERED),
    ],
)
def test_places_stand_by_what_was_reached_and_when(reached: dict[str, int], said: str) -> None:
    made = done(a_project(), **reached)

    found = standing(made, today=TODAY, pack=PACK)

    assert found.standing == said
    assert found.places == {said: {"open": 4}}


def test_a_project_whose_plan_is_still_to_come_is_to_come() -> None:
    planned = {name: ago(-100 - 60 * place) for place, name in enumerate(project.MILESTONES)}

    assert standing(a_project(planned=planned).working, today=TODAY, pack=PACK).standing == TO_COME


def test_slippage_is_counted_from_the_grant_whatever_is_planned_later_and_is_carried_to_what_comes_after() -> None:
    journal = a_project()
    done(journal, planning=250)
    made = journal.write("change", reasons="Agreed anew", planned={**PLANNED, "planning": ago(250)})

    by_name = {one.milestone: one for one in slips(made, today=TODAY)}

    assert by_name["planning"].days == 50
    assert (by_name["exchange"].days, by_name["exchange"].overdue) == (200, True)
    assert by_name["opening"].days == 200
    assert by_name["opening"].expected == TODAY + timedelta(days=290)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([("progress", {"milestone": "opening", "done_on": ago(1)})], "opens when it is registered"),
        ([("progress", {"milestone": "planning", "done_on": ago(-1)})], "still to come"),
        ([("progress", {"milestone": "party", "done_on": ago(1)})], "A milestone is one of"),
        ([("progress", {"milestone": "planning"})], "Say on which day"),
        ([("progress", {"milestone": "planning", "done_on": ago(5)}), ("progress", {"milestone": "planning", "done_on": ago(6)})], "Write why"),
        ([("progress", {"milestone": "registration", "done_on": ago(2)}), ("progress", {"milestone": "opening", "done_on": ago(3)})], "before it was registered"),
        ([("change", {"grant": 5})], "Write why"),
        ([("barrier", {"barrier": "bad luck", "what": "x", "on": ago(2)})], "one of"),
        ([("barrier", {"barrier": "planning", "what": "x", "on": ago(2)}), ("overcome", {"of": 2, "on": ago(3), "how": "y"})], "Correct the day"),
        ([("overcome", {"of": 9, "on": ago(3), "how": "y"})], "Nothing of that number"),
        ([("money", {"source": "a friend", "amount": 5, "status": "drawn", "on": ago(3)})], "where the money"),
        ([("ended", {"because": "planning", "on": ago(3)})], "Write how"),
        ([("proposal", {"to": "open"})], "nothing that a second officer"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_what_to_do(lines: list[tuple[str, dict[str, Any]]], words: str) -> None:
    journal = a_project()
    *before, last = lines
    for sort, said in before:
        journal.write(sort, **said)

    with pytest.raises(InputError, match=words):
        journal.write(last[0], reasons="why" if last[0] == "proposal" else "", **last[1])


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"places": {}}, "at least one place"), ({"places": {"open": 0}}, "at least one place"), ({"places": {"castle": 3}}, "one of these kinds"),
        ({"planned": {"planning": "2026-05-01", "exchange": "2026-04-01"}}, "planned before"),
    ],
)  # fmt: skip
def test_a_project_begins_with_places_and_days_in_order(said: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        a_project(**said)


def test_a_home_that_opens_with_fewer_places_delivers_those_and_loses_the_rest() -> None:
    journal = a_project(places={"open": 4, "deprivation_of_liberty": 1})
    done(journal, registration=9)
    made = journal.write("progress", milestone="opening", done_on=ago(2), places={"open": 3})

    assert standing(made, today=TODAY, pack=PACK).places == {
        DELIVERED: {"open": 3},
        LOST: {"open": 1, "deprivation_of_liberty": 1},
    }


def test_nothing_follows_a_project_that_has_ended_and_its_places_will_not_come() -> None:
    journal = a_project()
    made = journal.write("ended", reasons="Refused", because="planning", on=ago(2))

    assert standing(made, today=TODAY, pack=PACK).places == {LOST: {"open": 4}}
    with pytest.raises(InputError, match="has ended"):
        done(journal, planning=1)


def invented() -> list[Any]:
    found = []
    for one in invented_projects(["990", "991"], today=TODAY):
        journal = Journal(project, name=one.row["name"], project=one.row["project"], **facts_of(one.row))
        for sort, said in lines_of(one.row, None):
            journal.write(sort, **said)
        met = 0
        for sort, said, reasons in one.lines:
            journal.write(sort, reasons=reasons, **said, **({"of": met} if sort == "overcome" else {}))
            met = len(journal.lines) if sort == "barrier" else met
        found.append(journal.working)
    return found


def test_every_place_of_the_programme_stands_in_exactly_one_way() -> None:
    projects = invented()

    counts = tally(standing(one, today=TODAY, pack=PACK) for one in projects)

    assert sum(sum(kind.values()) for kind in counts.values()) == sum(sum(one.places.values()) for one in projects)
    assert all(any(kind[name] for kind in counts.values()) for name in STANDINGS)


def test_barriers_areas_and_stages_say_where_projects_end_and_why() -> None:
    projects = invented()

    met = {one.barrier: one for one in barriers_met(projects)}

    assert (met["planning"].projects, met["planning"].ended, met["planning"].overcome, met["planning"].days) == (
        2,
        1,
        1,
        90,
    )
    assert met["planning"].open == 0  # the one that was not overcome has ended with its project
    assert sum(one.projects for one in by_area((one.said["council"], one) for one in projects)) == len(projects)
    assert [(one.name, one.why) for one in by_stage(projects)] == [("After: planning permission", ["planning"])]


def test_the_same_file_again_says_nothing_new_and_what_is_exported_can_be_taken_in() -> None:
    for one in invented():
        row = row_of(one)
        cells = [row.get(field.name) for field in FIELDS]
        file = read_filled(
            as_csv([field.heading for field in FIELDS], [cells]), name="again.csv", fields=FIELDS, today=TODAY
        )

        assert not file.refusals
        assert lines_of(file.rows[0].said, one) == []


GOOD = {
    "Reference": "CH-9",
    "Home or project": "Elm",
    "Council": "Quillmere",
    "Grant": "1,250,000",
    "Places: Open homes": "3",
}


def as_csv(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([headings, *rows])
    return out.getvalue().encode("utf-8-sig")


def csv_of(*rows: dict[str, str]) -> bytes:
    headings = list(dict.fromkeys(name for row in rows for name in row))
    return as_csv(headings, [[row.get(name, "") for name in headings] for row in rows])


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"Council": "Nowhere"}, "Council", "is no council"), ({"Grant": "much"}, "Grant", "Write an amount in pounds"),
        ({"Grant": ""}, "Grant", "needed"), ({"Places: Open homes": "2.5"}, "Places: Open homes", "whole number"),
        ({"Places: Open homes": "-1"}, "Places: Open homes", "whole number"), ({"Sector": "dogs"}, "Sector", "is not one of"),
        ({"Opened: planned": "31 of March"}, "Opened: planned", "is no date"), ({"Opened: planned": "31/02/2027"}, "Opened: planned", "is no date"),
        ({"Number (URN)": "home 7"}, "Number (URN)", "is no number of a setting"), ({"Grant": "NaN"}, "Grant", "Write an amount"),
    ],
)  # fmt: skip
def test_a_fault_in_a_file_is_named_by_file_row_and_field(changed: dict[str, str], field: str, words: str) -> None:
    file = read_filled(csv_of(GOOD, {**GOOD, **changed}), name="programme.csv", fields=FIELDS, today=TODAY)

    assert [(one.file, one.row, one.field) for one in file.refusals] == [("programme.csv", 3, field)]
    assert words in file.refusals[0].message


def test_a_filled_in_row_is_read_from_a_workbook_and_from_csv_alike_in_any_order_of_columns() -> None:
    as_text = read_filled(csv_of(dict(reversed(GOOD.items()))), name="a.csv", fields=FIELDS, today=TODAY)
    filled = template(
        "Projects",
        FIELDS,
        [{"project": "CH-9", "name": "Elm", "council": "Quillmere", "grant": 1_250_000, "places_open": 3}],
    )
    as_book = read_filled(filled, name="a.xlsx", fields=FIELDS, today=TODAY)

    assert as_text.rows[0].said == as_book.rows[0].said == {
        "project": "CH-9", "name": "Elm", "council": "990", "grant": 125_000_000, "places_open": 3,
    }  # fmt: skip


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no zip", b"\xff\xfe\x00junk", b"a,b\n1,2\n", b"\x00\x00"])
def test_a_file_that_is_no_such_table_is_refused_and_kills_nothing(content: bytes) -> None:
    with pytest.raises(FileRefused):
        read_filled(content, name="odd.csv", fields=FIELDS, today=TODAY)


@given(st.binary(max_size=300))
def test_no_file_whatever_is_in_it_does_more_than_be_refused(content: bytes) -> None:
    with suppress(FileRefused):
        read_filled(content, name="any", fields=FIELDS, today=TODAY)
