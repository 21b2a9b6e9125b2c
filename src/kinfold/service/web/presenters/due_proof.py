"""The proof of a clock, and figures of how duties were kept, as pages show them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from kinfold.duties import State
from kinfold.duties.arithmetic import day_of
from kinfold.duties.clock import STATE_WORDS
from kinfold.duties.prove import Redated
from kinfold.service.records.reads.clock_proof import Kept, KeptDuties, LateOne, Proved
from kinfold.service.web.components import Cell, Column, FigureItem, Link, Table, Tag, TimelineEntry
from kinfold.service.web.drawings.words import day_words
from kinfold.service.web.presenters.due import ADDRESSES, COLOURS, WALLS, proof_address
from kinfold.service.web.table_files import MEDIA

_HEADS = ("Facts", "Rule", "Arithmetic", "What happened")


def proof_page(found: Proved) -> dict[str, Any]:
    """Return the proof in its parts, how later knowledge changed it, and the reasons given."""
    clock = found.clock
    late = clock.state in (State.MET_LATE, State.BREACHED)
    return {
        "clock": clock,
        "on": found.on,
        "state": Tag(STATE_WORDS[clock.state], COLOURS[clock.state]),
        "sentence": clock.because,
        "parts": _parts(found.proof.lines),
        "entries": [_change(moment, change) for moment, change in found.changes],
        "reasons": found.reasons,
        "explain": late and found.may_explain,
        "reason_href": reverse("clock_reason", args=[found.uid]),
        "key": clock.key,
        "back": reverse("child_clocks", args=[found.uid]),
        "days": [Link(f"As it was known on {day_words(day_of(clock.due))}, the last day",
                      f"{proof_address(found.uid, clock.key)}&as_known_on={day_of(clock.due).isoformat()}")]
        if clock.due is not None and day_of(clock.due) < found.on else [],
    }  # fmt: skip


def _parts(lines: Sequence[str]) -> list[tuple[str, list[str]]]:
    """Return the lines of a proof under their heads, without the sentence that opens it."""
    found: list[tuple[str, list[str]]] = []
    for line in lines[1:]:
        if line in _HEADS:
            found.append((line, []))
        elif line and found:
            found[-1][1].append(line)
    return found


def _change(moment: Any, change: Redated) -> TimelineEntry:
    if change.before is None:
        said = f"It began: {_as_of(change.after, change.due_after)}"
    elif change.after is None:
        said = "It no longer ran by what was known then"
    else:
        said = f"From {_as_of(change.before, change.due_before)} to {_as_of(change.after, change.due_after)}"
    tag = Tag(STATE_WORDS[change.after], COLOURS[change.after]) if change.after else None
    return TimelineEntry(title=said, when=moment, tag=tag)


def _as_of(state: State | None, due: str) -> str:
    words = STATE_WORDS[state].lower() if state else "nothing"
    return f"{words}, due {day_words(date.fromisoformat(due[:10]))}" if due else words


def timeliness_page(found: KeptDuties) -> dict[str, Any]:
    """Return the figures of a period and what was late in it."""
    in_time = sum(one.in_time for one in found.duties)
    total = sum(one.in_time + one.late + one.not_done for one in found.duties)
    last = found.end.fromordinal(found.end.toordinal() - 1)
    return {
        "first": found.first,
        "last": last,
        "figures": [
            FigureItem(f"{total:,}", "fell due"),
            FigureItem(_percent(in_time / total if total else None), "in time"),
            FigureItem(f"{sum(one.late for one in found.duties):,}", "done late"),
            FigureItem(f"{sum(one.not_done for one in found.duties):,}", "not done"),
            FigureItem(f"{sum(one.recorded_late for one in found.duties):,}", "in time, written down late"),
        ],
        "table": _duties(found),
        "late": _late(found.late),
        "keep": _keeping(found),
        "duty": found.duty,
        "child": found.child,
        "name": found.name,
        "which": found.which,
        "walls": [(name, label) for name, label in WALLS.items()],
        "crumbs": [
            Link("Home", reverse("home")),
            Link(found.name, reverse("child_clocks", args=[found.child]))
            if found.child
            else Link("Due", reverse(ADDRESSES["mine"])),
            Link("How duties were kept"),
        ],
    }


FIGURES = (
    "Duty",
    "What",
    "From",
    "To",
    "In time",
    "Done late",
    "Not done",
    "Share in time",
    "In time, written down late",
)
LATE = ("Child", "What", "Due", "Done", "Reason")


def figures_to_keep(found: KeptDuties) -> list[list[Any]]:
    """Return how each duty was kept as a file holds it: nobody is named."""
    last = found.end - timedelta(days=1)
    return [
        [one.duty, one.label, found.first, last, one.in_time, one.late, one.not_done,
         None if one.share_in_time is None else round(one.share_in_time, 4), one.recorded_late]
        for one in found.duties
    ]  # fmt: skip


def late_to_keep(late: Sequence[LateOne]) -> list[list[Any]]:
    """Return what was late as a file holds it, with the reason given."""
    return [[one.name, one.label, one.due, one.met_on, one.reason] for one in late]


def _keeping(found: KeptDuties) -> dict[str, str]:
    """Return the addresses of the files that hold what the page shows."""
    last = found.end - timedelta(days=1)
    asked = {"from": found.first.isoformat(), "to": last.isoformat(), "wall": found.which, "duty": found.duty,
             "child": found.child}  # fmt: skip
    shown = urlencode({name: said for name, said in asked.items() if said})
    return {f"{what}_{form}": f"?{shown}&what={what}&as={form}" for what in ("figures", "late") for form in MEDIA}


def _duties(found: KeptDuties) -> Table:
    columns = [Column("Duty", sort="ascending"), Column("In time", numeric=True, sort="none"),
               Column("Done late", numeric=True, sort="none"), Column("Not done", numeric=True, sort="none"),
               Column("Share in time", numeric=True, sort="none"),
               Column("In time, written down late", numeric=True, sort="none")]  # fmt: skip
    return Table(
        "How each duty was kept", columns, [_kept(one, found) for one in found.duties],
        empty="Nothing fell due in this period for the children you work with. Choose another.",
    )  # fmt: skip


def _kept(one: Kept, found: KeptDuties) -> list[Cell]:
    last = found.end.fromordinal(found.end.toordinal() - 1)
    address = f"{reverse('timeliness')}?from={found.first}&to={last}&wall={found.which}&duty={one.duty}" + (
        f"&child={found.child}" if found.child else ""
    )
    share = one.share_in_time
    return [
        Cell(f"{one.duty} {one.label}", href=address), Cell(f"{one.in_time:,}", order=str(one.in_time)),
        Cell(f"{one.late:,}", order=str(one.late)), Cell(f"{one.not_done:,}", order=str(one.not_done)),
        Cell(_percent(share), order=f"{share or 0:.4f}"), Cell(f"{one.recorded_late:,}", order=str(one.recorded_late)),
    ]  # fmt: skip


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share * 100:.0f}%"


def _late(late: Sequence[LateOne]) -> Table:
    rows = [
        [
            Cell(one.name, href=proof_address(one.uid, one.key), about=f": {one.label}"), Cell(one.label),
            Cell(day_words(one.due), order=one.due.isoformat()),
            Cell(day_words(one.met_on) if one.met_on else "not done"), Cell(one.reason or "no reason given"),
        ]
        for one in late
    ]  # fmt: skip
    columns = [Column("Child"), Column("What"), Column("Due"), Column("Done"), Column("Reason")]
    return Table("What was late, the latest first", columns, rows, empty="Nothing was late in this period.")
