"""One shape for every drawing: the picture wide and narrow, the sentence and the table that say the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import singledispatch
from typing import Protocol, TypeVar

from kinfold.service.web.drawings.svg import Drawing

WIDE, NARROW = 960, 360


@dataclass(frozen=True, slots=True)
class Rows:
    """A table in words: its headings and, row by row, as many cells. Numbers come as text, ready to show."""

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    numeric: frozenset[int] = frozenset()  # the columns, from 0, that hold numbers


class Titled(Protocol):
    """Whatever is drawn under a title of its own."""

    @property
    def title(self) -> str: ...


T = TypeVar("T", bound=Titled)


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing with everything that must stand beside it. `narrow` is None where the wide one scales well enough."""

    title: str
    sort: str  # a word for the style: story, family, map, chart, spark
    wide: Drawing
    narrow: Drawing | None
    sentence: str
    table: Rows


def at_two_widths(
    subject: T, *, sort: str, draw: Callable[..., Drawing], sentence: Callable[[T], str], table: Callable[[T], Rows]
) -> Figure:
    """Return the figure of a subject with a title whose drawing is laid out anew for a narrow screen."""
    narrow = draw(subject, width=NARROW)
    return Figure(subject.title, sort, draw(subject), narrow, sentence(subject), table(subject))


@singledispatch
def figure_of(subject: object) -> Figure:
    """Return the figure of a drawable object. Raises TypeError for anything that cannot be drawn."""
    raise TypeError(f"{type(subject).__name__} cannot be drawn")
