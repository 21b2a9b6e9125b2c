"""
One person's particulars, brought to the form in which they are compared.

Whatever the script, case, accents, hyphens or order in which a name or a date was written, the same particulars
come out the same. What says nothing ("Baby", "Unknown", a blank) comes out empty, never as a name.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from kinfold.identity.dates import day_digits
from kinfold.identity.kept_while import kept_while_working
from kinfold.identity.names import NOBODY, Name, name_of
from kinfold.terms.identifiers import normalise_nhs_number

_LEXICON = Path(__file__).with_name("lexicon.toml")
_BRACKETED = re.compile(r"[(\[{].*?(?:[)\]}]|$)")
_DROPPED = re.compile(r"['’‘`´ʼ.]")
_APART = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_WORD = re.compile(r"[a-z0-9]+")
_POSTCODE = re.compile(r"(?:[A-Z]{1,2}[0-9][A-Z0-9]?|GIR ?0)[0-9][A-Z]{2}")
_LONGEST_POSTCODE = 8
MOST_MIDDLES = 2
_SEXES = {"m": 1, "male": 1, "1": 1, "boy": 1, "man": 1, "f": 2, "female": 2, "2": 2, "girl": 2, "woman": 2}
_ALPHABET = " 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_PLACE_OF = {letter: place for place, letter in enumerate(_ALPHABET)}
_BASE = len(_ALPHABET)
# Postcodes of other countries, and halves of ours, are kept apart from full ones: they say less about a home.
FOREIGN = _BASE**_LONGEST_POSTCODE


@dataclass(slots=True)
class Particulars:
    """
    A person's particulars ready to compare. Empty is `NOBODY` for a name, 0 for a number, "" for a day.

    `family` is all parts of the family name written as one word; `sex` is 1 male, 2 female; `postcode` and
    `previous` are packed (see `packed_postcode`); `address` is a hash of house number and street.
    """

    given: Name = NOBODY
    middles: tuple[Name, ...] = ()
    family: Name = NOBODY
    born: str = ""
    sex: int = 0
    postcode: int = 0
    previous: int = 0
    nhs: int = 0
    address: int = 0
    problems: tuple[str, ...] = field(default=(), compare=False)

    @property
    def says_nothing(self) -> bool:
        """Return whether there is too little here to look anybody up: a number, or a name or day with something else."""
        named = bool(self.given or self.family)
        known = sum((bool(self.given), bool(self.family), bool(self.born), bool(self.postcode)))
        return not self.nhs and (known < 2 or not (named or self.born))


def particulars(row: Mapping[str, object], *, month_first: bool = False) -> Particulars:
    """
    Return the particulars in `row`, whose keys are those of the `kinfold match` columns; any may be missing.

    `problems` names, in words, each field that had something in it which could not be read.
    """
    dob, home, number = _text(row.get("dob")), _text(row.get("postcode")), _text(row.get("nhs"))
    given = given_names(_text(row.get("given")))
    middle = given_names(_text(row.get("middle")))
    born, postcode, nhs = _day(dob, month_first), packed_postcode(home), nhs_of(number)
    return Particulars(
        given=name_of(given[0]) if given else NOBODY,
        middles=tuple(name_of(part) for part in (*given[1:], *middle))[:MOST_MIDDLES],
        family=family_name(_text(row.get("family"))),
        born=born,
        sex=sex_of(_text(row.get("sex"))),
        postcode=postcode,
        previous=packed_postcode(_text(row.get("postcode_prev"))),
        nhs=nhs,
        address=address_hash(_text(row.get("address"))),
        problems=_problems((dob, born), (home, postcode), (number, nhs)),
    )


def _text(value: object) -> str:
    text = "" if value is None else str(value).strip()
    return "" if text in ("nan", "NaN", "None", "<NA>") else text


@kept_while_working
def _day(text: str, month_first: bool) -> str:
    return day_digits(text, month_first=month_first)


def _problems(dob: tuple[str, str], home: tuple[str, int], number: tuple[str, int]) -> tuple[str, ...]:
    """Return, in words, in which of these something is written that could not be read: (as written, as read)."""
    if (dob[1] or not dob[0]) and (home[1] or not home[0]) and (number[1] or not number[0]):
        return ()
    found = []
    if dob[0] and not dob[1]:
        found.append("the date of birth could not be read")
    if home[0] and not home[1]:
        found.append("the postcode could not be read")
    if number[0] and not number[1]:
        found.append("the NHS number fails its check digit")
    return tuple(found)


@cache
def _lexicon() -> dict[str, dict[str, frozenset[str]]]:
    with _LEXICON.open("rb") as file:
        raw = tomllib.load(file)
    return {part: {key: frozenset(words.split()) for key, words in raw[part].items()} for part in _WORD_LISTS}


_WORD_LISTS = ("placeholders", "titles")


@cache
def _letters() -> dict[int, str]:
    with _LEXICON.open("rb") as file:
        tables = tomllib.load(file)["letters"]
    return {ord(letter): plain for table in tables.values() for letter, plain in table.items()}


@kept_while_working
def words_of(text: str) -> tuple[str, ...]:
    """
    Return a name's words in plain lower-case letters: accents off, other alphabets carried over, brackets cut.

    Hyphened parts stay joined by their hyphen; apostrophes and full stops vanish: O'Neill and ONeill agree.
    """
    lowered = _BRACKETED.sub(" ", text).lower() if not text.isalpha() or not text.isascii() else text.lower()
    if not lowered.isascii():
        spread = unicodedata.normalize("NFKD", lowered)
        lowered = "".join(c for c in spread if not unicodedata.combining(c)).casefold().translate(_letters())
    return tuple(_APART.findall(_DROPPED.sub("", lowered).replace("‐", "-").replace("–", "-")))


@kept_while_working
def given_names(text: str) -> tuple[str, ...]:
    """Return the given names in `text`, first name first, each as one word; none for "Baby" or "Unknown"."""
    words = _without_titles(words_of(text))
    stand_ins = _lexicon()["placeholders"]
    if words and (words[0] in ("baby", "babe", "infant", "unborn") or set(words) & stand_ins["telling"]):
        rest = [word for word in words if word not in stand_ins["given"]]
        # "Baby Smith" and "Infant of Jones" repeat the family name: nobody has been named yet
        if not rest or words[0] in ("baby", "babe", "infant", "unborn"):
            return ()
    return tuple(word.replace("-", "") for word in words)


def _without_titles(words: tuple[str, ...]) -> tuple[str, ...]:
    titles = _lexicon()["titles"]
    while len(words) > 1 and words[0] in titles["before"]:
        words = words[1:]
    while len(words) > 1 and words[-1] in titles["after"]:
        words = words[:-1]
    return words


@kept_while_working
def family_name(text: str) -> Name:
    """Return the family name in `text`, whose `parts` are the halves of a double-barrelled one."""
    words = _without_titles(words_of(text))
    if not words or set(words) <= _lexicon()["placeholders"]["family"]:
        return NOBODY
    parts = tuple(part for word in words for part in word.split("-"))
    return name_of("".join(parts), parts)


def sex_of(text: str) -> int:
    """Return 1 for male, 2 for female, 0 for anything else."""
    return _SEXES.get(text.lower(), 0)


@kept_while_working
def nhs_of(text: str) -> int:
    """Return a valid NHS number as a number, else 0."""
    return int(normalise_nhs_number(text) or 0)


@kept_while_working
def packed_postcode(text: str) -> int:
    """
    Return a postcode as one number, 0 for none: each character a digit of base 37, so that cutting two digits off
    leaves the sector and three the outward code. `FOREIGN` is added to what is no full United Kingdom postcode.
    """
    squeezed = re.sub(r"[^A-Z0-9]", "", text.upper())[:_LONGEST_POSTCODE]
    if not squeezed or squeezed in ("ZZ99", "NFA", "UNKNOWN"):
        return 0
    ours = _POSTCODE.fullmatch(squeezed) or _POSTCODE.fullmatch(_letter_o_for_nought(squeezed))
    if ours and ours[0].startswith("ZZ99"):
        return 0  # ZZ99 stands for no fixed abode or another country
    number = 0
    for letter in ours[0] if ours else squeezed:
        number = number * _BASE + _PLACE_OF[letter]
    return number if ours else number + FOREIGN


def _letter_o_for_nought(squeezed: str) -> str:
    return f"{squeezed[:-3]}{squeezed[-3:-2].replace('O', '0')}{squeezed[-2:]}" if len(squeezed) >= 5 else squeezed


@kept_while_working
def postcode_text(packed: int) -> str:
    """Return a packed postcode as its characters, without a space."""
    number, letters = packed % FOREIGN, []
    while number:
        number, place = divmod(number, _BASE)
        letters.append(_ALPHABET[place])
    return "".join(reversed(letters))


def sector_of(packed: int) -> int:
    """Return the sector of a packed postcode ("SW1A 1"), 0 where it is not one of ours."""
    return packed // _BASE**2 if packed < FOREIGN else 0


def outward_of(packed: int) -> int:
    """Return the outward code of a packed postcode ("SW1A"), 0 where it is not one of ours."""
    return packed // _BASE**3 if packed < FOREIGN else 0


@kept_while_working
def address_hash(text: str) -> int:
    """Return 60 bits of a hash of the first number and the first long word of an address, 0 where either is missing."""
    words = _WORD.findall(text.lower())
    number = next((word for word in words if word[0].isdigit()), "")
    street = next((word for word in words if word.isalpha() and len(word) > 2 and word not in _NO_STREET), "")
    return name_of(f"{number} {street}").code if number and street else 0


_NO_STREET = frozenset({"flat", "apartment", "unit", "room", "the"})
