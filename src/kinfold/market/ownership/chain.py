"""One entity's owners, answered three ways and never as one "owner", with what is not known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from typing import Any

from kinfold.market.ownership.companies_house import registered_persons
from kinfold.market.ownership.control import control_set, controllers, tests_of_control
from kinfold.market.ownership.disclosures import Disclosure, reason_words
from kinfold.market.ownership.economic import economic_interests
from kinfold.market.ownership.graph import Entity, Graph, Interest, graph_on
from kinfold.market.policy import JURISDICTION, pack
from kinfold.terms.errors import InputError

_IN_CIRCLE = (
    "Control ends in companies that control one another in a circle: nobody outside it is known to control them."
)


def owners_of(
    entities: Iterable[Entity],
    interests: Iterable[Interest],
    uid: str,
    day: date,
    *,
    disclosures: Iterable[Disclosure] = (),
) -> dict[str, Any]:
    """
    Return who controls an entity, who has what interest in it and who is registered, each by itself.

    `chain` has every link above it, nearest first; `not_known` says in words what is missing, `said` what it and those above it
    say in place of naming an owner. Raises InputError for an entity that nobody has described.
    """
    held = list(interests)
    graph = graph_on(entities, held, day)
    if uid not in graph.place:
        raise InputError(
            f"Nothing is held about {uid} on {day:%d %B %Y}. Load statements with `kinfold market bods in FILE`."
        )
    found = controllers(graph)
    ultimate = found.of(uid)
    in_circle = bool(found.circular[graph.place[ultimate]])
    value = economic_interests(graph).of(uid)
    return {
        "entity": _about(graph, uid),
        "on": day.isoformat(),
        "control": _control(graph, uid, None if ultimate == uid or in_circle else ultimate),
        "economic_interest": {
            "owners": [{**_about(graph, one.owner), "low": one.low, "high": one.high} for one in value.owners],
            "not_known_at_least": value.unknown[0],
            "not_known_at_most": value.unknown[1],
            "circular": value.circular,
            "closed_circle": value.closed,
        },
        "registered": [
            {**_about(graph, one.owner), "natures": list(one.natures), "since": one.since}
            for one in registered_persons(held, uid, day)
        ],
        "chain": chain_above(graph, uid),
        "said": _said(graph, uid, disclosures, day),
        "not_known": [*([_IN_CIRCLE] if in_circle else []), *_not_known(graph, uid, value.closed, value.unknown[0])],
    }


def _control(graph: Graph, uid: str, ultimate: str | None) -> dict[str, Any]:
    """
    Return who controls an entity and by which tests, as the policy pack of the day has them in words.

    Companies that control one another in a circle have no controller: nobody outside it is known.
    """
    policy = pack(JURISDICTION, graph.day)
    words: dict[str, str] = tests_of_control(policy)
    tests: tuple[str, ...] = ()
    if ultimate is not None:
        tests = next((one.tests for one in control_set(graph, ultimate) if one.uid == uid), ())
    return {
        "by": None if ultimate is None else _about(graph, ultimate),
        "tests": {test: words[test] for test in tests},
        "source": policy.rests_on("control_majority"),
    }


def _about(graph: Graph, uid: str) -> dict[str, Any]:
    one = asdict(graph.entities[graph.place[uid]])
    return {name: one[name] for name in ("uid", "name", "sort", "country", "form", "status", "tax_residence")}


def chain_above(graph: Graph, uid: str) -> list[dict[str, Any]]:
    """Return every interest above an entity, level by level; a circle is followed once."""
    above: dict[int, list[int]] = {}
    for number, subject in enumerate(graph.subject.tolist()):
        above.setdefault(subject, []).append(number)
    links, seen, level, waiting = [], {graph.place[uid]}, 1, [graph.place[uid]]
    while waiting:
        following = []
        for node in waiting:
            for number in above.get(node, ()):
                one = graph.interests[number]
                owner = graph.place[one.owner]
                links.append(
                    {
                        "level": level, "owner": one.owner, "owner_name": graph.entities[owner].name,
                        "country": graph.entities[owner].country, "sort": graph.entities[owner].sort, "subject": one.subject,
                        "kind": one.kind, "low": one.low, "high": one.high, "since": one.start, "source": one.source,
                    }
                )  # fmt: skip
                if owner not in seen:
                    seen.add(owner)
                    following.append(owner)
        waiting, level = following, level + 1
    return links


def _said(graph: Graph, uid: str, disclosures: Iterable[Disclosure], day: date) -> list[dict[str, Any]]:
    """Return what an entity and those above it say of their owners on a day, its own first."""
    order = {
        one: place
        for place, one in enumerate(dict.fromkeys((uid, *(link["owner"] for link in chain_above(graph, uid)))))
    }
    found = [one for one in disclosures if one.subject in order and one.holds_on(day)]
    found.sort(key=lambda one: (order[one.subject], one.start or date.min, one.code))
    return [
        {"uid": one.subject, "name": graph.entities[graph.place[one.subject]].name, "words": one.words, "reason": one.reason,
         "why": reason_words(one.reason), "code": one.code, "since": one.start, "source": one.source}
        for one in found
    ]  # fmt: skip


def _not_known(graph: Graph, uid: str, closed: bool, least: float) -> list[str]:
    said = []
    held = {link["owner"]: link["subject"] for link in chain_above(graph, uid)}
    for owner, subject in sorted(held.items()):
        one = graph.entities[graph.place[owner]]
        name = one.name or f"An owner of {graph.entities[graph.place[subject]].name or subject}"
        if one.sort in ("anonymous", "unknown"):
            said.append(f"{name}: who this is has not been said ({one.status or one.sort}).")
        elif one.country is None:
            said.append(f"{name}: its country is not known.")
        if one.tax_residence is None and one.sort != "unknown":
            said.append(f"{name}: no declaration of where it pays tax.")
    if closed:
        said.append("A chain ends in a circle that nobody outside has a part of.")
    if least > 1e-9:
        said.append(f"At least {least:.0%} of the value belongs to nobody who is known here.")
    return said
