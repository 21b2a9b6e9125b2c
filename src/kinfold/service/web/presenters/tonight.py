"""Where our children are tonight: the numbers, the map, the table and the file, made from what was read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from kinfold.service.records.reads.tonight import InCare, Tonight
from kinfold.service.web.components import Cell, Column, FigureItem, Link, Pages, Table, Tag, pages
from kinfold.service.web.drawings.map import AreaMap, Point
from kinfold.service.web.drawings.words import age_words, count_words, day_words
from kinfold.terms.codes import code_set
from kinfold.terms.places import OUTLINES_NOTE, adjoining, authority_outlines, is_authority

SIZE = 35
# Ofsted and the Department count a placement as distant from 20 miles; the page counts from there too.
FAR = 20.0
# Kinds of home as people ask for them, by the first letters of the return's codes.
HOMES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("relative", "Foster carers who are relatives or friends", ("U1", "U2", "U3")),
    ("foster", "Other foster carers", ("U",)),
    ("home", "Children’s home", ("K2",)),
    ("secure", "Secure children’s home", ("K1",)),
    ("supported", "Supported accommodation", ("K3", "H5", "P2")),
    ("adoption", "Placed for adoption", ("A",)),
    ("parents", "With parents", ("P1",)),
    ("residential", "Other residential", ("R", "S", "P3")),
    ("temporary", "Temporary move", ("T",)),
    ("other", "Other", ("Z",)),
)
NOT_PLACED = "none"
SORTS = ("name", "home", "area", "miles", "since")


def home_of(code: str) -> str:
    """Return the kind of home, by its name in HOMES, for a code of the return; "other" for one that is not known."""
    return next((name for name, _, starts in HOMES if code.startswith(starts)), "other")


HOME_LABELS = {name: label for name, label, _ in HOMES} | {NOT_PLACED: "No home recorded"}


def home_label(row: InCare) -> str:
    """Return the kind of home in words."""
    if not row.placed:
        return HOME_LABELS[NOT_PLACED]
    return "Withheld" if row.withheld else HOME_LABELS[home_of(row.placement_type)]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page was asked for: which children of the night, in which order, which part."""

    home: str = ""
    where: str = ""  # inside, outside, not_known
    far: bool = False
    words: str = ""
    sort: str = "name"
    down: bool = False
    page: int = 1
    everything: bool = False  # one long page, for paper
    check: bool = False  # only those whom a newer file says have left


def asked_of(query: Mapping[str, str]) -> Asked:
    """Return what an address asks for; what is not known is left out."""
    number = query.get("page", "1")
    return Asked(
        home=query.get("home", "") if query.get("home", "") in HOME_LABELS else "",
        where=query.get("where", "") if query.get("where", "") in ("inside", "outside", "not_known") else "",
        far=query.get("far", "") in ("on", "1", "yes"),
        words=query.get("q", "").strip()[:80],
        sort=query.get("sort", "name") if query.get("sort", "name") in SORTS else "name",
        down=query.get("down", "") == "1",
        page=int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1,
        everything=query.get("all", "") == "1",
        check=query.get("check", "") == "1",
    )


def chosen(rows: Sequence[InCare], asked: Asked) -> list[InCare]:
    """Return the rows that the filters leave, in the order asked for."""
    words = asked.words.casefold()
    left = [
        row for row in rows
        if (not asked.home or _kind(row) == asked.home)
        and (not asked.where or _where(row) == asked.where)
        and (not asked.far or (row.miles is not None and row.miles >= FAR))
        and (not words or words in f"{row.name} {row.la_child_id} {row.setting} {row.urn} {row.area_name}".casefold())
    ]  # fmt: skip
    return sorted(left, key=lambda row: _order(row, asked.sort), reverse=asked.down)


def _kind(row: InCare) -> str:
    if not row.placed:
        return NOT_PLACED
    return "" if row.withheld else home_of(row.placement_type)


def _where(row: InCare) -> str:
    return "not_known" if row.inside is None else "inside" if row.inside else "outside"


def _order(row: InCare, sort: str) -> tuple[Any, ...]:
    last = (row.name.casefold(), row.la_child_id, row.uid)
    match sort:
        case "home":
            return (home_label(row), row.setting, *last)
        case "area":
            return (row.area_name or "~", *last)
        case "miles":
            return (row.miles if row.miles is not None else -1.0, *last)
        case "since":
            return (row.since or date.min, *last)
    return last


