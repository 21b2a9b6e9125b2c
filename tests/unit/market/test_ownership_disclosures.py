"""What companies say in place of naming an owner: read as published, kept with its days, shown in its own words. All is invented."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinfold.market.ownership.bods import as_statements, understood, written_bods
from kinfold.market.ownership.chain import owners_of
from kinfold.market.ownership.companies_house import read_significant_control
from kinfold.market.ownership.disclosures import Disclosure, hides_nobody, reason_words
from kinfold.market.ownership.graph import Entity, Interest

TODAY = date(2026, 4, 1)
REASONS = ("noBeneficialOwners", "subjectUnableToConfirmOrIdentifyBeneficialOwner", "interestedPartyHasNotProvidedInformation",
           "subjectExemptFromDisclosure", "interestedPartyExemptFromDisclosure", "unknown", "informationUnknownToPublisher")  # fmt: skip


def line(company: str, **data: Any) -> dict[str, Any]:
    """Return a line of the companies register's snapshot, as it publishes them."""
    return {"company_number": company, "data": {"etag": "e", "links": {"self": f"/company/{company}"}, **data}}


def statement(code: str, **more: str) -> dict[str, Any]:
    return line(
        "09900001", kind="persons-with-significant-control-statement", statement=code, notified_on="2016-04-06", **more
    )


EXEMPTIONS = line("09900002", kind="exemptions", exemptions={
    "psc_exempt_as_trading_on_regulated_market": {
        "exemption_type": "psc-exempt-as-trading-on-regulated-market",
        "items": [{"exempt_from": "2017-08-13", "exempt_to": "2021-08-13"}]},
    "psc_exempt_as_trading_on_uk_regulated_market": {
        "exemption_type": "psc-exempt-as-trading-on-uk-regulated-market", "items": [{"exempt_from": "2021-08-13"}]},
})  # fmt: skip


def read(folder: Path, *lines: dict[str, Any]) -> list[Disclosure]:
    file = folder / "psc.txt"
    file.write_text("".join(json.dumps(one) + "\n" for one in lines), encoding="utf-8")
    found = read_significant_control(file)
    assert found.problems == []
    return found.disclosures


@pytest.mark.parametrize(
    ("code", "reason", "words"),
    [
        ("no-individual-or-entity-with-signficant-control", "noBeneficialOwners", "The company knows or has reasonable cause to believe that there is no"),
        ("no-individual-or-entity-with-signficant-control-partnership", "noBeneficialOwners", "The partnership knows"),
        ("psc-exists-but-not-identified", "subjectUnableToConfirmOrIdentifyBeneficialOwner", "has not identified the registrable person"),
        ("steps-to-find-psc-not-yet-completed", "subjectUnableToConfirmOrIdentifyBeneficialOwner", "not yet completed taking reasonable steps"),
        ("psc-has-failed-to-confirm-changed-details", "interestedPartyHasNotProvidedInformation", "Ada Fell has failed to comply"),
        ("a-code-of-another-year", "unknown", "a-code-of-another-year"),
    ],
)  # fmt: skip
def test_a_statement_of_the_register_is_kept_with_its_words_and_days(
    tmp_path: Path, code: str, reason: str, words: str
) -> None:
    (found,) = read(tmp_path, statement(code, ceased_on="2018-05-01", linked_psc_name="Ada Fell"))

    assert (found.subject, found.code, found.reason) == ("GB-COH-09900001", code, reason)
    assert words in found.words
    assert (found.start, found.end) == (date(2016, 4, 6), date(2018, 5, 1))
    assert [found.holds_on(day) for day in (date(2018, 4, 30), date(2018, 5, 1))] == [True, False]


def test_a_statement_that_leaves_nobody_unnamed_is_not_kept(tmp_path: Path) -> None:
    assert read(tmp_path, statement("all-beneficial-owners-identified")) == []


def test_each_time_of_an_exemption_is_kept(tmp_path: Path) -> None:
    found = read(tmp_path, EXEMPTIONS)

    assert [(one.code, one.start, one.end) for one in found] == [
        ("psc-exempt-as-trading-on-regulated-market", date(2017, 8, 13), date(2021, 8, 13)),
        ("psc-exempt-as-trading-on-uk-regulated-market", date(2021, 8, 13), None),
    ]
    assert [one.code for one in found if one.holds_on(TODAY)] == ["psc-exempt-as-trading-on-uk-regulated-market"]


def test_what_a_company_says_stands_beside_what_is_not_known_on_its_day(tmp_path: Path) -> None:
    entities = [
        Entity("GB-COH-09900001", "Fell Care Ltd", country="GB"),
        Entity("GB-COH-09900002", "Fell Group PLC", country="GB"),
    ]
    interests = [Interest("GB-COH-09900002", "GB-COH-09900001", "shares", 1, 1)]
    told = read(tmp_path, EXEMPTIONS, statement("steps-to-find-psc-not-yet-completed"))
    found = understood(as_statements(entities, interests, TODAY, disclosures=told))

    now = owners_of(found.entities, found.interests, "GB-COH-09900001", TODAY, disclosures=found.disclosures)
    then = owners_of(
        found.entities, found.interests, "GB-COH-09900001", date(2016, 1, 1), disclosures=found.disclosures
    )

    assert [(one["name"], one["code"]) for one in now["said"]] == [
        ("Fell Care Ltd", "steps-to-find-psc-not-yet-completed"),
        ("Fell Group PLC", "psc-exempt-as-trading-on-uk-regulated-market"),
    ]
    assert then["said"] == []
    # that it cannot say who an owner is leaves an owner unknown; that it need not name any makes up nobody
    assert [one.sort for one in found.entities] == ["entity", "entity", "unknown"]
    assert any(text.startswith("An owner of Fell Care Ltd: who this is has not been said") for text in now["not_known"])


def test_the_standards_own_statement_that_there_is_no_owner_makes_up_nobody() -> None:
    """The standard's form of it, renamed: a reason in the place of the party, and no interest."""
    given = [{"statementId": "s1", "recordId": "r", "recordType": "relationship", "recordStatus": "new", "statementDate": "2025-01-01",
              "recordDetails": {"isComponent": False, "subject": "co", "interestedParty": {"reason": "noBeneficialOwners"}, "interests": []}}]  # fmt: skip
    found = understood(given)

    assert found.entities == []
    assert found.interests == []
    assert [(one.subject, one.words) for one in found.disclosures] == [("co", "There is no owner who must be named.")]
    assert json.loads(written_bods(given)) == given


days = st.none() | st.dates(date(2016, 4, 6), date(2026, 1, 1))


@given(st.lists(st.builds(
    Disclosure, st.sampled_from("abc"), st.sampled_from(REASONS), st.text("xyz ", min_size=1), st.sampled_from(("", "psc-contacted-but-no-response")), days, days,
    st.just("Companies House, persons with significant control"),
), max_size=5, unique_by=lambda one: (one.subject, one.reason, one.code or one.words, one.start)))  # fmt: skip
def test_what_is_written_as_statements_reads_back_the_same(told: list[Disclosure]) -> None:
    assert understood(as_statements((), (), TODAY, disclosures=told)).disclosures == told


def test_every_reason_of_the_standard_has_words() -> None:
    assert all(reason_words(one) != one for one in REASONS)
    assert [one for one in REASONS if hides_nobody(one)] == ["noBeneficialOwners", "subjectExemptFromDisclosure"]
