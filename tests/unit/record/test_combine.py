"""Facts of several doors about one thing, combined for showing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinfold.record.combine import Difference, Said, combined, declared_precedence, read_precedence, shown
from kinfold.record.in_time import FactVersion
from kinfold.terms.errors import SettingError, StructureBroken

DATASET = "standard_safeguarding_dataset"


def test_two_doors_that_agree_are_shown_as_one(fact):
    first = fact("placement", "2025-04-01", source="ssda903", placement_type="U4", urn="SC123456")
    second = fact("placement", "2025-04-01", source="daily_feed", placement_type="U4", postcode="ZZ1 1AA")

    (one,) = shown([first, second])

    assert one.version.payload == {"placement_type": "U4", "urn": "SC123456", "postcode": "ZZ1 1AA"}
    assert one.doors == ("daily_feed", "ssda903")
    assert one.from_door["urn"] == "ssda903"
    assert one.version.ref == "SC123456"
    assert one.findings == []


def test_where_doors_differ_the_declared_order_is_shown_and_both_are_kept(fact):
    dataset = fact("placement", "2025-04-01", source=DATASET, placement_type="U1", distance_miles=12.0)
    returned = fact("placement", "2025-04-01", source="ssda903", placement_type="U4", distance_miles=11.5)

    (one,) = shown([returned, dataset])

    assert one.version.payload == {"placement_type": "U1", "distance_miles": 11.5}, "the return's distance comes first"
    assert one.differences == (
        Difference("distance_miles", 11.5, (Said("ssda903", 11.5), Said(DATASET, 12.0))),
        Difference("placement_type", "U1", (Said(DATASET, "U1"), Said("ssda903", "U4"))),
    )
    assert [finding.code for finding in one.findings] == ["doors_differ", "doors_differ"]
    assert one.findings[1].message == (
        "Placement: kind of placement differs. Standard Safeguarding Dataset says “Foster placement with a relative or "
        "friend: long term”; SSDA903 says “Foster placement with another foster carer: long term”. The first is shown."
    )
    assert set(one.findings[0].facts) == {dataset.fact, returned.fact}


def test_an_open_end_is_a_statement_only_where_the_door_can_say_an_end(fact):
    feed = fact("placement", "2025-04-01", None, source="daily_feed")
    returned = fact("placement", "2025-04-01", "2025-06-01", source="ssda903")
    census = fact("section_47_enquiry", "2025-04-01", None, source="cin_census")
    dataset = fact("section_47_enquiry", "2025-04-01", "2025-04-20", source=DATASET)

    enquiry, placement = sorted(
        shown([feed, returned, census, dataset]), key=lambda one: one.version.kind, reverse=True
    )

    assert placement.version.kind == "placement"
    assert placement.version.valid_to is None
    assert [difference.field for difference in placement.differences] == ["valid_to"]
    assert enquiry.version.valid_to == date(2025, 4, 20)
    assert enquiry.differences == ()


def test_facts_of_one_door_are_never_one_thing(fact):
    contacts = [fact("contact", "2025-04-01", source=DATASET, contact_source="A") for _ in range(2)]

    assert len(shown(contacts)) == 2


def test_what_is_restricted_is_not_joined_to_what_is_open(fact):
    restricted = fact("address", "2025-04-01", label="restricted", ref="ZZ1 1AA", postcode="ZZ1 1AA")
    opened = fact("address", "2025-04-01", source=DATASET, ref="ZZ1 1AA", postcode="ZZ1 1AA")

    assert sorted(one.version.label for one in shown([restricted, opened])) == ["open", "restricted"]


def test_details_of_a_person_are_one_whatever_their_dates(fact):
    details = [
        fact("person_details", source="ssda903", sex="M", ethnicity="WBRI"),
        fact("person_details", "2024-01-01", source=DATASET, sex="F"),
        fact("person_details", source="annex_a", ethnicity="WBRI"),
    ]

    (one,) = shown(details)

    assert one.version.payload == {"sex": "F", "ethnicity": "WBRI"}
    assert one.doors == (DATASET, "ssda903", "annex_a")


def test_the_same_codes_in_another_order_do_not_differ(fact):
    details = [
        fact("disability", source="cin_census", disabilities=["HAND", "VIS"]),
        fact("disability", source="daily_feed", disabilities=["VIS", "HAND"]),
    ]

    (one,) = shown(details)

    assert one.differences == ()


def test_other_children_are_not_mixed_up(fact):
    facts = [
        fact("contact", "2025-04-01", subject=subject, source=door)
        for subject in (1, 2)
        for door in (DATASET, "annex_a")
    ]

    assert [one.version.subject for one in shown(facts)] == [1, 2]


# --- properties ----------------------------------------------------------------------------------

DOORS = ["kinfold", DATASET, "daily_feed", "ssda903", "cin_census", "annex_a", "a door nobody declared"]
DAYS = st.none() | st.dates(date(2025, 1, 1), date(2025, 1, 6))
PLACEMENTS = st.builds(
    dict,
    kind=st.sampled_from(["placement", "person_details", "contact", "address"]),
    source=st.sampled_from(DOORS),
    valid_from=DAYS,
    days=st.none() | st.integers(0, 3),
    value=st.sampled_from([None, "U1", "U4"]),
)
FIELD = {"placement": "placement_type", "person_details": "sex", "contact": "contact_source", "address": "address_type"}


def _facts(drawn):
    made = []
    for number, one in enumerate(drawn, start=1):
        start, days = one["valid_from"], one["days"]
        end = date.fromordinal(start.toordinal() + days) if start and days is not None else None
        payload = {FIELD[one["kind"]]: one["value"]} if one["value"] else {}
        made.append(
            FactVersion(
                id=number, fact=UUID(int=number), subject=1, kind=one["kind"], valid_from=start,
                valid_to=end, payload=payload, source=one["source"],
            )
        )  # fmt: skip
    return made


@given(drawn=st.lists(PLACEMENTS, max_size=8))
def test_combining_what_was_combined_changes_nothing(drawn):
    once = shown(_facts(drawn))

    twice = shown([one.version for one in once])

    assert [one.version for one in twice] == [one.version for one in once]
    assert all(one.differences == () for one in twice)


@given(drawn=st.lists(PLACEMENTS, max_size=8), data=st.data())
def test_the_order_of_the_facts_does_not_matter(drawn, data):
    facts = _facts(drawn)

    assert shown(data.draw(st.permutations(facts))) == shown(facts)


@given(drawn=st.lists(PLACEMENTS, max_size=8))
def test_no_fact_is_lost_and_none_is_shown_twice(drawn):
    facts = _facts(drawn)

    kept = [fact.id for one in shown(facts) for fact in one.facts]

    assert sorted(kept) == [fact.id for fact in facts]


@given(drawn=st.lists(PLACEMENTS, max_size=8))
def test_values_alone_are_combined_as_they_are_shown(drawn):
    facts = _facts(drawn)

    made = [replace(lead, **changes) for lead, changes in combined(facts)]

    assert _said(made) == _said([one.version for one in shown(facts)])


def _said(versions):
    return sorted(
        (one.id, one.valid_from, one.valid_to, one.party, one.ref, sorted((k, v) for k, v in one.payload.items() if v is not None))
        for one in versions
    )  # fmt: skip


# --- the order of doors --------------------------------------------------------------------------


def test_the_shipped_order_names_declared_kinds_and_fields():
    order = declared_precedence()

    assert order.order("contact") == ("kinfold", DATASET, "daily_feed", "ssda903", "cin_census", "annex_a")
    assert order.order("placement", "distance_miles")[0] == "ssda903"
    assert order.order("legal_status", "legal_status")[:2] == ("kinfold", "ssda903")


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        pytest.param("[placement.fields]\nurm = ['ssda903']", SettingError, id="a field that is none"),
        pytest.param("[placemnt]\norder = ['ssda903']", StructureBroken, id="a kind that is none"),
    ],
)
def test_a_mistake_in_the_order_is_refused(text, refusal):
    with pytest.raises(refusal):
        read_precedence(text)
