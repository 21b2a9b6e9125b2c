"""
The declared kinds, by theme. Importing this package declares them all: `kinfold.record.declare.KINDS` is full.
"""

from kinfold.record.kinds import (
    bodies,
    care,
    care_special,
    child_protection,
    family_help,
    front_door,
    health_and_education,
    learning,
    leaving_care,
    market,
    oversight,
    papers,
    people,
    permanence,
    plans,
    proceedings,
    records_and_rights,
    region,
    ties,
    workers,
)

__all__ = [
    "bodies",
    "care",
    "care_special",
    "child_protection",
    "family_help",
    "front_door",
    "health_and_education",
    "learning",
    "leaving_care",
    "market",
    "oversight",
    "papers",
    "people",
    "permanence",
    "plans",
    "proceedings",
    "records_and_rights",
    "region",
    "ties",
    "workers",
]
