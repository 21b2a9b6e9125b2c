"""One name, and what is known of it: how it sounds, which names it is a form of, its parts."""

from __future__ import annotations

import hashlib
import tomllib
from collections import defaultdict
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from metaphone import doublemetaphone

from kinfold.identity.kept_while import kept_while_working

_LEXICON = Path(__file__).with_name("lexicon.toml")
_MASK = (1 << 60) - 1
# Under so many sounds a given name is filed: its own, and those of the names it is a form of.
MOST_SOUNDS = 4


def code_of(text: str) -> int:
    """Return 60 bits that stand for `text`, the same on every machine and in every run."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big") & _MASK if text else 0


class Name:
    """
    One name in plain letters. `whole` has the name and, of a double-barrelled one, its halves: they say which name it is.

    The rest is worked out when it is first asked for: a look-up weighs dozens of people, most of whose names are told
    apart before anybody asks how they sound. `sound` is how the name sounds, `roots` are the names that it is a form of,
    itself included, `parts` is `whole` as a set; under `part_sounds` and `root_codes` it is filed.
    """

    __slots__ = ("code", "part_sounds", "parts", "root_codes", "roots", "sound", "text", "whole")
    text: str
    whole: tuple[str, ...]
    code: int
    sound: str
    roots: frozenset[str]
    parts: frozenset[str]
    part_sounds: tuple[int, ...]
    root_codes: tuple[int, ...]

    def __init__(self, text: str, parts: tuple[str, ...] = ()) -> None:
        self.text = text
        self.whole = (text, *parts) if len(parts) > 1 else (text,) if text else ()

    def __getattr__(self, asked: str) -> Any:
        # Python comes here only for what this name has not been asked before
        work_out = _WORKED_OUT.get(asked)
        if work_out is None:
            raise AttributeError(asked)
        value = work_out(self)
        setattr(self, asked, value)
        return value

    def __bool__(self) -> bool:
        return bool(self.text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Name) and self.text == other.text and self.parts == other.parts

    def __hash__(self) -> int:
        return hash(self.text)

    def __repr__(self) -> str:
        return f"Name({', '.join(repr(part) for part in self.whole)})"


@cache
def forms() -> dict[str, frozenset[str]]:
    """Return for each form of a name the names that it is a form of."""
    with _LEXICON.open("rb") as file:
        table: dict[str, str] = tomllib.load(file)["forms"]
    found: dict[str, set[str]] = defaultdict(set)
    for root, shapes in table.items():
        for shape in (root, *shapes.split()):
            found[shape].add(root)
    return {shape: frozenset(roots) for shape, roots in found.items()}


@cache
def known_given_names() -> frozenset[str]:
    """Return the given names that are names in their own right, whatever a register holds."""
    return frozenset(forms())


def name_of(text: str, parts: tuple[str, ...] = ()) -> Name:
    """Return the name that is written `text` (plain lower-case letters), with `parts` where it has several."""
    if not text:
        return NOBODY
    return _of_lexicon(text) if len(parts) < 2 and text in forms() else _made(text, parts)


@cache
def _of_lexicon(text: str) -> Name:
    """Return a name of the lexicon: it may stay in memory, for it says nothing of anybody."""
    return _made(text)


@kept_while_working
def _made(text: str, parts: tuple[str, ...] = ()) -> Name:
    return Name(text, parts)


def _sound_of(name: Name) -> str:
    return next((sound for sound in doublemetaphone(name.text) if sound), name.text)


def _roots(name: Name) -> frozenset[str]:
    return forms().get(name.text, _NO_FORMS) | {name.text} if name else _NO_FORMS


def _part_sounds(name: Name) -> tuple[int, ...]:
    heard = [name.sound if part == name.text else _sound(part) for part in name.whole if len(part) > 1]
    return tuple(dict.fromkeys(code_of(sound) for sound in heard))


def _root_codes(name: Name) -> tuple[int, ...]:
    """Return the sound of the name, and of each name that it is a form of."""
    if not name:
        return ()
    others = sorted(root for root in name.roots if root != name.text)
    sounds = [name.sound, *(_sound_of_form(root) for root in others)][:MOST_SOUNDS]
    return tuple(dict.fromkeys(code_of(sound) for sound in sounds))


def _sound(part: str) -> str:
    return doublemetaphone(part)[0] or part


@cache
def _sound_of_form(root: str) -> str:
    """Return how a name of the lexicon sounds. The lexicon is a list of names, and says nothing of anybody."""
    return _sound(root)


_NO_FORMS: frozenset[str] = frozenset()
_WORKED_OUT: dict[str, Callable[[Name], object]] = {
    "code": lambda name: code_of(name.text),
    "sound": _sound_of,
    "roots": _roots,
    "parts": lambda name: frozenset(name.whole),
    "part_sounds": _part_sounds,
    "root_codes": _root_codes,
}
NOBODY = Name("")
