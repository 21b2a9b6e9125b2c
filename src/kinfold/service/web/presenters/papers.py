"""Papers as lists, one paper, and two people's versions of one note side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from kinfold.record.declare import KINDS
from kinfold.service.records.reads.papers import Paper, words_of
from kinfold.service.records.reads.person import Entry, Whole, in_words
from kinfold.service.web.components import Cell, Column, Link, SummaryRow, Table, Tag, TimelineEntry
from kinfold.service.web.drawings.words import day_words
from kinfold.service.web.presenters.child import heading
from kinfold.service.web.presenters.fact import page_of as fact_page

IMAGES = ("image/jpeg", "image/png", "image/webp")
NOT_SHOWN = frozenset(
    {"title", "sections", "text", "file_sha256", "media_type", "third_party_spans", "author", "adviser"}
)
SIZES = ((1_000_000, "MB"), (1_000, "kB"))


def size_words(size: int) -> str:
    """Return a file's size such as "1.2 MB"."""
    return next((f"{size / unit:.1f} {word}" for unit, word in SIZES if size >= unit), f"{size} bytes")


def title_of(entry: Entry) -> str:
    """Return a paper's title, or what kind of paper it is."""
    return str(entry.values.get("title") or entry.kind.label)


def list_page(document: Whole, papers: Sequence[Entry], drafts: Sequence[Any]) -> dict[str, Any]:
    """Return the page of all papers."""
    rows = [
        [
            Cell(title_of(e), href=reverse("paper", args=[document.uid, e.fact])), Cell(e.kind.label),
            Cell(day_words(e.since, unknown="not known"), order=str(e.since or "")),
            Cell(e.values.get("author") or ""), Cell("File" if e.values.get("file_sha256") else "Text"),
        ]
        for e in papers
    ]  # fmt: skip
    columns = [Column("Paper"), Column("Kind", sort="none"), Column("Day", sort="none"), Column("By"), Column("As")]
    empty = "No note or document is recorded. No statutory file carries them: write the first here."
    return {
        **heading(document), "table": Table("Papers, newest first", columns, rows, empty=empty),
        "drafts": drafts_of(document.uid, drafts),
    }  # fmt: skip


def notes_page(document: Whole, papers: Sequence[Entry], drafts: Sequence[Any]) -> dict[str, Any]:
    """Return the page on which everything typed is read one below the other."""
    entries = [
        TimelineEntry(title=title_of(e), when=e.since, by=str(e.values.get("author") or ""), text=words_of(e.values),
                      href=reverse("paper", args=[document.uid, e.fact]),
                      tag=None if e.kind.name == "note" else Tag(e.kind.label, "blue"))
        for e in papers
        if words_of(e.values)
    ]  # fmt: skip
    return {**heading(document), "entries": entries, "drafts": drafts_of(document.uid, drafts)}


def drafts_of(uid: str, drafts: Sequence[Any]) -> list[Link]:
    """Return links to the reader's own unfinished notes."""
    found = []
    for draft in drafts:
        what = draft.about.partition(":")[2]
        if what in KINDS:
            found.append(Link(f"{KINDS[what].label}: {draft.values.get('title') or 'no title yet'}",
                              reverse("note_write", args=[uid, what])))  # fmt: skip
    return found


def paper_page(uid: str, paper: Paper) -> dict[str, Any]:
    """Return one paper's page."""
    said = [SummaryRow("Kind", paper.kind.label), SummaryRow("Day", day_words(paper.day, unknown="not known"))]
    said += [
        SummaryRow(paper.kind.fields[name].meaning, in_words(name, paper.kind, value))
        for name, value in paper.values.items()
        if name not in NOT_SHOWN and value not in (None, "", [])
    ]
    author = paper.values.get("author") or paper.values.get("adviser")
    if author:
        said.insert(2, SummaryRow("By", str(author)))
    file = paper.file
    return {
        "paper": paper, "title": paper.title, "rows": said, "uid": uid,
        "paragraphs": [part for part in paper.words.split("\n\n") if part.strip()],
        "file": file, "size": size_words(file.size) if file else "",
        "is_image": bool(file and file.media_type in IMAGES),
        "file_href": reverse("paper_file", args=[uid, paper.fact]) if file else "",
        "versions": fact_page(paper.history)["versions"],
        "crumbs": [Link("Home", reverse("home")), Link("The child", reverse("child", args=[uid])),
                   Link("Papers", reverse("papers", args=[uid])), Link(paper.title)],
    }  # fmt: skip


def kind_choices(names: Sequence[Any]) -> list[tuple[str, str]]:
    """Return kinds of paper to choose from."""
    return [(kind.name, kind.label) for kind in names]


def kind_hints(names: Sequence[Any]) -> dict[str, str]:
    """Return what each kind of paper is for."""
    return {kind.name: kind.meaning for kind in names}
