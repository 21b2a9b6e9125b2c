"""
The twelve tables of the SSDA903 return: columns in order, what each cell is, keys and years.

Source: Department for Education, children looked after return (SSDA903), guides 2018-19 to 2026-27.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from kinfold.files.tabular import plain_name
from kinfold.terms.errors import InputError

NAME = "ssda903"
LABEL = "SSDA903 return on looked after children (CSV tables or XML)"
XML_ROOT = "EXPSSDA903"

Sort = Literal["text", "day", "yes or no", "number", "postcode", "urn", "code", "authority", "partial day"]


@dataclass(frozen=True, slots=True)
class Column:
    """
    One column. `codes` is its code set, `most` the greatest number or the longest text.

    `needed` is what people call a value without which the row says nothing; None when it may be blank.
    """

    name: str
    sort: Sort = "text"
    codes: str | None = None
    most: int = 100
    needed: str | None = None
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """
    One table of the return.

    `file` is the usual file's name; `marks` are the columns of which one proves that a file is this table;
    `period` names the columns of a period's first day and end, and what people call it; `dated` is the day
    by which a retired code is judged; `since` is the first collection year (its last day's year).
    """

    name: str
    file: str
    columns: tuple[Column, ...]
    marks: tuple[str, ...]
    kinds: frozenset[str]
    one_a_child: bool = False
    dated: str | None = None
    period: tuple[str, str, str] | None = None
    since: int = 0

    @property
    def names(self) -> tuple[str, ...]:
        """Return the columns' names in order."""
        return tuple(column.name for column in self.columns)

    def position(self, name: str) -> int:
        """Return where the column `name` stands."""
        return self.names.index(name)


_CHILD = Column("CHILD", most=36, needed="the child's number")
_DOB = Column("DOB")  # said again in most tables; the header's is the one that counts


def _day(name: str, needed: str | None = None) -> Column:
    return Column(name, "day", needed=needed)


def _code(name: str, codes: str, meaning: str, *, needed: str | None = None) -> Column:
    return Column(name, "code", codes=codes, meaning=meaning, needed=needed)


def _yes_no(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, "yes or no") for name in names)


HEADER = Table(
    "Header",
    "header",
    (
        _CHILD,
        _code("SEX", "sex", "sex"),
        _day("DOB", "the date of birth"),
        _code("ETHNIC", "ethnicity", "ethnicity"),
        Column("UPN", most=20),
        Column("MOTHER", "yes or no"),
        _day("MC_DOB"),
    ),
    marks=("ETHNIC",),
    kinds=frozenset({"person_details", "identifier"}),
    one_a_child=True,
)
EPISODES = Table(
    "Episodes",
    "episodes",
    (
        _CHILD,
        _day("DECOM", "the date the episode began"),
        _code("RNE", "reason_for_new_episode", "the reason for the new episode"),
        _code("LS", "legal_status", "legal status"),
        _code("CIN", "category_of_need", "category of need"),
        _code("PLACE", "placement_type", "placement type"),
        _code("PLACE_PROVIDER", "placement_provider", "placement provider"),
        _day("DEC"),
        _code("REC", "reason_episode_ceased", "the reason the episode ceased"),
        _code("REASON_PLACE_CHANGE", "reason_for_placement_change", "the reason the placement changed"),
        Column("HOME_POST", "postcode"),
        Column("PL_POST", "postcode"),
        Column("URN", "urn", most=8),
    ),
    marks=("DECOM",),
    kinds=frozenset({"care_period", "legal_status", "placement"}),
    dated="DECOM",
    period=("DECOM", "DEC", "the episode"),
)
REVIEWS = Table(
    "Reviews",
    "reviews",
    (
        _CHILD,
        _DOB,
        _day("REVIEW", "the date of the review"),
        _code("REVIEW_CODE", "review_participation", "how the child took part"),
    ),
    marks=("REVIEW",),
    kinds=frozenset({"looked_after_review"}),
    dated="REVIEW",
)
UASC = Table(
    "UASC",
    "uasc",
    (_CHILD, _code("SEX", "sex", "sex"), _DOB, _day("DUC")),
    marks=("DUC",),
    kinds=frozenset({"immigration_status"}),
    one_a_child=True,
)
OC2 = Table(
    "OC2",
    "oc2",
    (
        _CHILD,
        _DOB,
        Column("SDQ_SCORE", "number", most=40),
        _code("SDQ_REASON", "sdq_reason", "the reason there is no score"),
        *_yes_no("CONVICTED", "HEALTH_CHECK", "IMMUNISATIONS", "TEETH_CHECK", "HEALTH_ASSESSMENT"),
        *_yes_no("SUBSTANCE_MISUSE", "INTERVENTION_RECEIVED", "INTERVENTION_OFFERED"),
    ),
    marks=("SDQ_SCORE", "SDQ_REASON", "HEALTH_ASSESSMENT"),
    kinds=frozenset({"outcomes_in_year", "strengths_and_difficulties"}),
    one_a_child=True,
)
OC3 = Table(
    "OC3",
    "oc3",
    (
        _CHILD,
        _DOB,
        _code("IN_TOUCH", "in_touch", "whether the council is in touch"),
        _code("ACTIV", "activity", "main activity"),
        _code("ACCOM", "accommodation_with_suitability", "accommodation and its suitability"),
    ),
    marks=("IN_TOUCH",),
    kinds=frozenset({"care_leaver_contact"}),
    one_a_child=True,
)
AD1 = Table(
    "AD1",
    "ad1",
    (
        _CHILD,
        _DOB,
        _day("DATE_INT"),
        _day("DATE_MATCH"),
        Column("FOSTER_CARE", "yes or no"),
        Column("NB_ADOPTR", "number", most=2),
        _code("SEX_ADOPTR", "adopters_sex", "the adopters' sex"),
        _code("LS_ADOPTR", "adopters_legal_status", "the adopters' legal status"),
    ),
    marks=("DATE_INT", "DATE_MATCH"),
    kinds=frozenset({"adoption_decision", "adoption_match"}),
    one_a_child=True,
    dated="DATE_MATCH",
)
PLACED_ADOPTION = Table(
    "PlacedAdoption",
    "placed_adoption",
    (
        _CHILD,
        _DOB,
        _day("DATE_PLACED", "the date the child was placed for adoption"),
        _day("DATE_PLACED_CEASED"),
        _code("REASON_PLACED_CEASED", "adoption_ceased_reason", "the reason the placement for adoption ceased"),
    ),
    marks=("DATE_PLACED",),
    kinds=frozenset({"placed_for_adoption"}),
    dated="DATE_PLACED",
    period=("DATE_PLACED", "DATE_PLACED_CEASED", "the placement for adoption"),
)
PREVIOUS_PERMANENCE = Table(
    "PrevPerm",
    "prev_perm",
    (
        _CHILD,
        _DOB,
        _code("PREV_PERM", "previous_permanence", "the earlier arrangement"),
        Column("LA_PERM", "authority", codes="previous_permanence_authority", meaning="the authority that arranged it"),
        Column("DATE_PERM", "partial day"),
    ),
    marks=("PREV_PERM",),
    kinds=frozenset({"previous_permanence"}),
    one_a_child=True,
)
MISSING = Table(
    "Missing",
    "missing",
    (
        _CHILD,
        _DOB,
        _code("MISSING", "missing_type", "missing or away"),
        _day("MIS_START", "the date the child went missing"),
        _day("MIS_END"),
    ),
    marks=("MIS_START",),
    kinds=frozenset({"missing"}),
    dated="MIS_START",
    period=("MIS_START", "MIS_END", "the time missing"),
)
SOCIAL_WORKERS = Table(
    "SWEpisodes",
    "sw_episodes",
    (
        _CHILD,
        _DOB,
        Column("SW_ID", most=20, needed="the social worker's number"),
        _day("SW_DECOM", "the date the social worker was allocated"),
        _day("SW_DEC"),
        _code("SW_REASON", "worker_change_reason", "the reason the social worker changed"),
    ),
    marks=("SW_DECOM", "SW_ID"),
    kinds=frozenset({"allocation"}),
    dated="SW_DECOM",
    period=("SW_DECOM", "SW_DEC", "the allocation"),
    since=2024,
)
LIBERTY = Table(
    "DoLo",
    "dolo",
    (_CHILD, _DOB, _day("DOLO_START", "the date the order began"), _day("DOLO_END")),
    marks=("DOLO_START",),
    kinds=frozenset({"deprivation_of_liberty"}),
    dated="DOLO_START",
    period=("DOLO_START", "DOLO_END", "the order"),
    since=2027,
)

