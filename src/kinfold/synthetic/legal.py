"""The legal statuses of a period of care and, for some, the road to adoption: dates in the order the law wants them."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cache

from kinfold.synthetic.calibration import calibration
from kinfold.synthetic.chance import Weights
from kinfold.synthetic.days import birthday, working_day_on_or_after
from kinfold.synthetic.pathways import Pathway
from kinfold.synthetic.world import Adoption, LegalStatus

PLACEMENT_ORDER = "E1"
CARE_ORDERS = ("C1", "C2")


@dataclass(slots=True)
class Course:
    """The legal course of a period of care, and the plan of adoption if there is one."""

    statuses: list[LegalStatus]
    adoption: Adoption | None = None

    def status_on(self, one: int) -> str:
        """Return the legal status on a day of the period."""
        for status in reversed(self.statuses):
            if status.start <= one:
                return status.code
        return self.statuses[0].code


@cache
def _entry_status() -> Weights:
    return Weights(calibration()["entry"]["legal_status"])


def legal_course(chance: random.Random, path: Pathway) -> Course:
    """Return the statuses that tile the period, with an adoption plan where the pathway or chance has one."""
    changes = _changes(chance, path)
    adoption = None
    if path.outcome == "adopted":
        adoption = _adoption(chance, path)
        changes = [one for one in changes if one[1] < adoption.order] or [("C1", path.start)]
        changes.append((PLACEMENT_ORDER, adoption.order))
    elif path.end - path.start > 900 and path.start < birthday(path.birth, 4) and chance.random() < 0.10:
        adoption = _reversed_plan(chance, path)
        ceased = adoption.ceased or path.end
        changes = [one for one in changes if one[1] < adoption.order] or [("C1", path.start)]
        changes += [(PLACEMENT_ORDER, adoption.order), ("C2", ceased)]
    return Course(_tiled(changes, path.end), adoption)


def _tiled(changes: list[tuple[str, int]], end: int) -> list[LegalStatus]:
    statuses: list[LegalStatus] = []
    for code, start in changes:
        if start >= end or (statuses and statuses[-1].code == code):
            continue
        if statuses:
            statuses[-1].end = start
        statuses.append(LegalStatus(code, start, end))
    return statuses


def _changes(chance: random.Random, path: Pathway) -> list[tuple[str, int]]:
    start = path.start
    if path.unaccompanied:
        return [("V2", start)]
    if path.outcome == "custody":
        return [("J1", start)]
    first = _entry_status().choose(chance)
    if first == "J1" and start < birthday(path.birth, 11):
        first = "C1"
    changes = [(first, start)]
    if first == "L1":  # police protection lasts at most 72 hours (SSDA903 rule 361)
        changes.append(("C1" if chance.random() < 0.72 else "V2", start + chance.randrange(1, 4)))
    elif first == "L2":  # an emergency protection order lasts at most 21 days (rule 362)
        changes.append(("C1", start + chance.randrange(4, 15)))
    elif first == "J1":
        changes.append(("V2", start + chance.randrange(20, 90)))
    if changes[-1][0] == "V2" and chance.random() < _to_court(path):
        changes.append(("C1", changes[-1][1] + chance.randrange(25, 200)))
    if changes[-1][0] == "C1" and path.outcome != "special_guardianship" and chance.random() < 0.97:
        changes.append(("C2", changes[-1][1] + int(chance.triangular(140, 420, 230))))
    elif changes[-1][0] == "C1":
        changes.append(("C2", changes[-1][1] + int(chance.triangular(200, 800, 380))))
    return changes


def _to_court(path: Pathway) -> float:
    """Return how likely it is that a child who came by agreement becomes the subject of proceedings."""
    if path.end - path.start < 150 or path.start > birthday(path.birth, 16):
        return 0.05
    return 0.92 if path.start < birthday(path.birth, 11) else 0.62


def _adoption(chance: random.Random, path: Pathway) -> Adoption:
    length = path.end - path.start
    decision = path.start + int(length * chance.uniform(0.20, 0.30))
    order = decision + int(length * chance.uniform(0.05, 0.10)) + 1
    placed = order + int(length * chance.uniform(0.16, 0.28)) + 15
    sex, status, adopters = _adopters(chance)
    return Adoption(
        decision=working_day_on_or_after(decision),
        order=working_day_on_or_after(order),
        matched=working_day_on_or_after(placed) - chance.randrange(10, 16),
        placed=working_day_on_or_after(placed),
        adopted=path.end,
        ceased=None,
        ceased_reason="",
        by_foster_carer=chance.random() < 0.12,
        adopters=adopters,
        adopters_sex=sex,
        adopters_status=status,
    )


def _reversed_plan(chance: random.Random, path: Pathway) -> Adoption:
    decision = working_day_on_or_after(path.start + chance.randrange(120, 300))
    order = working_day_on_or_after(decision + chance.randrange(25, 90))
    ceased = working_day_on_or_after(min(order + chance.randrange(150, 520), path.end - 30))
    reason = chance.choices(("RD1", "RD2", "RD3", "RD4"), (20, 12, 18, 50))[0]
    return Adoption(decision, order, None, None, None, ceased, reason, False, "", "", "")


def _adopters(chance: random.Random) -> tuple[str, str, str]:
    """Return (sex, legal status, number) of adopters that agree with one another (SSDA903 rules 511 to 524)."""
    drawn = chance.random()
    if drawn < 0.11:
        return ("F1" if chance.random() < 0.9 else "M1"), "L0", "1"
    if drawn < 0.80:
        return "MF", ("L11" if chance.random() < 0.82 else "L3"), "2"
    same = "MM" if chance.random() < 0.6 else "FF"
    return same, chance.choices(("L12", "L4", "L2"), (60, 20, 20))[0], "2"
