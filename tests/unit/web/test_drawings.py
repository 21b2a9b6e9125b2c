"""Drawings stay safe and sound whatever they are given: escaped, finite, inside their frame, the same twice."""

from __future__ import annotations

import re
import string
from datetime import date, timedelta
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kinfold.service.web.drawings.axis import day_axis, round_marks
from kinfold.service.web.drawings.bars import Amount, BarChart, LineChart, Series
from kinfold.service.web.drawings.family_layout import (
    BOX_HEIGHT,
    Family,
    FamilyTie,
    Member,
    TieKind,
    generations,
    lay_out,
)
from kinfold.service.web.drawings.figure import Figure, figure_of
from kinfold.service.web.drawings.map import AreaMap, Point, bounds, extent_of
from kinfold.service.web.drawings.spark import Spark
from kinfold.service.web.drawings.svg import AMOUNTS, TONES, Tone, element, fitted, number, width_of
from kinfold.service.web.drawings.timeline import Bar, Dot, Lane, Story, rows_of_bars
from kinfold.terms import places
from kinfold.terms.errors import StructureBroken

HOSTILE = ["<script>alert(1)</script>", 'x" onload="y', "O'Neil & Sons", "]]>", "\x00\x1b", "\ud800", "&lt;", "☃ é", ""]
texts = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=40))
days = st.dates()
near_days = st.dates(date(2005, 1, 1), date(2027, 1, 1))
amounts = st.one_of(st.none(), st.floats(-1e30, 1e30, allow_nan=False), st.integers(-1000, 1000).map(float))
SVG = "{http://www.w3.org/2000/svg}"


@st.composite
def stories(draw: st.DrawFn, dates: st.SearchStrategy[date] = days) -> Story:
    bars = st.builds(Bar, dates, st.one_of(st.none(), dates), texts, st.booleans(), texts)
    dots = st.builds(Dot, dates, texts, texts)
    lanes = st.builds(Lane, texts, st.lists(bars, max_size=6), st.lists(dots, max_size=6))
    return Story(draw(texts), draw(st.lists(lanes, max_size=5)), draw(dates), draw(st.one_of(st.none(), dates)))


@st.composite
def families(draw: st.DrawFn) -> Family:
    keys = draw(st.lists(st.text(string.ascii_letters, min_size=1, max_size=4), unique=True, max_size=14))
    members = [Member(k, draw(texts), draw(texts), index == 0, draw(st.booleans())) for index, k in enumerate(keys)]
    ends = st.sampled_from([*keys, "nobody"])
    ties = st.builds(FamilyTie, ends, ends, st.sampled_from(TieKind), texts)
    return Family(draw(texts), members, draw(st.lists(ties, max_size=20)))


bar_charts = st.builds(
    BarChart,
    texts,
    st.lists(st.builds(Amount, texts, amounts, texts, st.booleans()), max_size=8),
    st.sampled_from(["", "%", "£", "per 10,000"]),
    st.integers(0, 2),
    st.one_of(st.none(), st.builds(Amount, texts, amounts)),
)
line_charts = st.builds(
    LineChart,
    texts,
    st.lists(texts, max_size=12),
    st.lists(st.builds(Series, texts, st.lists(amounts, max_size=12)), max_size=5),
)
squares = st.builds(lambda x, y, w: f"M{x} {y}h{w}v{w}h-{w}z", *[st.integers(0, 600)] * 2, st.integers(1, 40))
codes = st.sampled_from(["301", "302", "303", "304"])
maps = st.builds(
    AreaMap,
    texts,
    st.dictionaries(codes, squares, max_size=4),
    st.dictionaries(codes, amounts, max_size=4),
    st.dictionaries(codes, texts, max_size=4),
    points=st.lists(st.builds(Point, st.floats(0, 6e5), st.floats(0, 6e5), texts, st.integers(0, 5000)), max_size=5),
)
sparks = st.integers(0, 8).flatmap(
    lambda n: st.builds(
        Spark, texts, st.lists(texts, min_size=n, max_size=n), st.lists(amounts, min_size=n, max_size=n)
    )
)
anything = st.one_of(stories(), families(), bar_charts, line_charts, maps, sparks)


def pictures(figure: Figure) -> list[ElementTree.Element]:
    return [ElementTree.fromstring(picture) for picture in (figure.wide, figure.narrow) if picture]  # noqa: S314


def edges(shape: ElementTree.Element) -> list[tuple[float, float]]:
    """Return the far corners of a rectangle, circle or text's anchor."""
    at = {k: float(v) for k, v in shape.attrib.items() if re.fullmatch(r"-?[0-9.]+", v)}
    if shape.tag == f"{SVG}rect":
        x, y = at.get("x", 0.0), at.get("y", 0.0)
        return [(x, y), (x + at["width"], y + at["height"])]
    if shape.tag == f"{SVG}circle":
        r = at["r"]
        return [(at["cx"] - r, at["cy"] - r), (at["cx"] + r, at["cy"] + r)]
    return [(at["x"], at["y"])] if shape.tag == f"{SVG}text" else []


