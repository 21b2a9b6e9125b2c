"""
What a column and a list of Annex A are, and the columns that many lists share.

Headings differ between councils, so a column is known by a pattern over its words (lower case, no
punctuation), never by its exact text or its place.

Source: Ofsted, "Inspecting local authority children's services", Annex A: child-level data.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_NOT_A_WORD = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Column:
    """
    One column of a list: our name for it, its heading, the pattern that recognises it, its shape.

    `shape` is day, yes_no, number, code, word (a code where we know it, else as written), text, identifier,
    postcode, urn or ignored.
    """

    name: str
    heading: str
    pattern: re.Pattern[str]
    shape: str
    codes: str | None = None
    required: bool = False


@dataclass(frozen=True, slots=True)
class List:
    """One list. `signature` are the columns that only it has: without them a sheet is not this list."""

    number: int
    name: str
    label: str
    signature: frozenset[str]
    columns: Sequence[Column]

    @property
    def table(self) -> str:
        """Return the list's name as it is shown with a row number."""
        return f"List {self.number}"


def words_of(heading: object) -> str:
    """Return a heading's words: lower case, accents and punctuation gone, one space between."""
    text = str(heading).casefold().replace("’", "").replace("'", "")
    return _NOT_A_WORD.sub(" ", text).strip()


def column(name: str, heading: str, pattern: str, shape: str, codes: str | None = None, *, key: bool = False) -> Column:
    """Return a column; `key` says that a row cannot do without it."""
    return Column(name, heading, re.compile(pattern), shape, codes, key)


def ignored(heading: str, pattern: str) -> Column:
    """Return a column that is known and not read: what it says follows from other facts, or has no date."""
    return column(f"ignored: {heading}", heading, pattern, "ignored")


CHILD_ID = column(
    "la_child_id",
    "Child Unique ID",
    r"^(child|childs|individual|person)? ?(unique )?(child )?(id|identifier|reference|number)( number)?$|child unique id",
    "identifier",
    key=True,
)
GENDER = column("gender", "Gender", r"^(childs )?(gender|sex)( of child)?$", "code", "gender")
ETHNICITY = column(
    "ethnicity", "Ethnicity", r"^(childs )?(ethnicity|ethnic (group|background|origin|code))$", "code", "ethnicity"
)
BIRTH_DATE = column("birth_date", "Date of Birth", r"^(childs )?(date of birth|dob|birth date)( of child)?$", "day")
AGE = ignored("Age", r"^(childs )?age( of child)?( in)?( years)?( at.*)?$")
DISABILITY = column("disabled", "Does the Child have a Disability", r"disab", "yes_no")
TEAM = column("team", "Allocated Team", r"^allocated team|^team( name)?$", "text")
WORKER = column("worker", "Allocated Worker", r"^allocated (social )?worker|^(social )?worker( name)?$", "text")
FAMILY_ID = column("family_id", "Family identifier", r"family (unique )?(id|identifier)", "identifier")

WHO = (CHILD_ID, GENDER, ETHNICITY, BIRTH_DATE, AGE)


def a_list(number: int, name: str, label: str, signature: set[str], *columns: Column) -> List:
    """Return a list with the columns of its `signature`."""
    return List(number, name, label, frozenset(signature), columns)
