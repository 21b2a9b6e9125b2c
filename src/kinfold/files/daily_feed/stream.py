"""
Reading a feed's objects one at a time: an array of children, a child a line, or one child by itself.

Memory holds one object and the text around it. A file that is not sound JSON is refused with its line;
NaN, numbers without end and nesting without end are not sound.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, Any, NamedTuple

from kinfold.files.received import READING_ERRORS
from kinfold.terms.errors import FileRefused

_CHUNK = 128 * 1024
_SPACE = " \t\r\n"
Refuse = Callable[[str, str, str], FileRefused]  # (code, what is wrong, how to put it right)


class Item(NamedTuple):
    """One object of the feed: its number, counted from 1, its text as sent, and the value."""

    number: int
    text: str
    value: Any


class _NotANumber(ValueError):
    """NaN or Infinity, which JSON does not have."""


@dataclass(slots=True)
class Repeats:
    """How many objects named one field twice; the last value counted."""

    objects: int = 0


def items(stream: IO[str], refuse: Refuse, *, largest: int, repeats: Repeats | None = None) -> Iterator[Item]:
    """
    Yield the objects of a feed in order.

    `refuse` makes the error for this file; `largest` is the most characters that one object may have.
    Raises FileRefused when the text is not sound JSON, breaks off, or holds something after its end.
    """
    reader = _Reader(stream, refuse, largest, repeats or Repeats())
    first = reader.peek()
    if first == "[":
        yield from reader.array()
    elif first == "{":
        yield from reader.one_after_another()
    else:
        raise refuse("not_json", "does not begin as JSON does", "Send an array of children.")


class _Reader:
    def __init__(self, stream: IO[str], refuse: Refuse, largest: int, repeats: Repeats) -> None:
        self.stream = stream
        self.refuse = refuse
        self.largest = largest
        self.repeats = repeats
        self.buffer = ""
        self.at = 0
        self.lines = 1  # the line on which the buffer begins
        self.ended = False
        self.decoder = json.JSONDecoder(object_pairs_hook=self._object, parse_constant=_refuse_constant)

    def array(self) -> Iterator[Item]:
        """Yield what stands in the array; the cursor is on its opening bracket."""
        self.at += 1
        number = 0
        closing = self.peek()
        while closing != "]":
            number += 1
            yield self._item(number)
            closing = self.peek()
            if closing == ",":
                self.at += 1
                if self.peek() in ("]", ""):
                    raise self._unsound("a comma without anything after it")
            elif closing != "]":
                raise self._unsound("the array is not closed" if not closing else "a comma is missing")
        self.at += 1
        if self.peek():
            raise self._unsound("there is something after the end of the array")

    def one_after_another(self) -> Iterator[Item]:
        """Yield objects that stand one after another, as in a file of a child a line."""
        number = 0
        while self.peek():
            number += 1
            yield self._item(number)

    def peek(self) -> str:
        """Return the next character that is not a space, without passing it; "" at the end."""
        while True:
            while self.at < len(self.buffer) and self.buffer[self.at] in _SPACE:
                self.at += 1
            if self.at < len(self.buffer):
                return self.buffer[self.at]
            if not self._more(_CHUNK):
                return ""

    def _item(self, number: int) -> Item:
        size = _CHUNK
        while True:
            try:
                value, end = self.decoder.raw_decode(self.buffer, self.at)
            except json.JSONDecodeError as error:
                self._check_size()
                if not self._more(size):
                    raise self._unsound(error.msg[:1].lower() + error.msg[1:], error.pos) from None
                size *= 2
                continue
            except RecursionError:
                raise self.refuse("too_deep", "nests objects without end", "Follow the contract.") from None
            except ValueError:
                raise self._unsound("a number that is not one (NaN, Infinity, or thousands of digits)") from None
            if end == len(self.buffer) and self._more(_CHUNK):
                continue  # a number at the very end of the text read so far may go on
            text = self.buffer[self.at : end]
            self.at = end
            if len(text) > self.largest:
                self._too_large()
            return Item(number, text, value)

    def _check_size(self) -> None:
        if len(self.buffer) - self.at > self.largest:
            self._too_large()

    def _too_large(self) -> None:
        limit = f"{self.largest // 1024 // 1024} MB"
        raise self.refuse("record_too_large", f"has an object larger than {limit}", "Check its brackets.")

    def _more(self, size: int) -> bool:
        """Read on, dropping what has been passed. Return whether there was more."""
        if self.ended:
            return False
        try:
            chunk = self.stream.read(size)
        except READING_ERRORS:
            raise self.refuse("unreadable", "breaks off before its end", "Send it again.") from None
        if not chunk:
            self.ended = True
            return False
        if self.at:
            self.lines += self.buffer.count("\n", 0, self.at)
        self.buffer = self.buffer[self.at :] + chunk
        self.at = 0
        return True

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) != len(pairs):
            self.repeats.objects += 1
        return made

    def _unsound(self, what: str, position: int | None = None) -> FileRefused:
        line = self.lines + self.buffer.count("\n", 0, self.at if position is None else position)
        fix = "The file may be cut short: export it again."
        return self.refuse("not_json", f"is not sound JSON at line {line} ({what})", fix)


def _refuse_constant(name: str) -> Any:
    raise _NotANumber(name)
