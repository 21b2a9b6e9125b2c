"""Inventing a council, a region or England, and writing it as the files that councils really send."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kinfold.synthetic.beside import FOLDER, register_file, truth_file, world_file
from kinfold.synthetic.council import CouncilMaker, sizes_of
from kinfold.synthetic.market import councils_of, folder_of, register_of
from kinfold.synthetic.mistakes import add_mistakes
from kinfold.synthetic.window import Window, window_of
from kinfold.synthetic.written import FORMATS, WRITERS, write_truth
from kinfold.terms.errors import InputError

SCALES = ("council", "region", "england")
DEFAULT_REFERENCE = date(2026, 3, 31)


@dataclass(frozen=True, slots=True)
class Made:
    """One council whose files have been written: its code, its folder, and how many children it holds."""

    la_code: str
    folder: Path
    children: int


@dataclass(frozen=True, slots=True)
class _Task:
    """What one process needs to make one council."""

    scale: str
    seed: int
    number: int
    out: Path
    window: Window
    formats: tuple[str, ...]
    mistakes: bool


def invent(
    scale: str,
    seed: int,
    out: Path,
    *,
    reference_date: date = DEFAULT_REFERENCE,
    today: date | None = None,
    formats: Sequence[str] = FORMATS,
    years: int = 5,
    mistakes: bool = False,
    processes: int = 1,
) -> Iterator[Made]:
    """
    Write an invented council, region or England under `out`, one folder a council, and yield each as it is finished.

    `reference_date` is the 31 March on which the newest yearly returns end; `today` the day of the daily feed and the
    extract (the reference date if not given). The same seed and dates give the same bytes. With `mistakes` each council
    gets a few rows that a door must refuse, listed in mistakes.json. What no council would send lies in
    folders named .invented (see `beside`). Nothing is written before the first is asked for. Raises InputError for a
    scale, a format or a number of years that there is not.
    """
    _refuse_unknown(scale, formats, years)
    known = max(today or reference_date, reference_date)
    window = window_of(reference=reference_date.toordinal(), today=known.toordinal(), years=years)
    (out / FOLDER).mkdir(parents=True, exist_ok=True)
    _write_world(out, scale, seed, window)
    councils = councils_of(scale)
    tasks = [_Task(scale, seed, n, out, window, tuple(formats), mistakes) for n in range(len(councils))]
    if processes <= 1 or len(tasks) == 1:
        yield from map(_make, tasks)
        return
    with ProcessPoolExecutor(min(processes, os.cpu_count() or 1)) as pool:
        yield from pool.map(_make, tasks)


def _refuse_unknown(scale: str, formats: Sequence[str], years: int) -> None:
    if scale not in SCALES:
        raise InputError(f"The scale {scale} is not known. Choose council, region or england")
    unknown = [name for name in formats if name not in FORMATS]
    if unknown:
        raise InputError(f"The format {unknown[0]} is not known. Choose from {', '.join(FORMATS)}")
    if not 3 <= years <= 10:
        raise InputError("The number of years must be from 3 to 10, because the census is written for three")


def _make(task: _Task) -> Made:
    """Make one council and write its files. Runs in a process of its own when there are several."""
    councils = councils_of(task.scale)
    council = councils[task.number]
    size = sizes_of(task.scale, councils, task.seed)[task.number]
    count = len(councils)
    beside = (councils[task.number - 1], councils[(task.number + 1) % count]) if count > 1 else None
    made = CouncilMaker(task.seed, council, size, task.window, beside).make()
    folder = task.out / folder_of(council)
    (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    for name in task.formats:
        WRITERS[name](folder / name, made, task.window)
    write_truth(truth_file(folder), made)
    if task.mistakes:
        add_mistakes(folder, task.formats)
    return Made(council.la_code, folder, len(made.children))


def _write_world(out: Path, scale: str, seed: int, window: Window) -> None:
    """Write what all councils share: who they are, and the register of settings with companies and groups."""
    world = {
        "scale": scale,
        "seed": seed,
        "first_day": date.fromordinal(window.first).isoformat(),
        "reference_date": date.fromordinal(window.last).isoformat(),
        "today": date.fromordinal(window.today).isoformat(),
        "councils": [
            {"la_code": c.la_code, "name": c.name, "region": c.region, "stands_on": c.stands_on, "folder": folder_of(c)}
            for c in councils_of(scale)
        ],
        "note": "Every child, council, company and home is invented. URNs SC90000 to SC99999 are not given out by Ofsted.",
    }
    world_file(out).write_text(json.dumps(world, indent=1), "utf-8")
    names = ["URN", "Name", "Sort", "Provider", "Owner", "Group", "Placement codes", "Placement provider code",
             "Local authority", "Region", "Postcode", "Places"]  # fmt: skip
    with register_file(out).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        for one in register_of(seed):
            writer.writerow([one.urn, one.name, one.sort, one.provider, one.owner, one.group, one.codes, one.provider,
                             one.la_code, one.region, one.spot.postcode, one.places])  # fmt: skip
