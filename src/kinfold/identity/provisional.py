"""
Provisional identifiers: for a child with no national number, until there is one.

Random, so that it says nothing of the child, of when it was issued or of how many there are; with a check character, so
that a slip in writing is noticed; with a leading P and letters, so that nobody takes it for an NHS number.
"""

from __future__ import annotations

import secrets

# No vowels, so that no words come out, and no letter that looks like a digit.
ALPHABET = "23456789BCDFGHJKMNPQRST"
LENGTH = 9


def new_identifier() -> str:
    """Return a new identifier, such as P4K7-BX2N-9TD."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return _written(drawn + _check(drawn))


def normalise_identifier(raw: str) -> str | None:
    """Return an identifier as it is written, or None for what is none or has a slip in it."""
    plain = "".join(raw.upper().split()).replace("-", "")
    body, check = plain[1:-1], plain[-1:]
    if plain[:1] != "P" or len(body) != LENGTH or set(body) - set(ALPHABET) or check != _check(body):
        return None
    return _written(body + check)


def _written(body: str) -> str:
    whole = f"P{body}"
    return "-".join((whole[:4], whole[4:8], whole[8:]))


def _check(body: str) -> str:
    """Return the check character: a weighted sum over the places, modulo 23, the number of letters, a prime."""
    total = sum((place + 2) * ALPHABET.index(letter) for place, letter in enumerate(body))
    return ALPHABET[total % len(ALPHABET)]
