"""
Owners by name brought together under whoever controls them: how far ownership closes the gap that names leave.

A registered owner is joined to a company by the company number in its name, or by a match that a person has accepted. A name
alone joins nothing: it is a candidate for review.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from kinfold.market.owners import company_number_in, owner_key
from kinfold.market.ownership.control import controllers
from kinfold.market.ownership.graph import Graph


def with_roots(settings: pl.DataFrame, graph: Graph, *, accepted: Mapping[str, str]) -> pl.DataFrame:
    """
    Return settings with a column `root`: the ultimate controller of the owner, or the owner's own key where none is known.

    `accepted` maps owners' keys to entities, as people have decided.
    """
    found = controllers(graph)
    roots: dict[str | None, str | None] = {None: None}
    for owner in settings["owner"].drop_nulls().unique():
        key = owner_key(owner)
        number = company_number_in(owner)
        uid = accepted.get(key) or (f"GB-COH-{number}" if number else None)
        roots[owner] = found.of(uid) if uid is not None and uid in graph.place else key
    return settings.with_columns(root=pl.Series([roots[owner] for owner in settings["owner"]], dtype=pl.String))


def candidates(settings: pl.DataFrame, graph: Graph) -> list[tuple[str, str]]:
    """Return (owner's key, entity) of the same name, for a person to accept or refuse; more than one entity may answer."""
    by_name: dict[str, list[str]] = {}
    for one in graph.entities:
        if one.name:
            by_name.setdefault(owner_key(one.name), []).append(one.uid)
    keys = sorted(settings["owner_key"].drop_nulls().unique().to_list())
    return [(key, uid) for key in keys for uid in sorted(by_name.get(key, ()))]
