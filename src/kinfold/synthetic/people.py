"""Inventing people: names by ethnicity, families with parents and siblings, and the numbers by which people are known."""

from __future__ import annotations

import random
from functools import cache

from kinfold.synthetic.calibration import calibration, name_lists
from kinfold.synthetic.chance import Weights
from kinfold.synthetic.days import birthday
from kinfold.synthetic.world import Family, Parent, Spot
from kinfold.terms.identifiers import nhs_check_digit, upn_check_letter


@cache
def _weights(table: str, name: str) -> Weights:
    return Weights(calibration()[table][name])


@cache
def _lists_of(ethnicity: str) -> Weights:
    groups = name_lists()["groups"]
    return Weights(groups.get(ethnicity, groups["WBRI"]))


def ethnicity_of(chance: random.Random, *, unaccompanied: bool = False) -> str:
    """Return a code of the SSDA903 ethnicity list, as common as among children known to councils."""
    return _weights("names", "unaccompanied_ethnicity" if unaccompanied else "ethnicity").choose(chance)


def forename_of(chance: random.Random, ethnicity: str, sex: str) -> str:
    """Return a forename usual for the ethnicity and sex (a code; an unknown sex takes from both lists)."""
    names = name_lists()["lists"][_lists_of(ethnicity).choose(chance)]
    part = sex if sex in ("F", "M") else chance.choice("FM")
    name: str = chance.choice(names[part])
    if chance.random() < calibration()["names"]["hyphenated_forename"]:
        name = f"{name}-{chance.choice(names[part])}"
    return name


def surname_of(chance: random.Random, ethnicity: str) -> str:
    """Return a surname usual for the ethnicity, now and then double-barrelled, with or without its hyphen."""
    names = name_lists()["lists"][_lists_of(ethnicity).choose(chance)]["surnames"]
    name: str = chance.choice(names)
    if chance.random() < calibration()["names"]["double_barrelled"]:
        joint = "-" if chance.random() < 0.8 else " "
        name = f"{name}{joint}{chance.choice(names)}"
    return name


def upn_for(chance: random.Random, *, la_code: str, birth: int) -> str:
    """Return a well-formed unique pupil number, given out by `la_code` in the year the child was four."""
    year = int((birth - 1) / 365.2425) + 1 + 4
    digits = f"{la_code}{chance.randrange(1000, 9999)}{year % 100:02d}{chance.randrange(0, 1000):03d}"
    return upn_check_letter(digits) + digits


def nhs_number_for(chance: random.Random) -> str:
    """Return a well-formed NHS number of the range set apart for made-up people (beginning 999)."""
    while True:
        nine = f"999{chance.randrange(0, 1_000_000):06d}"
        check = nhs_check_digit(nine)
        if check is not None:
            return f"{nine}{check}"


def known_as_of(chance: random.Random, forename: str) -> str:
    """Return a name the child goes by instead of `forename`, or an empty text for most children."""
    if chance.random() >= calibration()["names"]["known_as"]:
        return ""
    short = forename.split("-")[0]
    return _SHORT.get(short, short[:3] + ("ie" if chance.random() < 0.5 else "y")) if len(short) > 4 else ""


_SHORT = {
    "William": "Billy", "Elizabeth": "Beth", "Alexander": "Alex", "Isabella": "Bella", "Thomas": "Tom", "Joseph": "Joe",
    "Benjamin": "Ben", "Samuel": "Sam", "Daniel": "Danny", "Matthew": "Matt", "Charlotte": "Lottie", "Jessica": "Jess",
    "Abigail": "Abby", "Katherine": "Kate", "Michael": "Mikey", "Nathan": "Nate", "Joshua": "Josh", "Zachary": "Zac",
    "Muhammad": "Mo", "Mohammed": "Mo", "Sebastian": "Seb", "Oliver": "Ollie", "Harrison": "Harry", "Penelope": "Penny",
    "Matilda": "Tilly", "Georgia": "Georgie", "Cameron": "Cam", "Frederick": "Fred", "Theodore": "Teddy", "Emily": "Em",
}  # fmt: skip


def family_for(chance: random.Random, *, number: str, home: Spot, earlier: Spot, eldest_born: int) -> Family:
    """Return parents for children of whom the eldest was born on `eldest_born`; a third have no father on record.

    Two in five lived at `earlier` before they came to `home`.
    """
    ethnicity = ethnicity_of(chance)
    surname = surname_of(chance, ethnicity)
    mother = _parent(chance, number=f"{number}M", sex="F", ethnicity=ethnicity, surname=surname, child_born=eldest_born)
    father = None
    if chance.random() < 0.66:
        theirs = surname if chance.random() < 0.55 else surname_of(chance, ethnicity)
        father = _parent(
            chance, number=f"{number}F", sex="M", ethnicity=ethnicity, surname=theirs, child_born=eldest_born
        )
    childrens = father.surname if father and chance.random() < 0.6 else surname
    until = eldest_born + 60 + int(chance.random() * 3000)
    before = (earlier, until) if chance.random() < 0.4 else None
    return Family(number, mother, father, home, childrens, ethnicity, before)


def _parent(chance: random.Random, *, number: str, sex: str, ethnicity: str, surname: str, child_born: int) -> Parent:
    age = 15 + int(chance.betavariate(2.0, 3.2) * 28)
    birth = birthday(child_born, -age) - chance.randrange(0, 365)
    return Parent(number, forename_of(chance, ethnicity, sex), surname, sex, birth, ethnicity)
