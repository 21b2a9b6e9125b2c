"""
Owners by name brought together under whoever controls them: how far ownership closes the gap that names leave.

A registered owner is joined to a company by the company number in its name, or by a match that a person has accepted. A name
alone joins nothing: it is a candidate for review.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from kinfold.market.owners import company_number_in, owner_key
from kinfold.market.ownership.companies_house import SCHEME, company_uid
from kinfold.market.ownership.control import controllers
from kinfold.market.ownership.graph import Graph


@dataclass(frozen=True, slots=True)
class Joint:
    """A group that several owners make: its key (that of the owner with the most settings), their keys, and who controls all."""

    key: str
    members: tuple[str, ...]
    root: str


def joint_groups(settings: pl.DataFrame, graph: Graph, *, accepted: Mapping[str, str]) -> tuple[Joint, ...]:
    """
    Return the groups that ownership makes of several owners of a day, in order of key.

    An owner whose spellings name companies of two controllers joins none of them: which it is nobody has decided.
    """
    known = settings.filter(pl.col("owner").is_not_null())
    rooted = with_roots(known, graph, accepted=accepted).filter(pl.col("root") != pl.col("owner_key"))
    roots: dict[str, set[str]] = defaultdict(set)
    for key, root in rooted.select("owner_key", "root").unique().iter_rows():
        roots[key].add(root)
    members: dict[str, list[str]] = defaultdict(list)
    for key, found in roots.items():
        if len(found) == 1:
            members[next(iter(found))].append(key)
    sizes = dict(known.group_by("owner_key").len().iter_rows())
    joint = [
        Joint(min(keys, key=lambda key: (-sizes[key], key)), tuple(sorted(keys)), root)
        for root, keys in members.items()
        if len(keys) > 1
    ]
    return tuple(sorted(joint, key=lambda one: one.key))


def regrouped(settings: pl.DataFrame, joint: Iterable[Joint]) -> pl.DataFrame:
    """Return settings with the key of the group that each owner belongs to in place of its own."""
    keys = {member: one.key for one in joint for member in one.members if member != one.key}
    return settings.with_columns(pl.col("owner_key").replace(keys)) if keys else settings


def with_roots(settings: pl.DataFrame, graph: Graph, *, accepted: Mapping[str, str]) -> pl.DataFrame:
    """
    Return settings with a column `root`: the ultimate controller of the owner, or the owner's own key where none is known.

    `accepted` maps owners' keys to entities, as people have decided.
    """
    found = controllers(graph)
    numbered = {number: one.uid for one in graph.entities for scheme, number in one.numbers if scheme == SCHEME}
    roots: dict[str | None, str | None] = {None: None}
    for owner in settings["owner"].drop_nulls().unique():
        key = owner_key(owner)
        number = company_number_in(owner)
        uid = accepted.get(key) or (numbered.get(number, company_uid(number)) if number else None)
        roots[owner] = found.of(uid) if uid is not None and uid in graph.place else key
    return settings.with_columns(root=pl.Series([roots[owner] for owner in settings["owner"]], dtype=pl.String))
