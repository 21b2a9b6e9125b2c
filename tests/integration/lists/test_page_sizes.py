"""Every page is under 100 KB as it is sent, even of a child with a long history, many homes and a large family."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from kinfold.record.declare import KINDS
from kinfold.service.records.models import FACT_TABLES, Thing

pytestmark = pytest.mark.django_db
MOST = 100_000
BORN = date(2009, 1, 5)
# What is no page for a reader: it ends the session, answers a machine, or is a file.
NO_PAGES = ("account", "mfa", "socialaccount", "api", "admin", "metrics", "healthz", "readyz", "openid", "calendar")
HOME = {"placement_type": "U4", "placement_provider": "PR1", "postcode": "B1 1BB", "home_postcode": "B13 8RU"}


def stretch(council: Any, child: Thing, kind: str, *, times: int, days: int, lasting: bool, **payload: Any) -> None:
    """Write a fact of a kind again and again through a childhood, as a door's file would have."""
    model = FACT_TABLES[KINDS[kind].word.value]
    model.objects.bulk_create(
        model(
            subject=child, held_by=council.holder, fact=uuid4(), kind=kind, known_from=council.holder.head + 1,
            valid_from=BORN + timedelta(days=days * place),
            valid_to=BORN + timedelta(days=days * (place + 1)) if lasting else None,
            recorded_by="test", source="daily_feed", payload=payload,
        )
        for place in range(times)
    )  # fmt: skip


@pytest.fixture
def long_story(council: Any) -> Thing:
    """Return a child of seventeen with twenty homes, a visit every six weeks and a family of twelve."""
    child: Thing = council.in_care("Amal Fenn", since=date(2010, 1, 1), born=BORN, home=HOME)
    stretch(council, child, "placement", times=20, days=300, lasting=True, **HOME)
    stretch(council, child, "legal_status", times=8, days=700, lasting=True, legal_status="C2")
    stretch(council, child, "looked_after_visit", times=140, days=42, lasting=False, seen=True)
    stretch(council, child, "looked_after_review", times=32, days=180, lasting=False, participation="PN1")
    stretch(council, child, "missing", times=10, days=500, lasting=True, missing_type="M")
    for place in range(12):
        other = council.child(f"Sibling{place} Fenn", born=BORN + timedelta(days=400 * place))
        council.fact(child, "sibling", {}, BORN, party=other)
    return child


def all_names(patterns: Any, prefix: str = "") -> list[tuple[str, int]]:
    """Return the name of every route, with how many things it asks for in its address."""
    found: list[tuple[str, int]] = []
    for one in patterns:
        if isinstance(one, URLResolver):
            space = f"{one.namespace}:" if one.namespace else ""
            found += all_names(one.url_patterns, prefix + space)
        elif isinstance(one, URLPattern) and one.name:
            found.append((prefix + one.name, len(one.pattern.converters)))
    return found


def addresses(child: Thing) -> dict[str, str]:
    """Return the address of every page that asks for nothing, or for a child."""
    found = {}
    for name, asked in all_names(get_resolver().url_patterns):
        if name.startswith(NO_PAGES) or asked > 1:
            continue
        try:
            address = reverse(name, args=[child.uid] if asked else [])
        except NoReverseMatch:
            continue
        if not asked or address.startswith("/children/"):
            found[name] = address
    return found


def test_every_page_is_light_however_long_the_story(council: Any, signed_in: Any, long_story: Thing) -> None:
    for number in range(130):
        council_child = Thing.objects.create(word="person", sort="child", held_by=council.holder)
        stretch(council, council_child, "care_period", times=1, days=1, lasting=False, start_reason="S")
        council.count = number
    client = signed_in(council.account("director_of_childrens_services"))
    asked = addresses(long_story)
    asked |= {
        "story, page 3": f"{asked['child']}?page=3", "story as a table": f"{asked['child']}?table=1",
        "story as a table, page 4": f"{asked['child']}?table=1&page=4", "a search": f"{asked['search']}?q=fenn",
    }  # fmt: skip

    sizes = {}
    for name, address in asked.items():
        answer = client.get(address, headers={"Accept-Encoding": "gzip"})  # as browsers ask
        kind = answer.headers.get("Content-Type", "")
        if answer.status_code == 200 and kind.startswith("text/html") and not answer.streaming:
            sizes[name] = len(answer.content)

    assert {"home", "search", "child", "family", "tonight", "story as a table"} <= set(sizes)
    assert {name: size for name, size in sizes.items() if size >= MOST} == {}


def test_the_whole_of_a_long_story_can_be_read_a_page_at_a_time(
    council: Any, signed_in: Any, long_story: Thing
) -> None:  # fmt: skip
    client = signed_in(council.account("director_of_childrens_services"))
    address = reverse("child", args=[long_story.uid])

    first = client.get(address).content.decode()
    last = client.get(f"{address}?page=99999").content.decode()
    table = client.get(f"{address}?table=1").content.decode()

    assert "entries</p>" in first
    assert "page=2#story-list" in first
    assert first != last
    assert 'rel="next"' not in last
    assert "Showing 1 to 80 of" in table


@pytest.mark.parametrize("asked", ["page=x", "page=-1", "page=%00", "table=1&page=0", "page=999999999999"])
def test_an_address_that_asks_for_no_page_gets_one(council: Any, signed_in: Any, asked: str) -> None:
    child = council.child()
    client = signed_in(council.account("director_of_childrens_services"))

    assert client.get(f"{reverse('child', args=[child.uid])}?{asked}").status_code == 200
