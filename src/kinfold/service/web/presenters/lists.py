"""The list builder: saved lists, lists to start from, and what a list found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.urls import reverse

from kinfold.record.declare import Kind
from kinfold.service.records.reads.lists import Answer, Hit, Saved
from kinfold.service.records.reads.person import in_words
from kinfold.service.records.reads.questions import LASTING, Question, question_of
from kinfold.service.web.components import Cell, Column, Link, Pages, Table, Tag, pages
from kinfold.service.web.drawings.words import age_words, count_words, day_words
from kinfold.service.web.list_forms import address_of

SIZE = 50
# Questions that councils ask, to start from.
STARTS: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("Child protection plans over 15 months, children under 5",
     {"kind": "child_protection_plan", "longer_than": 15, "age_under": 5, "columns": ["latest_category"]}),
    ("Child in need plans over a year", {"kind": "child_in_need_plan", "longer_than": 12}),
    ("Looked after for more than two years, under 10",
     {"kind": "care_period", "longer_than": 24, "age_under": 10, "columns": ["primary_need"]}),
    ("Looked after by agreement (section 20), under 13",
     {"kind": "legal_status", "age_under": 13, "columns": ["legal_status"],
      "conditions": [{"field": "legal_status", "test": "one_of", "values": ["V2"]}]}),
    ("Placements 20 miles or more from home",
     {"kind": "placement", "columns": ["placement_type", "placement_provider", "distance_miles"],
      "conditions": [{"field": "distance_miles", "test": "from", "values": [20]}]}),
    ("Section 47 enquiries open for more than a month", {"kind": "section_47_enquiry", "longer_than": 1}),
)  # fmt: skip
SORTS = ("name", "born", "since", "until")


def start_links() -> list[Link]:
    """Return the lists to start from."""
    return [Link(title, f"{reverse('list_build')}?{address_of(question_of(said))}") for title, said in STARTS]


def saved_table(found: Sequence[Saved]) -> Table:
    """Return the saved lists."""
    rows = [
        [
            Cell(one.name, href=reverse("list_saved", args=[one.uid])), Cell(one.asked),
            Cell("You" if one.mine else one.by), Cell("", tag=Tag("Shared", "blue") if one.shared else Tag("Only you", "grey")),
        ]
        for one in found
    ]  # fmt: skip
    columns = [Column("List"), Column("What it asks"), Column("Made by"), Column("Who sees it")]
    return Table("Saved lists", columns, rows, quiet_caption=True,
                 empty="You have no saved lists yet. Build one and give it a name.")  # fmt: skip


def ordered(hits: Sequence[Hit], query: Mapping[str, str]) -> list[Hit]:
    """Return the hits in the order an address asks for."""
    sort = query.get("sort", "name")
    keys: dict[str, Any] = {
        "born": lambda hit: (str(hit.birth_date or ""), hit.uid, hit.fact),
        "since": lambda hit: (str(hit.since or ""), hit.uid, hit.fact),
        "until": lambda hit: (str(hit.until or "9999"), hit.uid, hit.fact),
    }
    found = sorted(hits, key=keys[sort]) if sort in keys else list(hits)
    return found[::-1] if query.get("down") == "1" else found


def shown_part(hits: Sequence[Hit], query: Mapping[str, str]) -> tuple[list[Hit], int]:
    """Return the hits of the page asked for and its number."""
    number = query.get("page", "1")
    asked = int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1
    if query.get("all") == "1":
        return list(hits), 0
    page = min(max(asked, 1), max(-(-len(hits) // SIZE), 1))
    return list(hits[(page - 1) * SIZE : page * SIZE]), page


def changed(query: Any, **parts: str) -> str:
    """Return the address of this page with some of what it asks changed; an empty part is left out."""
    kept = query.copy()
    for name, value in parts.items():
        kept.pop(name, None)
        if value:
            kept[name] = value
    return f"?{kept.urlencode()}"


def columns_of(question: Question) -> list[str]:
    """Return the fields shown: those chosen, else those asked about, else the first with codes."""
    kind = question.declared
    if question.columns:
        return list(question.columns)
    return list(dict.fromkeys(one.field for one in question.conditions if one.field in kind.fields))


def _column(label: str, sort: str, query: Any) -> Column:
    now, down = query.get("sort", "name") == sort, query.get("down") == "1"
    href = changed(query, sort=sort, down="1" if now and not down else "", page="")
    return Column(label, False, ("descending" if down else "ascending") if now else "none", href)


def called(hit: Hit) -> str:
    """Return how a child is named in a list."""
    return hit.name or hit.la_child_id or "Name withheld"


def table(found: Answer, part: Sequence[Hit], query: Any) -> Table:
    """Return one page of what a list found."""
    kind = found.question.declared
    shown = columns_of(found.question)
    lasts = kind.word in LASTING
    columns = [
        _column("Child", "name", query),
        _column("Age", "born", query),
        _column("From" if lasts else "Day", "since", query),
    ]
    columns += [_column("Until", "until", query)] if lasts else []
    columns += [Column(kind.fields[name].meaning) for name in shown]
    rows = [_row(hit, kind, shown, found.day, lasts=lasts) for hit in part]
    return Table("What the list found", columns, rows, quiet_caption=True,
                 empty="No child you may list is what this asks for.")  # fmt: skip


def _row(hit: Hit, kind: Kind, shown: Sequence[str], day: date, *, lasts: bool) -> list[Cell]:
    cells = [
        Cell(called(hit), href=reverse("child", args=[hit.uid])),
        Cell(age_words(hit.birth_date, day) or "Not known"),
        Cell(day_words(hit.since), href=reverse("fact", args=[kind.word.value, hit.fact]),
             about=f", this fact about {called(hit)}"),
    ]  # fmt: skip
    cells += [Cell(day_words(hit.until) if hit.until else "goes on")] if lasts else []
    return cells + [Cell(in_words(name, kind, hit.values.get(name))) for name in shown]


def page_links(count: int, page: int, query: Any) -> Pages:
    """Return the pagination below the table."""
    if page == 0:
        return Pages(said=f"Showing all {count:,}")
    return pages(page=page, size=SIZE, total=count, address=lambda number: changed(query, page=str(number)))


def page_of(found: Answer, part: Sequence[Hit], page: int, query: Any, *, exports: bool) -> dict[str, Any]:
    """Return what a list found, as the page shows it."""
    files = [Link("Download as CSV", changed(query, file="csv", page="")),
             Link("Download as a workbook (XLSX)", changed(query, file="xlsx", page=""))]  # fmt: skip
    return {
        "answer": found,
        "count": f"{count_words(len(found.hits), 'result')} about {count_words(found.children, 'child', 'children')}",
        "table": table(found, part, query),
        "pages": page_links(len(found.hits), page, query),
        "files": files if exports and found.hits else [],
        "all_href": changed(query, all="1", page="") if page and len(found.hits) > SIZE else "",
    }


def file_rows(found: Answer, hits: Sequence[Hit], *, named: bool) -> tuple[list[str], list[list[Any]]]:
    """Return the headings and rows of the file. Without names it has no number of the child either."""
    kind = found.question.declared
    shown = columns_of(found.question)
    lasts = kind.word in LASTING
    headings = [*(["Child", "Council’s number"] if named else []), "Age", "From" if lasts else "Day",
                *(["Until"] if lasts else []), *(kind.fields[name].meaning for name in shown)]  # fmt: skip
    rows = [
        [*([called(hit), hit.la_child_id] if named else []), age_words(hit.birth_date, found.day), hit.since,
         *([hit.until] if lasts else []), *(_plain(hit, kind, name) for name in shown)]
        for hit in hits
    ]  # fmt: skip
    return headings, rows


def _plain(hit: Hit, kind: Kind, name: str) -> Any:
    value = hit.values.get(name)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    return in_words(name, kind, value)
