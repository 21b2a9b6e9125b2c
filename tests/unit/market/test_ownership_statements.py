"""Ownership statements in the Beneficial Ownership Data Standard: kept, understood, written. All companies and people are invented."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinfold.market.ownership import Entity, Interest, economic_interests, graph_on
from kinfold.market.ownership.bods import as_statements, read_bods, understood, written_bods
from kinfold.market.ownership.chain import owners_of
from kinfold.terms.errors import FileRefused

TODAY = date(2026, 4, 1)
STATEMENTS = [
    {"statementId": "s1", "recordId": "co", "recordType": "entity", "recordStatus": "new", "statementDate": "2025-01-01",
     "recordDetails": {"isComponent": False, "entityType": {"type": "registeredEntity"}, "name": "Tarnholt Care Ltd",
                       "jurisdiction": {"name": "United Kingdom", "code": "GB"}, "uri": "kept"}, "extra": {"also": ["kept"]}},
    {"statementId": "s2", "recordId": "who", "recordType": "person", "recordStatus": "new", "statementDate": "2025-01-01",
     "recordDetails": {"isComponent": False, "personType": "anonymousPerson"}},
    {"statementId": "s3", "recordId": "rel", "recordType": "relationship", "recordStatus": "new", "statementDate": "2025-01-01",
     "recordDetails": {"isComponent": False, "subject": "co", "interestedParty": "who",
                       "interests": [{"type": "shareholding", "share": {"exclusiveMinimum": 25, "maximum": 50}}]}},
    {"statementId": "s4", "recordId": "rel2", "recordType": "relationship", "recordStatus": "new", "statementDate": "2025-01-01",
     "recordDetails": {"isComponent": False, "subject": "co", "interestedParty": {"reason": "subjectUnableToConfirm"},
                       "interests": [{"type": "votingRights", "share": {"exact": 30}}]}},
    {"statementId": "s5", "recordId": "loop", "recordType": "relationship", "recordStatus": "new", "statementDate": "2025-01-01",
     "recordDetails": {"isComponent": False, "subject": "co", "interestedParty": "co",
                       "interests": [{"type": "shareholding", "share": {"exact": 10}}]}},
]  # fmt: skip


def test_statements_go_out_exactly_as_they_came(tmp_path: Path) -> None:
    file = tmp_path / "statements.json"
    file.write_text(json.dumps(STATEMENTS), encoding="utf-8")

    assert json.loads(written_bods(understood(read_bods(file)).raw)) == STATEMENTS


def test_an_anonymous_and_an_unnamed_owner_are_kept_and_a_circle_ends() -> None:
    found = understood(STATEMENTS)
    graph = graph_on(found.entities, found.interests, TODAY)

    assert [(one.owner, one.low, one.high) for one in economic_interests(graph).of("co").owners] == [("who", 0.25, 0.5)]
    assert {one.sort for one in found.entities} == {"entity", "anonymous", "unknown"}
    assert any(one.low == one.high == 0.3 and one.kind == "votes" for one in found.interests)


def _statement(kind: str, record: str, **details: Any) -> dict[str, Any]:
    return {"statementId": f"s-{record}", "recordId": record, "recordType": kind, "statementDate": "2025-01-01",
            "recordStatus": "new", "recordDetails": {"isComponent": False, **details}}  # fmt: skip


def _company(record: str) -> dict[str, Any]:
    return _statement("entity", record, entityType={"type": "registeredEntity"}, name=f"{record.title()} Ltd")


def _all_shares(subject: str, party: Any) -> dict[str, Any]:
    whole = {"type": "shareholding", "share": {"exact": 100}, "beneficialOwnershipOrControl": False}
    return _statement("relationship", f"{party}-{subject}", subject=subject, interestedParty=party, interests=[whole])


def test_two_companies_that_own_each_other_have_no_controller_and_neither_has_what_they_run() -> None:
    """The standard's canonical case of circular ownership, renamed, with a home's company below it."""
    given = [*map(_company, ("alpha", "beta", "home")), _all_shares("beta", "alpha"), _all_shares("alpha", "beta"), _all_shares("home", "beta")]  # fmt: skip
    found = understood(given)

    for uid in ("alpha", "beta", "home"):
        said = owners_of(found.entities, found.interests, uid, TODAY)
        assert said["control"]["by"] is None
        assert said["economic_interest"]["owners"] == []
        assert any("control one another in a circle" in text for text in said["not_known"])
    assert len(found.interests) == 3


def test_a_company_that_cannot_say_who_its_owner_is_keeps_an_unknown_one_with_the_reason() -> None:
    """The standard's canonical case of a declared unknown owner, renamed: the reason stands in the relationship itself."""
    party = {"reason": "subjectUnableToConfirmOrIdentifyBeneficialOwner", "description": "Bearer shares"}
    given = [_company("opaque"), {**_all_shares("opaque", "x"), "recordDetails": {"subject": "opaque", "interestedParty": party, "interests": []}}]  # fmt: skip
    found = understood(given)
    said = owners_of(found.entities, found.interests, "opaque", TODAY)

    assert [one.sort for one in found.entities] == ["entity", "unknown"]
    assert said["control"]["by"] is None
    assert any("subjectUnableToConfirmOrIdentifyBeneficialOwner" in text for text in said["not_known"])
    assert json.loads(written_bods(given)) == given


def test_a_closed_record_ends_on_the_day_it_was_closed() -> None:
    closed = [
        *STATEMENTS,
        {**STATEMENTS[2], "statementId": "s6", "recordStatus": "closed", "statementDate": "2026-01-01"},
    ]

    (one,) = [one for one in understood(closed).interests if one.owner == "who"]

    assert one.end == date(2026, 1, 1)


exact = st.integers(0, 100).map(lambda n: n / 100)


@given(
    st.lists(
        st.tuples(
            st.sampled_from("ABC"), st.sampled_from("XYZ"), st.sampled_from(["shares", "votes", "board"]), exact, exact
        )
    )
)
def test_what_is_written_as_statements_reads_back_the_same(rows: list[tuple[str, str, str, float, float]]) -> None:
    entities = [
        Entity(uid, name=f"{uid} Ltd", country="GB", numbers=(("GB-COH", f"0990000{n}"),))
        for n, uid in enumerate("ABCXYZ")
    ]
    interests = [Interest(a, b, kind, min(x, y), max(x, y), start=date(2020, 1, 1)) for a, b, kind, x, y in rows]

    found = understood(as_statements(entities, interests, TODAY))

    assert {(one.uid, one.name, one.country, one.numbers) for one in found.entities} == {
        (one.uid, one.name, one.country, one.numbers) for one in entities
    }
    told = {
        (one.owner, one.subject, one.kind, round(one.low, 9), round(one.high, 9), one.start) for one in found.interests
    }
    assert told == {
        (one.owner, one.subject, one.kind, round(one.low, 9), round(one.high, 9), one.start) for one in interests
    }


def test_a_file_that_is_no_list_of_statements_is_refused(tmp_path: Path) -> None:
    for text in ("{", '[{"a": 1}]', "hello"):
        (tmp_path / "x.json").write_text(text, encoding="utf-8")
        with pytest.raises(FileRefused, match=r"x\.json"):
            read_bods(tmp_path / "x.json")
