"""
Who may do what, and why.

The one question is `may(actor, verb, thing, now)`. Reach (whose record) is data that `reach_from` derives from
allocations, teams, meetings and appointments; roles.toml says how far each role goes; labels subtract. `views` links
what was done and looked at into a chain that shows tampering, and `looks` says what of it the family sees.

Nothing here knows a database, a page or a clock.
"""

from kinfold.access.fields import hidden_fields, masked
from kinfold.access.matrix import ROUTES, RouteRule, may_reach, route_rule
from kinfold.access.policy import may, reading
from kinfold.access.reach import Facts, reach_from
from kinfold.access.roles import ROLES, Role, role
from kinfold.access.slices import SLICES, slice_of
from kinfold.access.things import Actor, Decision, Grant, GrantSort, Reach, Thing, reach_map
from kinfold.access.visible import list_terms, listed, visible_persons
from kinfold.access.words import Installation, Label, Mark, Mask, ReachSort, Sort, Verb

__all__ = [
    "ROLES",
    "ROUTES",
    "SLICES",
    "Actor",
    "Decision",
    "Facts",
    "Grant",
    "GrantSort",
    "Installation",
    "Label",
    "Mark",
    "Mask",
    "Reach",
    "ReachSort",
    "Role",
    "RouteRule",
    "Sort",
    "Thing",
    "Verb",
    "hidden_fields",
    "list_terms",
    "listed",
    "masked",
    "may",
    "may_reach",
    "reach_from",
    "reach_map",
    "reading",
    "role",
    "route_rule",
    "slice_of",
    "visible_persons",
]
