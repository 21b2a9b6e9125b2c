"""A file that is taken away is a download, whatever it is called and whatever is in it."""

from __future__ import annotations

import pytest

from kinfold.service.web.downloads import download


@pytest.mark.parametrize(
    ("name", "said"),
    [
        pytest.param("report.pdf", 'attachment; filename="report.pdf"', id="plain"),
        pytest.param('a"; x="b.html', 'attachment; filename="a\\"; x=\\"b.html"', id="quotation marks end no name"),
        pytest.param("Zoë.pdf", "attachment; filename*=utf-8''Zo%C3%AB.pdf", id="letters with accents"),
        pytest.param("a\r\nX-Bad: 1", "attachment; filename*=utf-8''a%0D%0AX-Bad%3A%201", id="lines make no header"),
    ],
)
def test_a_senders_name_for_a_file_says_nothing_else(name: str, said: str) -> None:
    assert download(b"x", name=name, media_type="text/plain")["Content-Disposition"] == said


def test_nothing_in_a_file_is_shown_run_guessed_about_or_kept() -> None:
    answer = download(b"<script>alert(1)</script>", name="a.html", media_type="text/html")

    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "no-store"
