"""Why and when a child comes into care, how that period ends, and when: drawn so that flows and stock fit each other."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cache

from kinfold.synthetic.calibration import calibration
from kinfold.synthetic.chance import Weights, long_tailed
from kinfold.synthetic.days import birthday


@dataclass(slots=True, frozen=True)
class Pathway:
    """One period of care in outline. `end` is the day it will end, whether or not that lies in the future."""

    birth: int
    start: int
    end: int
    outcome: str
    unaccompanied: bool


@cache
def _ages() -> tuple[Weights, dict[str, tuple[int, int]]]:
    bands = calibration()["entry"]["ages"]
    return Weights({str(low): weight for low, _, weight in bands}), {str(low): (low, high) for low, high, _ in bands}


@cache
def _unaccompanied_ages() -> tuple[Weights, dict[str, tuple[int, int]]]:
    bands = calibration()["entry"]["unaccompanied_ages"]
    return Weights({str(low): weight for low, _, weight in bands}), {str(low): (low, high) for low, high, _ in bands}


@cache
def _outcomes(band: str) -> Weights:
    return Weights(calibration()["outcome"][band])


_BANDS = {"0": "under_1", "1": "under_5", "5": "under_10", "10": "under_16", "16": "under_18"}


def draw_pathway(chance: random.Random, start: int) -> Pathway:
    """Return a period of care that begins on `start`, of a child whose age and outcome are as common as published."""
    unaccompanied = chance.random() < calibration()["entry"]["unaccompanied"]
    weights, bands = _unaccompanied_ages() if unaccompanied else _ages()
    band = weights.choose(chance)
    low, high = bands[band]
    # A third of the under ones come into care within days of birth. Nobody comes in the last weeks before eighteen.
    days = int(chance.random() * ((high - low) * 365 - 25)) + 1
    if band == "0":
        days = chance.randrange(0, 12) if chance.random() < 0.34 else days
    birth = birthday(start, -low) - days
    return outline(chance, birth=birth, start=start, band="unaccompanied" if unaccompanied else _BANDS[band])


def outline(chance: random.Random, *, birth: int, start: int, band: str) -> Pathway:
    """Return how a period of care beginning on `start` goes for a child of an age band of calibration.toml."""
    outcome = _outcomes(band).choose(chance)
    adult = birthday(birth, 18)
    end = adult
    if outcome != "stays":
        lowest, median, highest = calibration()["outcome"][f"days_{outcome}"]
        spread = 0.45 if outcome == "adopted" else 1.15 if outcome == "home" else 0.9
        end = start + long_tailed(chance, lowest=lowest, median=median, highest=highest, spread=spread)
        if end >= adult - 1:
            end, outcome = adult, "stays"
    return Pathway(birth, start, end, outcome, band == "unaccompanied")


def band_at(birth: int, on: int) -> str:
    """Return the age band of calibration.toml for a child on a day."""
    for age, band in ((1, "under_1"), (5, "under_5"), (10, "under_10"), (16, "under_16")):
        if on < birthday(birth, age):
            return band
    return "under_18"


_ENDS = {"child_arrangements": "E41", "relatives": "E13", "moved_council": "E3", "custody": "E9", "aged_over_18": "E15"}


def end_code(chance: random.Random, path: Pathway, *, foster_relative: bool) -> str:
    """Return the SSDA903 code for why the period ended (REC)."""
    match path.outcome:
        case "stays":
            return at_eighteen(chance, path.unaccompanied)
        case "adopted":
            return "E11" if chance.random() < 0.61 else "E12"
        case "special_guardianship":
            former = chance.random() < 0.72
            return ("E45" if foster_relative else "E46") if former else "E47" if chance.random() < 0.92 else "E48"
        case "home":
            return "E4A" if chance.random() < 0.83 else "E4B"
        case "other":
            return "E8" if chance.random() < 0.97 else "E16"
        case _:
            return _ENDS[path.outcome]


@cache
def _at_eighteen(table: str) -> Weights:
    return Weights(calibration()["outcome"][table])


def at_eighteen(chance: random.Random, unaccompanied: bool) -> str:
    """Return why care ended on an eighteenth birthday (REC)."""
    return _at_eighteen("at_18_unaccompanied" if unaccompanied else "at_18").choose(chance)
