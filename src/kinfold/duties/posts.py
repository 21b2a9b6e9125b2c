"""
Which roles hold the posts that the catalogue names: who may give a reason for a gate, and who is told of a breach.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from kinfold.access.roles import ROLES
from kinfold.terms.errors import SettingError
from kinfold.terms.toml_text import tables_of

FILE = Path(__file__).parent / "posts.toml"


@dataclass(frozen=True, slots=True)
class Post:
    """One post: the roles that hold it, and the role told in its place where nobody here holds it."""

    name: str
    roles: tuple[str, ...]
    told: str

    @property
    def notified(self) -> tuple[str, ...]:
        """Return the roles that hear of what this post answers for."""
        return self.roles or ((self.told,) if self.told else ())


@lru_cache(maxsize=1)
def posts() -> Mapping[str, Post]:
    """Return the posts by name."""
    return read_posts(FILE)


def read_posts(path: Path) -> Mapping[str, Post]:
    """Return the posts of a file. Raises SettingError with the file and what to put right."""
    found = {}
    for name, table in tables_of(path.read_text(encoding="utf-8"), file=path.name).items():
        roles, told = tuple(table.get("roles", ())), str(table.get("told", ""))
        for role in (*roles, *([told] if told else [])):
            if role not in ROLES:
                raise SettingError(f"{path.name}: the post {name} names the role “{role}”, which roles.toml has not")
        if not roles and not told:
            raise SettingError(f"{path.name}: nobody hears of what the post {name} answers for. Give it “told”")
        found[name] = Post(name, roles, told)
    return found


def posts_of(roles: Iterable[str]) -> frozenset[str]:
    """Return the posts that somebody with these roles holds."""
    held = frozenset(roles)
    return frozenset(post.name for post in posts().values() if held & frozenset(post.roles))


def held_post(chain: Iterable[str], roles: Iterable[str]) -> str:
    """Return the first post of `chain` that somebody with these roles holds, or nothing."""
    held = posts_of(roles)
    return next((post for post in chain if post in held), "")


def notified(post: str) -> tuple[str, ...]:
    """Return the roles that hear of what `post` answers for; none for a post the catalogue does not escalate to."""
    known = posts().get(post)
    return known.notified if known is not None else ()
