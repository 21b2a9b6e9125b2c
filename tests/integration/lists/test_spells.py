"""The fast way to the spells of a day agrees with combining every fact and keeping what held."""

from __future__ import annotations

import json
import random
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinfold.record.combine import shown
from kinfold.record.declare import KINDS, declare_all
from kinfold.record.in_time import FactVersion, holds_on
from kinfold.service.records.reads.spells import Fact, combined, open_spells
from kinfold.service.records.reads.versions import versions_about
from kinfold.terms.errors import StructureBroken

declare_all()
DOORS = ("kinfold", "standard_safeguarding_dataset", "daily_feed", "ssda903", "cin_census", "annex_a")
DAY = date(2026, 11, 22)
FIELDS = ("placement_type", "urn", "postcode", "distance_miles", "placement_authority")
days = st.dates(date(2026, 1, 1), date(2026, 1, 6))
payloads = st.fixed_dictionaries(
    {},
    optional={
        "placement_type": st.sampled_from(["U4", "K2"]), "urn": st.sampled_from(["SC1", "SC2"]),
        "distance_miles": st.sampled_from([1.5, 30.0]), "placement_authority": st.sampled_from(["E08000025", "WAL"]),
    },
)  # fmt: skip


@st.composite
def told(draw: Any) -> tuple[FactVersion, Fact]:
    since = draw(st.one_of(st.none(), days))
    until = draw(st.one_of(st.none(), days))
    if since and until and until < since:
        since, until = until, since
    number, payload = draw(st.integers(1, 10**9)), draw(payloads)
    door, subject = draw(st.sampled_from(DOORS)), draw(st.integers(1, 2))
    party, label = draw(st.one_of(st.none(), st.integers(7, 8))), draw(st.sampled_from(["open", "restricted"]))
    version = FactVersion(
        id=number, fact=UUID(int=number), subject=subject, kind="placement", party=party, valid_from=since, valid_to=until,
        payload=payload, source=door, label=label, ref=payload.get("urn"),
    )  # fmt: skip
    fact = Fact(
        subject=subject, since=since, until=until, door=door, party=party, label=label, version=1, fact=UUID(int=number),
        extracted=None, ref=payload.get("urn"), text=json.dumps(payload),
    )  # fmt: skip
    return version, fact


def as_said(spell: Any) -> tuple[Any, ...]:
    version = getattr(spell, "version", None)
    if version is None:
        values = {name: spell.values.get(name) for name in FIELDS}
        return (
            spell.subject,
            spell.since,
            spell.until,
            spell.party,
            spell.label,
            tuple(values.items()),
            set(spell.doors),
        )
    values = {name: version.payload.get(name) for name in FIELDS}
    return (version.subject, version.valid_from, version.valid_to, version.party, version.label, tuple(values.items()),
            set(spell.doors))  # fmt: skip


@given(st.lists(told(), max_size=8, unique_by=lambda pair: pair[0].id))
def test_combining_for_a_list_of_thousands_says_what_combining_for_a_page_says(
    made: list[tuple[FactVersion, Fact]],
) -> None:
    slow = [as_said(one) for one in shown(version for version, _ in made)]

    fast = [as_said(one) for one in combined("placement", [fact for _, fact in made], FIELDS)]

    assert sorted(fast, key=repr) == sorted(slow, key=repr)


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(6))
def test_the_spells_fetched_for_a_day_are_those_that_held(council: Any, seed: int) -> None:
    chance = random.Random(seed)
    children = [council.child() for _ in range(4)]
    for child in children:
        for _ in range(chance.randrange(1, 9)):
            since = DAY - timedelta(days=chance.randrange(0, 4))
            until = chance.choice([None, None, since + timedelta(days=chance.randrange(0, 6))])
            council.told(child, "placement", {"placement_type": chance.choice(["U4", "K2"])}, since, until,
                         door=chance.choice(DOORS))  # fmt: skip
    ids = [child.pk for child in children]

    fast = open_spells("placement", held_by=council.holder.pk, persons=ids, day=DAY, fields=FIELDS)

    slow = [
        one for one in shown(versions_about(ids, words=("spell",), kinds=["placement"])) if holds_on(one.version, DAY)
    ]
    found = [as_said(spell) for spells in fast.values() for spell in spells]
    assert sorted(found, key=repr) == sorted((as_said(one) for one in slow), key=repr)


@pytest.mark.django_db
def test_an_older_file_that_says_it_goes_on_is_doubted_once_a_newer_one_ended_it(council: Any) -> None:
    from kinfold.service.records.models import Load

    spring, autumn = datetime(2026, 4, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)
    Load.objects.create(
        held_by=council.holder, fingerprint="x", door="daily_feed", by="test", started_at=autumn, extracted_at=autumn
    )
    child = council.child()
    council.told(child, "care_period", {}, date(2025, 1, 1), None, door="ssda903", extracted=spring)
    council.told(child, "care_period", {}, date(2025, 1, 2), date(2026, 7, 1), door="standard_safeguarding_dataset",
                 extracted=autumn)  # fmt: skip

    found = open_spells("care_period", held_by=council.holder.pk, persons=[child.pk], day=DAY)

    assert [spell.doubt for spell in found[child.pk]] == [date(2026, 7, 1)]


@pytest.mark.django_db
def test_what_an_older_file_ends_before_the_newer_one_was_made_casts_no_doubt(council: Any) -> None:
    from kinfold.service.records.models import Load

    spring, autumn = datetime(2026, 4, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)
    Load.objects.create(
        held_by=council.holder, fingerprint="x", door="daily_feed", by="test", started_at=autumn, extracted_at=autumn
    )
    child = council.child()
    council.told(
        child, "care_period", {}, date(2026, 5, 1), None, door="standard_safeguarding_dataset", extracted=autumn
    )
    council.told(child, "care_period", {}, date(2025, 1, 1), date(2026, 3, 1), door="ssda903", extracted=spring)

    found = open_spells("care_period", held_by=council.holder.pk, persons=[child.pk], day=DAY)

    assert [spell.doubt for spell in found[child.pk]] == [None]


def test_a_kind_that_is_told_apart_by_more_than_its_first_day_is_refused() -> None:
    with pytest.raises(StructureBroken, match="allocation"):
        open_spells("allocation", held_by=1, persons=[], day=DAY)


def test_every_kind_the_night_reads_so_is_told_apart_by_its_first_day() -> None:
    assert all(KINDS[name].same_when == ("valid_from",) for name in ("care_period", "placement"))


@pytest.mark.django_db
def test_a_whole_council_is_listed_as_each_of_its_children_is(council: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from kinfold.service.records.reads import tonight as night

    for number in range(4):
        council.in_care(home={"placement_type": "K2"} if number % 2 else None)
    reader = council.reader("head_of_service")

    one_by_one = night.tonight(reader, day=DAY).rows
    monkeypatch.setattr(night, "FEW", 1)

    assert night.tonight(reader, day=DAY).rows == one_by_one
