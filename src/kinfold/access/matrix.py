"""
What every page and every call of the API needs before it does anything: a verb and a sort of thing.

routes.toml has one entry a route. The service's middleware refuses a route that has none, and the access matrix
test asks every role at every route. Reaching a route opens no record: `may` is asked again for each thing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from kinfold.access.roles import ROLES
from kinfold.access.tables import HERE, read_table, refuse_unknown, word, words
from kinfold.access.things import Actor, Decision
from kinfold.access.words import Installation, Sort, Verb
from kinfold.terms.errors import StructureBroken

EVERYONE = "everyone"
SIGNED_IN = "signed_in"
AT_WORK = "at_work"  # signed in, and not here for their own or their family's record alone


@dataclass(frozen=True, slots=True)
class RouteRule:
    """What one route does (`verb`, to a thing of `sort`), the roles that may reach it, and where it exists."""

    name: str
    label: str
    verb: Verb
    sort: Sort
    roles: frozenset[str]
    installations: frozenset[Installation]
    without_sign_in: bool = False


def _roles(names: Iterable[str], where: str) -> frozenset[str]:
    found: set[str] = set()
    for name in names:
        if name == EVERYONE:
            found |= set(ROLES)
        elif name == SIGNED_IN:
            found |= set(ROLES) - {"public"}
        elif name == AT_WORK:
            found |= {role.name for role in ROLES.values() if role.name != "public" and role.organisation != "self"}
        elif name in ROLES:
            found.add(name)
        else:
            raise StructureBroken(f"{where}: {name} is not a role of roles.toml")
    return frozenset(found)


def read_route(name: str, table: Mapping[str, Any]) -> RouteRule:
    """Return the rule of one entry of routes.toml. Raises StructureBroken, naming it, if it is not whole."""
    where = f"routes.toml [{name}]"
    refuse_unknown(table, ("label", "verb", "sort", "roles", "installations"), where=where)
    missing = [key for key in ("label", "verb", "sort", "roles") if key not in table]
    if missing:
        raise StructureBroken(f"{where} does not say {', '.join(missing)}")
    roles = _roles(table["roles"], where)
    return RouteRule(
        name=name,
        label=table["label"],
        verb=word(Verb, table["verb"], where=where),
        sort=word(Sort, table["sort"], where=where),
        roles=roles,
        installations=words(Installation, table.get("installations", ["council"]), where=where),
        without_sign_in="public" in roles,
    )


def load_routes(path: Path) -> Mapping[str, RouteRule]:
    """Return the rule of every route in the file at `path`, by the route's name."""
    return MappingProxyType({name: read_route(name, table) for name, table in read_table(path).items()})


def load_all_routes(folder: Path) -> Mapping[str, RouteRule]:
    """Return the rules of every routes*.toml in `folder`. Raises StructureBroken if two files name one route."""
    found: dict[str, RouteRule] = {}
    for path in sorted(folder.glob("routes*.toml")):
        rules = load_routes(path)
        twice = sorted(found.keys() & rules.keys())
        if twice:
            raise StructureBroken(f"{path.name} names {', '.join(twice)}, which another file names already")
        found.update(rules)
    return MappingProxyType(found)


ROUTES: Mapping[str, RouteRule] = load_all_routes(HERE)


def route_rule(name: str, routes: Mapping[str, RouteRule] = ROUTES) -> RouteRule:
    """Return the rule of route `name`. Raises StructureBroken if none declares it: such a route answers nobody."""
    try:
        return routes[name]
    except KeyError:
        raise StructureBroken(f"No entry of routes.toml says who may reach {name}") from None


def may_reach(actor: Actor, rule: RouteRule) -> Decision:
    """Return whether a role of `actor` may reach the route at all. It opens nothing by itself."""
    if actor.installation not in rule.installations:
        return Decision(False, "This page does not exist here.", "installation")
    for name in sorted(actor.roles & rule.roles):
        if actor.installation in ROLES[name].installations:
            return Decision(
                True, f"You can use {rule.label} because your role is {ROLES[name].label}.", "route", role=name
            )
    return Decision(False, f"Your role does not use {rule.label}.", "route")


def matrix(routes: Mapping[str, RouteRule] = ROUTES) -> Mapping[str, Mapping[str, bool]]:
    """Return, for each route, whether each of the roles may reach it: the access matrix as a table."""
    return {name: {role: role in rule.roles for role in ROLES} for name, rule in routes.items()}
