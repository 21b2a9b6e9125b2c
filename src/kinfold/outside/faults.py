"""
What is made to go wrong with the emulated services of the demonstration: one small file, read anew at each question.

`kinfold faults` writes the file; the emulator of the national service and the invented custodians read it, in whichever
process they run. A file that cannot be read turns nothing.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from kinfold.outside.custodians.children import ORGANISATIONS
from kinfold.outside.custodians.local import Knobs as CustodianKnobs
from kinfold.outside.demographic_service.emulator.service import Fault
from kinfold.outside.demographic_service.emulator.service import Knobs as NationalKnobs
from kinfold.terms.errors import InputError

FILE = "demonstration-faults.json"
NATIONAL, ALL, WELL = "national", "all", "well"
# What the national service can be made to do, and what it then does.
NATIONAL_FAULTS: Mapping[str, str] = MappingProxyType(
    {
        WELL: "answers",
        "slow": "answers each question after three seconds",
        "late": "answers after longer than anybody waits for it",
        "down": "answers every question with 503, service unavailable",
        "busy": "answers every question with 429, too many requests",
        "dropped": "cuts the line instead of answering",
        "half": "stops in the middle of every answer",
        "wrong": "answers with a page of somebody else's network",
        "clock": "has a clock that is six minutes wrong, so that it takes nobody's key",
    }
)
CUSTODIAN_FAULTS: Mapping[str, str] = MappingProxyType(
    {
        WELL: "answers",
        "down": "says that it is down and can say nothing",
        "silent": "takes the question and never answers",
        "wrong": "sends records that are not of the published form",
    }
)
_NATIONAL: Mapping[str, Mapping[str, object]] = MappingProxyType(
    {
        "slow": {"latency": 3.0},
        "late": {"latency": 12.0},  # two seconds more than our client waits
        "down": {"down": Fault(503, "2")},
        "busy": {"down": Fault(429, "1")},
        "dropped": {"down": Fault(dropped=True)},
        "half": {"down": Fault(half=True)},
        "wrong": {"down": Fault(200, body=b"<html>Sign in to the network</html>")},
        "clock": {"seconds_ahead": 360.0},
    }
)


def faults_of(system: str) -> Mapping[str, str]:
    """Return what a system can be made to do, with words. Raises InputError for a system that there is not."""
    if system == NATIONAL:
        return NATIONAL_FAULTS
    if system in {one.code for one in ORGANISATIONS}:
        return CUSTODIAN_FAULTS
    known = ", ".join([NATIONAL, *(one.code for one in ORGANISATIONS), ALL])
    raise InputError(f"{system} is none of the emulated systems. Choose one of {known}.")


def systems() -> list[str]:
    """Return the emulated systems: the national service first."""
    return [NATIONAL, *(one.code for one in ORGANISATIONS)]


def turned(folder: Path) -> dict[str, str]:
    """Return what each system of the demonstration in `folder` is made to do now; "well" where nothing is turned."""
    try:
        read = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        read = {}
    held = read if isinstance(read, dict) else {}
    return {one: said if (said := str(held.get(one))) in faults_of(one) else WELL for one in systems()}


def turn(folder: Path, system: str, fault: str) -> dict[str, str]:
    """
    Make a system, or all, do something from the next question on; return what each does.

    Raises InputError for a system that there is not, or a fault that it cannot be given.
    """
    chosen = systems() if system == ALL else [system]
    for one in chosen:
        if fault not in faults_of(one):
            raise InputError(f"{one} cannot be made {fault}. Choose one of {', '.join(faults_of(one))}.")
    now = turned(folder) | dict.fromkeys(chosen, fault)
    fresh = folder / f"{FILE}.new"
    fresh.write_text(json.dumps(now, indent=1), encoding="utf-8")
    os.replace(fresh, folder / FILE)
    return now


def turn_national(knobs: NationalKnobs, folder: Path) -> None:
    """Turn the knobs of the emulated national service as the file says now."""
    plain = NationalKnobs()
    wanted = _NATIONAL.get(turned(folder)[NATIONAL], {})
    for name in ("latency", "seconds_ahead", "down"):
        setattr(knobs, name, wanted.get(name, getattr(plain, name)))


def turn_custodian(knobs: CustodianKnobs, code: str, folder: Path) -> None:
    """Turn the knobs of an invented custodian as the file says now."""
    fault = turned(folder)[code]
    knobs.down, knobs.silent, knobs.wrong_form = fault == "down", fault == "silent", fault == "wrong"
