"""Where a child in care lives, one placement after another, as often and as far from home as published."""

from __future__ import annotations

import random
from functools import cache

from kinfold.synthetic.calibration import calibration
from kinfold.synthetic.chance import Weights
from kinfold.synthetic.days import birthday, day
from kinfold.synthetic.geography import Ground
from kinfold.synthetic.legal import CARE_ORDERS, Course
from kinfold.synthetic.pathways import Pathway
from kinfold.synthetic.world import Placement, Spot

_CODES = {
    "home": "K2", "secure": "K1", "supported": "H5", "residential": "R1", "school": "S1", "parents": "P1",
    "family_centre": "R3", "hospital": "R2", "other": "Z1", "young_offender": "R5",
}  # fmt: skip
_FIXED_PROVIDER = {"secure": "PR1", "residential": "PR4", "school": "PR4", "parents": "PR0", "family_centre": "PR4",
                   "hospital": "PR3", "other": "", "young_offender": "PR3"}  # fmt: skip


@cache
def _weights(name: str) -> Weights:
    return Weights(calibration()["placement"][name])


@cache
def _unrest() -> Weights:
    return Weights({str(i): row[0] for i, row in enumerate(calibration()["placement"]["unrest"])})


class PlacementDraft:
    """Draws the placements of one period of care. One is used once."""

    def __init__(
        self, chance: random.Random, ground: Ground, path: Pathway, course: Course, home: Spot, sibling: list[Placement]
    ) -> None:
        self._chance, self._ground, self._path, self._course, self._home = chance, ground, path, course, home
        self._sibling = sibling
        _, self._early, self._rate = calibration()["placement"]["unrest"][int(_unrest().choose(chance))]
        relative = {"special_guardianship": 0.62, "child_arrangements": 0.45, "relatives": 0.35}.get(path.outcome)
        share = calibration()["placement"]["foster_relative"]
        self._relative = not path.unaccompanied and chance.random() < (relative or share * 1.02)

    def draw(self) -> list[Placement]:
        """Return the placements that tile the period, written in the codes of their day."""
        adoption = self._course.adoption
        until = adoption.placed if adoption and adoption.placed else self._path.end
        homeward = self._homeward(until)
        placements = self._sequence(homeward)
        if homeward < until:
            placements.append(self._place("parents", homeward, until))
        if adoption and adoption.placed:
            placements.append(self._for_adoption(placements[-1], until))
        return _renamed(_with_long_term(self._chance, placements))

    def _homeward(self, until: int) -> int:
        """Return the day a child goes to live with parents before the order is discharged, or `until` if none does."""
        path = self._path
        length = until - path.start
        if path.outcome != "home" or length < 200 or self._chance.random() > 0.75:
            return until
        then = path.start + int(length * self._chance.uniform(0.35, 0.75))
        return then if self._course.status_on(then) in CARE_ORDERS else until

    def _sequence(self, until: int) -> list[Placement]:
        chance, start = self._chance, self._path.start
        placements: list[Placement] = []
        sixteen = birthday(self._path.birth, 16) + chance.randrange(0, 600)
        while start < until:
            early = not placements and chance.random() < self._early
            days = chance.expovariate(1 / 40) if early else chance.expovariate(self._rate / 365.25)
            end = min(start + 1 + int(min(days, 9000)), until)
            if start < sixteen < end and sixteen < until - 20 and chance.random() < 0.60:
                end = sixteen
            if until - end < 5:
                end = until
            made = self._place(self._kind(start, end, first=not placements), start, end)
            if placements:
                placements[-1].change_reason = _weights("change_reasons").choose(chance)
            placements.append(made)
            start = end
        return placements

    def _kind(self, start: int, end: int, *, first: bool) -> str:
        birth, chance = self._path.birth, self._chance
        older = start >= birthday(birth, 16)
        if self._path.unaccompanied:
            return _weights("unaccompanied_older" if older else "unaccompanied_child").choose(chance)
        if self._path.outcome == "adopted":
            return "foster"
        infant, ten = start < birthday(birth, 4), birthday(birth, 10)
        table = "infant" if infant else "child" if start < ten else "older" if older else "teenager"
        kind = _weights(table).choose(chance)
        # A child accommodated by agreement cannot be placed with parents (SSDA903 rule 378), nor any child at first.
        if kind == "parents" and (first or self._course.status_on(start) not in CARE_ORDERS):
            return "foster"
        return "foster" if kind in ("family_centre", "hospital") and end - start > 200 else kind

    def _place(self, kind: str, start: int, end: int) -> Placement:
        if kind == "foster":
            return self._foster(start, end)
        if kind == "parents":
            spot = (
                self._home if self._chance.random() < 0.9 else self._ground.near(self._chance, self._home, inside=True)
            )
            return Placement("P1", "PR0", "", spot, start, end)
        if kind in ("home", "secure", "supported"):
            return self._in_setting(kind, start, end)
        spot = self._spot(kind)
        return Placement(_CODES[kind], _FIXED_PROVIDER[kind], self._ground.urn_for(kind), spot, start, end)

    def _in_setting(self, kind: str, start: int, end: int) -> Placement:
        far = self._is_far(kind)
        provider = "PR1" if kind == "secure" else _weights(f"{kind}_provider").choose(self._chance)
        setting = self._ground.setting(
            self._chance, kind, self._home, far=far, provider=provider, inside=self._is_inside(far)
        )
        code = {"home": "K2", "secure": "K1"}.get(kind, "H5")
        ours = setting.la_code == self._ground.council.la_code
        provider = "PR2" if setting.provider == "PR1" and not ours else setting.provider
        return Placement(code, provider, setting.urn, setting.spot, start, end)

    def _foster(self, start: int, end: int) -> Placement:
        chance = self._chance
        for theirs in self._sibling:
            if theirs.kind.startswith("U") and theirs.start <= start < (theirs.end or end) and chance.random() < 0.6:
                return Placement(theirs.kind, theirs.provider, theirs.urn, theirs.spot, start, end)
        if self._relative and chance.random() < 0.88:
            return Placement("U3", "PR1", self._ground.urn_for("own_fostering"), self._spot("foster"), start, end)
        provider = _weights("foster_provider").choose(chance)
        code = "U5" if self._path.outcome == "adopted" and chance.random() < 0.15 else "U6"
        return Placement(code, provider, self._ground.fostering(chance, provider), self._spot("foster"), start, end)

    def _for_adoption(self, before: Placement, until: int) -> Placement:
        adoption = self._course.adoption
        if adoption is None or adoption.placed is None:
            raise AssertionError("a placement for adoption has its day")
        before.change_reason = "CARPL"
        end = self._path.end
        if adoption.by_foster_carer:
            return Placement("A5", before.provider, before.urn, before.spot, until, end, same_carer=True)
        provider = "PR5" if self._chance.random() < 0.2 else "PR1"
        spot = self._spot("adoption")
        urn = self._ground.urn_for("adoption") if provider == "PR1" else "XXXXXXX"
        return Placement("A6", provider, urn, spot, until, end)

    def _is_far(self, kind: str) -> bool:
        return self._chance.random() < float(calibration()["placement"]["far"][kind])

    def _is_inside(self, far: bool) -> bool:
        placing = calibration()["placement"]
        if self._path.unaccompanied:
            return self._chance.random() < float(placing["inside_unaccompanied"])
        return self._chance.random() < float(placing["inside_when_far" if far else "inside_when_near"])

    def _spot(self, kind: str) -> Spot:
        far = self._is_far({"school": "residential", "family_centre": "residential", "hospital": "parents",
                            "young_offender": "secure"}.get(kind, kind))  # fmt: skip
        inside = self._is_inside(far)
        if kind == "adoption" and not far:
            inside = self._chance.random() < float(calibration()["placement"]["inside_adoption_near"])
        pick = self._ground.far if far else self._ground.near
        return pick(self._chance, self._home, inside=inside)


