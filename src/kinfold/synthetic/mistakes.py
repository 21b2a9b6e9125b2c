"""Deliberate mistakes, on request only: rows that a door must put in quarantine, each listed with its code."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from kinfold.synthetic.beside import mistakes_file

Rows = list[list[str]]


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing made wrong: the file under the council's folder, its row as a person counts, the field and the code."""

    file: str
    row: int
    field: str
    code: str
    child: str
    original: str
    written: str


def add_mistakes(folder: Path, formats: Sequence[str]) -> list[Mistake]:
    """Spoil a few rows of a council's files and list them in mistakes.json; return the list."""
    made: list[Mistake] = []
    if "ssda903" in formats:
        newest = sorted(path for path in (folder / "ssda903").iterdir() if path.is_dir())[-1]
        made += _spoil(folder, newest / "episodes.csv", "DECOM", "impossible_date", 40, lambda old: "31/02/2025")
        made += _spoil(folder, newest / "episodes.csv", "PLACE", "unknown_code", 41, lambda old: "Q9")
        made += _spoil(folder, newest / "header.csv", "ETHNIC", "unknown_code", 12, lambda old: "XXXX")
        made += _spoil(folder, newest / "reviews.csv", "REVIEW", "impossible_date", 7, lambda old: "2025-13-01")
        made += _spoil(folder, newest / "oc3.csv", "IN_TOUCH", "unknown_code", 3, lambda old: "MAYBE")
    if "standard_safeguarding_dataset" in formats:
        newest = sorted(path for path in (folder / "standard_safeguarding_dataset").iterdir() if path.is_dir())[-1]
        made += _spoil(
            folder,
            newest / "ssd_cin_episodes.csv",
            "cine_referral_date",
            "impossible_date",
            25,
            lambda old: "not known",
        )
        made += _spoil(
            folder, newest / "ssd_cp_plans.csv", "cppl_cp_plan_initial_category", "unknown_code", 4, lambda old: "ABC"
        )
    if "cin_census" in formats:
        made += _spoil_census(folder, sorted((folder / "cin_census").glob("*.xml"))[-1])
    if "daily_feed" in formats:
        made += _spoil_feed(folder, sorted((folder / "daily_feed").glob("*/*.json"))[0])
    text = json.dumps([asdict(one) for one in made], ensure_ascii=False, indent=1)
    mistakes_file(folder).write_text(text, "utf-8")
    return made


def _spoil(folder: Path, path: Path, field: str, code: str, row: int, change: Callable[[str], str]) -> list[Mistake]:
    """Change one cell of a CSV file; `row` counts the heading as row 1. Nothing is changed in a file that is too short."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    if len(rows) < row:
        return []
    column, cells = rows[0].index(field), rows[row - 1]
    original = cells[column]
    cells[column] = change(original)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    who = next((i for i, name in enumerate(rows[0]) if name == "CHILD" or name.endswith("_person_id")), 0)
    return [Mistake(path.relative_to(folder).as_posix(), row, field, code, cells[who], original, cells[column])]


def _spoil_census(folder: Path, path: Path) -> list[Mistake]:
    """Give the fifth child's first referral a day that is not in the calendar; the census has a child a line."""
    lines = path.read_text("utf-8").split("\n")
    first = next(i for i, line in enumerate(lines) if line.startswith("<Child>"))
    number = first + 4
    start = lines[number].index("<CINreferralDate>") + len("<CINreferralDate>")
    original = lines[number][start : start + 10]
    lines[number] = f"{lines[number][:start]}2025-02-30{lines[number][start + 10 :]}"
    path.write_text("\n".join(lines), "utf-8", newline="\n")
    child = lines[number].split("<LAchildID>")[1].split("<")[0]
    file = path.relative_to(folder).as_posix()
    return [Mistake(file, number + 1, "CINreferralDate", "impossible_date", child, original, "2025-02-30")]


def _spoil_feed(folder: Path, path: Path) -> list[Mistake]:
    """Give the second child of a file a date of birth that is not in the calendar; a row is a place in the array."""
    children = json.loads(path.read_text("utf-8"))
    details = children[1]["child_details"]
    original = details.get("date_of_birth", "")
    details["date_of_birth"] = "2015-02-30"
    path.write_text(json.dumps(children, ensure_ascii=False, separators=(",", ":")), "utf-8")
    file = path.relative_to(folder).as_posix()
    return [Mistake(file, 2, "date_of_birth", "impossible_date", children[1]["la_child_id"], original, "2015-02-30")]
