"""The ways in which a second record of a child comes to differ from the first, and how often each happens."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import Protocol

from kinfold.identity.names import forms

Row = dict[str, str]

# Of a hundred second records, how many have each error. About half have at least one.
ERRORS: Mapping[str, float] = {
    "typo_given": 0.045,
    "typo_family": 0.04,
    "form": 0.05,
    "surname_changed": 0.045,
    "hyphen": 0.02,
    "moved": 0.15,
    "postcode_missing": 0.06,
    "postcode_slip": 0.015,
    "day_swapped": 0.015,
    "day_digit": 0.02,
    "year": 0.012,
    "january": 0.012,
    "born_part": 0.008,
    "born_missing": 0.02,
    "given_initial": 0.008,
    "unnamed": 0.012,
    "crossed": 0.012,
    "middle_used": 0.02,
    "given_missing": 0.005,
    "sex_missing": 0.05,
    "sex_wrong": 0.005,
    "middle_missing": 0.35,
    "middle_initial": 0.1,
    "middle_typo": 0.02,
    "middle_exchanged": 0.005,
    "nhs_missing": 0.5,
    "nhs_slip": 0.01,
    "address_missing": 0.3,
}
# Forms that the matcher's own list does not have: nobody's list is whole.
UNLISTED = {
    "Alexander": "Xandy", "Muhammad": "Mahmad", "Elizabeth": "Lilibet", "Olivia": "Lulia", "Isabella": "Ibby",
    "Mohammed": "Mamadou", "Thomas": "Tomo", "Charlotte": "Shar", "William": "Wim", "Sophia": "Fia", "Amelia": "Lia",
    "George": "Dodie", "Jacob": "Coby", "Benjamin": "Benno", "Samuel": "Samo", "Daniel": "Dano", "Harry": "Haz",
}  # fmt: skip
_NEAR = {
    "a": "sqz", "b": "vgn", "c": "xvd", "d": "sfe", "e": "wrd", "f": "dgr", "g": "fht", "h": "gjy", "i": "uok",
    "j": "hku", "k": "jli", "l": "ko", "m": "n", "n": "bm", "o": "ipl", "p": "ol", "q": "wa", "r": "etf", "s": "adw",
    "t": "ryg", "u": "yij", "v": "cbf", "w": "qes", "x": "zcs", "y": "tuh", "z": "xsa",
}  # fmt: skip
_SOUNDS = (("ph", "f"), ("ck", "k"), ("ie", "y"), ("ee", "ea"), ("ai", "ay"), ("th", "t"), ("sh", "ch"), ("oo", "u"),
           ("s", "z"), ("c", "k"), ("y", "i"), ("ll", "l"), ("nn", "n"), ("tt", "t"))  # fmt: skip


class Source(Protocol):
    """Where other names and places come from."""

    chance: Random

    def surname(self, origin: str) -> str:
        """Return a family name."""

    def place(self) -> tuple[str, str]:
        """Return a postcode and an address."""


class Spoiler:
    """Makes a second record of a child, with errors `times` as often as `ERRORS` says."""

    def __init__(self, source: Source, times: float = 1.0) -> None:
        self.source = source
        self.chance = source.chance
        self.rates = {name: min(rate * times, 0.7) for name, rate in ERRORS.items()}
        self.ways: dict[str, Callable[[Row, str], bool]] = {
            name: getattr(self, f"_{name}") for name in self.rates if hasattr(self, f"_{name}")
        }

    def spoilt(self, row: Row, origin: str) -> tuple[Row, list[str]]:
        """Return a copy of `row` with errors, and their names."""
        spoilt, errors = dict(row), []
        for name, way in self.ways.items():
            if self.chance.random() < self.rates[name] and way(spoilt, origin):
                errors.append(name)
        self._as_written(spoilt)
        return spoilt, errors

    def _as_written(self, row: Row) -> None:
        """Write case, dates and postcodes as different systems do; none of it is an error."""
        luck = self.chance.random()
        if luck < 0.25:
            row["postcode"] = row["postcode"].replace(" ", "")
        if luck < 0.1:
            row["given"], row["family"] = row["given"].upper(), row["family"].upper()
        if 0.5 < luck < 0.7 and len(row["dob"]) == 10:
            year, month, day = row["dob"].split("-")
            row["dob"] = f"{day}/{month}/{year}"

    def typo(self, name: str) -> str:
        """Return a name with one slip of the keyboard or the ear."""
        chance = self.chance
        text = name.lower()
        if len(text) < 3:
            return text + chance.choice("aeiou")
        luck, place = chance.random(), chance.randrange(1, len(text))
        if luck < 0.2:
            heard = [(old, new) for old, new in _SOUNDS if old in text]
            if heard:
                old, new = chance.choice(heard)
                return text.replace(old, new, 1).title()
        if luck < 0.4:
            return (text[:place] + text[place + 1 :]).title()
        if luck < 0.6:
            return (text[:place] + chance.choice("abcdefghijklmnopqrstuvwxyz") + text[place:]).title()
        if luck < 0.75 and place < len(text) - 1:
            return (text[:place] + text[place + 1] + text[place] + text[place + 2 :]).title()
        return (text[:place] + chance.choice(_NEAR.get(text[place], "e")) + text[place + 1 :]).title()

    def typos(self, name: str) -> str:
        """Return a name with a slip; one in ten has two."""
        once = self.typo(name)
        return self.typo(once) if self.chance.random() < 0.1 else once

    def _typo_given(self, row: Row, _: str) -> bool:
        row["given"] = self.typos(row["given"])
        return True

    def _typo_family(self, row: Row, _: str) -> bool:
        row["family"] = self.typos(row["family"])
        return True

    def _form(self, row: Row, _: str) -> bool:
        given = row["given"]
        if given in UNLISTED and self.chance.random() < 0.4:
            row["given"] = UNLISTED[given]
            return True
        others = _other_forms(given.lower())
        if not others:
            return False
        row["given"] = self.chance.choice(others).title()
        return True

    def _surname_changed(self, row: Row, origin: str) -> bool:
        row["family"] = self.source.surname(origin)
        return True

    def _hyphen(self, row: Row, origin: str) -> bool:
        family = row["family"]
        if "-" in family:
            row["family"] = self.chance.choice((*family.split("-"), family.replace("-", " ")))
        else:
            pair = [family, self.source.surname(origin)]
            self.chance.shuffle(pair)
            row["family"] = "-".join(pair)
        return True

    def _moved(self, row: Row, _: str) -> bool:
        old = row["postcode"]
        row["postcode"], row["address"] = self.source.place()
        row["postcode_prev"] = old if self.chance.random() < 0.3 else ""
        return True

    def _postcode_missing(self, row: Row, _: str) -> bool:
        row["postcode"] = row["address"] = ""
        return True

    def _postcode_slip(self, row: Row, _: str) -> bool:
        if not row["postcode"]:
            return False
        code = row["postcode"]
        if self.chance.random() < 0.5:
            row["postcode"] = code[:-2] + code[-1] + code[-2]
        else:
            row["postcode"] = code[:-1] + self.chance.choice("123456789" if code[-1].isdigit() else "ABDEFGHJLNPQRS")
        return True

    def _day_swapped(self, row: Row, _: str) -> bool:
        year, month, day = row["dob"].split("-")
        if int(day) > 12 or day == month:
            return False
        row["dob"] = f"{year}-{day}-{month}"
        return True

    def _day_digit(self, row: Row, _: str) -> bool:
        year, month, day = row["dob"].split("-")
        if self.chance.random() < 0.6:
            day = f"{(int(day) + self.chance.choice((1, -1, 10, -10, 2)) - 1) % 28 + 1:02d}"
        else:
            month = f"{(int(month) + self.chance.choice((1, -1, 2)) - 1) % 12 + 1:02d}"
        if self.chance.random() < 0.15:
            year = year[:2] + year[3] + year[2]
        row["dob"] = f"{year}-{month}-{day}"
        return True

    def _year(self, row: Row, _: str) -> bool:
        if not row["dob"]:
            return False
        year = int(row["dob"][:4]) + self.chance.choice((1, -1, 1, -1, 10, -10, 2))
        row["dob"] = f"{year}{row['dob'][4:]}"
        return True

    def _january(self, row: Row, _: str) -> bool:
        row["dob"] = f"{row['dob'][:4]}-01-01"
        return True

    def _born_part(self, row: Row, _: str) -> bool:
        year, month, _day = row["dob"].split("-")
        row["dob"] = year if self.chance.random() < 0.4 else f"{month}/{year}"
        return True

    def _born_missing(self, row: Row, _: str) -> bool:
        row["dob"] = ""
        return True

    def _unnamed(self, row: Row, _: str) -> bool:
        row["given"] = self.chance.choice(
            ("Baby", f"Baby {row['family']}", "Infant", "Male Infant", "Baby Girl", "Unknown", "Twin 1")
        )
        row["middle"] = ""
        return True

    def _crossed(self, row: Row, _: str) -> bool:
        if not row["given"]:
            return False
        row["given"], row["family"] = row["family"], row["given"]
        return True

    def _middle_used(self, row: Row, _: str) -> bool:
        if not row["middle"]:
            return False
        first, *rest = row["middle"].split()
        row["given"], row["middle"] = first, " ".join(rest)
        return True

    def _given_missing(self, row: Row, _: str) -> bool:
        row["given"] = row["middle"] = ""
        return True

    def _given_initial(self, row: Row, _: str) -> bool:
        row["given"] = row["given"][:1]
        return bool(row["given"])

    def _sex_missing(self, row: Row, _: str) -> bool:
        row["sex"] = ""
        return True

    def _sex_wrong(self, row: Row, _: str) -> bool:
        row["sex"] = {"F": "M", "M": "F"}.get(row["sex"], "")
        return True

    def _middle_missing(self, row: Row, _: str) -> bool:
        row["middle"] = ""
        return True

    def _middle_initial(self, row: Row, _: str) -> bool:
        row["middle"] = row["middle"][:1]
        return bool(row["middle"])

    def _middle_typo(self, row: Row, _: str) -> bool:
        if len(row["middle"]) < 2:
            return False
        first, *rest = row["middle"].split()
        row["middle"] = " ".join((self.typos(first), *rest))
        return True

    def _middle_exchanged(self, row: Row, _: str) -> bool:
        if len(row["middle"]) < 2 or not row["given"]:
            return False
        first, *rest = row["middle"].split()
        row["given"], row["middle"] = first, " ".join((row["given"], *rest))
        return True

    def _nhs_missing(self, row: Row, _: str) -> bool:
        row["nhs"] = ""
        return True

    def _nhs_slip(self, row: Row, _: str) -> bool:
        # a slip fails the check digit and is then worth nothing: this is another child's number
        row["nhs"] = row["nhs"][::-1]
        return bool(row["nhs"])

    def _address_missing(self, row: Row, _: str) -> bool:
        row["address"] = ""
        return True


def _other_forms(given: str) -> list[str]:
    """Return the other forms of a name, and the names that this is a form of."""
    table = forms()
    roots = table.get(given, frozenset())
    return sorted({form for form, its_roots in table.items() if its_roots & roots} - {given})
