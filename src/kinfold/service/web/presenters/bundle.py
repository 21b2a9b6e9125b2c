"""A bundle, made from its entries: parts with tables and texts, the same for the web page and for paper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from kinfold.record.declare import Word
from kinfold.record.doors import door_label
from kinfold.service.records.reads.bundle import PARTS, Bundle
from kinfold.service.records.reads.papers import words_of
from kinfold.service.records.reads.person import Entry, in_words
from kinfold.service.web.drawings.words import day_words
from kinfold.service.web.presenters.child import heading
from kinfold.service.web.presenters.papers import title_of

# Machine's fields, and what stands elsewhere in the bundle.
NOT_PRINTED = frozenset(
    {"sections", "text", "title", "file_sha256", "media_type", "template", "third_party_spans", "author"}
)
TEMPLATE = "documents/bundle.html"


def said(entry: Entry) -> str:
    """Return what a fact says in words; an address or anything else withheld is said to be."""
    parts = [
        f"{entry.kind.fields[name].meaning}: {in_words(name, entry.kind, value)}"
        for name, value in entry.values.items()
        if name in entry.kind.fields and name not in NOT_PRINTED and value not in (None, "", [])
        and entry.kind.fields[name].type != "parts"
    ]  # fmt: skip
    if entry.hidden:
        parts.append("part of this is withheld")
    return ". ".join(parts)


def _days(entry: Entry) -> str:
    first = day_words(entry.since, unknown="day not known")
    if entry.kind.word is not Word.SPELL:
        return first
    return f"{first} to {day_words(entry.until) if entry.until else 'now'}"


def _source(entry: Entry) -> str:
    return ", ".join(door_label(door) for door in entry.doors)


def _chronology(bundle: Bundle) -> dict[str, Any]:
    columns = ("When", "What", "Details", "From")
    rows = [(_days(e), e.kind.label, said(e), _source(e)) for e in bundle.of(Word.SPELL, Word.EVENT)]
    return {"columns": columns, "rows": [list(zip(columns, row, strict=True)) for row in rows]}


def _plans(bundle: Bundle) -> dict[str, Any]:
    columns = ("From", "Plan", "Details")
    rows = [(day_words(e.since, unknown="day not known"), e.kind.label, said(e)) for e in bundle.of(Word.PLAN)]
    return {"columns": columns, "rows": [list(zip(columns, row, strict=True)) for row in rows]}


def _family(bundle: Bundle) -> dict[str, Any]:
    columns = ("Who", "Tie", "Details")
    rows = []
    for entry in bundle.of(Word.TIE):
        inward = entry.version.version.subject in bundle.document.people
        label = entry.kind.label if inward else str(entry.kind.inverse)
        rows.append((entry.party_name or "A family group", label, said(entry)))
    return {"columns": columns, "rows": [list(zip(columns, row, strict=True)) for row in rows]}


def _papers(bundle: Bundle) -> dict[str, Any]:
    papers = [
        {"title": title_of(e), "kind": e.kind.label, "day": e.since, "by": e.values.get("author"),
         "words": words_of(e.values), "file": (e.values.get("media_type") or "") if e.values.get("file_sha256") else ""}
        for e in bundle.of(Word.PAPER)
    ]  # fmt: skip
    return {"papers": papers}


_MADE = {"chronology": _chronology, "plans": _plans, "papers": _papers, "family": _family}


def document_of(bundle: Bundle) -> dict[str, Any]:
    """Return everything that the bundle shows, on the page or on paper."""
    name = bundle.document.name or "this child"
    born = f", born {day_words(bundle.document.birth_date)}" if bundle.document.birth_date else ""
    number = f", {bundle.document.la_child_id}" if bundle.document.la_child_id else ""
    since = f"from {day_words(bundle.since)}" if bundle.since else "from the beginning"
    until = f"to {day_words(bundle.until)}" if bundle.until else "to the day it was made"
    parts = [
        {"key": key, "label": label, "caption": label, **_MADE[key](bundle)}
        for key, label, _, _ in PARTS
        if key in bundle.parts
    ]
    return {
        "bundle": bundle, "title": f"Chronology and bundle: {name}", "about": f"{name}{born}{number}. {bundle.document.holder}.",
        "days": f"What is known {since} {until}.", "parts": parts,
    }  # fmt: skip


def page_of(bundle: Bundle, asked: Mapping[str, str | list[str]], *, prints: bool) -> dict[str, Any]:
    """Return the page that shows a bundle, with the address of its PDF where one can be made."""
    href = reverse("bundle_pdf", args=[bundle.document.uid]) + "?" + urlencode(asked, doseq=True)
    return {**heading(bundle.document), **document_of(bundle), "pdf_href": href if prints else "", "made": True}
