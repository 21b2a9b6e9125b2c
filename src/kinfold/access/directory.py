"""
Which role a group of a council's own directory gives, read from a file the council writes.

The file is TOML, one `[[group]]` each: `group` as the directory names it (a name, or Microsoft Entra's identifier),
`role` of roles.toml, `council` by its code and, where the role is over one team, `team` by its code. A group that
the file does not name gives nothing.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kinfold.access.roles import ROLES
from kinfold.access.words import Installation
from kinfold.terms.errors import SettingError

KEYS = ("group", "role", "council", "team")
# A family's page is opened to one person by name, after their identity was checked; no group can do that.
NEVER_BY_GROUP = frozenset({"public", "child", "parent", "family_network_member"})


@dataclass(frozen=True, slots=True)
class GroupRule:
    """One group of the directory and the role it gives; `team` is empty where the role is over no one team."""

    group: str
    role: str
    council: str
    team: str = ""


def read_groups(path: Path, installation: Installation) -> tuple[GroupRule, ...]:
    """Return the rules of the file at `path`. Raises SettingError, saying where, for what cannot be used."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8")).get("group", [])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingError(f"KINFOLD_OIDC_GROUPS names {path}, which cannot be read: {error}") from error
    if not isinstance(tables, list) or not tables:
        raise SettingError(f"{path.name} names no group: write a [[group]] with group, role and council for each")
    return tuple(_rule(table, f"{path.name}, group {place}", installation) for place, table in enumerate(tables, 1))


def _rule(table: Any, where: str, installation: Installation) -> GroupRule:
    if not isinstance(table, dict) or not all(isinstance(value, str) for value in table.values()):
        raise SettingError(f"{where}: each of {', '.join(KEYS)} is a text in quotation marks")
    unread = sorted(set(table) - set(KEYS))
    lacking = [key for key in KEYS[:3] if not table.get(key, "").strip()]
    if unread or lacking:
        said = [f"nothing reads {', '.join(unread)}"] * bool(unread) + [f"it lacks {', '.join(lacking)}"] * bool(
            lacking
        )
        raise SettingError(f"{where}: {'; '.join(said)}")
    rule = GroupRule(**{key: value.strip() for key, value in table.items()})
    if rule.role not in ROLES:
        raise SettingError(f"{where}: there is no role called {rule.role}")
    if rule.role in NEVER_BY_GROUP or installation not in ROLES[rule.role].installations:
        raise SettingError(f"{where}: a group cannot give the role {rule.role} in a {installation}")
    return rule


def rules_for(groups: Iterable[str], rules: Sequence[GroupRule], *, council: str = "") -> tuple[GroupRule, ...]:
    """
    Return the rules that somebody's groups meet, in the file's order, of one council.

    `council` is the code of the council whose account they have; empty for a starter, who joins that of the first rule.
    Groups are compared without regard to case, as directories do.
    """
    theirs = {group.strip().casefold() for group in groups}
    met = [rule for rule in rules if rule.group.casefold() in theirs]
    wanted = council or (met[0].council if met else "")
    return tuple(dict.fromkeys(rule for rule in met if rule.council == wanted))
