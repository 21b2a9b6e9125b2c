"""The drawing of a family: who stands where is in `family_layout`; here is what it looks like and says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from kinfold.service.web.drawings.family_layout import (
    BOX_HEIGHT,
    Family,
    FamilyTie,
    Layout,
    Member,
    Place,
    TieKind,
    drawable_ties,
    lay_out,
)
from kinfold.service.web.drawings.figure import WIDE, Figure, Rows, at_two_widths, figure_of
from kinfold.service.web.drawings.svg import (
    DARK_BLUE,
    DARK_GREY,
    DARK_PINK,
    INK,
    ORANGE,
    PAPER,
    TURQUOISE,
    Drawing,
    Tone,
    drawing,
    element,
    fitted,
    label,
    path,
    tip,
    wrapped,
)
from kinfold.service.web.drawings.words import count_words


@dataclass(frozen=True, slots=True)
class _Look:
    """How a tie is drawn: never by its colour alone, always by its dashes and weight too."""

    tone: Tone
    dashes: str | None
    weight: float


LOOKS = {
    TieKind.PARENT: _Look(DARK_BLUE, None, 2),
    TieKind.COUPLE: _Look(DARK_BLUE, None, 5),
    TieKind.SIBLING: _Look(TURQUOISE, "9 4", 2),
    TieKind.CARER: _Look(ORANGE, "14 4 3 4", 2.5),
    TieKind.OTHER: _Look(DARK_GREY, "2 4", 2),
    TieKind.KEPT_APART: _Look(DARK_PINK, "6 6", 4),
}
BOLD = 14 * 1.1  # bold letters of size 14 are as wide as plain ones of this size
_LEGEND_ROW, _LEGEND_COLUMN = 20.0, 230.0


def _line(tie: FamilyTie, corners: list[tuple[float, float]], said: str) -> Drawing:
    look = LOOKS[tie.kind]
    main = element(
        "path",
        tip(said),
        d=path(corners),
        fill="none",
        stroke=look.tone.fill,
        stroke_width=look.weight,
        stroke_dasharray=look.dashes,
    )
    if tie.kind is not TieKind.KEPT_APART:
        return main
    (x1, y1), (x2, y2) = _longest(corners)
    x, y = (x1 + x2) / 2, (y1 + y2) / 2
    cross = f"M{x - 6:.1f} {y - 6:.1f}l12 12m0 -12l-12 12"
    return Drawing(main + element("path", d=cross, fill="none", stroke=look.tone.fill, stroke_width=3))


def _longest(corners: list[tuple[float, float]]) -> tuple[tuple[float, float], tuple[float, float]]:
    return max(pairwise(corners), key=lambda s: abs(s[0][0] - s[1][0]) + abs(s[0][1] - s[1][1]))


def _box(member: Member, place: Place, top: float) -> Drawing:
    fill, ink = (DARK_BLUE.fill, PAPER) if member.focus else (PAPER, INK)
    shape = element(
        "rect",
        tip(f"{member.label}. {member.detail}".strip()),
        x=place.left,
        y=top,
        width=place.width,
        height=BOX_HEIGHT,
        rx=4,
        fill=fill,
        stroke=DARK_BLUE.fill,
        stroke_width=2,
        stroke_dasharray="5 4" if member.faint else None,
    )
    names = wrapped(member.label, place.width - 14, BOLD, lines=1 if member.detail else 2)
    if member.detail and len(names) == 1 and names[0].endswith("…"):
        names = wrapped(member.label, place.width - 14, BOLD, lines=2)
    lines = [(name, 14.0, True) for name in names]
    if member.detail:
        lines.append((fitted(member.detail, place.width - 14, 12), 12.0, False))
    first = top + (BOX_HEIGHT - 17 * len(lines)) / 2 + 13
    shown = [
        label(text, place.left + 7, first + 17 * i, size=size, fill=ink, bold=bold)
        for i, (text, size, bold) in enumerate(lines)
    ]
    return Drawing(shape + "".join(shown))


def _legend(kinds: list[TieKind], *, top: float, width: float) -> Iterator[Drawing]:
    columns = max(int(width // _LEGEND_COLUMN), 1)
    for index, kind in enumerate(kinds):
        x, y = 10 + (index % columns) * _LEGEND_COLUMN, top + (index // columns) * _LEGEND_ROW
        yield _line(FamilyTie("", "", kind), [(x, y), (x + 44, y)], kind.value)
        yield label(kind.value, x + 52, y + 4.5, size=12)


def _legend_height(kinds: list[TieKind], width: float) -> float:
    columns = max(int(width // _LEGEND_COLUMN), 1)
    return -(-len(kinds) // columns) * _LEGEND_ROW


def draw_family(family: Family, *, width: float = WIDE) -> Drawing:
    """Return the picture: generations from the top down, the focus filled in, a key to the lines below."""
    layout: Layout = lay_out(family, width=width)
    names = {m.key: m.label for m in family.members}
    lines = [_line(tie, corners, _said(tie, names)) for tie, corners in reversed(layout.lines)]
    boxes = [
        _box(m, layout.places[m.key], layout.tops[layout.places[m.key].row]) for m in family.members if m.key in names
    ]
    present = {tie.kind for tie in drawable_ties(family)}
    kinds = [kind for kind in TieKind if kind in present]
    legend = _legend(kinds, top=layout.height + 6, width=width)
    height = layout.height + _legend_height(kinds, width) + 6
    return drawing(family.title, family_sentence(family), [*lines, *boxes, *legend], width=width, height=height)


def _said(tie: FamilyTie, names: dict[str, str]) -> str:
    if tie.kind is TieKind.KEPT_APART:
        text = f"{names[tie.one]} and {names[tie.other]}: {tie.kind.value}"
    elif tie.kind is TieKind.OTHER:
        text = f"{names[tie.one]} and {names[tie.other]}: {tie.note or 'tied in another way'}"
    else:
        text = f"{names[tie.one]}: {tie.kind.value} {names[tie.other]}"
    return f"{text} ({tie.note})" if tie.note and tie.kind is not TieKind.OTHER else text


def family_sentence(family: Family) -> str:
    """Return the drawing in words: who is in the middle and what joins them to the others."""
    if not family.members:
        return "Nobody has been recorded in this family yet."
    names = {m.key: m.label for m in family.members}
    ties = drawable_ties(family)
    focus = next((m for m in family.members if m.focus), None)
    said = f"{count_words(len(family.members), 'person', 'people')} and {count_words(len(ties), 'tie')}."
    near = [_said(t, names) for t in ties if focus and focus.key in (t.one, t.other)]
    return f"{said} {'. '.join(near)}." if near else said


def family_rows(family: Family) -> Rows:
    """Return the table: one row per tie, then one per member without a tie."""
    names = {m.key: m.label for m in family.members}
    details = {m.key: m.detail for m in family.members}
    ties = drawable_ties(family)
    rows = [(names[t.one], t.kind.value, names[t.other], t.note) for t in ties]
    tied = {key for t in ties for key in (t.one, t.other)}
    rows += [(m.label, "no tie recorded", "", details[m.key]) for m in family.members if m.key not in tied]
    return Rows(("Person", "Tie", "To", "Note"), rows)


@figure_of.register
def _(family: Family) -> Figure:
    return at_two_widths(family, sort="family", draw=draw_family, sentence=family_sentence, table=family_rows)
