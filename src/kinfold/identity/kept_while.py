"""
Spellings worked out once, for as long as a piece of work lasts and no longer.

Reading a million names costs a third if each spelling is worked out once. But names, homes and numbers must not stay
behind in the memory of a service that answers one question after another. So the answers of a function marked with
`kept_while_working` are kept only inside `with working():` (a load, a file that is matched), and all are dropped at its end.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
# So many answers of one function are kept at most; a register of England has fewer spellings of names.
MOST = 2_000_000


class _Work:
    """How many pieces of work are under way in this process, and what is kept meanwhile."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.under_way = 0
        self.kept: list[dict[Any, Any]] = []


_work = _Work()


@contextmanager
def working() -> Iterator[None]:
    """Keep spellings until this piece of work, and any that runs beside it, is done."""
    with _work.lock:
        _work.under_way += 1
    try:
        yield
    finally:
        with _work.lock:
            _work.under_way -= 1
            if not _work.under_way:
                for answers in _work.kept:
                    answers.clear()


@contextmanager
def settled() -> Iterator[None]:
    """
    Leave what has been built out of Python's search for garbage, for as long as it is used.

    A register of a million has so many names in memory that a search through them, in the midst of one look-up in a few
    hundred, takes longer than all the rest of it.
    """
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def kept_while_working(function: Callable[P, R]) -> Callable[P, R]:
    """Keep a function's answers while there is work under way. It takes what can be a key, by position."""
    answers: dict[Any, R] = {}
    _work.kept.append(answers)

    @wraps(function)
    def remembering(*arguments: P.args, **named: P.kwargs) -> R:
        if not _work.under_way or named:
            return function(*arguments, **named)
        found = answers.get(arguments)
        if found is None:
            found = function(*arguments, **named)
            if len(answers) < MOST:
                answers[arguments] = found
        return found

    return remembering


def kept_now() -> int:
    """Return how many answers are kept."""
    return sum(len(answers) for answers in _work.kept)
