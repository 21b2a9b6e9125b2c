"""
When an improvement plan notice may be served on a parent undertaking: the statute, and nothing else.

Care Standards Act 2000, s.23A (inserted by the Children's Wellbeing and Schools Act 2026, s.14): the Chief Inspector
may serve one where (a) one subsidiary is registered for two or more establishments or agencies and there are reasonable
grounds to suspect cause to cancel two or more of them, or (b) two or more subsidiaries each have at least one such.
A figure is no ground: only concerns that a person has confirmed, with evidence, count.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from kinfold.terms.errors import InputError

SOURCE = "Care Standards Act 2000, s.23A, inserted by the Children's Wellbeing and Schools Act 2026, s.14"


@dataclass(frozen=True, slots=True)
class Subsidiary:
    """A registered provider under a parent, with the numbers of the establishments and agencies registered to it."""

    name: str
    establishments: frozenset[str]


@dataclass(frozen=True, slots=True)
class ProviderGroup:
    """
    A parent undertaking and its subsidiaries, as verified. `parent` is None for a provider without one.

    A parent that is an undertaking of its own kind (a charity's trustees, a council) is still one only where
    `parent_is_undertaking`: what that is for a council is for lawyers.
    """

    parent: str | None
    subsidiaries: tuple[Subsidiary, ...]
    parent_is_undertaking: bool = True


@dataclass(frozen=True, slots=True)
class ConfirmedConcern:
    """A concern about one establishment that a person has confirmed, on evidence. Nothing unconfirmed can be one."""

    establishment: str
    issue: str
    grounds_for_cancellation: bool
    confirmed_by: str
    confirmed_on: date
    evidence: tuple[str, ...]

    def __post_init__(self) -> None:
        """Refuse a concern without a person or without evidence: a statistical signal has neither."""
        if not self.confirmed_by.strip():
            raise InputError("A concern counts when a person has confirmed it. Say who confirmed it.")
        if not any(one.strip() for one in self.evidence):
            raise InputError("A concern counts on evidence. Name at least one item of evidence.")


@dataclass(frozen=True, slots=True)
class Trigger:
    """Whether a notice may be served: by which limb, for which establishments, and why or why not."""

    met: bool
    limb: str | None
    establishments: tuple[str, ...]
    subsidiaries: tuple[str, ...]
    reason: str


def trigger_23a(group: ProviderGroup, concerns: Iterable[ConfirmedConcern]) -> Trigger:
    """Return whether the statute allows a notice on this group, by limb (a) first and then (b)."""
    if group.parent is None:
        return _not_met("There is no parent undertaking to serve: act on the setting or its provider.")
    if not group.parent_is_undertaking:
        return _not_met(
            f"{group.parent} is not established to be an undertaking: ask lawyers, and act on the settings."
        )
    suspected = {one.establishment for one in concerns if one.grounds_for_cancellation}
    affected = [
        (one.name, tuple(sorted(one.establishments & suspected)), len(one.establishments)) for one in group.subsidiaries
    ]
    affected = [one for one in affected if one[1]]
    for name, found, registered in affected:
        if registered >= 2 and len(found) >= 2:
            return Trigger(
                True, "a", found, (name,), f"{name} is registered for {registered}; cause is suspected at {len(found)}."
            )
    if len(affected) >= 2:
        every = tuple(sorted(urn for _, found, _ in affected for urn in found))
        names = tuple(name for name, _, _ in affected)
        return Trigger(
            True, "b", every, names, f"Cause is suspected at establishments of {len(affected)} subsidiaries."
        )
    if affected:
        return _not_met("Cause to cancel is suspected at one establishment only: act on the setting.")
    return _not_met(
        "No confirmed concern gives reasonable grounds to suspect cause to cancel a registration of this group."
    )


@dataclass(frozen=True, slots=True)
class Condition:
    """One line of the truth table: what the statute asks, whether it holds (None: it is not reached), and on what it rests."""

    asks: str
    holds: bool | None
    rests_on: str


def truth_table(group: ProviderGroup | None, concerns: Iterable[ConfirmedConcern]) -> list[Condition]:
    """Return each condition of s.23A with whether it holds, so that a reader sees why a notice may or may not be served."""
    if group is None:
        return [Condition("The group has been verified", False, "Nobody has recorded who owns whom.")]
    suspected = {one.establishment for one in concerns if one.grounds_for_cancellation}
    found = [(one.name, len(one.establishments), len(one.establishments & suspected)) for one in group.subsidiaries]
    of_each = "; ".join(f"{name}: cause suspected at {bad} of {all_}" for name, all_, bad in found)
    parent = group.parent is not None
    return [
        Condition("There is a parent undertaking", parent, group.parent or "None is recorded."),
        Condition("The parent is an undertaking in law", group.parent_is_undertaking if parent else None,
                  "As verified for this case." if parent and group.parent_is_undertaking else "Not established."),
        Condition("Limb (a): one subsidiary is registered for two or more, and there is cause to cancel two or more of them",
                  any(all_ >= 2 and bad >= 2 for _, all_, bad in found) if parent else None, of_each),
        Condition("Limb (b): two or more subsidiaries each have at least one that there is cause to cancel",
                  sum(bad >= 1 for _, _, bad in found) >= 2 if parent else None, of_each),
    ]  # fmt: skip


def _not_met(reason: str) -> Trigger:
    return Trigger(False, None, (), (), reason)
