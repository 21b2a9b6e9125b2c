"""
The multi-agency child protection team: who must be in it, who is, and each agency's view of what it decides.

Source: Children Act 2004, s. 16EA(3) and (4), as inserted by the Children's Wellbeing and Schools Act 2026, s. 3
(enacted; in force from the day that the commencement switch gives). The team is recorded before and after that day.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from kinfold.care.case import Fact, of_kind

DUTY = "CP16"
TEAM_TYPE = "multi-agency child protection team"
MEMBER, DECISION = "child_protection_team_member", "multi_agency_decision"
AGREES, DISAGREES, TOOK_NO_PART = "agrees", "disagrees", "took no part"
VIEWS = (AGREES, DISAGREES, TOOK_NO_PART)
_LAW = Path(__file__).parent / "child_protection_team.toml"


@dataclass(frozen=True, slots=True)
class Seat:
    """One place that the law wants filled: by whom, nominated by whom, and where that is said."""

    agency: str
    label: str
    who: str
    nominated_by: str
    source: str


@cache
def seats() -> tuple[Seat, ...]:
    """Return the places that must be filled, in the order of the Act."""
    tables = tomllib.loads(_LAW.read_text(encoding="utf-8"))
    return tuple(Seat(name.replace("_", " "), **said) for name, said in tables.items())


@dataclass(frozen=True, slots=True)
class Composition:
    """Who is in a team on a day: those in each place the law wants filled, the others, those who left or are to come."""

    seated: Mapping[str, tuple[Fact, ...]]
    others: tuple[Fact, ...]
    past: tuple[Fact, ...]
    to_come: tuple[Fact, ...]

    @property
    def missing(self) -> tuple[Seat, ...]:
        """Return the places that nobody fills."""
        return tuple(seat for seat in seats() if not self.seated.get(seat.agency))

    @property
    def is_whole(self) -> bool:
        """Return whether every place that the law wants filled is filled."""
        return not self.missing

    @property
    def members(self) -> tuple[Fact, ...]:
        """Return everybody who is in the team: the required places first."""
        return (*(one for seat in seats() for one in self.seated.get(seat.agency, ())), *self.others)


def composition(facts: Iterable[Fact], day: date) -> Composition:
    """Return who is in a team on `day`, from the facts about the team. A member's period is half-open."""
    members = sorted(of_kind(facts, MEMBER), key=lambda one: (one.valid_from or date.min, str(one.fact)))
    now = [one for one in members if _is_in(one, day)]
    required = {seat.agency: tuple(one for one in now if _agency(one) == seat.agency) for seat in seats()}
    return Composition(
        seated=required,
        others=tuple(one for one in now if _agency(one) not in required),
        past=tuple(one for one in members if one.valid_to is not None and one.valid_to <= day),
        to_come=tuple(one for one in members if one.valid_from is not None and one.valid_from > day),
    )


def _is_in(member: Fact, day: date) -> bool:
    return (member.valid_from or date.min) <= day and (member.valid_to is None or day < member.valid_to)


def _agency(member: Fact) -> str:
    return str(member.payload.get("agency") or "")


@dataclass(frozen=True, slots=True)
class View:
    """What one agency holds of a decision: who said it, whether they agreed, and why."""

    agency: str
    practitioner: str
    organisation: str
    view: str
    reasons: str

    @property
    def of_whom(self) -> str:
        """Return whose view it is: the agency, and whom the practitioner works for where that is known."""
        agency = self.agency[:1].upper() + self.agency[1:]
        if self.agency == "other" and self.organisation:
            return self.organisation
        return f"{agency} ({self.organisation})" if self.organisation else agency


def views_of(decision: Fact) -> tuple[View, ...]:
    """Return the views that a decision carries, in the order in which they were given."""
    said: Sequence[Mapping[str, Any]] = decision.payload.get("views") or ()
    return tuple(
        View(*(str(one.get(name) or "") for name in ("agency", "practitioner", "organisation", "view", "reasons")))
        for one in said
    )


def agencies_without_view(decision: Fact, members: Composition) -> tuple[str, ...]:
    """Return the labels of the required agencies whose view of a decision is not kept, of those in the team that day."""
    if decision.payload.get("contribution_only") is True:
        return ()
    given = {one.agency for one in views_of(decision) if one.view}
    return tuple(seat.label for seat in seats() if members.seated.get(seat.agency) and seat.agency not in given)


def with_views(decision: Fact, views: Sequence[View]) -> dict[str, Any]:
    """
    Return what a decision says once it carries `views`: who agreed, who did not and why follow from them.

    What was typed of an agency whose view is not among them stays. Whoever disagrees is named with the reasons, so that
    what was decided never stands without the dissent.
    """
    before, said = _follows(views_of(decision)), _follows(views)
    named = {word.casefold() for one in views for word in (one.of_whom, one.agency, one.organisation) if word}
    for name in ("agencies_for", "agencies_against"):
        typed = [one for one in decision.payload.get(name) or () if one not in before[name]]
        said[name] = [*(one for one in typed if one.casefold() not in named), *said[name]]
    typed_why = str(decision.payload.get("dissent") or "").removesuffix(before["dissent"]).strip()
    said["dissent"] = "\n".join(text for text in (typed_why, said["dissent"]) if text)
    whole = {**decision.payload, **said, "views": [asdict(one) for one in views]}
    return {name: value for name, value in whole.items() if value not in (None, "", [])}


def _follows(views: Sequence[View]) -> dict[str, Any]:
    against = [one for one in views if one.view == DISAGREES]
    return {
        "agencies_for": [one.of_whom for one in views if one.view == AGREES],
        "agencies_against": [one.of_whom for one in against],
        "dissent": "\n".join(f"{one.of_whom}: {one.reasons}" for one in against if one.reasons),
    }
