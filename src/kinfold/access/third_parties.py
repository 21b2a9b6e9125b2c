"""
Other people in a text that is given to somebody: named by who they are to the person, not by their name.

A name is replaced wherever it stands as words of its own, whatever its case; a number, postcode or address likewise. A
reviewer marks what no list of names can find. What was left out is replaced, so that the reader sees that it was.

Source: Data Protection Act 2018, Sch. 2 Part 3, paras 16 and 17: others' information, and that the names of those who
work with children in their job are not left out on that ground alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SHORTEST = 3  # letters: a single initial stands for too much else


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody else in the record: who they are to the person, every name they have, and their other marks."""

    role: str
    names: tuple[tuple[str, str], ...] = ()  # (forenames, surname)
    marks: tuple[str, ...] = ()  # numbers, postcodes, addresses


@dataclass(frozen=True, slots=True)
class Mark:
    """Words that a reviewer marked in one fact (`fact` empty: anywhere), and what stands in their place."""

    fact: str
    words: str
    instead: str


def _plain(text: str) -> str:
    """Return text without accents and in one case, letter for letter as long as it was."""
    return "".join((unicodedata.normalize("NFD", letter)[0].lower() or letter)[:1] for letter in text)


def _pattern(words: str) -> str:
    parts = [re.escape(part) for part in re.split(r"[\s\-]+", _plain(words)) if part]
    return r"[\s\-]+".join(parts)


class Redactor:
    """Replaces what is about others. `own` are the person's own names, which are never replaced."""

    def __init__(self, others: Iterable[Other], *, own: Iterable[str] = (), marks: Sequence[Mark] = ()) -> None:
        self._marks = tuple(marks)
        own_words = {_plain(word) for name in own for word in re.split(r"[\s\-]+", name)}
        said: dict[str, str] = {}
        for other in others:
            for words in _ways(other, own_words):
                said.setdefault(_pattern(words), f"[{other.role}]")
        # the longest first: a full name is replaced as one, before the forename in it
        self._said = dict(sorted(said.items(), key=lambda pair: -len(pair[0])))
        whole = "|".join(f"(?P<w{place}>{pattern})" for place, pattern in enumerate(self._said) if pattern)
        self._whole = re.compile(rf"(?<!\w)(?:{whole})(?!\w)") if whole else None
        self._instead = list(self._said.values())

    def text(self, text: str, *, fact: str = "") -> str:
        """Return the text with others named by who they are, and the reviewer's marks left out."""
        for mark in self._marks:
            if mark.fact in ("", fact) and mark.words.strip():
                text = _replaced(re.compile(_pattern(mark.words)), text, lambda match, mark=mark: f"[{mark.instead}]")
        if self._whole is None:
            return text
        return _replaced(self._whole, text, lambda match: self._instead[int((match.lastgroup or "w0")[1:])])

    def value(self, value: Any, *, fact: str = "") -> Any:
        """Return a payload's value with every text in it redacted, however deep it lies."""
        if isinstance(value, str):
            return self.text(value, fact=fact)
        if isinstance(value, Mapping):
            return {key: self.value(one, fact=fact) for key, one in value.items()}
        if isinstance(value, list | tuple):
            return [self.value(one, fact=fact) for one in value]
        return value


def _replaced(pattern: re.Pattern[str], text: str, instead: Any) -> str:
    """Replace what the pattern finds in the plain form of the text, at the same places of the text itself."""
    parts, at = [], 0
    for match in pattern.finditer(_plain(text)):
        parts += [text[at : match.start()], instead(match)]
        at = match.end()
    return "".join([*parts, text[at:]])


def _ways(other: Other, own: set[str]) -> Iterable[str]:
    """Yield the ways in which somebody may be named in a text."""
    for forenames, surname in other.names:
        first = forenames.split(" ")[0] if forenames else ""
        if forenames and surname:
            yield f"{forenames} {surname}"
            yield f"{first} {surname}"
        for alone in (forenames, first, surname):
            if len(alone) >= SHORTEST and _plain(alone) not in own:
                yield alone
    yield from (mark for mark in other.marks if len(mark.strip()) >= SHORTEST)
    yield from (mark.replace(" ", "") for mark in other.marks if len(mark) < 9 and " " in mark)
