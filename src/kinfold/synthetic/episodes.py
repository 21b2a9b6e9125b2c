"""A period of care cut into looked after episodes, as SSDA903 and the daily feed have them."""

from __future__ import annotations

from dataclasses import dataclass

from kinfold.synthetic.world import CarePeriod, Child, LegalStatus, Placement, Referral


@dataclass(slots=True, frozen=True)
class Episode:
    """One looked after episode: nothing about legal status or placement changes within it."""

    start: int
    end: int | None
    new_reason: str
    status: LegalStatus
    placement: Placement
    ceased_reason: str
    change_reason: str


def episodes_of(period: CarePeriod) -> list[Episode]:
    """Return the episodes of a period in order: it is cut wherever legal status or placement changes."""
    cuts = sorted({one.start for one in period.statuses} | {one.start for one in period.placements})
    found: list[Episode] = []
    at_status = at_placement = 0
    statuses, placements = period.statuses, period.placements
    for number, start in enumerate(cuts):
        before = (statuses[at_status], placements[at_placement])
        while at_status + 1 < len(statuses) and statuses[at_status + 1].start <= start:
            at_status += 1
        while at_placement + 1 < len(placements) and placements[at_placement + 1].start <= start:
            at_placement += 1
        status, placement = statuses[at_status], placements[at_placement]
        reason = "S" if not number else _new_reason(before[0] is not status, before[1] is not placement, placement)
        last = number == len(cuts) - 1
        end = period.end if last else cuts[number + 1]
        moves = not last and placement.end == end
        found.append(
            Episode(
                start, end, reason, status, placement,
                period.end_reason if last else "X1", placement.change_reason if moves else "",
            )
        )  # fmt: skip
    return found


def _new_reason(status_changed: bool, placement_changed: bool, placement: Placement) -> str:
    if not placement_changed:
        return "L"
    if placement.same_carer:
        return "U" if status_changed else "T"
    return "B" if status_changed else "P"


def referral_of_period(child: Child, period: CarePeriod) -> Referral | None:
    """Return the referral whose episode of need holds a period of care: the last made by its first day."""
    made = [one for one in child.referrals if one.made <= period.start and not one.no_further_action]
    return made[-1] if made else None
