"""Exits: what would become of the children if a group closed, and which groups would be difficult to replace."""

from kinfold.market.exits.replaceable import Thresholds, difficult_to_replace
from kinfold.market.exits.simulate import Supply, simulate_exit

__all__ = ["Supply", "Thresholds", "difficult_to_replace", "simulate_exit"]