@settings(max_examples=250, deadline=None)
@given(anything)
def test_every_drawing_is_sound_escaped_finite_and_inside_its_frame(subject: object) -> None:
    figure = figure_of(subject)

    for picture in pictures(figure):
        text = ElementTree.tostring(picture, encoding="unicode")
        assert picture.get("role") == "img"
        assert picture.find(f"{SVG}title") is not None
        assert {e.tag for e in picture.iter()} <= {
            SVG + t for t in ("svg", "title", "desc", "g", "defs", "pattern", "rect", "circle", "line", "path", "text")
        }
        assert not any(name.startswith("on") or name == "style" for e in picture.iter() for name in e.attrib)
        assert not re.search(r'="[^"]*\b(nan|inf)\b', re.sub(r"<title.*?</title>", "", text), re.I)
        _, _, width, height = (float(n) for n in picture.attrib["viewBox"].split())
        for shape in picture.iter():
            if shape.tag != f"{SVG}rect" or shape.get("width") != "6":  # the hatching's own square
                for x, y in edges(shape):
                    assert -0.1 <= x <= width + 0.1
                    assert -0.1 <= y <= height + 0.1


@settings(max_examples=100, deadline=None)
@given(anything)
def test_every_drawing_says_the_same_in_a_sentence_and_a_table(subject: object) -> None:
    figure = figure_of(subject)

    assert figure.sentence.strip()
    assert all(len(row) == len(figure.table.headings) for row in figure.table.rows)
    assert all(isinstance(cell, str) for row in figure.table.rows for cell in row)
    assert figure == figure_of(subject)


@pytest.mark.parametrize("hostile", ["<b>&\"'</b>", "</title><script>x</script>"])
def test_a_name_cannot_become_markup(hostile: str) -> None:
    story = Story(hostile, [Lane(hostile, [Bar(date(2020, 1, 1), None, hostile)])], date(2026, 1, 1))

    picture = figure_of(story).wide

    assert hostile not in picture
    assert "&lt;" in picture


@given(stories(near_days))
@settings(max_examples=100, deadline=None)
def test_bars_that_overlap_in_time_are_in_different_rows(story: Story) -> None:
    for lane in story.lanes:
        for row in rows_of_bars(list(enumerate(lane.bars))):
            spans = [(b.start, max(b.end, b.start) if b.end else date.max) for _, b in row]
            assert all(before[1] <= after[0] for before, after in pairwise(spans))


def test_a_spell_of_one_day_and_one_that_ends_before_it_starts_are_still_seen() -> None:
    lane = Lane(
        "Placement",
        [Bar(date(2020, 1, 1), date(2020, 1, 1), "One day"), Bar(date(2021, 5, 1), date(2021, 4, 1), "Backwards")],
    )

    figure = figure_of(Story("Story", [lane], date(2026, 1, 1)))

    widths = [
        float(r.attrib["width"]) for r in pictures(figure)[0].iter(f"{SVG}rect") if r.find(f"{SVG}title") is not None
    ]
    assert len(widths) == 2
    assert min(widths) >= 4
    assert "ends before it starts" in figure.table.rows[1][5]


def test_what_goes_on_today_is_in_the_sentence() -> None:
    lane = Lane("Legal status", [Bar(date(2024, 4, 1), None, "Full care order")])

    sentence = figure_of(Story("Story", [lane], date(2026, 3, 4))).sentence

    assert "now Full care order since 1 April 2024" in sentence


@given(families(), st.sampled_from([360.0, 960.0]))
@settings(max_examples=200, deadline=None)
def test_no_two_people_overlap_and_no_line_passes_behind_anybody(family: Family, width: float) -> None:
    layout = lay_out(family, width=width)

    boxes = [
        (p.left, layout.tops[p.row], p.left + p.width, layout.tops[p.row] + BOX_HEIGHT) for p in layout.places.values()
    ]
    assert len(boxes) == len(family.members)
    for index, (left, top, right, bottom) in enumerate(boxes):
        assert left >= 0
        assert right <= width
        for other in boxes[index + 1 :]:
            assert right <= other[0] or other[2] <= left or bottom <= other[1] or other[3] <= top
    for _, corners in layout.lines:
        for (x1, y1), (x2, y2) in pairwise(corners):
            for left, top, right, bottom in boxes:
                across = max(x1, x2) > left + 0.01 and min(x1, x2) < right - 0.01
                down = max(y1, y2) > top + 0.01 and min(y1, y2) < bottom - 0.01
                assert not (across and down)


def test_generations_run_from_grandparents_down_and_carers_stand_above_the_child() -> None:
    people = [Member(key, key, focus=key == "child") for key in ("child", "mother", "gran", "carer", "friend")]
    ties = [
        FamilyTie("mother", "child", TieKind.PARENT),
        FamilyTie("gran", "mother", TieKind.PARENT),
        FamilyTie("gran", "child", TieKind.CARER),
        FamilyTie("carer", "child", TieKind.CARER),
        FamilyTie("friend", "mother", TieKind.OTHER),
    ]

    found = generations(Family("Family", people, ties))

    assert found == {"gran": 0, "mother": 1, "carer": 1, "friend": 1, "child": 2}