TABLES: tuple[Table, ...] = (
    HEADER,
    EPISODES,
    REVIEWS,
    UASC,
    OC2,
    OC3,
    AD1,
    PLACED_ADOPTION,
    PREVIOUS_PERMANENCE,
    MISSING,
    SOCIAL_WORKERS,
    LIBERTY,
)
BY_NAME: Mapping[str, Table] = {table.name: table for table in TABLES}
# Other spellings of a column that councils' systems write.
ALIASES: Mapping[str, str] = {"CHILDID": "CHILD", "PL": "PLACE"}
_PLAIN_ALIASES: Mapping[str, str] = {plain_name(other): plain_name(name) for other, name in ALIASES.items()}


@lru_cache(maxsize=1_000)
def table_of(header: tuple[str, ...]) -> Table | None:
    """
    Return the table that a header row is, or None: whatever the order, case and extra columns.

    A mark must be there, and at least half the table's columns: a list for another purpose may share one name.
    """
    found = {_PLAIN_ALIASES.get(plain_name(name), plain_name(name)) for name in header}
    if "child" not in found:
        return None
    best: tuple[float, Table] | None = None
    for table in TABLES:
        share = sum(plain_name(name) in found for name in table.names) / len(table.columns)
        marked = any(plain_name(mark) in found for mark in table.marks)
        if marked and share >= 0.5 and (best is None or share > best[0]):
            best = (share, table)
    return best[1] if best else None


def collection_name(year: int) -> str:
    """Return "2025-26" for the collection year that ends on 31 March `year`."""
    return f"{year - 1}-{year % 100:02d}"


def collection_year(collection: str) -> int:
    """
    Return the year in which a collection ends: 2026 for "2025-26", "2025/26" or "2026".

    Raises InputError if the text names no collection.
    """
    digits = "".join(letter if letter.isdigit() else " " for letter in collection).split()
    match digits:
        case [year] if len(year) == 4:
            return int(year)
        case [first, second] if len(first) == 4 and (int(first) + 1) % 100 == int(second[-2:]):
            return int(first) + 1
    raise InputError(f"{collection!r} is not a collection year. Write it as 2025-26.")


def year_of(day: date) -> int:
    """Return the collection year (its last day's year) in which a day lies."""
    return day.year + 1 if (day.month, day.day) >= (4, 1) else day.year


def window_of(year: int) -> tuple[date, date]:
    """Return the half-open window of a collection year: 1 April to 1 April."""
    return date(year - 1, 4, 1), date(year, 4, 1)
