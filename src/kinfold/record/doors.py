"""What people call the doors by which facts come in."""

from __future__ import annotations

DOORS = {
    "kinfold": "typed in here",
    "ssda903": "SSDA903",
    "cin_census": "CIN census",
    "daily_feed": "daily feed",
    "standard_safeguarding_dataset": "Standard Safeguarding Dataset",
    "annex_a": "Annex A",
    "school_census": "school census",
    "companies_house": "Companies House",
    "ofsted_register": "Ofsted's register",
}


def door_label(name: str) -> str:
    """Return what people call a door; its name in words where nobody has said."""
    return DOORS.get(name) or name.replace("_", " ")
