"""The project's documents as pages: anybody may read them, and nothing but them can be read so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client

from kinfold.service.web.presenters import documents as present

pytestmark = pytest.mark.django_db
NAMES = [entry.name for _, entries in present.documents() for entry in entries]


@pytest.mark.parametrize("address", ["/documents/", "/what-kinfold-does-not-hold/", "/your-information/"])
def test_anybody_may_read_them_without_signing_in(client: Client, address: str) -> None:
    answer = client.get(address)

    assert answer.status_code == 200
    assert b"<h1" in answer.content


@pytest.mark.parametrize("name", NAMES)
def test_every_part_of_every_document_is_a_small_page_whose_links_lead_somewhere(client: Client, name: str) -> None:
    _, parts = present.document(name) or (None, [])

    for number in range(1, len(parts) + 1):
        page = client.get(f"/documents/{name}/?part={number}")
        assert page.status_code == 200
        assert len(page.content) < 100_000
        links = re.findall(r'href="(/documents/[^"?#]+)', page.content.decode())
        assert [one for one in set(links) if client.get(one).status_code != 200] == []


@pytest.mark.parametrize(
    "name", ["nothing", "../README", "how-to/../../README", "/etc/passwd", "how-to/load-files.md", "how-to/%00"]
)
def test_what_is_not_a_document_is_not_found(client: Client, name: str) -> None:
    assert client.get(f"/documents/{name}/").status_code == 404


@pytest.mark.parametrize("part", ["0", "99", "-1", "x", "²", "9999999999"])
def test_a_part_that_there_is_not_shows_the_first(client: Client, part: str) -> None:
    first = client.get("/documents/reference/kinds/")

    assert _main(client.get("/documents/reference/kinds/", {"part": part}).content) == _main(first.content)


def test_an_installation_without_the_folder_says_so(
    client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(present.documents, "__defaults__", (tmp_path,))
    monkeypatch.setattr(present.document, "__defaults__", (tmp_path,))

    for address in ("/documents/", "/your-information/"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert "not installed" in answer.content.decode()
    assert client.get("/documents/how-to/load-files/").status_code == 404


def test_markup_and_scripts_in_a_document_are_shown_and_never_obeyed() -> None:
    part = present.Part("", '<script>alert(1)</script>\n\n[x](javascript:alert(1)) <b onclick="y">z</b>')

    html = present.as_html(part, name="how-to/x", parts=[part], address_of=lambda name: "")

    assert "<script" not in html
    assert "<b " not in html
    assert "javascript:" not in re.findall(r'href="([^"]*)"', html)


def test_a_link_inside_a_long_document_leads_to_the_part_that_has_it() -> None:
    parts = [present.Part("A", "## A\n[b](#b)"), present.Part("B", '### <a id="b"></a>The letter B')]

    html = present.as_html(parts[0], name="reference/x", parts=parts, address_of=lambda name: "")

    assert 'href="?part=2#b"' in html


def _main(content: bytes) -> str:
    return re.sub(r"nonce=\S+", "", content.decode().partition("<main")[2])
