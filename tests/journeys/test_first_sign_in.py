"""
The first sign-in, on the server that people use: an administrator makes an account, the person chooses a password
from a link, sets up a passkey or an app, and signs in with it. In Chromium with its own virtual authenticator.
"""

from __future__ import annotations

import base64
import hmac
import json
import os
import re
import socket
import struct
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
COMMAND = "import sys; from kinfold.command import main; sys.argv = ['kinfold', *sys.argv[1:]]; main()"
PASSWORD = "umbrella walnut fortnight"


class Place:
    """An installation with a server that answers at `site`."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder, self.environment = folder, environment
        with socket.socket() as trying:
            trying.bind(("127.0.0.1", 0))
            self.port = int(trying.getsockname()[1])
        self.site = f"http://localhost:{self.port}"

    def kinfold(self, *arguments: str) -> dict[str, Any]:
        """Run one command and return what it answers."""
        line = [sys.executable, "-c", COMMAND, *arguments, "--json"]
        done = subprocess.run(line, env=self.environment, check=False, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return dict(json.loads(done.stdout))

    def link_in_mail(self) -> str:
        """Return the link in the one mail that was sent, and take the mail away."""
        (path,) = (self.folder / "mail").glob("*.log")
        text = message_from_bytes(path.read_bytes(), policy=policy.default).get_body().get_content()  # type: ignore[union-attr]
        path.unlink()
        return str(re.search(r"http://\S+", text)[0])  # type: ignore[index]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Return an installation with a council and an administrator, and its server."""
    folder = tmp_path_factory.mktemp("first") / "data"
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("KINFOLD_", "DJANGO_"))}
    made = Place(folder, {**kept, "KINFOLD_DATA": str(folder)})
    made.kinfold("migrate")
    made.kinfold("people", "add-council", "990", "Elmshire")
    made.kinfold(
        "people", "add-account", "lewis@elmshire.invalid", "--name", "Lewis Okoro", "--council", "990",
        "--role", "application_administrator",
    )  # fmt: skip
    line = [sys.executable, "-c", COMMAND, "serve", "--port", str(made.port), "--workers", "1"]
    server = subprocess.Popen(line, env=made.environment, stderr=subprocess.DEVNULL)
    _wait(made)
    yield made
    server.terminate()
    server.wait(60)


def _wait(place: Place) -> None:
    last = time.monotonic() + 300
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{place.port}/healthz", timeout=10).close()
            return
        except OSError:  # urllib says it so too
            assert time.monotonic() < last, "the server does not answer"
            time.sleep(0.2)


