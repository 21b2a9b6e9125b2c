"""
Every page there is, opened by somebody who may: axe, width, weight, errors and no JavaScript.

A new route is covered by itself: it fails here until `page_examples.py` says who opens it and where, or why it is no page.
KINFOLD_PICTURES=<folder> keeps a picture of each page at both widths.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.urls import URLPattern

from kinfold.service.web import urls
from tests.journeys.conftest import NARROW, WIDE, Served, sideways, violations
from tests.journeys.page_examples import IN_A_CASE, NOT_PAGES, PAGES, address_of, installation_of

MOST_BYTES = 100_000
# The pages are the same on either database; the journeys go through both.
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        "postgresql" in os.environ.get("KINFOLD_DATABASE_URL", ""), reason="every page is opened once, on SQLite"
    ),
]
BUILT = Path(__file__).parents[2] / "src/kinfold/service/web/static/built"


def routes() -> list[str]:
    """Return the name of every route of the pages."""
    named = {one.name for one in urls.urlpatterns if isinstance(one, URLPattern)}
    assert None not in named, "every address needs a name"
    return sorted(name for name in named if name)


@pytest.mark.parametrize("route", [name for name in routes() if name not in NOT_PAGES and name not in IN_A_CASE])
def test_every_page_is_accessible_and_light_and_fits_a_telephone_and_needs_no_script(
    route: str, served: Served, weighed: Any, plain: Any, settings: Any
) -> None:
    settings.INSTALLATION = installation_of(route)
    if route not in PAGES:
        pytest.fail(
            f"The route {route} is new: say in PAGES who opens it and where, in NOT_PAGES why it is no page, or in IN_A_CASE that a journey opens it."
        )
    example = PAGES[route]
    page, told, weight = weighed
    served.become(page.context, example.who)
    served.become(plain.context, example.who)
    address = address_of(route, served)
    unscripted = words_of(plain, served.url + address)
    assert plain.locator("h1").count() == 1
    for form in plain.locator("main form").all():
        assert form.locator("button:visible, input[type=submit]:visible").count(), form.evaluate("f => f.outerHTML")

    answer = page.goto(served.url + address)

    assert answer.status == 200, f"{address}: {answer.status} {page.locator('main').inner_text()[:300]}"
    keep_picture(page, route)
    lost = words_on(page) - unscripted - OF_SCRIPTS
    if lost:  # a visit adds a look, which pushes an older one off a list of looks: nothing that a script did
        lost -= words_of(plain, served.url + address)
    assert lost == set(), "words are lost without JavaScript"
    wide = violations(page)
    page.set_viewport_size(NARROW)
    keep_picture(page, f"{route}-320")
    assert sideways(page) is None
    assert wide + violations(page) == []
    assert told == []
    assert sum(weight) <= MOST_BYTES, f"{sum(weight):,} bytes"


# What the scripts themselves add: the hint of a drop zone, the count of characters, what a script shows or hides, and
# that the columns of a table can be sorted.
OF_SCRIPTS = frozenset({
    "Drop", "Choose", "Or", "or", "drop", "files", "file", "here", "No", "chosen", "You", "have", "characters", "remaining",
    "Show", "Hide", "all", "sections", "column", "headers", "with", "buttons", "are", "sortable",
})  # fmt: skip


def test_no_example_is_left_of_a_route_that_is_gone() -> None:
    assert {*PAGES, *NOT_PAGES, *IN_A_CASE} <= set(routes())


def words_of(page: Any, address: str) -> set[str]:
    """Open an address and return the words of its main part."""
    page.goto(address)
    return words_on(page)


def words_on(page: Any) -> set[str]:
    """Return the words of a page's main part, without numbers."""
    return {word for word in page.locator("main").inner_text().split() if word.isalpha()}


def keep_picture(page: Any, name: str) -> None:
    """Keep a picture of the page, where somebody wants to look at it."""
    if folder := os.environ.get("KINFOLD_PICTURES"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


@pytest.fixture
def weighed(browser: Any) -> Iterator[tuple[Any, list[str], list[int]]]:
    """Return a page, what its console and its own faults say, and the bytes of each thing it fetches."""
    context = browser.new_context(locale="en-GB", timezone_id="Europe/London", viewport=WIDE)
    page = context.new_page()
    told: list[str] = []
    weight: list[int] = []
    page.on("console", lambda said: told.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda fault: told.append(str(fault)))
    page.on("requestfinished", lambda request: weight.append(bytes_of(request)))
    yield page, told, weight
    context.close()


def bytes_of(request: Any) -> int:
    """Return the bytes of one answer; what is static counts as the service sends it, compressed beforehand."""
    compressed = BUILT / f"{request.url.split('?')[0].rpartition('/built/')[2]}.gz"
    if "/static/built/" in request.url and compressed.exists():
        return compressed.stat().st_size
    return int(request.sizes()["responseBodySize"])


@pytest.fixture
def plain(browser: Any) -> Iterator[Any]:
    """Return a page of a browser without JavaScript."""
    context = browser.new_context(locale="en-GB", java_script_enabled=False, viewport=WIDE)
    yield context.new_page()
    context.close()
