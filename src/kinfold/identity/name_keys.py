"""
The keys under which a name is found, however it is spelled or said.

Three sorts, told apart by their first letter: `s` how a part of the name sounds, `p` how it begins, `w` the
part itself. A search looks up the keys of what was typed and ranks what it finds by likeness.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

from metaphone import doublemetaphone

from kinfold.identity.kept_while import kept_while_working

_PARTS = re.compile(r"[^\W\d_]+", re.UNICODE)


def plain(text: str) -> str:
    """Return a name in lower case without accents, and with apostrophes dropped: O'Neill, O’Neill and ONeill agree."""
    joined = re.sub(r"['’`]", "", text)
    spread = unicodedata.normalize("NFKD", joined)
    return "".join(c for c in spread if not unicodedata.combining(c)).casefold()


def name_parts(text: str) -> list[str]:
    """Return the parts of a name, hyphenated parts apart."""
    return _PARTS.findall(plain(text))


@kept_while_working
def part_keys(part: str) -> frozenset[str]:
    """Return the keys of one part of a name."""
    keys = {f"w{part[:38]}"}
    if len(part) >= 3:
        keys.add(f"p{part[:3]}")
    keys.update(f"s{sound}" for sound in doublemetaphone(part) if sound)
    return frozenset(keys)


def name_keys(name: str) -> frozenset[str]:
    """Return every key under which `name` is found."""
    parts = name_parts(name)
    keys: set[str] = set()
    for part in parts:
        keys |= part_keys(part)
    if len(parts) > 2:
        # Mary-Jane and MaryJane: neighbours joined sound as one
        keys |= {f"s{sound}" for a, b in pairwise(parts) for sound in doublemetaphone(a + b) if sound}
    return frozenset(keys)
