"""Provider oversight: the statutory trigger over confirmed concerns, the case and its decisions, the notice."""

from kinfold.market.oversight.case import Case, Decision, moved
from kinfold.market.oversight.notice import improvement_plan_notice, last_day
from kinfold.market.oversight.trigger import (
    Condition,
    ConfirmedConcern,
    ProviderGroup,
    Subsidiary,
    Trigger,
    trigger_23a,
    truth_table,
)

__all__ = [
    "Case",
    "Condition",
    "ConfirmedConcern",
    "Decision",
    "ProviderGroup",
    "Subsidiary",
    "Trigger",
    "improvement_plan_notice",
    "last_day",
    "moved",
    "trigger_23a",
    "truth_table",
]
