"""
What a role must not do, as rules that a machine checks and a person can read.

A rule is an entry of `must_not` in roles.toml: verbs, narrowed by sorts, slices, labels and one circumstance.
It refuses whatever else would allow, and nothing lifts it but what its circumstance names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from kinfold.access.tables import refuse_unknown, word, words
from kinfold.access.things import GrantSort, Question
from kinfold.access.words import DECIDING, READING, SEEING, Label, Mark, ReachSort, Sort, Verb
from kinfold.terms.errors import StructureBroken

GROUPS: Mapping[str, frozenset[Verb]] = MappingProxyType(
    {"reading": READING, "seeing": frozenset(SEEING), "deciding": DECIDING}
)


def _is_family(question: Question) -> bool:
    actor, thing = question.actor, question.thing
    if thing.person is None:
        return False
    own = {actor.person} - {None}
    return thing.person in actor.family | own or bool(own & thing.family)


def _is_named(question: Question) -> bool:
    return question.actor.id in question.thing.named | question.thing.address_named


def _has_grant(question: Question, sort: GrantSort) -> bool:
    return any(grant.sort is sort for grant in question.grants)


def _is_released(question: Question) -> bool:
    return bool({Mark.RELEASED, Mark.IN_PACK} & question.thing.marks)


CIRCUMSTANCES: Mapping[str, Callable[[Question], bool]] = MappingProxyType(
    {
        "always": lambda q: True,
        "own_work": lambda q: q.thing.written_by == q.actor.id,
        "own_family": _is_family,
        "colleague": lambda q: Mark.WORKS_HERE in q.thing.marks and not _is_named(q),
        "locked": lambda q: Mark.LOCKED in q.thing.marks,
        "bulk": lambda q: Mark.BULK in q.thing.marks,
        "closed_without_reason": lambda q: Mark.CLOSED in q.thing.marks and not q.actor.reason.strip(),
        "outside_reach": lambda q: q.thing.person is not None and not q.reach and not _has_grant(q, GrantSort.ACCESS),
        "household_only": lambda q: q.reach_sorts == {ReachSort.HOUSEHOLD},
        "not_named": lambda q: not _is_named(q),
        "other_person": lambda q: q.thing.person != q.actor.person,
        "to_self": lambda q: q.thing.beneficiary == q.actor.id,
        "signal_alone": lambda q: Mark.SIGNAL_ALONE in q.thing.marks,
        "small_numbers": lambda q: Mark.SMALL_NUMBERS in q.thing.marks,
        "no_impact_assessment": lambda q: not _has_grant(q, GrantSort.IMPACT_ASSESSMENT),
        "undelegated": lambda q: bool(q.thing.on_behalf_of) and not _has_grant(q, GrantSort.DELEGATION),
        "unreleased": lambda q: not _is_released(q),
        "unmatched": lambda q: Mark.MATCHED not in q.thing.marks,
    }
)


@dataclass(frozen=True, slots=True)
class MustNot:
    """One thing a role must not do. An empty set does not narrow."""

    text: str
    verbs: frozenset[Verb]
    when: str = "always"
    sorts: frozenset[Sort] = frozenset()
    slices: frozenset[str] = frozenset()
    outside_slices: frozenset[str] = frozenset()
    labels: frozenset[Label] = frozenset()
    without_labels: frozenset[Label] = frozenset()

    def forbids(self, question: Question) -> bool:
        """Return whether this rule refuses the question."""
        thing = question.thing
        return (
            question.verb in self.verbs
            and (not self.sorts or thing.sort in self.sorts)
            and (not self.slices or thing.slice in self.slices)
            and thing.slice not in self.outside_slices
            and (not self.labels or bool(self.labels & thing.labels))
            and not self.without_labels & thing.labels
            and CIRCUMSTANCES[self.when](question)
        )


def read_must_not(entry: Mapping[str, Any], *, where: str) -> MustNot:
    """Return the rule of one entry. Raises StructureBroken, naming `where`, for a word that is not known."""
    known = ("text", "verbs", "when", "sorts", "slices", "outside_slices", "labels", "without_labels")
    refuse_unknown(entry, known, where=where)
    if entry.get("when", "always") not in CIRCUMSTANCES:
        raise StructureBroken(f"{where}: {entry['when']} is not a circumstance. Use one of {', '.join(CIRCUMSTANCES)}")
    verbs = frozenset(verb for name in entry["verbs"] for verb in GROUPS.get(name) or {word(Verb, name, where=where)})
    return MustNot(
        text=entry["text"],
        verbs=verbs,
        when=entry.get("when", "always"),
        sorts=words(Sort, entry.get("sorts", ()), where=where),
        slices=frozenset(entry.get("slices", ())),
        outside_slices=frozenset(entry.get("outside_slices", ())),
        labels=words(Label, entry.get("labels", ()), where=where),
        without_labels=words(Label, entry.get("without_labels", ()), where=where),
    )
