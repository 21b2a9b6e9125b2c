"""One name, and what is known of it: how it sounds, which names it is a form of, its parts."""

from __future__ import annotations

import hashlib
import tomllib
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from metaphone import doublemetaphone

from kinfold.identity.kept_while import kept_while_working

_LEXICON = Path(__file__).with_name("lexicon.toml")
_MASK = (1 << 60) - 1


def code_of(text: str) -> int:
    """Return 60 bits that stand for `text`, the same on every machine and in every run."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big") & _MASK if text else 0


@dataclass(frozen=True, slots=True)
class Name:
    """
    One name in plain letters. `sounds` has up to two sounds and `roots` the names it is a form of, itself included;
    `parts` are the name and the halves of a double-barrelled one. Text and parts say which name it is.
    """

    text: str
    code: int = field(compare=False)
    sound: str = field(compare=False)
    sounds: frozenset[str] = field(compare=False)
    roots: frozenset[str] = field(compare=False)
    parts: frozenset[str]
    part_sounds: tuple[int, ...] = field(compare=False)
    root_codes: tuple[int, ...] = field(compare=False)

    def __bool__(self) -> bool:
        return bool(self.text)


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
    heard = tuple(sound for sound in doublemetaphone(text) if sound) or (text,)
    whole = (text, *parts) if len(parts) > 1 else (text,)
    roots = forms().get(text, frozenset()) | {text}
    first_sounds = [heard[0] if part == text else _sound(part) for part in whole if len(part) > 1]
    return Name(
        text=text,
        code=code_of(text),
        sound=heard[0],
        sounds=frozenset(heard),
        roots=roots,
        parts=frozenset(whole),
        part_sounds=tuple(dict.fromkeys(code_of(sound) for sound in first_sounds)),
        # the sound of the name, and of each name that it is a form of: under these it is filed
        root_codes=tuple(dict.fromkeys(code_of(sound) for sound in _root_sounds(text, roots, heard[0]))),
    )


def _root_sounds(text: str, roots: frozenset[str], sound: str) -> list[str]:
    others = sorted(root for root in roots if root != text)
    return [sound, *(_sound_of_form(root) for root in others)][:4]


def _sound(part: str) -> str:
    return doublemetaphone(part)[0] or part


@cache
def _sound_of_form(root: str) -> str:
    """Return how a name of the lexicon sounds. The lexicon is a list of names, and says nothing of anybody."""
    return _sound(root)


NOBODY = Name("", 0, "", frozenset(), frozenset(), frozenset(), (), ())
