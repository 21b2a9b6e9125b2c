"""
The guard on concealed addresses: nothing made for somebody holds any part of an address that is kept from them.

One function, `without`, goes over everything that leaves as a letter, an agenda, minutes or a pack; `holds` says whether
a text still holds a part. A part is the postcode or its first half, the number of the property, a line of the address,
and the street without its number, however it is spaced or capitalised.

Source: the project's page on casework, 1b: a new address was given to a perpetrator's mother by a mail merge.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

NOT_SHOWN = "(not shown)"
_SHORTEST = 3
_TOKEN = re.compile(r"[^\W_]+")
_LINES = re.compile(r"[\n,;]+")


def parts_of(*, address_lines: str = "", postcode: str = "", uprn: str = "") -> frozenset[str]:
    """Return the parts of an address that must not be given away. A part shorter than three characters names nothing."""
    found: set[str] = set()
    code = "".join(_TOKEN.findall(_plain(postcode)))
    if code:
        found |= {code, code[:-3]} if len(code) > 4 else {code}
    found |= {"".join(_TOKEN.findall(_plain(uprn)))}
    for line in _LINES.split(_plain(address_lines)):
        tokens = _TOKEN.findall(line)
        found.add(" ".join(tokens))
        while tokens and any(letter.isdigit() for letter in tokens[0]):
            tokens = tokens[1:]  # the street without its number still says where somebody lives
        found.add(" ".join(tokens))
    return frozenset(part for part in found if len(part) >= _SHORTEST)


def without(text: str, parts: Iterable[str]) -> str:
    """Return a text with every part of the addresses taken out; the place says that something is not shown."""
    plain = _plain(text)
    if not holds(plain, parts):
        return text
    for part in sorted(parts, key=len, reverse=True):
        plain = _pattern(part).sub(NOT_SHOWN, plain)
    return plain


def holds(text: str, parts: Iterable[str]) -> bool:
    """Return whether a text holds a part of one of the addresses."""
    plain = _plain(text)
    return any(_pattern(part).search(plain) for part in parts)


def _plain(text: str) -> str:
    """Return a text with look-alike letters, such as full-width ones, as the letters they stand for."""
    return unicodedata.normalize("NFKC", text)


@lru_cache(maxsize=4096)
def _pattern(part: str) -> re.Pattern[str]:
    """Return what finds a part, however it is spaced: a postcode may stand as SE11AA, SE1 1AA or S E 1 - 1 A A."""
    tokens = part.split(" ")
    if len(tokens) == 1 and any(letter.isdigit() for letter in part):
        inside = r"[\W_]*".join(re.escape(letter) for letter in part)
    else:
        inside = r"[\W_]*".join(re.escape(token) for token in tokens)
    return re.compile(rf"(?<![^\W_]){inside}(?![^\W_])", re.IGNORECASE)