_LONG_TERM = {"U6": "U4", "U3": "U1"}


def _with_long_term(chance: random.Random, placements: list[Placement]) -> list[Placement]:
    """Return the placements with long foster placements divided where they are matched for the long term."""
    divided: list[Placement] = []
    for one in placements:
        end = one.end or one.start
        if one.kind in _LONG_TERM and end - one.start > 430 and chance.random() < 0.72:
            cut = one.start + chance.randrange(200, min(700, end - one.start - 60))
            divided += _divide(one, cut, _LONG_TERM[one.kind], one.urn)
        else:
            divided.append(one)
    return divided


def _divide(one: Placement, cut: int, kind: str, urn: str) -> list[Placement]:
    """Return a placement as two with the same carer; the second takes the reason why it ended."""
    later = Placement(kind, one.provider, urn, one.spot, cut, one.end, same_carer=True, change_reason=one.change_reason)
    one.end, one.change_reason = cut, "PLACE"
    return [one, later]


@cache
def _renamings() -> list[tuple[int, dict[str, str]]]:
    rows = calibration()["placement"]["renamed"]
    return [(day(row["from"].year, row["from"].month, row["from"].day), row["codes"]) for row in rows]


def _renamed(placements: list[Placement]) -> list[Placement]:
    """Return the placements in the codes of their day: divided, same carer, where a code was replaced."""
    for start, codes in _renamings():
        written: list[Placement] = []
        for one in placements:
            new = codes.get(one.kind)
            if new is None or (one.end or start) <= start:
                written.append(one)
            elif one.start >= start:
                one.kind = new
                written.append(one)
            else:
                written += _divide(one, start, new, one.urn)
        placements = written
    for one in placements:
        if one.kind == "H5":  # supported accommodation had no register, and no number, before it became K3
            one.urn = ""
    return placements
