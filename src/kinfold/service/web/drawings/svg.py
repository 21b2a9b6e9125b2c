"""
The pieces every drawing is made of: escaped elements, checked numbers, measured text, colours.

Nothing here trusts its input: text and attributes are escaped, and a number that is not finite is refused before it can
reach a page.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from html import escape
from typing import Self

from kinfold.terms.errors import StructureBroken

FONT = "Helvetica Neue, Helvetica, Arial, sans-serif"
INK = "#0b0c0c"
QUIET = "#484949"
RULE = "#cecece"
PAPER = "#ffffff"
PALE = "#f3f3f3"


@dataclass(frozen=True, slots=True)
class Tone:
    """A fill, the colour of text that can be read on it, and its name in words."""

    fill: str
    text: str
    name: str


# The Government Analysis Function's categorical colours, in its order (its guidance "Data visualisation: colours in charts").
# Text is white where that gives at least 4.5 to 1, else black.
DARK_BLUE = Tone("#12436D", PAPER, "dark blue")
TURQUOISE = Tone("#28A197", INK, "turquoise")
DARK_PINK = Tone("#801650", PAPER, "dark pink")
ORANGE = Tone("#F46A25", INK, "orange")
DARK_GREY = Tone("#3D3D3D", PAPER, "dark grey")
LIGHT_PURPLE = Tone("#A285D1", INK, "light purple")
TONES = (DARK_BLUE, TURQUOISE, DARK_PINK, ORANGE, DARK_GREY, LIGHT_PURPLE)

# Light to dark, for amounts; the last three are the Analysis Function's sequential blues, the first two tints of them.
AMOUNTS = (
    Tone("#E3EEF8", INK, "palest blue"),
    Tone("#B5D5F0", INK, "pale blue"),
    Tone("#6BACE6", INK, "light blue"),
    Tone("#2073BC", PAPER, "mid blue"),
    DARK_BLUE,
)

# Widths of letters in thousandths of the size, by group; anything else counts as wide. They are Helvetica's and a little
# more, because a machine without Helvetica or Arial shows a wider family.
_NARROW, _SLIM, _WIDE = frozenset("iIjl.,:;'|! ’‘"), frozenset("ftr()[]-/"), frozenset("mwMW@%—…")
_CAPITAL = frozenset("ABCDEFGHJKLNOPQRSTUVXYZ&+")


class Drawing(str):
    """A finished piece of SVG: already escaped, so a template shows it as it stands."""

    __slots__ = ()

    def __html__(self) -> Self:
        """Return itself: Django's templates ask for this before escaping."""
        return self


def number(value: float) -> str:
    """Return `value` as SVG writes it, to two decimals. Raises StructureBroken if it is not finite."""
    if not math.isfinite(value):
        raise StructureBroken(f"A drawing may not hold the number {value}")
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def element(tag: str, /, *children: Drawing, **attributes: str | float | None) -> Drawing:
    """
    Return the element `tag`, attributes escaped, numbers checked, those that are None left out.

    An underscore in a name stands for a hyphen; one at the end is dropped, so that `class_` can be said.
    """
    said = ""
    for name, value in attributes.items():
        if value is not None:
            shown = escape(printable(value)) if isinstance(value, str) else number(value)
            said += f' {_attribute(name)}="{shown}"'
    inner = "".join(children)
    return Drawing(f"<{tag}{said}>{inner}</{tag}>" if inner else f"<{tag}{said}/>")


@cache
def _attribute(name: str) -> str:
    return name.rstrip("_").replace("_", "-")


def printable(text: str) -> str:
    """Return `text` without the control characters and lone surrogates that XML does not allow."""
    if text.isprintable():  # nearly always
        return text
    return "".join(
        c for c in text if c in "\t\n" or (c >= " " and not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff")
    )


def words(text: str) -> Drawing:
    """Return `text` as content of an element."""
    return Drawing(escape(printable(text), quote=False))


def label(
    text: str,
    x: float,
    y: float,
    *,
    size: float = 14,
    fill: str = INK,
    anchor: str | None = None,
    bold: bool = False,
) -> Drawing:
    """Return one line of text whose baseline is at `y`."""
    weight = "700" if bold else None
    return element("text", words(text), x=x, y=y, font_size=size, fill=fill, text_anchor=anchor, font_weight=weight)


def tip(text: str) -> Drawing:
    """Return the title that a pointer resting on a part shows."""
    return element("title", words(text))


def path(points: Iterable[tuple[float, float]], *, closed: bool = False) -> str:
    """Return the path through `points`."""
    steps = [f"{number(x)} {number(y)}" for x, y in points]
    return ("M" + "L".join(steps) + ("Z" if closed else "")) if steps else ""


def width_of(text: str, size: float) -> float:
    """Return about how wide `text` is at `size`, in the same unit; a little more rather than less."""
    return sum(map(_letter, text)) * size / 1000


@lru_cache(maxsize=1024)
def _letter(letter: str) -> int:
    if letter in _NARROW:
        return 310
    if letter in _SLIM:
        return 390
    if letter in _WIDE:
        return 950
    if letter in _CAPITAL:
        return 730
    return 610 if letter.isascii() else 1000


def fitted(text: str, room: float, size: float) -> str:
    """Return `text`, cut with an ellipsis where it is wider than `room`; empty where not even three letters fit."""
    if width_of(text, size) <= room:
        return text
    ellipsis, kept, used = width_of("…", size), 0, 0.0
    for letter in text:
        used += _letter(letter) * size / 1000
        if used + ellipsis > room:
            break
        kept += 1
    return f"{text[:kept].rstrip()}…" if kept >= 3 else ""


def wrapped(text: str, room: float, size: float, *, lines: int) -> list[str]:
    """Return `text` broken at spaces into at most `lines` lines no wider than `room`; the last one is cut if need be."""
    result: list[str] = []
    rest = text.split()
    while rest and len(result) < lines:
        line = rest.pop(0)
        while rest and width_of(f"{line} {rest[0]}", size) <= room:
            line = f"{line} {rest.pop(0)}"
        if rest and len(result) == lines - 1:
            line = f"{line} {' '.join(rest)}"
        result.append(fitted(line, room, size))
    return result


def drawing(title: str, sentence: str, parts: Iterable[Drawing], *, width: float, height: float) -> Drawing:
    """
    Return the whole picture: `title` and `sentence` name and describe it to a screen reader.

    It scales with the space it is given. Its identifiers come from its content, so two drawings may share a page.
    """
    body = "".join(parts)
    key = f"d{zlib.crc32((title + sentence + body + number(width)).encode(errors='replace')):08x}"
    inside = (
        element("title", words(title), id=f"{key}-t"),
        element("desc", words(sentence), id=f"{key}-d"),
        Drawing(body),
    )
    return element(
        "svg",
        *inside,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number(width)} {number(height)}",
        role="img",
        aria_labelledby=f"{key}-t",
        aria_describedby=f"{key}-d",
        font_family=FONT,
        class_="kinfold-svg",
    )
