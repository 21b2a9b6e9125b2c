"""Repeat operators of unregistered settings: other cases run by the same one, or by one that ownership connects with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kinfold.market.cases.journal import OPENED
from kinfold.market.cases.unregistered import Working
from kinfold.market.owners import owner_key
from kinfold.market.ownership.connections import way_in_words, ways
from kinfold.market.ownership.graph import Entity, Graph
from kinfold.market.policy import JURISDICTION, pack
from kinfold.service.records.market_journals import lines_of
from kinfold.service.records.models import MarketCase, MarketLine
from kinfold.service.records.reads.market_cases import UNREGISTERED, CasePage, worked
from kinfold.service.records.reads.market_ownership import graph, held, matches
from kinfold.service.records.scope import as_system

OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Operator:
    """Who runs a setting, as an entity of the statements, and whether that is certain: by number or by an officer's decision."""

    entity: Entity
    sure: bool
    because: str


@dataclass(frozen=True, slots=True)
class Connected:
    """Another case whose operator is the same or connected: how, in words, and whether both operators are certain."""

    row: MarketCase
    state: str
    determined: str
    words: str
    sure: bool


def may_run_it(name: str) -> list[Operator]:
    """Return the companies and people of the statements that an operator of a name may be, those that are certain first."""
    found = held()
    if found is None or not name.strip():
        return []
    listed = [
        Operator(one.candidate.entity, one.sure, one.decision.because if one.decision else one.candidate.because)
        for one in matches([name])
    ]
    key = owner_key(name)
    people = [one for one in found.entities if one.sort == "person" and one.name and owner_key(one.name) == key]
    return [*listed, *(Operator(one, False, "the same name, without a number to decide") for one in people)]


def operators_of(name: str, decided: MarketLine | None) -> list[Operator]:
    """
    Return who a case's operator is taken to be: what an officer decided in the case, else what a number or a match says for
    certain, else everybody of exactly the same name. Nobody where an officer decided that it is none of them.
    """
    if decided is not None:
        found = held()
        entity = next((one for one in found.entities if one.uid == decided.said["entity"]), None) if found else None
        return [Operator(entity, True, f"decided by {decided.name}: {decided.reasons}")] if entity else []
    listed = may_run_it(name)
    return [one for one in listed if one.sure] or [
        one for one in listed if owner_key(one.entity.name or "") == owner_key(name)
    ]


def connected(page: CasePage) -> list[Connected]:
    """Return the other cases whose operator is the one of a case or connected with it, the certain ones first."""
    working: Working = page.working
    with as_system():
        others = list(
            MarketCase.objects.filter(held_by=page.row.held_by_id, sort=UNREGISTERED)
            .exclude(pk=page.row.pk)
            .order_by("pk")
        )
        said = _said([page.row, *others])
    name, decided = said[page.row.pk]
    own = operators_of(name, decided)
    theirs = {one.pk: operators_of(*said[one.pk]) for one in others}
    reached = _reached(own, theirs, graph(page.today), page)
    found = []
    for other in others:
        same_name = bool(working.opened.said.get("operator")) and page.row.about == other.about
        words, sure = reached.get(
            other.pk, (f"Both are said to be run by {name}: the same name." if same_name else "", False)
        )
        if words:
            found.append(_connected(other, words, sure=sure))
    return sorted(found, key=lambda one: (not one.sure, one.row.reference))


def _said(rows: Sequence[MarketCase]) -> dict[int, tuple[str, MarketLine | None]]:
    """Return for each case the operator's name as it was opened with, and the last decision about who that is."""
    found: dict[int, tuple[str, MarketLine | None]] = {}
    lines = MarketLine.objects.filter(case__in=rows, sort__in=(OPENED, OPERATOR)).order_by("case", "number")
    for line in lines:
        if line.sort == OPENED:
            found[line.case_id] = (str(line.said.get("operator") or ""), None)
        else:
            found[line.case_id] = (found[line.case_id][0], line)
    return found


def _reached(
    own: Sequence[Operator], theirs: Mapping[int, Sequence[Operator]], held_then: Graph | None, page: CasePage
) -> dict[int, tuple[str, bool]]:
    """Return for each case that is reached the way in words and whether it is certain: a certain way before a short one."""
    if held_then is None:
        return {}
    policy = pack(JURISDICTION, page.today)
    ends = {one.entity.uid for many in theirs.values() for one in many}
    found: dict[int, tuple[str, bool]] = {}
    for start in own:
        reached = ways(held_then, start.entity.uid, ends, most_links=int(policy["connected_links"]),
                       most_held=int(policy["connected_most_held"]))  # fmt: skip
        for pk, many in theirs.items():
            for end in many:
                sure = start.sure and end.sure
                if pk in found and (found[pk][1] or not sure):
                    continue
                if end.entity.uid == start.entity.uid:
                    found[pk] = (f"Both are run by {end.entity.name or end.entity.uid}.{_by_name(start, end)}", sure)
                elif end.entity.uid in reached:
                    words = way_in_words(held_then, reached[end.entity.uid])
                    found[pk] = (f"{words}{_by_name(start, end)}", sure)
    return found


def _by_name(start: Operator, end: Operator) -> str:
    unsure = sorted({one.entity.name or one.entity.uid for one in (start, end) if not one.sure})
    return f" By name alone, not confirmed: {', '.join(unsure)}." if unsure else ""


def _connected(row: MarketCase, words: str, *, sure: bool) -> Connected:
    with as_system():
        working = worked(row, lines_of(row.lines.select_related("by").order_by("number")))
    return Connected(row, working.state, working.determined, words, sure)


def choices_of(operators: Iterable[Operator]) -> list[tuple[str, str]]:
    """Return operators as choices, each with what it rests on."""
    return [(one.entity.uid, f"{one.entity.name or one.entity.uid} ({one.because})") for one in operators]
