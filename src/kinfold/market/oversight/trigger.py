"""
When an improvement plan notice may be served on a parent undertaking: the statute, and nothing else.

Care Standards Act 2000, s.23A (inserted by the Children's Wellbeing and Schools Act 2026, s.14): the Chief Inspector
may serve one where (a) one subsidiary is registered for two or more establishments or agencies and there are reasonable
grounds to suspect cause to cancel two or more of them, or (b) two or more subsidiaries each have at least one such.
A figure is no ground: only concerns that a person has confirmed, with evidence, count. How many are "two or more" stands in the
policy pack, with the section that says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from kinfold.market.policy import Pack
from kinfold.terms.errors import InputError


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


@dataclass(frozen=True, slots=True)
class _Least:
    """How many the statute asks: for limb (a) registered, and of them with cause to cancel; for limb (b) subsidiaries."""

    registered: int
    cause: int
    subsidiaries: int

    @classmethod
    def of(cls, policy: Pack) -> _Least:
        return cls(*(int(policy[f"plan_notice_{name}"]) for name in ("registered", "cause", "subsidiaries")))

    def limb_a(self, registered: int, cause: int) -> bool:
        return registered >= self.registered and cause >= self.cause

    def limb_b(self, subsidiaries_with_cause: int) -> bool:
        return subsidiaries_with_cause >= self.subsidiaries


def trigger_23a(group: ProviderGroup, concerns: Iterable[ConfirmedConcern], policy: Pack) -> Trigger:
    """Return whether the statute allows a notice on this group, by limb (a) first and then (b)."""
    least = _Least.of(policy)
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
        if least.limb_a(registered, len(found)):
            return Trigger(
                True, "a", found, (name,), f"{name} is registered for {registered}; cause is suspected at {len(found)}."
            )
    if least.limb_b(len(affected)):
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


def truth_table(group: ProviderGroup | None, concerns: Iterable[ConfirmedConcern], policy: Pack) -> list[Condition]:
    """Return each condition of s.23A with whether it holds, so that a reader sees why a notice may or may not be served."""
    if group is None:
        return [Condition("The group has been verified", False, "Nobody has recorded who owns whom.")]
    suspected = {one.establishment for one in concerns if one.grounds_for_cancellation}
    found = [(one.name, len(one.establishments), len(one.establishments & suspected)) for one in group.subsidiaries]
    of_each = "; ".join(f"{name}: cause suspected at {bad} of {all_}" for name, all_, bad in found)
    parent, least = group.parent is not None, _Least.of(policy)
    return [
        Condition("There is a parent undertaking", parent, group.parent or "None is recorded."),
        Condition("The parent is an undertaking in law", group.parent_is_undertaking if parent else None,
                  "As verified for this case." if parent and group.parent_is_undertaking else "Not established."),
        Condition(policy.words("words_limb_a", registered=least.registered, cause=least.cause),
                  any(least.limb_a(all_, bad) for _, all_, bad in found) if parent else None, of_each),
        Condition(policy.words("words_limb_b", subsidiaries=least.subsidiaries),
                  least.limb_b(sum(bad >= 1 for _, _, bad in found)) if parent else None, of_each),
    ]  # fmt: skip


def _not_met(reason: str) -> Trigger:
    return Trigger(False, None, (), (), reason)
