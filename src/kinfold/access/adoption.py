"""
The adoption firewall, as pure rules: what may cross (nothing), and who may unseal.

At the order the birth Person is sealed. The adopted Person is made by a separate job, at a random later time, under
its own chain. No row, log, job, backup manifest or shared file's hash may hold both identities; `joins` finds what
would.

Source: architecture, "Adoption"; the project's page on casework, section 4; Disclosure of Adoption Information
(Post-Commencement Adoptions) Regulations 2005.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from kinfold.access.grants import needed_reason
from kinfold.access.law import policy_number
from kinfold.access.policy import may
from kinfold.access.tables import HERE, read_table
from kinfold.access.things import Actor, Decision, Thing, day_of
from kinfold.access.words import Label, Verb
from kinfold.terms.errors import InputError, NotPermitted

_TABLES = read_table(HERE / "adoption.toml")
BASES: Mapping[str, str] = MappingProxyType({name: text for name, text in _TABLES["bases"].items()})
SAME_CHILD: frozenset[str] = frozenset(_TABLES["same_child"]["fields"])
COMMON_WORDS: frozenset[str] = frozenset(_TABLES["same_child"]["common_fields"])


@dataclass(frozen=True, slots=True)
class Joined:
    """One value that stands on both sides of the firewall: the field on each side."""

    birth_field: str
    adoptive_field: str


def joins(birth: Iterable[Mapping[str, Any]], adoptive: Iterable[Mapping[str, Any]]) -> Sequence[Joined]:
    """
    Return every pair of fields by which the two identities could be joined; none if the firewall holds.

    Each side is its rows: facts, envelope columns, log lines, jobs, file hashes. What describes the same child on
    both sides (date of birth, sex, ethnicity) and words everybody shares (a kind, a code) may agree. A date of
    birth is not a key by itself; anything else that agrees is.
    """
    left, right = _values(birth), _values(adoptive)
    shared = sorted(set(left) & set(right))
    return [Joined(one, other) for value in shared for one in sorted(left[value]) for other in sorted(right[value])]


def _values(rows: Iterable[Mapping[str, Any]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for row in rows:
        for path, value in _leaves(row, ""):
            field = path.rsplit(".", 1)[-1]
            if field not in SAME_CHILD | COMMON_WORDS and (text := _comparable(value)):
                found.setdefault(text, set()).add(path)
    return found


def _leaves(value: Any, path: str) -> Iterable[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _leaves(item, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list | tuple | set | frozenset):
        for item in value:
            yield from _leaves(item, path)
    else:
        yield path, value


def _comparable(value: Any) -> str:
    """Return a value as it is compared: without case and spaces; nothing for what says nothing about anybody."""
    if value is None or isinstance(value, bool):
        return ""
    text = "".join(str(value).split()).casefold()
    return text if len(text) > 1 else ""


def creation_delay(random_bytes: bytes, *, now: datetime) -> timedelta:
    """
    Return how long after the order the adopted child's record is made, to the second.

    `random_bytes` are 8 or more from a secret source. The time is spread evenly between the policy's shortest and
    longest, so that the two records cannot be paired by when they were made.
    """
    if len(random_bytes) < 8:
        raise InputError("The delay needs 8 random bytes or more")
    day = day_of(now)
    least = policy_number("adoption_delay_least", day) * 3600
    most = policy_number("adoption_delay_most", day) * 3600
    return timedelta(seconds=least + int.from_bytes(random_bytes, "big") % (most - least + 1))


@dataclass(frozen=True, slots=True)
class UnsealRequest:
    """Two people ask to open one sealed record, on a legal basis and for a stated purpose."""

    first: Actor
    second: Actor
    basis: str
    purpose: str


def may_unseal(request: UnsealRequest, thing: Thing, now: datetime) -> Decision:
    """
    Return whether the two may unseal `thing`, and why.

    `first` carries the second's agreement as a grant (grants.agree_as_second). Raises InputError if the basis or
    the purpose is not stated; NotPermitted if one person asks twice or the record is not sealed.
    """
    if request.basis not in BASES:
        raise InputError("Choose the legal basis: " + "; ".join(BASES.values()))
    needed_reason(request.purpose)
    if request.first.id == request.second.id:
        raise NotPermitted("Unsealing needs two people")
    if Label.SEALED not in thing.labels:
        raise NotPermitted("This record is not sealed")
    agreed = any(
        grant.granted_by == request.second.id and grant.subject == Verb.UNSEAL and grant.holds_at(now)
        for grant in request.first.grants
    )
    if not agreed:
        return Decision(False, "The second person has not agreed to this.", "two_people")
    family = _second_is_family(request.second, thing)
    return may(request.first, Verb.UNSEAL, thing, now) if family is None else family


def _second_is_family(second: Actor, thing: Thing) -> Decision | None:
    own = {second.person} - {None}
    if thing.person in second.family | own or own & thing.family:
        return Decision(False, "The second person is of the family: ask another.", "own_family")
    return None
