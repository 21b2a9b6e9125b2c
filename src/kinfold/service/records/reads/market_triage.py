"""The signals about groups of providers, worked out once for each register and day: a rank for somebody to look at, no finding."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from kinfold.market.ownership.roll_up import Joint, regrouped
from kinfold.market.policy import JURISDICTION, pack
from kinfold.market.signals import triage
from kinfold.market.signals.triage import Signal, Triage
from kinfold.market.store import market_folder, open_register
from kinfold.service.records.reads.market import Shelf, shelf


def signals(asked: date | None = None) -> tuple[Shelf, Triage] | None:
    """Return the register with its groups in the order in which to look at them; None where no register is loaded."""
    held = shelf(asked)
    if held is None:
        return None
    version = (market_folder(Path(settings.DATA)) / "current").read_text(encoding="utf-8").strip()
    return held, _signals(str(settings.DATA), version, held.day, held.joint)


@lru_cache(maxsize=4)
def _signals(folder: str, version: str, day: date, joint: tuple[Joint, ...]) -> Triage:
    settings_then = regrouped(open_register(Path(folder)).on(day), joint)
    return triage(settings_then, pack(JURISDICTION, day))


def signal_of(key: str) -> tuple[Shelf, Triage, Signal | None] | None:
    """Return the register, the list and a group's own place in it, None where it has too few judged homes to have one."""
    found = signals()
    if found is None:
        return None
    held, listed = found
    group = held.group_of(key)
    return held, listed, next((one for one in listed.signals if one.group == group), None)
