"""What an exit would cost councils: moving every child once, and the distance for as long as they live there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kinfold.market.policy import Pack
from kinfold.market.profit import WEEKS_IN_A_YEAR


@dataclass(frozen=True, slots=True)
class Costs:
    """What a move costs once and a mile a week, in pounds, and where each comes from."""

    move: float
    mile: float
    move_source: str
    mile_source: str

    @classmethod
    def of(cls, pack: Pack) -> Costs:
        """Return the costs of a policy pack."""
        values = pack.values
        return cls(
            pack["move_cost"], pack["extra_mile_cost"], values["move_cost"].source, values["extra_mile_cost"].source
        )


@dataclass(frozen=True, slots=True)
class ExitCost:
    """Pounds: `moving` once, `distance` a year."""

    moving: float
    distance: float

    @property
    def first_year(self) -> float:
        """Return what the first year costs."""
        return self.moving + self.distance


def cost_of_exit(row: Mapping[str, Any], costs: Costs) -> ExitCost:
    """Return what one point of the curve costs, by its middle; who has no place is moved too, to something dearer than is known."""
    displaced, unplaced = row["displaced"]["middle"], row["unplaced"]["middle"]
    return ExitCost(
        displaced * costs.move,
        max(displaced - unplaced, 0.0) * row["mean_miles"]["middle"] * costs.mile * WEEKS_IN_A_YEAR,
    )
