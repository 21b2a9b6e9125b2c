"""
The comparisons: on each point, how well two people's particulars agree, as the first level whose question holds.

This list is the only specification. `levels_of` asks it of two people in process; `case_sql` says it to Splink.
The last comparison, `pattern`, looks at several points together: it is what tells twins, brothers and sisters,
and strangers of one name from the same child written down twice.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA, Hamming, JaroWinkler

from kinfold.identity.predicates import (
    Alike,
    AtLeast,
    Begins,
    Crossed,
    CrossedAlike,
    DigitsApart,
    Found,
    Missing,
    Neither,
    OneEdit,
    Predicate,
    Same,
    Share,
    Within,
)
from kinfold.identity.seen import Seen


@dataclass(frozen=True)
class Level:
    """One way of agreeing or not: `words` complete "They have …"; no `when` is the level for everything else."""

    name: str
    words: str
    when: Predicate | None = None


@dataclass(frozen=True)
class Comparison:
    """One point on which two people are compared; the first level whose question holds is the one."""

    name: str
    levels: tuple[Level, ...]

    def level(self, name: str) -> int:
        """Return the number of the level with this name."""
        return next(number for number, level in enumerate(self.levels) if level.name == name)


def _by_rarity(field: str, words: str) -> tuple[Level, ...]:
    kinds = ("a very unusual one", "an unusual one", "a less common one", "a common one", "a very common one",
             "one of the commonest")  # fmt: skip
    same, rarest = Same(field), len(kinds) - 1
    return tuple(
        Level(
            f"same_{rarest - n}",
            f"{words}, {kind}",
            same & AtLeast(f"{field}_band", rarest - n) if n < rarest else same,
        )
        for n, kind in enumerate(kinds)
    )


# Not both spellings are established names: more likely a slip of the pen than a twin.
_NOT_BOTH_NAMES = Missing("given_known", "0")

GIVEN = Comparison(
    "given",
    (
        Level("missing", "no given name on one side", Missing("given")),
        *_by_rarity("given", "the same given name"),
        Level("form", "two forms of one given name", Share("given_roots")),
        Level("middle_both", "given and middle name exchanged", Within("given", "middles", both=True)),
        Level(
            "middle_unusual",
            "a given name that is the other's middle name, both of them unusual",
            Within("given", "middles") & AtLeast("given_band", 3),
        ),
        Level("middle", "a given name that is the other's middle name", Within("given", "middles")),
        Level("crossed", "given and family name exchanged", Crossed("given", "family", both=True)),
        Level("initial", "a given name and its initial", Begins("given") & Missing("given_rest")),
        Level("slip", "given names a letter apart", OneEdit("given", 4) & _NOT_BOTH_NAMES),
        Level("one_letter", "given names a letter apart, both of them names of their own", OneEdit("given", 4)),
        Level("begins", "one given name that begins the other", Begins("given")),
        Level("close", "given names that look nearly alike", Alike("given", 0.88) & _NOT_BOTH_NAMES),
        Level("sound", "given names that sound alike", Same("given_sound") & Alike("given", 0.75)),
        Level("close_names", "two given names that look nearly alike", Alike("given", 0.88)),
        Level("alike", "given names somewhat alike", Alike("given", 0.78) & _NOT_BOTH_NAMES),
        Level("other_unusual", "different given names, not both established", _NOT_BOTH_NAMES),
        Level("other", "different given names"),
    ),
)
FAMILY = Comparison(
    "family",
    (
        Level("missing", "no family name on one side", Missing("family")),
        *_by_rarity("family", "the same family name"),
        Level("part", "part of a double-barrelled family name in common", Share("family_parts")),
        Level("crossed", "given and family name exchanged", Crossed("family", "given", both=True)),
        Level(
            "crossed_slip",
            "given and family name exchanged, with a slip in one",
            Crossed("family", "given") & CrossedAlike("family", "given", 0.75),
        ),
        Level("half_crossed", "a family name that is the other's given name", Crossed("family", "given")),
        Level("slip", "family names a letter apart", OneEdit("family", 4)),
        Level("close", "family names that look nearly alike", Alike("family", 0.88)),
        Level("sound", "family names that sound alike", Same("family_sound") & Alike("family", 0.75)),
        Level("alike", "family names somewhat alike", Alike("family", 0.8)),
        Level("other", "different family names"),
    ),
)
MIDDLE = Comparison(
    "middle",
    (
        Level("neither", "no middle name on either side", Neither("middle")),
        Level("missing", "no middle name on one side", Missing("middle")),
        Level("same", "the same middle name", Share("middles")),
        Level("initial", "a middle name and its initial", Same("middle_initial") & Missing("middle_rest")),
        Level("exchanged", "given and middle name exchanged", Within("given", "middles", both=True)),
        Level("close", "middle names that look nearly alike", Alike("middle", 0.88)),
        Level("other", "different middle names"),
    ),
)
_PART_KNOWN = Missing("whole_day", "0") & (Same("born_year_month") | (Missing("born_month_day") & Same("born_year")))
BORN = Comparison(
    "born",
    (
        Level("missing", "no date of birth on one side", Missing("born")),
        Level("same_january", "the same date of birth, a 1 January", Same("born") & AtLeast("january", 1)),
        Level("same", "the same date of birth", Same("born")),
        Level("part", "dates of birth that agree as far as they are known", _PART_KNOWN),
        Level("swapped", "dates of birth with day and month exchanged", Crossed("born", "born_swapped")),
        Level(
            "digit_year", "dates of birth a digit of the year apart", DigitsApart("born", 1) & Same("born_month_day")
        ),
        Level("digit", "dates of birth a digit apart", DigitsApart("born", 1)),
        Level("exchanged", "dates of birth with two digits exchanged", OneEdit("born")),
        Level("month", "the same year and month of birth", Same("born_year_month")),
        Level("day", "the same day and month of birth in another year", Same("born_month_day")),
        Level(
            "january",
            "the same year of birth, one side 1 January",
            Same("born_year") & AtLeast("january", 1, either=True),
        ),
        Level("year", "the same year of birth", Same("born_year")),
        Level("near", "dates of birth two digits apart", DigitsApart("born", 2)),
        Level("other", "different dates of birth"),
    ),
)
PLACE = Comparison(
    "place",
    (
        Level("missing", "no postcode on one side", Missing("postcode", "0")),
        Level("same_area", "the same area code", Same("postcode", "0") & AtLeast("foreign", 1)),
        Level("same", "the same postcode", Same("postcode", "0")),
        Level("previous", "a postcode that is the other's previous one", Crossed("postcode", "previous", "0")),
        Level("before", "the same previous postcode", Same("previous", "0")),
        Level("slip", "postcodes a character apart", OneEdit("postcode_text", 4)),
        Level("sector", "homes in one postcode sector", Same("sector", "0")),
        Level("outward", "homes in one postcode district", Same("outward", "0")),
        Level("other", "homes in different places"),
    ),
)
SEX = Comparison(
    "sex",
    (
        Level("missing", "no sex on one side", Missing("sex", "0")),
        Level("same", "the same sex", Same("sex", "0")),
        Level("other", "different sexes"),
    ),
)
NUMBER = Comparison(
    "nhs",
    (
        Level("missing", "no NHS number on one side", Missing("nhs", "0")),
        Level("same", "the same NHS number", Same("nhs", "0")),
        Level("slip", "NHS numbers a digit apart", OneEdit("nhs_text")),
        Level("other", "different NHS numbers"),
    ),
)
ADDRESS = Comparison(
    "address",
    (
        Level("missing", "no address on one side", Missing("address", "0")),
        Level("same", "the same house and street", Same("address", "0")),
        Level("other", "different houses"),
    ),
)
# Names go together: of a thousand strangers called Nguyen far more are called Minh than of a thousand called Smith. So how
# common the two are is no measure of how common the pair is, and that is counted for itself. What the register has is
# known of its own people; of somebody who is asked about, nothing is.
_BOTH_NAMES = Same("given") & Same("family")
NAMES = Comparison(
    "names",
    (
        *(
            Level(name, f"the same two names, {words}", _BOTH_NAMES & AtLeast("namesakes", least, either=True))
            for name, words, least in (
                ("hundreds", "which hundreds of others here have", 7),
                ("hundred", "which a hundred or more others here have", 6),
                ("dozens", "which dozens of others here have", 5),
                ("ten", "which ten or more others here have", 4),
                ("several", "which several others here have", 3),
                ("another", "which one or two others here have", 2),
                ("nobody", "which nobody else here has", 1),
            )
        ),
        Level("uncounted", "the same two names", _BOTH_NAMES),
        Level("other", "not both names the same"),
    ),
)
SINGLE = (GIVEN, FAMILY, MIDDLE, BORN, PLACE, SEX, NUMBER, ADDRESS, NAMES)


def _found(comparison: Comparison, *names: str) -> Found:
    wanted = tuple(n for n, level in enumerate(comparison.levels) if level.name.rstrip("012345_") in names)
    return Found(comparison.name, SINGLE.index(comparison), wanted, len(comparison.levels) - 1)


_BORN = _found(BORN, "same", "same_january")
_BORN_SLIP = _found(BORN, "part", "swapped", "digit_year", "digit", "exchanged", "january")
_BORN_APART = _found(BORN, "month", "day", "january", "year", "near", "other")
_NO_BORN = _found(BORN, "missing")
_FAMILY = _found(FAMILY, "same", "part", "slip", "close", "sound")
_FAMILY_EXACT = _found(FAMILY, "same")
_CROSSED = _found(FAMILY, "crossed", "crossed_slip")
_OTHER_FAMILY = _found(FAMILY, "alike", "half_crossed", "other")
_GIVEN = _found(GIVEN, "same", "form")
_GIVEN_NEAR = _found(GIVEN, "initial", "slip", "close", "sound", "begins")
_GIVEN_MIDDLE = _found(GIVEN, "middle_both", "middle_unusual", "middle")
_TWO_NAMES = _found(GIVEN, "one_letter", "close_names")
_OTHER_GIVEN = _found(GIVEN, "alike", "other_unusual", "other")
_NO_GIVEN = _found(GIVEN, "missing")
_HOME = _found(PLACE, "same", "previous", "before") | _found(ADDRESS, "same")
_MANY_NAMESAKES = _found(NAMES, "hundreds", "hundred")
_SOME_NAMESAKES = _found(NAMES, "dozens", "ten")
_BOY_AND_GIRL = _found(SEX, "other")

# The first that holds is the one, so those that warn come before those that reassure.
PATTERN = Comparison(
    "pattern",
    (
        Level("crossed_born", "names exchanged, and one day of birth", _CROSSED & _BORN),
        Level("crossed", "given and family name exchanged", _CROSSED),
        Level("half_crossed", "half of names exchanged, and one day of birth", _found(FAMILY, "half_crossed") & _BORN),
        Level("twin_boy_and_girl", "the marks of twins, a boy and a girl",
              _BORN & _FAMILY & _OTHER_GIVEN & _BOY_AND_GIRL),
        Level("twin_one_home", "the marks of twins in one home", _BORN & _FAMILY & _OTHER_GIVEN & _HOME),
        Level("twin_two_homes", "the marks of twins", _BORN & _FAMILY & _OTHER_GIVEN),
        Level("twin_alike_home", "the marks of twins with names nearly alike", _BORN & _FAMILY & _TWO_NAMES & _HOME),
        Level("twin_alike", "names nearly alike, and one day of birth", _BORN & _FAMILY & _TWO_NAMES),
        Level("sibling", "the marks of brothers and sisters", _FAMILY & _HOME & _BORN_APART & _OTHER_GIVEN),
        Level("sibling_alike", "the marks of brothers and sisters with names nearly alike",
              _FAMILY & _HOME & _BORN_APART & (_TWO_NAMES | _GIVEN_NEAR | _GIVEN_MIDDLE)),
        Level("whole_home", "name, day of birth and home in agreement", _GIVEN & _FAMILY & _BORN & _HOME),
        Level("whole_hundreds", "name and day of birth in agreement, and hundreds of namesakes",
              _GIVEN & _FAMILY & _BORN & _MANY_NAMESAKES),
        Level("whole_dozens", "name and day of birth in agreement, and dozens of namesakes",
              _GIVEN & _FAMILY & _BORN & _SOME_NAMESAKES),
        Level("whole", "name and day of birth in agreement", _GIVEN & _FAMILY & _BORN),
        Level("slip_home", "name and home in agreement, and a slip in the day of birth",
              _GIVEN & _FAMILY & _BORN_SLIP & _HOME),
        Level("slip", "name in agreement, and a slip in the day of birth", _GIVEN & _FAMILY & _BORN_SLIP),
        Level("namesake_home", "name and home in agreement, and another day of birth",
              _GIVEN & _FAMILY & _BORN_APART & _HOME),
        Level("namesake", "the marks of two people of one name", _GIVEN & _FAMILY & _BORN_APART),
        Level("no_day_home", "name and home in agreement, and no day of birth", _GIVEN & _FAMILY & _NO_BORN & _HOME),
        Level("no_day", "a name in agreement, and no day of birth", _GIVEN & _FAMILY & _NO_BORN),
        Level("near_home", "nearly the same name, one day of birth, one home",
              _GIVEN_NEAR & _FAMILY & _BORN & _HOME),
        Level("near", "nearly the same name, and one day of birth", _GIVEN_NEAR & _FAMILY & _BORN),
        Level("near_slip_home", "nearly the same name, nearly the same day of birth, one home",
              _GIVEN_NEAR & _FAMILY & _BORN_SLIP & _HOME),
        Level("near_slip", "nearly the same name and day of birth", _GIVEN_NEAR & _FAMILY & _BORN_SLIP),
        Level("middle_home", "known by a middle name, with one day of birth and one home",
              _GIVEN_MIDDLE & _FAMILY & _BORN & _HOME),
        Level("middle_name", "known by a middle name, with one day of birth", _GIVEN_MIDDLE & _FAMILY & _BORN),
        Level("unnamed_home", "a child not named yet, with one day of birth and one home",
              _NO_GIVEN & _BORN & _FAMILY & _HOME),
        Level("unnamed", "a child not named yet, with one day of birth", _NO_GIVEN & _BORN & (_FAMILY | _HOME)),
        Level("renamed_home", "another family name, with one day of birth and one home",
              (_GIVEN | _GIVEN_NEAR) & _OTHER_FAMILY & _BORN & _HOME),
        Level("renamed", "another family name, with one day of birth", (_GIVEN | _GIVEN_NEAR) & _OTHER_FAMILY & _BORN),
        Level("renamed_slip_home", "another family name, nearly the same day of birth, one home",
              (_GIVEN | _GIVEN_NEAR) & _OTHER_FAMILY & _BORN_SLIP & _HOME),
        Level("neighbour", "one home, and names that differ", _HOME & _OTHER_FAMILY & (_OTHER_GIVEN | _TWO_NAMES)),
        Level("little", "little in common", _OTHER_FAMILY & (_OTHER_GIVEN | _TWO_NAMES)),
        Level("part_name", "a family name in agreement, and another given name",
              _FAMILY & (_OTHER_GIVEN | _TWO_NAMES)),
        Level("else", "no particular pattern"),
    ),
)  # fmt: skip
COMPARISONS: tuple[Comparison, ...] = (*SINGLE, PATTERN)
# A family name where the given name should be is a slip, or a twin's: both go to a person unless all else agrees.
TWINS = frozenset(n for n, level in enumerate(PATTERN.levels) if level.name.startswith(("twin", "half_crossed")))
# "Baby Smith" of that day may be the one who is registered or a twin who is not.
UNNAMED = frozenset(n for n, level in enumerate(PATTERN.levels) if level.name.startswith("unnamed"))
# One name, and days of birth that are no slip of one another: a question for a person, however much else agrees.
NAMESAKES = frozenset(n for n, level in enumerate(PATTERN.levels) if level.name.startswith("namesake"))
POSITION_OF_PATTERN = len(SINGLE)
_POSITION_OF_PLACE = SINGLE.index(PLACE)
_POSITION_OF_GIVEN, _NO_GIVEN_LEVEL = SINGLE.index(GIVEN), GIVEN.level("missing")
_POSITION_OF_FAMILY, _NO_FAMILY_LEVEL = SINGLE.index(FAMILY), FAMILY.level("missing")
_POSITION_OF_NUMBER, _SAME_NUMBER = SINGLE.index(NUMBER), NUMBER.level("same")
_AT_HOME = frozenset(n for n, level in enumerate(PLACE.levels) if level.name in ("same", "previous", "before", "slip"))
_ELSEWHERE = frozenset(n for n, level in enumerate(PLACE.levels) if level.name in ("sector", "outward", "other"))


def is_twin_at_home(levels: Sequence[int]) -> bool:
    """Return whether levels have the marks of twins who live in one home."""
    return levels[POSITION_OF_PATTERN] in TWINS and levels[_POSITION_OF_PLACE] in _AT_HOME


def lives_elsewhere(levels: Sequence[int]) -> bool:
    """Return whether levels say that both homes are known and are two."""
    return levels[_POSITION_OF_PLACE] in _ELSEWHERE


def is_another_day(levels: Sequence[int]) -> bool:
    """Return whether levels are of one name with two days of birth, and no NHS number says that they are one child."""
    return levels[POSITION_OF_PATTERN] in NAMESAKES and levels[_POSITION_OF_NUMBER] != _SAME_NUMBER


def is_nameless(levels: Sequence[int]) -> bool:
    """Return whether neither name could be compared, and no NHS number says that they are one child."""
    names = (levels[_POSITION_OF_GIVEN] == _NO_GIVEN_LEVEL, levels[_POSITION_OF_FAMILY] == _NO_FAMILY_LEVEL)
    return all(names) and levels[_POSITION_OF_NUMBER] != _SAME_NUMBER


def are_another_day(levels: Sequence[npt.NDArray[np.int8]]) -> npt.NDArray[np.bool_]:
    """Return the same of many pairs; `levels` has an array for each comparison."""
    namesakes = np.isin(levels[POSITION_OF_PATTERN], list(NAMESAKES))
    return np.asarray(namesakes & (levels[_POSITION_OF_NUMBER] != _SAME_NUMBER))


LevelOf = Callable[[Seen, Seen], int]


# What is asked more than once in one comparison is worked out once, before the first level that asks.
_MEASURED = re.compile(r"alike\(a\.\w+, b\.\w+\)|a\.\w+ == b\.\w+ != (?:''|0)|found\[\d+\] in \{[\d, ]+\}")


def _level_function(comparison: Comparison, arguments: str) -> Callable[..., int]:
    """Return a comparison as one Python function, made of the questions as they are declared above."""
    questions = [level.when.python() for level in comparison.levels if level.when is not None]
    asked = Counter(one for question in questions for one in _MEASURED.findall(question))
    names = {text: f"known_{place}" for place, text in enumerate(text for text, times in asked.items() if times > 1)}
    lines, known = [f"def level({arguments}):"], set[str]()
    for number, question in enumerate(questions):
        for text in dict.fromkeys(_MEASURED.findall(question)):
            if text in names and text not in known:
                known.add(text)
                lines.append(f" {names[text]} = {text}")
        shorter = _MEASURED.sub(lambda found: names.get(found[0], found[0]), question)
        lines.append(f" if {shorter}: return {number}")
    lines.append(f" return {len(comparison.levels) - 1}")
    room: dict[str, object] = {"edits": OSA.distance, "alike": JaroWinkler.similarity, "digits": Hamming.distance}
    # Written out, a comparison takes a third of the time of nested calls. The source is only ever the list above.
    exec("\n".join(lines), room)  # noqa: S102
    return cast("Callable[..., int]", room["level"])


SINGLE_LEVELS: tuple[LevelOf, ...] = tuple(_level_function(comparison, "a, b") for comparison in SINGLE)
pattern_of: Callable[[Sequence[int]], int] = _level_function(PATTERN, "found")


def levels_of(a: Seen, b: Seen) -> tuple[int, ...]:
    """Return the level of each of `COMPARISONS`, in order, for two people."""
    found = tuple([level(a, b) for level in SINGLE_LEVELS])
    return (*found, pattern_of(found))
