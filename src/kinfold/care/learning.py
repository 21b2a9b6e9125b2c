"""
Recommendations and what was learned: the state of each, and finding them again.

Source: Working Together to Safeguard Children, ch. 5: what a review recommends is followed until it is done.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol, TypeVar

from kinfold.care.case import Fact, day_in


class RecommendationState(StrEnum):
    """Where a recommendation stands."""

    OVERDUE = "overdue"
    NO_ANSWER = "no answer yet"
    ACCEPTED = "accepted, to be done"
    DONE = "done"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One recommendation as it stands on a day. `ended` is the day it was done or refused for good."""

    fact: Fact
    state: RecommendationState
    number: int | None
    words: str
    theme: str
    due: date | None
    ended: date | None
    what_changed: str

    @property
    def is_open(self) -> bool:
        """Return whether it is neither done nor refused."""
        return self.state not in (RecommendationState.DONE, RecommendationState.REFUSED)

    @property
    def is_overdue(self) -> bool:
        """Return whether its day has passed."""
        return self.state is RecommendationState.OVERDUE


def recommendation(fact: Fact, *, today: date) -> Recommendation:
    """Return a recommendation with its state: ended and not refused is done; refused needs no end."""
    said = fact.payload
    due = day_in(said, "due_date")
    return Recommendation(
        fact=fact, state=_state(fact, due, today), number=said.get("number"), words=said.get("words") or "",
        theme=said.get("theme") or "", due=due, ended=fact.valid_to, what_changed=said.get("what_changed") or "",
    )  # fmt: skip


def _state(fact: Fact, due: date | None, today: date) -> RecommendationState:
    if fact.payload.get("answer") == "refused":
        return RecommendationState.REFUSED
    if fact.valid_to is not None and fact.valid_to <= today:
        return RecommendationState.DONE
    if due is not None and due < today:
        return RecommendationState.OVERDUE
    return RecommendationState.ACCEPTED if fact.payload.get("answer") else RecommendationState.NO_ANSWER


class Findable(Protocol):
    """Something that words can be looked for in."""

    @property
    def words(self) -> str:
        """Return its text."""

    @property
    def theme(self) -> str:
        """Return its theme."""


Found = TypeVar("Found", bound=Findable)


def search(items: Iterable[Found], text: str, *, theme: str = "") -> list[Found]:
    """
    Return the items in which every word of `text` stands, those with the words in the theme first.

    Capitals make no difference; the beginning of a word is enough. Without words every item of the theme is found.
    """
    wanted = text.casefold().split()
    kept = [one for one in items if (not theme or one.theme == theme) and _has(one, wanted)]
    return sorted(kept, key=lambda one: not any(word in one.theme.casefold() for word in wanted))


def _has(one: Findable, wanted: Sequence[str]) -> bool:
    there = f"{one.theme} {one.words}".casefold().split()
    return all(any(word.strip("“”\"'(.,;:").startswith(part) for word in there) for part in wanted)
