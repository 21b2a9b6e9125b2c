"""
Who the children are, as far as an exit must weigh it: brothers and sisters, school, and needs that few homes can meet.

None of it is published. Each is a share of the policy pack, drawn anew each time, so that the range holds it too. Brothers and
sisters go to one home or are split; a child who could keep their school is sent near before further away; children with needs
that few homes can meet are placed first, in the free places that could meet them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from kinfold.market.exits.flow import Counts, Numbers, cheapest
from kinfold.market.policy import Pack
from kinfold.terms.errors import InputError

SIZES = (3, 2, 1)  # of the groups that are drawn and sent, the largest first


@dataclass(frozen=True, slots=True)
class Kinds:
    """
    The shares that are drawn: `siblings` live with a brother or sister, `schooled` go to a school that they could keep,
    `complex_needs` have needs of which `capable` of the suitable free places could meet; a school is kept within `school_miles`,
    and losing it weighs as much as `school_weight` miles. Of those who live with a brother or sister `triples` are drawn as three.
    """

    siblings: float
    schooled: float
    complex_needs: float
    capable: float
    school_miles: float
    school_weight: float
    triples: float

    def __post_init__(self) -> None:
        shares = (self.siblings, self.schooled, self.complex_needs, self.capable, self.triples)
        if not all(0 <= one <= 1 for one in shares):
            raise InputError("Give each share of children as a number from 0 to 1, such as 0.3.")

    @classmethod
    def of(cls, policy: Pack) -> Kinds:
        """Return the shares of a policy pack."""
        names = ("siblings", "schooled", "complex", "capable", "school_miles", "school_weight", "triples")
        return cls(*(policy[f"exit_{name}"] for name in names))


@dataclass(slots=True)
class Placed:
    """
    What became of one draw: `sent` children from area to area, groups of brothers and sisters and those kept together, children
    with a school and those who keep it, children with complex needs and those of them without a place.
    """

    sent: Counts
    groups: int = 0
    together: int = 0
    schooled: int = 0
    schools_kept: int = 0
    complex_needs: int = 0
    complex_unplaced: int = 0


@dataclass(slots=True)
class Room:
    """Free places home by home that suit, and those of them that could meet complex needs; taken as children are sent."""

    places: Counts
    capable: Counts
    area: Counts
    areas: int
    order: npt.NDArray[np.int64] = field(init=False)

    def __post_init__(self) -> None:
        self.order = np.argsort(self.area, kind="stable")

    def slots(self, size: int, *, complex_needs: bool) -> Counts:
        """Return how many groups of a size each area's homes could take, each in one home."""
        room = self.capable if complex_needs else self.places
        return np.bincount(self.area, room // size, minlength=self.areas).astype(np.int64)

    def take(self, used: Counts, size: int, *, complex_needs: bool) -> None:
        """Take so many groups' places in each area: home after home, in their order."""
        room = (self.capable if complex_needs else self.places) // size
        ordered, areas = room[self.order], self.area[self.order]
        before = np.cumsum(ordered) - ordered
        starts = np.concatenate([[0], np.cumsum(np.bincount(self.area, room, minlength=self.areas))[:-1]])
        taken = np.clip(used[areas] - (before - starts[areas].astype(np.int64)), 0, ordered)
        given = np.zeros_like(room)
        given[self.order] = taken * size
        self.places = self.places - given
        self.capable = (
            np.minimum(self.capable - given, self.places) if complex_needs else np.minimum(self.capable, self.places)
        )


# By complex needs, size and whether they have a school: groups of each area.
Groups = dict[tuple[bool, int, bool], Counts]


def drawn_groups(children: Counts, area: Counts, areas: int, kinds: Kinds, chance: np.random.Generator) -> Groups:
    """Return the children of each home as groups of one to three who belong together, counted by area."""
    threes = chance.binomial(children // 3, kinds.siblings * kinds.triples)
    twos = chance.binomial((children - 3 * threes) // 2, kinds.siblings)
    ones = children - 3 * threes - 2 * twos
    found: Groups = {}
    for size, homes in ((3, threes), (2, twos), (1, ones)):
        complex_, schooled = chance.binomial(homes, kinds.complex_needs), kinds.schooled
        for is_complex, counts in ((True, complex_), (False, homes - complex_)):
            with_school = chance.binomial(counts, schooled)
            for has_school, some in ((True, with_school), (False, counts - with_school)):
                found[is_complex, size, has_school] = np.bincount(area, some, minlength=areas).astype(np.int64)
    return found


def place(groups: Groups, room: Room, miles: Numbers, kinds: Kinds) -> Placed:
    """Send everybody: complex needs before others, three before two before one; who cannot stay together is sent one by one."""
    found = Placed(np.zeros(miles.shape, dtype=np.int64))
    left = {key: counts.copy() for key, counts in groups.items()}
    keeps = miles <= kinds.school_miles
    for is_complex in (True, False):
        for size in SIZES:
            with_school, without = left[is_complex, size, True], left[is_complex, size, False]
            if with_school.any() or without.any():
                gone = _send(
                    (with_school, without), size, room, miles, keeps, kinds.school_weight, complex_needs=is_complex
                )
                _note(found, gone, size, keeps, complex_needs=is_complex)
                if size > 1:
                    for has_school, counts, sent in ((True, with_school, gone[0]), (False, without, gone[1])):
                        found.groups += int(counts.sum())
                        left[is_complex, 1, has_school] += (counts - sent.sum(axis=1)) * size
    _count(found, groups)
    return found


def _send(
    counts: tuple[Counts, Counts], size: int, room: Room, miles: Numbers, keeps: npt.NDArray[np.bool_], weight: float, *,
    complex_needs: bool,
) -> tuple[Counts, Counts]:  # fmt: skip
    """Return how many groups with and without a school go from area to area, and take their places."""
    slots = room.slots(size, complex_needs=complex_needs)
    costs = np.vstack([np.where(keeps, miles, miles + weight), miles])
    sent = cheapest(np.concatenate(counts), slots, costs)
    room.take(sent.sum(axis=0), size, complex_needs=complex_needs)
    return sent[: len(miles)], sent[len(miles) :]


def _note(
    found: Placed, gone: Sequence[Counts], size: int, keeps: npt.NDArray[np.bool_], *, complex_needs: bool
) -> None:
    both = (gone[0] + gone[1]) * size
    found.sent += both
    found.schools_kept += int((gone[0] * size)[keeps].sum())
    found.together += int((gone[0] + gone[1]).sum()) if size > 1 else 0
    found.complex_unplaced -= int(both.sum()) if complex_needs else 0


def _count(found: Placed, groups: Groups) -> None:
    for (is_complex, size, has_school), counts in groups.items():
        children = int(counts.sum()) * size
        found.schooled += children if has_school else 0
        found.complex_needs += children if is_complex else 0
    found.complex_unplaced += found.complex_needs