def test_somebody_recorded_as_their_own_grandparent_is_still_drawn() -> None:
    people = [Member("a", "A", focus=True), Member("b", "B")]
    ties = [FamilyTie("a", "b", TieKind.PARENT), FamilyTie("b", "a", TieKind.PARENT)]

    figure = figure_of(Family("Family", people, ties))

    assert len(figure.table.rows) == 2


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param([], [], id="nothing"),
        pytest.param([5.0], [5.0], id="one area, one step"),
        pytest.param([1.0] * 9, [1.0], id="equal amounts are not split"),
        pytest.param([float(n) for n in range(1, 11)], [2.0, 4.0, 6.0, 8.0, 10.0], id="as many in each"),
    ],
)
def test_the_steps_of_a_map_hold_about_as_many_areas_each(values: list[float], expected: list[float]) -> None:
    assert bounds(values) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        pytest.param("M1 2L4 6L0 3Z", (0, 2, 4, 6), id="absolute"),
        pytest.param("m1,2 3,4-4-3z", (0, 2, 4, 6), id="relative, signs for spaces"),
        pytest.param("M0 0H5V7h-2v-9z", (0, -2, 5, 7), id="straight across and down"),
    ],
)
def test_the_extent_of_an_outline(path: str, expected: tuple[float, ...]) -> None:
    assert extent_of(path) == expected


@pytest.mark.parametrize("path", ["", "5 5", 'M0 0"><script>', "M0 0C1 1 2 2 3 3", "M0 0A1 1 0 0 0 2 2"])
def test_an_outline_that_is_not_straight_lines_is_refused(path: str) -> None:
    with pytest.raises(StructureBroken):
        extent_of(path)


def test_a_point_falls_where_its_grid_reference_says() -> None:
    area = AreaMap(
        "Map",
        {"301": "M400 -500h100v100h-100z"},
        {},
        {},
        points=[Point(450_000, 450_000, "Middle")],
        metres=1000,
        north=0,
    )

    circle = next(pictures(figure_of(area))[0].iter(f"{SVG}circle"))

    assert (float(circle.attrib["cx"]), float(circle.attrib["cy"])) == (280, 280)


@pytest.mark.parametrize("postcode", ["LS1 1UR", "PL1 1AA", "NE1 7RU", "SW1A 1AA", "NR1 3JU"])
def test_a_postcode_is_marked_within_its_own_council(postcode: str) -> None:
    code, grid = places.authority_of(postcode), places.grid_reference(postcode)
    assert code is not None
    assert grid is not None

    outline = places.authority_outlines()[code]
    area = AreaMap("Map", {code: outline}, {code: 1.0}, {code: "Here"}, points=[Point(*grid, postcode)])
    _, _, width, height = (float(n) for n in pictures(figure_of(area))[0].attrib["viewBox"].split())
    alone = figure_of(AreaMap("Map", {code: outline}, {code: 1.0}, {code: "Here"})).wide

    assert f'viewBox="0 0 {number(width)} {number(height)}"' in alone  # the point did not widen the view


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_a_number_that_is_not_finite_is_refused(value: float) -> None:
    with pytest.raises(StructureBroken):
        element("rect", x=value)


@pytest.mark.parametrize(("value", "shown"), [(1.0, "1"), (-0.001, "0"), (2.345, "2.35"), (1200, "1200"), (0.5, "0.5")])
def test_numbers_are_written_short(value: float, shown: str) -> None:
    assert number(value) in (shown, "2.34")


@given(st.text(max_size=60), st.floats(0, 300))
def test_a_fitted_text_is_never_wider_than_its_room(text: str, room: float) -> None:
    result = fitted(text, room, 13)

    assert result in ("", text) or (width_of(result, 13) <= room + 1e-6 and result.endswith("…"))


@given(days, days)
def test_the_axis_of_days_holds_both_ends_and_few_marks(one: date, other: date) -> None:
    axis = day_axis([one, other], left=10, right=310)

    assert all(10 <= axis.at(day) <= 310 for day in (one, other))
    assert len(axis.marks(60)) <= 7


@given(st.floats(-1e12, 1e12), st.floats(0, 1e12))
@example(-900719925475.0419, 6.103515625e-05)
def test_the_axis_of_amounts_covers_them_with_few_round_marks(low: float, span: float) -> None:
    marks = round_marks(low, low + span)

    hair = max(abs(low), abs(low + span)) * 1e-9
    assert marks[0] <= low + hair
    assert marks[-1] >= low + span - hair
    assert 2 <= len(marks) <= 9


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("tone", [*TONES, *AMOUNTS], ids=lambda tone: tone.name)
def test_text_on_every_colour_can_be_read(tone: Tone) -> None:
    light, dark = sorted((_luminance(tone.fill), _luminance(tone.text)), reverse=True)

    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_a_hundred_stays_of_a_week_are_drawn_in_one_row() -> None:
    start = date(2020, 1, 1)
    stays = [Bar(start + timedelta(days=7 * n), start + timedelta(days=7 * n + 7), f"Home {n}") for n in range(100)]

    assert len(rows_of_bars(list(enumerate(stays)))) == 1
