"""
A person's story: lanes of spells as bars and events as dots along the years.

The position says what kind of thing it is (its lane) and when; colour only helps. A bar too short for its words carries
the number of its row in the table, and dots that would touch become one dot with their count.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from kinfold.service.web.drawings.axis import DayAxis, day_axis
from kinfold.service.web.drawings.figure import NARROW, WIDE, Figure, Rows, at_two_widths, figure_of
from kinfold.service.web.drawings.svg import (
    DARK_PINK,
    INK,
    PALE,
    PAPER,
    QUIET,
    RULE,
    TONES,
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
from kinfold.service.web.drawings.words import age_on, count_words, day_words, listed

BAR, ROW, TEXT = 20.0, 24.0, 13.0
HEAD, FOOT = 44.0, 26.0
TOUCHING = 15.0  # dots nearer than this become one
SHORTEST = 4.0  # a spell of a day is still seen


@dataclass(frozen=True, slots=True)
class Bar:
    """A spell, half-open: `end` is the first day it no longer held, None while it goes on."""

    start: date
    end: date | None
    label: str
    planned: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Dot:
    """Something that happened on one day."""

    day: date
    label: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Lane:
    """One kind of thing, with its spells and events."""

    label: str
    bars: Sequence[Bar] = ()
    dots: Sequence[Dot] = ()


@dataclass(frozen=True, slots=True)
class Story:
    """What is drawn: `today` is the day the story is told, `born` lets the axis say ages."""

    title: str
    lanes: Sequence[Lane]
    today: date
    born: date | None = None


@dataclass(frozen=True, slots=True)
class _Numbered:
    number: int
    lane: Lane
    thing: Bar | Dot


def _start(thing: Bar | Dot) -> date:
    return thing.start if isinstance(thing, Bar) else thing.day


def _numbered(story: Story) -> list[_Numbered]:
    """Return everything in the order of the table: by lane, then by day."""
    result: list[_Numbered] = []
    for lane in story.lanes:
        things: list[Bar | Dot] = [*lane.bars, *lane.dots]
        for thing in sorted(things, key=lambda t: (_start(t), t.label)):
            result.append(_Numbered(len(result) + 1, lane, thing))
    return result


def story_days(story: Story) -> list[date]:
    """Return every day the drawing must reach: today, and the days of everything told."""
    days = [story.today]
    for each in _numbered(story):
        days.append(_start(each.thing))
        if isinstance(each.thing, Bar) and each.thing.end:
            days.append(each.thing.end)
    return days


def rows_of_bars(bars: Sequence[tuple[int, Bar]]) -> list[list[tuple[int, Bar]]]:
    """Return the bars, each with its number, in as few rows as keep those that overlap in time apart."""
    rows: list[list[tuple[int, Bar]]] = []
    ends: list[date] = []
    for number, bar in sorted(bars, key=lambda b: (b[1].start, b[0])):
        until = max(bar.end, bar.start) if bar.end else date.max
        place = next((i for i, end in enumerate(ends) if end <= bar.start), len(rows))
        if place == len(rows):
            rows.append([])
            ends.append(until)
        rows[place].append((number, bar))
        ends[place] = until
    return rows


def clusters(dots: Sequence[tuple[float, Dot]]) -> list[list[tuple[float, Dot]]]:
    """Return dots by place, those that would touch their neighbour gathered together."""
    result: list[list[tuple[float, Dot]]] = []
    for x, dot in sorted(dots, key=lambda d: (d[0], d[1].label)):
        if result and x - result[-1][-1][0] < TOUCHING:
            result[-1].append((x, dot))
        else:
            result.append([(x, dot)])
    return result


def _bar_shape(bar: Bar, tone: Tone, *, left: float, right: float, y: float) -> Drawing:
    fill, dashes = (PAPER, "4 3") if bar.planned else (tone.fill, None)
    if bar.end is None:  # an open end is drawn as a point, so that going on is not said by a date alone
        nose = min(7.0, (right - left) / 2)
        corners = (
            f"M{left:.1f} {y}H{right - nose:.1f}L{right:.1f} {y + BAR / 2}L{right - nose:.1f} {y + BAR}H{left:.1f}Z"
        )
        return element("path", tip(_said(bar)), d=corners, fill=fill, stroke=tone.fill, stroke_dasharray=dashes)
    return element(
        "rect",
        tip(_said(bar)),
        x=left,
        y=y,
        width=right - left,
        height=BAR,
        fill=fill,
        stroke=tone.fill if bar.planned else PAPER,
        stroke_dasharray=dashes,
    )


def _said(thing: Bar | Dot) -> str:
    if isinstance(thing, Dot):
        return f"{thing.label}, {day_words(thing.day)}"
    until = f" to {day_words(thing.end)}" if thing.end else ", going on"
    return f"{thing.label}, {day_words(thing.start)}{until}"


def _bar_words(bar: Bar, number: int, tone: Tone, *, left: float, right: float, y: float) -> Drawing:
    room = right - left - (10 if bar.end else 14)
    text = bar.label if width_of(bar.label, TEXT) <= room else fitted(bar.label, room, TEXT)
    if len(text) < min(7, len(bar.label)):
        text = str(number) if width_of(str(number), TEXT) <= right - left - 3 else ""
    if not text:
        return Drawing("")
    ink = INK if bar.planned else tone.text
    x = left + 5 if len(text) > 3 else left + 2
    return label(text, x, y + 14.5, size=TEXT, fill=ink)


def _bars(
    rows: list[list[tuple[int, Bar]]], axis: DayAxis, story: Story, tone: Tone, *, top: float
) -> Iterator[Drawing]:
    for index, row in enumerate(rows):
        y = top + index * ROW
        for number, bar in row:
            left = min(axis.at(bar.start), axis.right - SHORTEST)
            end = bar.end or (story.today if bar.start <= story.today else axis.last)
            right = max(axis.at(end), left + SHORTEST)
            yield _bar_shape(bar, tone, left=left, right=right, y=y)
            yield _bar_words(bar, number, tone, left=left, right=right, y=y)


def _dots(lane: Lane, axis: DayAxis, tone: Tone, *, top: float) -> Iterator[Drawing]:
    groups = clusters([(axis.at(dot.day), dot) for dot in lane.dots])
    y = top + BAR / 2
    for index, group in enumerate(groups):
        x = (group[0][0] + group[-1][0]) / 2
        said = tip("; ".join(_said(dot) for _, dot in group))
        if len(group) > 1:
            half = max((group[-1][0] - group[0][0]) / 2, 3) + 6
            left, right = max(x - half, axis.left), min(x + half, axis.right)
            yield element("rect", said, x=left, y=y - 8, width=right - left, height=16, rx=8, fill=tone.fill)
            yield label(
                str(len(group)), (left + right) / 2, y + 4.5, size=12, fill=tone.text, anchor="middle", bold=True
            )
            continue
        yield element("circle", said, cx=min(max(x, axis.left + 6), axis.right - 6), cy=y, r=6, fill=tone.fill)
        limit = groups[index + 1][0][0] - TOUCHING if index + 1 < len(groups) else axis.right
        text = fitted(group[0][1].label, limit - x - 12, 12)
        if len(text) >= min(7, len(group[0][1].label)):
            yield label(text, x + 10, y + 4.5, size=12)


def _axis(axis: DayAxis, story: Story, *, height: float) -> Iterator[Drawing]:
    for day, text in axis.marks(64 if axis.right > NARROW else 52):
        x = axis.at(day)
        yield element("line", x1=x, x2=x, y1=HEAD - 6, y2=height - FOOT, stroke=RULE)
        yield label(text, x, 16, size=13, fill=QUIET, anchor="middle")
        age = age_on(story.born, day) if story.born else None
        if age is not None:
            yield label(f"age {age}", x, 31, size=12, fill=QUIET, anchor="middle")


def _today(axis: DayAxis, story: Story, *, height: float) -> Iterator[Drawing]:
    x = axis.at(story.today)
    top, bottom = HEAD - 8, height - FOOT + 4
    yield element("line", x1=x, x2=x, y1=top, y2=bottom, stroke=DARK_PINK.fill, stroke_width=2, stroke_dasharray="5 4")
    text = f"Told on {day_words(story.today)}"
    half = width_of(text, 12) / 2
    yield label(
        text, min(max(x, half + 2), axis.right - half), height - 8, size=12, fill=DARK_PINK.fill, anchor="middle"
    )


def draw_story(story: Story, *, width: float = WIDE) -> Drawing:
    """Return the picture. At 600 or more the lanes' names stand at the left, below that above their lane."""
    beside = width >= 600
    axis = day_axis(story_days(story), left=180 if beside else 8, right=width - 12)
    numbers = {id(each.thing): each.number for each in _numbered(story)}
    parts: list[Drawing] = []
    y = HEAD
    for index, lane in enumerate(story.lanes):
        rows = rows_of_bars([(numbers[id(bar)], bar) for bar in lane.bars])
        names = wrapped(lane.label, 165 if beside else width - 16, 14, lines=2 if beside else 1)
        top = y + (5 if beside else 22)
        body = max(len(rows) + bool(lane.dots), 2 if beside and len(names) > 1 else 1) * ROW
        tone = TONES[index % len(TONES)]
        band = element("rect", x=0, y=y, width=width, height=top - y + body, fill=PALE)
        parts += [band] if index % 2 == 0 else []
        parts += [label(name, 6, y + 18 + i * 16, size=14, bold=True) for i, name in enumerate(names)]
        parts.append(Drawing("".join(_bars(rows, axis, story, tone, top=top))))
        parts.append(Drawing("".join(_dots(lane, axis, tone, top=top + len(rows) * ROW))))
        y = top + body + 2
    height = y + FOOT
    bands = [part for part in parts if f'fill="{PALE}"' in part]
    above = [part for part in parts if f'fill="{PALE}"' not in part]
    lines = [*_axis(axis, story, height=height), *_today(axis, story, height=height)]
    return drawing(story.title, story_sentence(story), [*bands, *lines, *above], width=width, height=height)


