"""
Documents on paper: tagged PDF from our own HTML.

WeasyPrint is an extra (`pip install "kinfold[pdf]"`) and needs Pango on the machine. Nothing is fetched while a document
is made: not over the network, not from the disk.
"""

from __future__ import annotations

from functools import cache
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.template.loader import render_to_string

from kinfold.terms.errors import InputError

STYLE = Path(__file__).parent / "web" / "templates" / "documents" / "document.css"
MISSING = (
    "This server cannot make PDF files: WeasyPrint or Pango is not installed. "
    'Ask your administrator to run `pip install "kinfold[pdf]"` and install Pango (on Debian: libpango-1.0-0 and '
    "libpangoft2-1.0-0). Until then, open the web page and print it."
)


@cache
def _weasyprint() -> Any:
    try:
        import weasyprint
    except (ImportError, OSError) as error:  # OSError: a library of the system is not there
        raise InputError(MISSING) from error
    return weasyprint


def can_print() -> bool:
    """Return whether PDF can be made on this machine."""
    try:
        _weasyprint()
    except InputError:
        return False
    return True


def pdf_of(template: str, context: dict[str, Any], *, watermark: str = "") -> bytes:
    """
    Return a template as a tagged PDF (PDF/UA-1) with page numbers; `watermark` stands faintly across every page.

    Raises InputError, saying what to install, where the machine cannot make PDF.
    """
    weasyprint = _weasyprint()

    class Nothing(weasyprint.urls.URLFetcher):  # type: ignore[misc, name-defined]
        """Fetches nothing but what stands in the document itself."""

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            if not url.startswith("data:"):
                raise ValueError("a document fetches nothing")
            return super().fetch(url, headers)

    html = render_to_string(template, {**context, "paper": True})
    style = STYLE.read_text(encoding="utf-8") + _across(watermark)
    made = weasyprint.HTML(string=html, url_fetcher=Nothing()).write_pdf(
        stylesheets=[weasyprint.CSS(string=style, url_fetcher=Nothing())], pdf_variant="pdf/ua-1", pdf_tags=True
    )
    return bytes(made)


def _across(words: str) -> str:
    if not words:
        return ""
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="600" height="800"><text x="300" y="400" font-size="30" '
        'font-family="sans-serif" fill="#000" fill-opacity="0.10" text-anchor="middle" '
        f'transform="rotate(-50 300 400)">{escape(words)}</text></svg>'
    )
    return f'@page {{ background: url("data:image/svg+xml,{quote(drawing)}") no-repeat center / 100% auto; }}'
