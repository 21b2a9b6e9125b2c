"""
What every test shares. A tool this machine lacks skips its tests by name; KINFOLD_REQUIRE makes that a failure.

The database's own guards refuse deletion, so Django's clean-up between tests lifts them in the test database.
"""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings as property_settings

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's sync API runs an event loop here
logging.raiseExceptions = False  # a live server's thread may log once more after its test's output is closed
# No test is timed: a property whose first example fills a table is not slow. What lands is decided by the same examples
# every time; the nightly tier looks for new ones.
property_settings.register_profile("kinfold", deadline=None, derandomize="KINFOLD_NEW_EXAMPLES" not in os.environ)
property_settings.load_profile("kinfold")
REQUIRED = {name.strip() for name in os.environ.get("KINFOLD_REQUIRE", "").split(",") if name.strip()}
CHROMIUM = os.environ.get("KINFOLD_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or ""
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def lacking(tool: str, why: str) -> None:
    """Skip for want of a tool, or fail where KINFOLD_REQUIRE names it."""
    if tool in REQUIRED:
        pytest.fail(why)
    pytest.skip(why)


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of published figures, samples and conformance sets beside the project."""
    if not SHARED.is_dir():
        pytest.skip("the folder `shared` with samples and conformance sets is not beside the project")
    return SHARED


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """Keep the test database's name as the settings give it."""


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Install the shared cache and the guards in the test database."""
    with django_db_blocker.unblock():
        import kinfold.service.jobs.worker  # noqa: F401 -- names every task, as a worker does
        from kinfold.service.records.setting_up import migrate_all

        assert migrate_all() == []


@pytest.fixture(autouse=True)
def _lift_guards_for_clean_up(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let Django's flush after a transactional test empty the append-only tables, and guard them again."""
    marker = request.node.get_closest_marker("django_db")
    transactional = bool(marker and marker.kwargs.get("transaction")) or "transactional_db" in request.fixturenames
    if not transactional and "live_server" not in request.fixturenames:
        yield
        return
    from django.core.management.commands import flush

    from kinfold.service.records import guards

    original = flush.Command.handle

    def unguarded(self: Any, **options: Any) -> Any:
        with guards.lifted():
            return original(self, **options)

    flush.Command.handle = unguarded  # type: ignore[method-assign]
    yield


@pytest.fixture(autouse=True)
def _reads_as_system(request: pytest.FixtureRequest) -> None:
    """Let a test look at the tables past the second wall; a test of the wall itself sets its own reader."""
    if not request.node.get_closest_marker("django_db"):
        return
    request.getfixturevalue("db" if "transactional_db" not in request.fixturenames else "transactional_db")
    from django.db import connection

    if connection.vendor == "postgresql":
        from kinfold.service.records import scope

        scope._tell("system", "0", local=False)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Return a headless Chromium."""
    if not CHROMIUM:
        lacking("browser", "Chromium is not installed: install it with 'apt-get install chromium'")
    from playwright.sync_api import Locator, expect, sync_playwright

    expect.set_options(timeout=30_000)  # as long as a click waits: a busy machine is no failure
    with sync_playwright() as playwright, pytest.MonkeyPatch.context() as patch:
        patch.setattr(Locator, "click", _whole_page_after(Locator.click))
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        yield launched
        launched.close()


def _whole_page_after(click: Callable[..., None]) -> Callable[..., None]:
    """Return a click that ends when the page it leads to is there whole: by itself it ends when the answer begins."""

    def wait_too(self: Any, *given: Any, **more: Any) -> None:
        click(self, *given, **more)
        self.page.wait_for_load_state()

    return wait_too


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """Return a new page in its own context."""
    context = browser.new_context(locale="en-GB", timezone_id="Europe/London")
    yield context.new_page()
    context.close()
