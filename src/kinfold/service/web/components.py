"""
The shapes that the partials under templates/components/ show: small frozen objects that a view fills and a template reads.

Text in them is escaped by the template. A value that is already safe (made by `format_html` or a drawing) is shown as it
stands; nothing else is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

COLOURS = ("grey", "green", "teal", "blue", "purple", "magenta", "red", "orange", "yellow")


@dataclass(frozen=True, slots=True)
class Link:
    """
    A link, or plain text where there is no `href`. `about` is read out after the text, for links that look alike.

    `route` is the name of the route it leads to, where only those whose role may reach it are shown the link.
    """

    text: Any
    href: str = ""
    about: str = ""
    current: bool = False
    route: str = ""


@dataclass(frozen=True, slots=True)
class FigureItem:
    """A number that heads a page, what it counts and where the things counted are listed."""

    value: str | int
    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Tag:
    """A state in a word or two; the colour, one of COLOURS, only helps."""

    text: str
    colour: str = ""

    def __post_init__(self) -> None:
        if self.colour and self.colour not in COLOURS:
            raise ValueError(f"A tag's colour is one of {', '.join(COLOURS)}, not {self.colour}")


@dataclass(frozen=True, slots=True)
class Column:
    """
    One column of a table.

    `sort` None: not sortable. Else "none", "ascending" or "descending" as the rows stand now; with `href` the server
    sorts (for tables of several pages), without it the browser does.
    """

    label: str
    numeric: bool = False
    sort: str | None = None
    href: str = ""
    quiet: bool = False  # the label is for screen readers only, as over a column of links


@dataclass(frozen=True, slots=True)
class Cell:
    """
    One cell. `order` is what to sort by where the text does not sort, such as the ISO date of a day in words.

    `route` is the name of the route that `href` leads to, where only those whose role may reach it are shown a link.
    """

    text: Any = ""
    href: str = ""
    order: str = ""
    tag: Tag | None = None
    about: str = ""
    route: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table: the first cell of a row names it. `empty` says what would fill it where there are no rows."""

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell | str | int | float]]
    empty: str = "There is nothing to show."
    quiet_caption: bool = False
    key: str = ""

    @property
    def lines(self) -> list[list[tuple[Column, Cell]]]:
        """Return every row as pairs of its column and its cell."""
        return [
            [(c, v if isinstance(v, Cell) else Cell(v)) for c, v in zip(self.columns, row, strict=True)]
            for row in self.rows
        ]

    @property
    def sorts(self) -> bool:
        """Return whether any column can be sorted, by the browser or the server."""
        return any(c.sort is not None or c.href for c in self.columns)

    @property
    def sorts_in_browser(self) -> bool:
        """Return whether any column is sorted by the browser."""
        return any(c.sort is not None and not c.href for c in self.columns)


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """One thing known: its name, its value (several are shown one below the other) and what may be done."""

    key: str
    value: Any
    actions: Sequence[Link] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One entry of a story told as a list. `day` or `moment` says when; `by` whom; `tag` its state."""

    title: str
    when: date | datetime | None
    by: str = ""
    text: Any = ""
    href: str = ""
    tag: Tag | None = None
    until: date | None = None

    @property
    def has_time(self) -> bool:
        """Return whether the hour is known, not only the day."""
        return isinstance(self.when, datetime)


@dataclass(frozen=True, slots=True)
class Progress:
    """Work under way. `refresh` is after how many seconds the page looks again; 0 once it is finished."""

    label: str
    done: int
    total: int
    said: str = ""
    refresh: int = 0
    key: str = "progress"

    @property
    def percent(self) -> int:
        """Return how much is done in whole per cent: 100 only when all of it is."""
        if self.total <= 0:
            return 0
        return 100 if self.done >= self.total else max(min(self.done * 100 // self.total, 99), 0)


@dataclass(frozen=True, slots=True)
class PageLink:
    """A place in the pagination: a page's number and address, or a gap where `number` is None."""

    number: int | None
    href: str = ""
    current: bool = False


@dataclass(frozen=True, slots=True)
class Pages:
    """The pagination below a list."""

    links: Sequence[PageLink] = field(default_factory=tuple)
    previous: str = ""
    next: str = ""
    said: str = ""


def pages(*, page: int, size: int, total: int, address: Callable[[int], str], noun: str = "results") -> Pages:
    """
    Return the links for page number `page` of `total` things, `size` a page: first, last, and those beside this one.

    `address` gives a page's address. There are no links where everything fits on one page.
    """
    last = max(-(-total // size), 1)
    page = min(max(page, 1), last)
    first_shown, last_shown = (page - 1) * size + 1, min(page * size, total)
    said = f"Showing {first_shown:,} to {last_shown:,} of {total:,} {noun}" if total else ""
    if last == 1:
        return Pages(said=said)
    links = [_page_link(number, page, address) for number in elided_pages(page, last)]
    previous = address(page - 1) if page > 1 else ""
    return Pages(links, previous, address(page + 1) if page < last else "", said)


def _page_link(number: int | None, page: int, address: Callable[[int], str]) -> PageLink:
    return PageLink(number, address(number), number == page) if number else PageLink(None)


def elided_pages(page: int, last: int) -> Iterable[int | None]:
    """Yield the numbers to show, None for a gap: 1, None, 6, 7, 8, None, 42. A gap never hides one page alone."""
    wanted = sorted({1, last, *range(max(page - 1, 1), min(page + 1, last) + 1)})
    before = 0
    for number in wanted:
        if number - before == 2:
            yield number - 1
        elif number - before > 2:
            yield None
        yield number
        before = number