def shown_part(rows: Sequence[InCare], asked: Asked) -> Sequence[InCare]:
    """Return the rows of the page asked for."""
    if asked.everything:
        return rows
    last = max(-(-len(rows) // SIZE), 1)
    page = min(max(asked.page, 1), last)
    return rows[(page - 1) * SIZE : page * SIZE]


def figures(found: Tonight) -> list[FigureItem]:
    """Return the numbers that head the page. They count the children of whom no newer file says that they have left."""
    rows = found.sure
    items = [
        FigureItem(f"{len(rows):,}", "in care"),
        FigureItem(f"{sum(row.inside is True for row in rows):,}", "inside the council’s area"),
        FigureItem(f"{sum(row.inside is False for row in rows):,}", "outside it"),
        FigureItem(f"{sum((row.miles or 0) >= FAR for row in rows):,}", "20 miles or more from home"),
        FigureItem(f"{sum(not row.placed for row in rows):,}", "with no home recorded"),
    ]
    return items


def kinds_table(found: Tonight) -> Table:
    """Return how many children live in each kind of home."""
    counts = Counter(home_label(row) for row in found.sure)
    total = max(len(found.sure), 1)
    order = [*(label for _, label, _ in HOMES), HOME_LABELS[NOT_PLACED], "Withheld"]
    lines = [
        [Cell(label), Cell(f"{counts[label]:,}"), Cell(f"{100 * counts[label] / total:.0f}%")]
        for label in order
        if counts[label]
    ]
    columns = [Column("Kind of home"), Column("Children", numeric=True), Column("Share", numeric=True)]
    return Table("By kind of home", columns, lines)


def area_map(found: Tonight) -> AreaMap | None:
    """Return the map of the council and its neighbours; children placed further away are in its table."""
    own = {code for code in found.codes if is_authority(code)}
    if not own:
        return None
    near = own.union(*(adjoining(code) for code in own))
    outlines = {code: shape for code, shape in authority_outlines().items() if code in near}
    counts = Counter(row.area for row in found.sure if row.area)
    amounts: dict[str, float | None] = {code: float(counts.get(code, 0)) for code in near}
    amounts |= {code: float(count) for code, count in counts.items()}
    names = {**found.names, **{row.area: row.area_name for row in found.sure if row.area and row.area_name}}
    spots = Counter((row.spot, row.area_name) for row in found.sure if row.spot and row.area in near)
    marks = sorted(spots.items(), key=lambda one: (one[0][1], -one[1], str(one[0][0])))
    points = [
        Point(spot[0], spot[1], f"{name}, mark {number}", count)
        for number, ((spot, name), count) in enumerate(marks, start=1)
        if spot
    ]
    # a mark stands for a square of four kilometres: the map says roughly where, and never at which door
    return AreaMap(
        title="Where children in care live, in and around the council", outlines=outlines, amounts=amounts, names=names,
        points=points, focus=frozenset(own),
        source=f"A mark stands for all who live in a square of four kilometres. {OUTLINES_NOTE}",
    )  # fmt: skip


def table(rows: Sequence[InCare], asked: Asked, query: Mapping[str, str], *, day: date, caption: str) -> Table:
    """Return the rows of one page."""
    columns = [
        _column("Child", "name", asked, query), _column("Home", "home", asked, query), Column("Provider"),
        _column("Where", "area", asked, query), _column("From home", "miles", asked, query, numeric=True),
        _column("Since", "since", asked, query),
    ]  # fmt: skip
    lines = [[_child(row, day), _home(row), Cell(_provider(row)), _area(row), _miles(row), _since(row)] for row in rows]
    return Table(
        caption, columns, lines, empty="No child in care is left by these filters. Take one away.", quiet_caption=True
    )


def _column(label: str, sort: str, asked: Asked, query: Mapping[str, str], *, numeric: bool = False) -> Column:
    now = asked.sort == sort
    down = now and not asked.down
    href = changed(query, sort=sort, down="1" if down else "", page="")
    return Column(label, numeric, ("descending" if asked.down else "ascending") if now else "none", href)


def changed(query: Mapping[str, str], **parts: str) -> str:
    """Return the address of this page with some of what it asks changed; an empty part is left out."""
    kept = {name: value for name, value in {**dict(query.items()), **parts}.items() if value}
    return f"?{urlencode(kept)}" if kept else "?"


def called(row: InCare) -> str:
    """Return how a child is named in a list."""
    return row.name or row.la_child_id or "Name withheld"


def _child(row: InCare, day: date) -> Cell:
    age = age_words(row.birth_date, day)
    return Cell(
        f"{called(row)}, {age}" if age else called(row), href=reverse("child", args=[row.uid]), order=called(row)
    )


def _home(row: InCare) -> Cell:
    if not row.placed:
        return Cell("", tag=Tag("No home recorded", "red"))
    if row.withheld:
        return Cell("Withheld from you")
    name = row.setting or (f"URN {row.urn}" if row.urn else "")
    words = ", ".join(part for part in (home_label(row), name) if part)
    tag = (
        Tag("May have ended", "orange") if row.home_doubt else Tag("Sources differ", "yellow") if row.differs else None
    )
    href = reverse("organisation", args=[row.setting_uid]) if row.setting_uid else ""
    return Cell(words, href=href, tag=tag, route="organisation")


def _provider(row: InCare) -> str:
    return _label("placement_provider", row.provider)


def _label(codes: str, value: str) -> str:
    if not value:
        return ""
    try:
        return code_set(codes).label(value)
    except (KeyError, LookupError):
        return value


def _area(row: InCare) -> Cell:
    if row.withheld:
        return Cell("Withheld from you")
    if row.inside is None:
        return Cell("Not known" if row.placed else "")
    return Cell(row.area_name or row.area, tag=Tag("Inside", "green") if row.inside else Tag("Outside", "blue"))


def _miles(row: InCare) -> Cell:
    words = f"{row.miles:g} miles" if row.miles is not None else "Not known" if row.placed and not row.withheld else ""
    return Cell(words, order=f"{-1 if row.miles is None else row.miles:09.1f}")


def _since(row: InCare) -> Cell:
    day = row.since or row.in_care_since
    return Cell(day_words(day) if row.placed else "", order=str(day or ""))


def doubtful_table(rows: Sequence[InCare], *, day: date) -> Table:
    """Return the children whom one source has in care and a newer one does not: somebody must check."""
    lines = [
        [_child(row, day), Cell(day_words(row.in_care_since), order=str(row.in_care_since or "")),
         Cell(day_words(row.doubt), order=str(row.doubt or "")), _home(row)]
        for row in rows
    ]  # fmt: skip
    columns = [Column("Child"), Column("In care since", sort="none"), Column("A newer file says care ended on", sort="none"),
               Column("Last home recorded")]  # fmt: skip
    return Table("Check these", columns, lines, quiet_caption=True)


HEADINGS = (
    "Child", "Council’s number", "Age", "In care since", "Kind of home", "Home", "URN", "Provider", "Area",
    "Inside the council’s area", "Miles from home", "There since", "To check",
)  # fmt: skip
NAMES = frozenset({"Child", "Council’s number"})


def file_rows(rows: Sequence[InCare], *, day: date, named: bool) -> tuple[list[str], list[list[Any]]]:
    """Return the headings and rows of the file. Without names it has no number of the child either."""
    headings = [heading for heading in HEADINGS if named or heading not in NAMES]
    made = [dict(zip(HEADINGS, _file_row(row, day), strict=True)) for row in rows]
    return headings, [[row[heading] for heading in headings] for row in made]


def _file_row(row: InCare, day: date) -> list[Any]:
    inside = "" if row.inside is None else "Yes" if row.inside else "No"
    check = (
        f"A newer file says care ended on {day_words(row.doubt)}"
        if row.doubt
        else "Sources differ"
        if row.differs
        else ""
    )
    return [
        called(row), row.la_child_id, age_words(row.birth_date, day), row.in_care_since, home_label(row), row.setting,
        row.urn, _provider(row), row.area_name, inside, row.miles, row.since, check,
    ]  # fmt: skip


def page_links(count: int, asked: Asked, query: Mapping[str, str]) -> Pages:
    """Return the pagination below the table."""
    if asked.everything:
        return Pages(said=f"Showing all {count_words(count, 'child', 'children')}")
    return pages(
        page=asked.page,
        size=SIZE,
        total=count,
        address=lambda number: changed(query, page=str(number)),
        noun="children",
    )


def page_of(
    found: Tonight, rows: Sequence[InCare], part: Sequence[InCare], asked: Asked, query: Mapping[str, str], *, exports: bool
) -> dict[str, Any]:  # fmt: skip
    """Return everything the page shows."""
    files = [Link("Download as CSV", changed(query, file="csv", page="")),
             Link("Download as a workbook (XLSX)", changed(query, file="xlsx", page=""))]  # fmt: skip
    return {
        "found": found,
        "title": "Where our children are tonight",
        "figures": figures(found),
        "kinds": kinds_table(found),
        "map": area_map(found),
        "table": table(part, asked, query, day=found.day, caption="Children in care"),
        "pages": page_links(len(rows), asked, query),
        "doubtful": doubtful_table(found.doubtful, day=found.day) if asked.check else None,
        "check_href": "" if asked.check else changed(query, check="1", page=""),
        "files": files if exports else [],
        "all_href": "" if asked.everything else changed(query, all="1", page=""),
        "sections": sections("tonight"),
        "everything": asked.everything,
    }


def sections(current: str) -> list[Link]:
    """Return the links between the night's two pages."""
    return [
        Link("Where our children are", reverse("tonight"), current=current == "tonight"),
        Link("Handover", reverse("handover"), current=current == "handover", route="handover"),
    ]
