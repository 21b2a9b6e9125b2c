"""Where children come from: each with a family, a name, numbers and, for some, brothers and sisters."""

from __future__ import annotations

import random
from functools import cache

from kinfold.synthetic.calibration import calibration
from kinfold.synthetic.chance import Weights, chance_for
from kinfold.synthetic.days import age_on, birthday
from kinfold.synthetic.geography import Ground
from kinfold.synthetic.people import (
    ethnicity_of,
    family_for,
    forename_of,
    known_as_of,
    nhs_number_for,
    surname_of,
    upn_for,
)
from kinfold.synthetic.world import Child, Family
from kinfold.terms.places import DemoAuthority

_NATIONALITIES = {"OOTH": ("IRQ", "IRN", "SYR"), "BAFR": ("ERI", "ETH", "SOM"), "AOTH": ("AFG", "VNM", "AFG"),
                  "WOTH": ("ALB",), "BOTH": ("SDN",)}  # fmt: skip


@cache
def _weights(name: str) -> Weights:
    return Weights(calibration()["need"][name])


@cache
def _ages() -> Weights:
    return Weights({str(age): weight for age, weight in enumerate(calibration()["need"]["age_weights"])})


class Nursery:
    """Makes the children of one council. Numbers are given out once and do not follow the order of time."""

    def __init__(self, seed: int, council: DemoAuthority, ground: Ground, today: int, part: str = "") -> None:
        self.chance = chance_for(seed, "nursery", council.la_code, part)
        self._council, self._ground, self._part = council, ground, part
        self._school_age = birthday(today, -5)
        self._born = 0
        self._families = 0

    def number(self) -> str:
        """Return the next child's number: seven digits, by a step that shares no factor with their count, so in no order."""
        self._born += 1
        offset = {"": 0, "out": 3_000_000, "into": 6_000_000}[self._part]
        return str(1_000_000 + (self._born + offset) * 6_700_417 % 9_000_000)

    def family(self, eldest_born: int) -> Family:
        """Return a new family living inside the council."""
        self._families += 1
        number = f"F{self._council.la_code}{self._part[:1].upper()}{self._families:06d}"
        home, earlier = self._ground.home(self.chance), self._ground.home(self.chance)
        return family_for(self.chance, number=number, home=home, earlier=earlier, eldest_born=eldest_born)

    def child(self, birth: int, *, eldest_born: int, family: Family | None = None) -> Child:
        """Return a child of a new family, or of `family`: a full or a half brother or sister."""
        chance = self.chance
        own = family or self.family(eldest_born)
        ethnicity, surname = own.ethnicity, own.surname
        if family is not None and chance.random() < calibration()["need"]["half_sibling"]:
            ethnicity = ethnicity if chance.random() < 0.7 else ethnicity_of(chance)
            surname = own.mother.surname if chance.random() < 0.4 else surname_of(chance, ethnicity)
        sex = "M" if chance.random() < calibration()["entry"]["male"] else "F"
        child = self._child(own, birth, sex=sex, ethnicity=ethnicity, surname=surname)
        if chance.random() < calibration()["names"]["changed_surname"]:
            child.former_surname = surname_of(chance, ethnicity)
        return child

    def _child(self, family: Family, birth: int, *, sex: str, ethnicity: str, surname: str) -> Child:
        chance = self.chance
        forename = forename_of(chance, ethnicity, sex)
        number = self.number()
        child = Child(
            person=f"P{self._council.la_code}{number}",
            la_child_id=number,
            forename=forename,
            surname=surname,
            sex=sex,
            birth=birth,
            expected=None,
            ethnicity=ethnicity,
            upn="",
            upn_unknown="",
            nhs_number=nhs_number_for(chance),
            family=family,
            home=family.home,
            known_as=known_as_of(chance, forename),
        )
        self._numbers(child, birth)
        if chance.random() < calibration()["need"]["disability"]:
            count = chance.choices((1, 2, 3), (60, 28, 12))[0]
            child.disabilities = tuple(sorted({_weights("disabilities").choose(chance) for _ in range(count)}))
        return child

    def _numbers(self, child: Child, birth: int) -> None:
        """Give a unique pupil number to a child who has been of school age, else the reason why there is none."""
        chance = self.chance
        if birth < self._school_age + 400 and chance.random() < 0.985:
            child.upn = upn_for(chance, la_code=self._council.la_prefix, birth=birth)
            if chance.random() < 0.03:
                child.former_upn = upn_for(chance, la_code=self._council.la_prefix, birth=birth)
        else:
            child.upn_unknown = "UN1" if birth >= self._school_age - 200 else "UN3"

    def unaccompanied(self, birth: int) -> Child:
        """Return a child who came alone: no family on record, a pupil number often not yet known."""
        chance = self.chance
        ethnicity = ethnicity_of(chance, unaccompanied=True)
        sex = "M" if chance.random() < calibration()["entry"]["unaccompanied_male"] else "F"
        family = self.family(birth)
        child = self._child(family, birth, sex=sex, ethnicity=ethnicity, surname=surname_of(chance, ethnicity))
        child.unaccompanied, child.disabilities = True, ()
        child.nationality = chance.choice(_NATIONALITIES.get(ethnicity, ("AFG",)))
        if chance.random() < 0.4:
            child.upn, child.upn_unknown, child.former_upn = "", "UN3", ""
        return child

    def twin(self, child: Child) -> Child:
        """Return the twin of a child: same birth, same family, a name of their own."""
        birth = child.birth or 0
        sex = child.sex if self.chance.random() < 0.66 else ("M" if child.sex == "F" else "F")
        twin = self._child(child.family, birth, sex=sex, ethnicity=child.ethnicity, surname=child.surname)
        if twin.forename == child.forename:
            twin.forename = forename_of(self.chance, child.ethnicity, sex)
        twin.twin_of, child.twin_of = child.la_child_id, twin.la_child_id
        return twin

    def siblings(self, chance: random.Random, first: int) -> list[Child]:
        """Return the children of one family referred on a day: of all ages, twins among them, some not yet born."""
        size = int(_weights("family_size").choose(chance))
        family: Family | None = None
        found: list[Child] = []
        for _ in range(size):
            birth = self._birth(chance, first)
            if any(c.birth is not None and abs(c.birth - birth) < 300 for c in found):
                continue
            child = self.child(birth, eldest_born=birth, family=family)
            family = child.family
            found.append(child)
            if chance.random() < calibration()["need"]["twins_a_birth"]:
                found.append(self.twin(child))
        return found

    def _birth(self, chance: random.Random, first: int) -> int:
        if chance.random() < calibration()["need"]["unborn"]:
            return first + chance.randrange(15, 150)
        age = int(_ages().choose(chance))
        return birthday(first, -age) - chance.randrange(1, 360)

    def adopted(self, child: Child) -> Child:
        """Return the new person an adoption order makes: new name, new numbers, a new family."""
        birth = child.birth or 0
        again = self.child(birth, eldest_born=birth)
        again.before_adoption, again.sex = child.la_child_id, child.sex
        if self.chance.random() < 0.7 or age_on(birth, child.first_seen or birth) > 2:
            again.forename = child.forename
        else:
            again.forename = forename_of(self.chance, again.ethnicity, child.sex)
        again.ethnicity, again.disabilities = child.ethnicity, child.disabilities
        return again