def code(secret: str) -> str:
    """Return the code that an authenticator app shows now for a secret (RFC 6238: HMAC-SHA-1, 30 seconds, 6 digits)."""
    counter = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.digest(base64.b32decode(secret), counter, "sha1")
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def passes_axe(page: Any) -> None:
    """Hold a page to what axe finds, and to 320 pixels without sideways scrolling."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    assert found == [], [(one["id"], one["nodes"][0]["html"]) for one in found]
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.set_viewport_size({"width": 1280, "height": 900})


def chooses_a_password(page: Any, link: str) -> None:
    """Open a link and set the password."""
    page.goto(link)
    passes_axe(page)
    page.get_by_label("New Password", exact=True).fill(PASSWORD)
    page.get_by_label(re.compile("again", re.IGNORECASE)).fill(PASSWORD)
    page.get_by_role("button", name="Change password").click()
    passes_axe(page)


def signs_in(page: Any, site: str, email: str) -> None:
    """Give the address and the password."""
    page.goto(f"{site}/accounts/login/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()


def test_an_administrator_lets_somebody_in_who_sets_up_a_passkey(browser: Any, place: Place) -> None:
    # given an administrator with a link from the command line
    lewis = _page(browser)
    link = place.kinfold("people", "link", "lewis@elmshire.invalid", "--site", place.site)["link"]
    chooses_a_password(lewis, link)
    lewis.goto(link)
    expect(lewis.get_by_role("heading", name="This link no longer works")).to_be_visible()
    signs_in(lewis, place.site, "lewis@elmshire.invalid")

    # who is led to a second factor before anything opens, and chooses an app
    recovery = sets_up_an_app(lewis, place)
    assert len(recovery) == 10

    # when they make an account for a social worker and send the link
    adds_an_account(lewis, place)

    # then the social worker sets a password and a passkey, and signs in with the passkey alone
    sam = _page(browser)
    _plug_in_authenticator(sam)
    chooses_a_password(sam, place.link_in_mail())
    signs_in(sam, place.site, "sam@elmshire.invalid")
    sets_up_a_passkey(sam)
    sam.goto(place.site)
    expect(sam.get_by_role("link", name="Find a child")).to_be_visible()
    _signs_out(sam, place)
    sam.goto(f"{place.site}/accounts/login/")
    sam.get_by_role("button", name="Sign in with a passkey").click()
    expect(sam.get_by_role("link", name="Find a child")).to_be_visible()

    # and the administrator comes back with a recovery code
    _signs_out(lewis, place)
    signs_in(lewis, place.site, "lewis@elmshire.invalid")
    passes_axe(lewis)
    lewis.get_by_label(re.compile("code", re.IGNORECASE)).last.fill(recovery[0])
    lewis.get_by_role("button", name="Sign in", exact=True).click()
    expect(lewis.get_by_role("link", name="People").first).to_be_visible()


def sets_up_an_app(page: Any, place: Place) -> list[str]:
    """Be led to the second factor, choose an app, and return the codes to keep."""
    expect(page.get_by_role("heading", name="How you prove who you are")).to_be_visible()
    page.goto(f"{place.site}/people/accounts/")
    expect(page.get_by_role("heading", name="How you prove who you are")).to_be_visible()
    passes_axe(page)
    page.get_by_role("link", name="Set up an app").click()
    passes_axe(page)
    secret = page.get_by_label("Key").input_value()
    page.get_by_label(re.compile("code", re.IGNORECASE)).last.fill(code(secret))
    page.get_by_role("button", name="Confirm").click()
    recovery = page.get_by_label("Unused codes").input_value().split()
    passes_axe(page)
    return list(recovery)


def adds_an_account(page: Any, place: Place) -> None:
    """Add a social worker's account with a role, and send them the link."""
    page.goto(f"{place.site}/people/accounts/")
    page.get_by_label("Name", exact=True).fill("Sam Okafor")
    page.get_by_label("E-mail address", exact=True).last.fill("sam@elmshire.invalid")
    page.get_by_role("button", name="Add the account").click()
    page.get_by_label("Role").select_option("social_worker")
    page.get_by_label("Why?").fill("started today")
    page.get_by_role("button", name="Give the role from today").click()
    page.get_by_role("button", name="Send a link to set up their sign-in").click()
    expect(page.get_by_text("A link was sent to sam@elmshire.invalid")).to_be_visible()
    passes_axe(page)


def sets_up_a_passkey(page: Any) -> None:
    """Add a passkey that signs in by itself, and see the codes to keep."""
    page.get_by_role("link", name="Add a passkey").click()
    passes_axe(page)
    page.get_by_label("Name").fill("work phone")
    if page.get_by_label(re.compile("[Pp]asswordless|without")).count():
        page.get_by_label(re.compile("[Pp]asswordless|without")).check()
    page.get_by_role("button", name="Add the passkey").click()
    page.wait_for_url(re.compile("recovery-codes|webauthn/?$"))
    passes_axe(page)


def _page(browser: Any) -> Any:
    page = browser.new_context(locale="en-GB").new_page()
    page.set_default_timeout(60_000)
    return page


def _plug_in_authenticator(page: Any) -> None:
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def _signs_out(page: Any, place: Place) -> None:
    page.goto(f"{place.site}/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
