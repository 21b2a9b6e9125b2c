"""An invented census of those who work in homes, for demonstrations and tests: half the homes answer, some without a manager."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from kinfold.market.supply.sheet import FilledRow


def invented_census(urns: Sequence[str], *, day: date, seed: int = 1) -> list[FilledRow]:
    """Return rows of half the homes, as a census file says them."""
    chance = Random(seed)  # noqa: S311 -- invented numbers
    return [FilledRow(number, _row(urn, day, chance)) for number, urn in enumerate(urns[::2], start=2)]


def _row(urn: str, day: date, chance: Random) -> dict[str, Any]:
    staff = chance.randint(6, 14)
    left = chance.randint(0, staff // 2)
    level_3 = chance.randint(staff // 3, staff)
    said: dict[str, Any] = {
        "urn": urn, "day": day.isoformat(), "manager": chance.random() > 0.08, "staff": staff, "level_3": level_3,
        "studying": chance.randint(0, staff - level_3), "vacant": chance.randint(0, 3), "joined": chance.randint(0, left + 2), "left": left,
        "agency": chance.choice((0, 0, 0, 1, 2)),
    }  # fmt: skip
    if said["manager"]:
        since = day - timedelta(days=chance.randint(20, 2600))
        said |= {
            "manager_registered": chance.random() > 0.05,
            "manager_since": since.isoformat(),
            "manager_qualified": chance.random() > 0.25,
        }
    return said
