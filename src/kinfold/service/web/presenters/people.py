"""Lists of people, as tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from django.urls import reverse

from kinfold.record.declare import KINDS
from kinfold.service.records.reads.caseload import Case
from kinfold.service.records.reads.looks import StaffLook
from kinfold.service.records.reads.search import Found
from kinfold.service.web.components import Cell, Column, Table
from kinfold.service.web.drawings.words import day_words
from kinfold.service.web.templatetags.kinfold import moment

SHOWN = 3  # notices of one sort that stand on the home page; the others are below them, to be opened


class Alert(Protocol):
    """Something that waits for somebody: of which sort, in a sentence, and where."""

    sort: str
    title: str
    href: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """Notices of one sort: those that are shown at once, and the rest."""

    first: Sequence[Alert]
    more: Sequence[Alert]


def waiting(alerts: Sequence[Alert]) -> list[Waiting]:
    """Return what waits for a reader by sort, so that many of one sort hide none of another: the fewest first."""
    groups: dict[str, list[Alert]] = {}
    for alert in alerts:
        groups.setdefault(alert.sort, []).append(alert)
    return [Waiting(group[:SHOWN], group[SHOWN:]) for group in sorted(groups.values(), key=len)]


def _born(born: date | None, expected: date | None) -> Cell:
    if born:
        return Cell(day_words(born), order=born.isoformat())
    return Cell(f"expected {day_words(expected)}", order=expected.isoformat()) if expected else Cell("not known")


def cases(title: str, rows: Sequence[Case]) -> Table:
    """Return a caseload as a table."""
    columns = [Column("Child", sort="ascending"), Column("Born", sort="none"), Column("What is open", sort="none"),
               Column("Since", sort="none"), Column("Who works with them")]  # fmt: skip
    lines = [
        [
            Cell(case.name or case.la_child_id or "Name not known", href=reverse("child", args=[case.uid])),
            _born(case.birth_date, case.expected_birth_date),
            Cell(case.first_status),
            Cell(day_words(since), order=since.isoformat()) if (since := _since(case)) else Cell(""),
            Cell(", ".join(case.workers)),
        ]
        for case in rows
    ]
    return Table(title, columns, lines, quiet_caption=True)


def _since(case: Case) -> date | None:
    return case.statuses[0][1] if case.statuses else case.since


def found(answer: Found | None) -> Table | None:
    """Return what a search found as a table."""
    if answer is None:
        return None
    columns = [Column("Name"), Column("Born"), Column("Council’s number"), Column("Found by"), Column("You can")]
    lines = [
        [
            Cell(_name(hit.name, hit.known_as) or hit.la_child_id or "Name not known",
                 href=reverse("child", args=[hit.uid]) if hit.opens else ""),
            _born(hit.born, hit.expected),
            Cell(hit.la_child_id),
            Cell(hit.why),
            Cell("open the record") if hit.opens else
            Cell("ask to open it", href=reverse("break_glass", args=[hit.uid]), about=f"for {hit.name}"),
        ]
        for hit in answer.hits
    ]  # fmt: skip
    return Table("People found", columns, lines, quiet_caption=True)


def _name(name: str, known_as: str) -> str:
    return f"{name} (known as {known_as})" if known_as and known_as != name else name


# What somebody did, in words, by the name the audit keeps.
LOOKED = {
    "child page": "opened the record", "family page": "opened the family", "clocks page": "opened what is due",
    "clocks": "read what is due", "papers": "read the list of papers", "paper": "read a paper",
    "file of a paper": "took away the file of a paper", "bundle": "made a chronology", "who has looked": "read who has looked",
    "rights": "opened the rights over the record", "search": "found the child in a search", "wall": "read a list of what is due",
    "tonight": "read where children are tonight", "list": "read a list", "own record": "opened their own page",
    "put in the sample": "put the child in an inspection’s sample", "break glass": "opened the record at once",
    "shared space": "opened the shared space", "who else knows": "read who else knows the child",
    "who holds what": "read what other organisations hold", "letters": "opened the letters",
    "decisions about sharing": "read decisions about sharing", "pairs to compare": "found the child in a list of pairs",
    "compared a pair": "compared the record with another", "opened the register": "opened the register’s entry",
    "looks held back": "read which looks are held back", "unusual looks": "read patterns of unusual looking",
    "export: subject_access_pack": "took away the copy of the record", "export: own_pack": "took away their own copy",
}  # fmt: skip


def look_words(action: str) -> str:
    """Return what somebody did in words: a fact by its kind, an export by what was taken away."""
    if action in LOOKED:
        return LOOKED[action]
    sort, _, what = action.partition(": ")
    if sort == "fact" and what in KINDS:
        return f"read one fact: {KINDS[what].label.lower()}"
    if sort == "export":
        return f"took away: {what.replace('_', ' ')}"
    return action.replace("_", " ")


OPENED_TO_PARENT = "It was opened to them as a parent"


def why_for_family(reason: str) -> str:
    """Return why somebody looked, said to the family: the record says it to the one who looked."""
    if reason.endswith("because it is your own record."):
        return "It is your own record"
    said = why_for_staff(reason)
    if " because " not in reason or said == OPENED_TO_PARENT:
        return said
    return said.replace(" to them", " to you")


def why_for_staff(reason: str) -> str:
    """Return why somebody looked, said to a third: the record says it to the one who looked."""
    _, because, why = reason.partition(" because ")
    if not because:
        return reason[:1].upper() + reason[1:]
    why = why.rstrip(".")
    if why.startswith("your role is "):
        return f"It is part of their work as {why.removeprefix('your role is ')}"
    if why == "it was opened to you as a parent":
        return OPENED_TO_PARENT
    turned = why.replace("you are ", "they are ").replace("your ", "their ")
    return turned[:1].upper() + turned[1:]


def looks(rows: Sequence[StaffLook]) -> Table:
    """Return who has looked as a table."""
    columns = [Column("When", sort="none"), Column("Who"), Column("Role"), Column("What"), Column("Why"),
               Column("Shown to the family")]  # fmt: skip
    lines = [
        [
            Cell(moment(look.at), order=look.at.isoformat()),
            Cell(look.who), Cell(f"{look.role}, {look.organisation}".strip(", ")), Cell(look_words(look.action)), Cell(why_for_staff(look.reason)),
            Cell(f"held back, review on {day_words(look.review_on)}" if look.hidden else "yes"),
        ]
        for look in rows
    ]  # fmt: skip
    return Table("Who has looked", columns, lines, empty="Nobody has looked yet.")