def story_sentence(story: Story) -> str:
    """Return the drawing in words: from when, how many of each kind, and what goes on today."""
    everything = _numbered(story)
    if not everything:
        return "Nothing has been recorded yet."
    first = min(_start(each.thing) for each in everything)
    said = [f"From {day_words(first)}, told on {day_words(story.today)}."]
    for lane in story.lanes:
        if lane.bars or lane.dots:
            said.append(_lane_sentence(lane, story.today))
    return " ".join(said)


def _lane_sentence(lane: Lane, today: date) -> str:
    counts = [count_words(len(lane.bars), "period")] if lane.bars else []
    counts += [count_words(len(lane.dots), "event")] if lane.dots else []
    text = f"{lane.label}: {listed(counts)}"
    open_now = [b for b in lane.bars if not b.planned and b.start <= today and (b.end is None or b.end > today)]
    if open_now:
        text += "; now " + listed([f"{b.label} since {day_words(b.start)}" for b in open_now])
    return f"{text}."


def story_rows(story: Story) -> Rows:
    """Return the table: one row per spell or event, numbered as in the picture."""
    rows = []
    for each in _numbered(story):
        thing = each.thing
        if isinstance(thing, Dot):
            start, end, note = day_words(thing.day), "", thing.note
        else:
            start, end, note = day_words(thing.start), day_words(thing.end, unknown="going on"), thing.note
            if thing.end and thing.end < thing.start:
                note = f"ends before it starts. {note}".strip()
            note = f"planned. {note}".strip() if thing.planned else note
        rows.append((str(each.number), each.lane.label, thing.label, start, end, note))
    return Rows(("Number", "Kind", "What", "From or on", "Ended", "Note"), rows, frozenset({0}))


@figure_of.register
def _(story: Story) -> Figure:
    return at_two_widths(story, sort="story", draw=draw_story, sentence=story_sentence, table=story_rows)
