"""Is the invented England like the published one? Each figure worked out from the written files, beside its source."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from kinfold.synthetic.beside import register_file, world_file
from kinfold.synthetic.calibration import calibration
from kinfold.synthetic.counting import Counts, count_council, count_register
from kinfold.terms.errors import InputError


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: what was published, what the files say, how far apart they may be, and whether they are near enough."""

    name: str
    published: float
    invented: float
    tolerance: float
    ok: bool
    source: str


def check(out: Path) -> list[Figure]:
    """
    Return each published figure that the files under `out` can show, beside its invented value.

    `out` is a folder that `invent` wrote. The tolerances are those of a region; a single council may lie outside them by
    chance. A figure whose files were not written is left out. Raises InputError if the folder is not such a one.
    """
    try:
        world = json.loads(world_file(out).read_text("utf-8"))
    except (OSError, ValueError):
        raise InputError(
            f"{out} holds no invented England: there is no .invented/world.json in it. Make one first"
        ) from None
    counts: Counts = Counter()
    for council in world["councils"]:
        counts.update(count_council(out / council["folder"], stands_on=council["stands_on"]))
    counts.update(count_register(register_file(out)))
    values = invented_values(counts)
    return [_figure(row, values[row["key"]]) for row in calibration()["figures"] if row["key"] in values]


def _figure(row: dict[str, object], invented: float) -> Figure:
    published, tolerance = float(str(row["published"])), float(str(row["tolerance"]))
    ok = abs(invented - published) <= tolerance
    return Figure(str(row["name"]), published, round(invented, 1), tolerance, ok, str(row["source"]))


# Each figure as (what is counted, of what, times); the names are those of counting.py.
_RATIOS: dict[str, tuple[str, str, float]] = {
    "in_care_per_10000": ("in care", "population", 10000),
    "unaccompanied_pct": ("unaccompanied", "in care", 100),
    "foster_pct": ("foster", "in care", 100),
    "foster_relative_pct": ("foster relative", "in care", 100),
    "over_20_miles_pct": ("far", "in care", 100),
    "inside_pct": ("inside", "in care", 100),
    "adoption_over_20_miles_pct": ("adoption far", "adoption", 100),
    "homes_over_20_miles_pct": ("homes far", "homes", 100),
    "two_placements_pct": ("two placements", "in care", 100),
    "three_or_more_placements_pct": ("three placements", "in care", 100),
    "adopted_pct": ("adopted", "ceased", 100),
    "in_need_per_10000": ("in need", "population", 10000),
    "leavers_not_in_work_pct": ("leavers not in work", "leavers", 100),
    "cases_each": ("cases", "fte", 1),
    "agency_pct": ("agency fte", "fte", 100),
    "private_homes_pct": ("register private", "register homes", 100),
    "north_west_homes_pct": ("register north west", "register homes", 100),
    "rereferral_pct": ("re-referrals", "referrals", 100),
    "no_further_action_pct": ("no further action", "referrals", 100),
    "assessment_in_45_days_pct": ("assessments in time", "assessments", 100),
    "section_47_to_conference_pct": ("conferences", "enquiries", 100),
    "conference_in_15_days_pct": ("conferences in time", "conferences", 100),
    "repeat_plan_pct": ("repeat plans", "plans", 100),
    "plans_per_10000": ("plans open", "population", 10000),
    "sdq_mean": ("sdq sum", "sdq", 1),
    "went_missing_pct": ("went missing", "in care in the year", 100),
    "abuse_or_neglect_pct": ("abuse or neglect", "in care", 100),
    "care_order_pct": ("care order", "in care", 100),
    "twins_pct": ("twins", "children", 100),
}


def invented_values(counts: Counts) -> dict[str, float]:
    """Return each figure that the counts allow, by its key in calibration.toml."""
    values = {
        key: counts[part] / counts[whole] * times
        for key, (part, whole, times) in _RATIOS.items()
        if counts[whole] and part in counts
    }
    if "over_20_miles_pct" in values:
        values["not_known_over_20_miles_pct"] = 100 - values["over_20_miles_pct"]
        values["two_or_more_placements_pct"] = values["two_placements_pct"] + values["three_or_more_placements_pct"]
    in_post, employed = counts["posts in_post"], counts["posts employed"]
    if in_post:
        values["vacant_pct"] = counts["posts vacant"] / (counts["posts vacant"] + in_post) * 100
        values["turnover_pct"] = counts["posts left"] / employed * 100
    values["largest_group_homes"] = float(counts["register largest group"])
    return values
