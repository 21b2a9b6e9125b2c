"""The drawing of an ownership chain: the entity below, who holds an interest in it above, level by level."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from kinfold.service.web.drawings.figure import NARROW, WIDE, Figure, Rows, at_two_widths, figure_of
from kinfold.service.web.drawings.svg import (
    DARK_BLUE,
    DARK_GREY,
    DARK_PINK,
    INK,
    PAPER,
    TURQUOISE,
    Drawing,
    Tone,
    drawing,
    element,
    fitted,
    label,
    tip,
    width_of,
    wrapped,
)
from kinfold.service.web.drawings.words import count_words

BOX, GAP, ROW, MARGIN = 58.0, 14.0, 128.0, 12.0
# What is drawn at most of a level; the table has all of it.
MOST = {WIDE: 6, NARROW: 2}


@dataclass(frozen=True, slots=True)
class Owner:
    """One entity of the drawing. `detail` says what it is and where; `faint` where who it is is not known."""

    key: str
    name: str
    detail: str
    level: int
    abroad: bool = False
    faint: bool = False


@dataclass(frozen=True, slots=True)
class Holding:
    """What `owner` holds in `subject`, in words: "shares, 75% to 100%"."""

    owner: str
    subject: str
    words: str
    controls: bool = False


@dataclass(frozen=True, slots=True)
class Chain:
    """What is drawn: the entity asked about at level 0, owners at higher levels."""

    title: str
    owners: Sequence[Owner]
    holdings: Sequence[Holding]


@figure_of.register
def _(chain: Chain) -> Figure:
    return at_two_widths(chain, sort="family", draw=draw_chain, sentence=chain_sentence, table=chain_rows)


def chain_sentence(chain: Chain) -> str:
    """Return the drawing in words: how many hold something directly, how far up it goes, what is abroad or unknown."""
    above = [one for one in chain.owners if one.level > 0]
    if not above:
        return "Nobody is known to hold anything in it."
    direct = sum(one.level == 1 for one in above)
    highest = max(one.level for one in above)
    said = f"{count_words(direct, 'owner', 'owners')} directly, {len(above)} in all, {count_words(highest, 'level', 'levels')} up."
    abroad = sum(one.abroad for one in above)
    unknown = sum(one.faint for one in above)
    return f"{said} {abroad} outside the United Kingdom; of {unknown} it is not known who or where they are."


def chain_rows(chain: Chain) -> Rows:
    """Return the table: one row per holding, from the entity upwards."""
    names = {one.key: one for one in chain.owners}
    rows = [
        [
            str(names[one.owner].level),
            names[one.owner].name,
            names[one.owner].detail,
            one.words,
            names[one.subject].name,
        ]
        for one in chain.holdings
        if one.owner in names and one.subject in names
    ]
    return Rows(("Level", "Owner", "What and where", "Holds", "In"), rows, frozenset({0}))


def draw_chain(chain: Chain, *, width: float = WIDE) -> Drawing:
    """Return the picture at a width: the highest level at the top, a line for each holding, a sign where a level is cut."""
    levels: dict[int, list[Owner]] = defaultdict(list)
    for one in chain.owners:
        levels[one.level].append(one)
    highest = max(levels, default=0)
    most = MOST[NARROW if width <= NARROW else WIDE]
    places: dict[str, tuple[float, float, float]] = {}
    parts: list[Drawing] = []
    for level, members in levels.items():
        top = MARGIN + (highest - level) * ROW
        shown = members[:most]
        wide = min(190.0, (width - 2 * MARGIN - GAP * (len(shown) - 1)) / max(len(shown), 1))
        left = (width - wide * len(shown) - GAP * (len(shown) - 1)) / 2
        for number, one in enumerate(shown):
            places[one.key] = (left + number * (wide + GAP), top, wide)
        if len(members) > most:
            parts.append(label(f"and {len(members) - most} more: see the table", MARGIN, top + BOX + 15, size=12))
    lines = [_line(one, places) for one in chain.holdings if one.owner in places and one.subject in places]
    boxes = [_box(one, *places[one.key]) for one in chain.owners if one.key in places]
    height = MARGIN * 2 + highest * ROW + BOX + 6
    return drawing(chain.title, chain_sentence(chain), [*lines, *parts, *boxes], width=width, height=height)


def _line(one: Holding, places: dict[str, tuple[float, float, float]]) -> Drawing:
    (x1, y1, w1), (x2, y2, w2) = places[one.owner], places[one.subject]
    tone, weight, dashes = (DARK_BLUE, 3.0, None) if one.controls else (DARK_GREY, 1.5, "5 4")
    # a circle: an owner that stands no higher than what it owns is drawn beside the line that comes down
    upward = y1 >= y2
    start = (x1 + w1 * (0.85 if upward else 0.5), y1 if upward else y1 + BOX)
    end = (x2 + w2 * (0.85 if upward else 0.5), y2 + BOX if upward else y2)
    drawn = element("line", tip(one.words), x1=start[0], y1=start[1], x2=end[0], y2=end[1], stroke=tone.fill,
                    stroke_width=weight, stroke_dasharray=dashes)  # fmt: skip
    words = fitted(one.words, w1 + GAP, 12)
    room = width_of(words, 12) + 6
    part = 0.25 if upward else 0.4
    at = (start[0] * (1 - part) + end[0] * part, start[1] * (1 - part) + end[1] * part)
    behind = element("rect", x=at[0] - room / 2, y=at[1] - 13, width=room, height=18, fill=PAPER)
    return Drawing(drawn + behind + label(words, at[0], at[1], size=12, anchor="middle"))


def _box(one: Owner, left: float, top: float, wide: float) -> Drawing:
    tone: Tone | None = DARK_BLUE if one.level == 0 else None
    edge = DARK_PINK if one.abroad else DARK_GREY if one.faint else TURQUOISE
    shape = element(
        "rect", tip(f"{one.name}. {one.detail}"), x=left, y=top, width=wide, height=BOX, rx=4, fill=tone.fill if tone else PAPER,
        stroke=(tone or edge).fill, stroke_width=2, stroke_dasharray="5 4" if one.faint else None,
    )  # fmt: skip
    ink = PAPER if tone else INK
    names = wrapped(one.name, wide - 12, 15, lines=2)
    shown = [label(text, left + 6, top + 17 + 16 * row, size=13, fill=ink, bold=True) for row, text in enumerate(names)]
    shown.append(label(fitted(one.detail, wide - 12, 12), left + 6, top + BOX - 8, size=12, fill=ink))
    return Drawing(shape + "".join(shown))
