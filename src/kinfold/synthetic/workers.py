"""The workers and teams of a council, and who holds which child's case from when until when."""

from __future__ import annotations

import random
from bisect import bisect_right

from kinfold.synthetic.calibration import calibration
from kinfold.synthetic.chance import Weights
from kinfold.synthetic.people import ethnicity_of, forename_of, surname_of
from kinfold.synthetic.world import Allocation, Team, Worker

_TEAMS = (
    "Front Door", "Assessment North", "Assessment South", "Family Help East", "Family Help West", "Child Protection One",
    "Child Protection Two", "Children in Care One", "Children in Care Two", "Children with Disabilities", "Leaving Care",
)  # fmt: skip
_REASONS = Weights({"LEFTRL": 24, "CHCHAN": 10, "TSPROC": 38, "ORGRST": 8, "MANAGE": 10, "ABSENC": 6, "OTHERS": 4})
FIRST_CONTACT = "FCONTA"


def teams_of(la_code: str) -> list[Team]:
    """Return the teams of a council."""
    return [Team(f"T{la_code}{number:02d}", name) for number, name in enumerate(_TEAMS, start=1)]


class Workforce:
    """A council's social workers over the years: enough of them that each holds about sixteen cases today."""

    def __init__(self, chance: random.Random, *, la_code: str, open_cases: int, first_day: int, today: int) -> None:
        figures = calibration()["workforce"]
        self._chance, self._la_code, self._today = chance, la_code, today
        self.teams = teams_of(la_code)
        wanted, in_post = max(open_cases / figures["cases_each"], 1.0), 0.0
        self.workers: list[Worker] = []
        while in_post < wanted - 0.25:
            worker = self._worker("Social worker", left=None)
            self.workers.append(worker)
            in_post += worker.full_time_equivalent
        self._present = list(self.workers)
        self._agency_shares(in_post)
        years = (today - first_day) / 365.25
        leavers = round(in_post * (1 - figures["agency"]) * figures["turnover"] * years)
        for number in range(
            leavers
        ):  # spread over the years, so that the last one has its share in a small council too
            gone = int((number + chance.random()) / leavers * (today - first_day))
            self.workers.append(self._worker("Social worker", left=today - gone))
        self._left = sorted((one for one in self.workers if one.left), key=lambda one: one.left or 0)
        self._left_days = [one.left or 0 for one in self._left]
        self.advisers = [self._worker("Personal adviser", left=None) for _ in range(max(len(self._present) // 12, 1))]
        self._loads = {one.number: 0.0 for one in self._present}
        self._turn = 0

    def _worker(self, title: str, *, left: int | None) -> Worker:
        chance = self._chance
        ethnicity, sex = ethnicity_of(chance), "F" if chance.random() < 0.86 else "M"
        number = len(self.workers) + (5000 if title != "Social worker" else 1)
        # SW9 and six digits: Social Work England's own numbers have not reached SW9.
        registration = f"SW9{self._la_code[-2:] if self._la_code[-2:].isdigit() else '00'}{number:04d}"
        name = f"{forename_of(chance, ethnicity, sex)} {surname_of(chance, ethnicity)}"
        part = chance.choice((0.5, 0.6, 0.8)) if chance.random() < calibration()["workforce"]["part_time"] else 1.0
        team = chance.choice(self.teams).number
        return Worker(f"W{self._la_code}{number:04d}", registration, name, title, team, part, False, left)

    def _agency_shares(self, in_post: float) -> None:
        """Mark agency workers until they are the published share of the full-time equivalents."""
        wanted, so_far = in_post * calibration()["workforce"]["agency"], 0.0
        for worker in self._chance.sample(self._present, len(self._present)):
            if so_far + worker.full_time_equivalent / 2 > wanted:
                return
            worker.agency = True
            so_far += worker.full_time_equivalent

    def posts(self) -> dict[str, float]:
        """Return full-time equivalents: in post, vacant, left in the last year. No return carries posts or leavers."""
        figures = calibration()["workforce"]
        employed = sum(one.full_time_equivalent for one in self._present if not one.agency)
        gone = sum(one.full_time_equivalent for one in self._left if (one.left or 0) > self._today - 365)
        all_posts = sum(one.full_time_equivalent for one in self._present)
        vacant = all_posts * figures["vacant"] / (1 - figures["vacant"])
        return {
            "in_post": round(all_posts, 2),
            "employed": round(employed, 2),
            "vacant": round(vacant, 2),
            "left": round(gone, 2),
        }

    def allocate(self, start: int, end: int | None, pace: float) -> list[Allocation]:
        """Return who held a case from `start` to `end`, changing `pace` times a year on average."""
        until = end if end is not None else self._today + 1
        found: list[Allocation] = []
        then, reason = start, FIRST_CONTACT
        while then < until:
            stop = then + 3 + int(self._chance.expovariate(pace / 365.25))
            if stop >= until - 1 or until - then < 6:
                stop = until
            last = stop >= until
            worker = self._pick(then, None if last and end is None else stop)
            found.append(Allocation(worker.number, then, end if last else stop, reason))
            then, reason = stop, _REASONS.choose(self._chance)
        return found

    def _pick(self, start: int, end: int | None) -> Worker:
        """Return a worker who was there then: for an open case the present one with the lightest load for their hours."""
        if end is None:
            self._turn = (self._turn + 1) % len(self._present)
            some = [self._present[(self._turn + step * 7) % len(self._present)] for step in range(4)]
            worker = min(some, key=lambda one: self._loads[one.number] / one.full_time_equivalent)
            self._loads[worker.number] += 1
            return worker
        first = bisect_right(self._left_days, end)
        if first < len(self._left) and self._chance.random() < 0.35:
            return self._left[first + int(self._chance.random() * (len(self._left) - first))]
        return self._present[int(self._chance.random() * len(self._present))]
