"""
From scores to a decision about one person, and never to more certainty than there is.

`match` needs a high probability, a clear lead over the runner-up, a name that could be compared, and neither a mark of
twins nor another day of birth. What is likely but not certain is `potential` and goes to a person. `many` is more than one
entry that fits. `none` is an answer of the register; when there was no answer (nothing to search by, or the search failed)
the decision is `error`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from operator import attrgetter
from typing import Protocol

from kinfold.identity.compare import is_another_day, is_nameless, is_twin_at_home, lives_elsewhere
from kinfold.identity.normalise import Particulars
from kinfold.identity.rarity import Rarity
from kinfold.identity.score import Contribution, Model, Score, probability, sentence
from kinfold.identity.seen import Seen, seen


class Decision(StrEnum):
    """What a look-up comes to."""

    MATCH = "match"
    POTENTIAL = "potential"
    MANY = "many"
    NONE = "none"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One entry of the register: its row, the score of the pair, and the probability beside all other candidates."""

    row: int
    score: Score
    probability: float


@dataclass(frozen=True, slots=True)
class Answer:
    """
    The decision about one person, and the candidates, best first.

    `why` says in words what stood in the way of a match, or why there is no answer; empty for a match.
    """

    decision: Decision
    candidates: tuple[Candidate, ...] = ()
    why: str = ""

    @property
    def best(self) -> Candidate | None:
        """Return the best candidate, if any."""
        return self.candidates[0] if self.candidates else None


TOO_LITTLE = "There is too little to search by: give a name with a date of birth or a postcode, or an NHS number."
_TWINS = "It may be a twin: the same day of birth and family name, another given name."
_UNNAMED = "A child not named yet may be this one, or a twin who is not here: a person should look."
_NAMELESS = "No name could be compared: a person should look."
_ANOTHER_DAY = "The name is the same and the day of birth is another: a person should look."
_KEPT = 10
_total = attrgetter("total")


def ranked(rows: Sequence[int], scores: Sequence[Score], *, most: int = _KEPT) -> tuple[Candidate, ...]:
    """
    Return candidates with their probabilities, best first.

    A probability here is that this entry, and no other of them, is the person: two entries that fit equally well
    have half each at most.
    """
    if len(rows) == 1:  # as most look-ups end
        return (Candidate(rows[0], scores[0], probability(scores[0].total)),)
    pairs = sorted(zip(rows, scores, strict=True), key=lambda pair: (-pair[1].total, pair[0]))[:most]
    if not pairs:
        return ()
    top = max(pairs[0][1].total, 0.0)
    odds = [math.exp(score.total - top) for _, score in pairs]
    whole = math.exp(-top) + sum(odds)
    return tuple(Candidate(row, score, share / whole) for (row, score), share in zip(pairs, odds, strict=True))


def decided(candidates: Sequence[Candidate], limits: dict[str, float]) -> Answer:
    """
    Return the decision over candidates that are in order.

    `limits`: `match` and `potential` are probabilities, `margin` a difference of logarithms of odds.
    """
    kept = tuple(candidates)
    if not kept:
        return Answer(Decision.NONE, (), "No entry shares enough with these particulars.")
    best = kept[0]
    alone = probability(best.score.total)
    if alone < limits["potential"]:
        return Answer(Decision.NONE, kept, "The nearest entry is probably somebody else.")
    lead = best.score.total - kept[1].score.total if len(kept) > 1 else math.inf
    if lead < limits["margin"] and probability(kept[1].score.total) >= limits["match"]:
        return Answer(Decision.MANY, kept, "More than one entry fits about as well.")
    if best.probability < limits["match"]:
        return Answer(Decision.POTENTIAL, kept, "It is likely, and not certain enough to say so alone.")
    if lead < limits["margin"]:
        return Answer(Decision.POTENTIAL, kept, "Another entry is too close behind.")
    if alone < limits["match_twins"] and (best.score.looks_like_twins or best.score.is_unnamed):
        return Answer(Decision.POTENTIAL, kept, _TWINS if best.score.looks_like_twins else _UNNAMED)
    if is_nameless(best.score.levels):
        return Answer(Decision.POTENTIAL, kept, _NAMELESS)
    if is_another_day(best.score.levels):
        return Answer(Decision.POTENTIAL, kept, _ANOTHER_DAY)
    return Answer(Decision.MATCH, kept)


def beside_a_twin(scores: Sequence[Score], less: float) -> Sequence[Score]:
    """
    Return the scores, with `less` taken off whoever lives elsewhere if a twin lives at the very home asked about.

    Where the register has, at that home, a child of that family name born that day under another given name, the child
    asked about may be their twin who is not registered, and not a namesake who lives elsewhere.
    """
    if not less or not any(is_twin_at_home(score.levels) for score in scores):
        return scores
    return [replace(one, total=one.total - less) if lives_elsewhere(one.levels) else one for one in scores]


def best_of(model: Model, asked: Seen, shapes: Iterable[Seen]) -> Score:
    """Return the score of a person beside the one asked about, by the shape of theirs (a former name) that fits best."""
    return max([model.score(asked, shape) for shape in shapes], key=_total)


class Searchable(Protocol):
    """A register that can be looked up in: `index.Register`, or `filed.Filed` over a database."""

    @property
    def rarity(self) -> Rarity:
        """Return how common names are in it."""

    def rows_like(self, person: Particulars) -> list[int]:
        """Return the rows of the people who could be `person`."""

    def shapes(self, rows: Sequence[int]) -> list[Sequence[Seen]]:
        """Return each row's person as comparisons see them, once for each shape they are filed under."""


class Matcher:
    """Looks people up in one register by one version of the weights."""

    def __init__(self, register: Searchable, model: Model) -> None:
        self.register = register
        self.model = model
        # what the file that is matched adds to every logarithm of odds (`bulk.prior_shift`); nothing for one person
        self.shift = 0.0

    def match(self, person: Particulars) -> Answer:
        """Return the decision about one person. Nothing to search by is an error, not an empty answer."""
        if person.says_nothing:
            return Answer(Decision.ERROR, (), TOO_LITTLE)
        rows = self.register.rows_like(person)
        asked = seen(person, self.register.rarity)
        scores = beside_a_twin(self.scores(asked, rows), self.model.decision.get("twin_at_home", 0.0))
        if self.shift:
            scores = [replace(score, total=score.total + self.shift) for score in scores]
        return decided(ranked(rows, scores), self.model.decision)

    def scores(self, asked: Seen, rows: list[int]) -> list[Score]:
        """Return the score of each row beside the person asked about, by the shape that fits best."""
        return [best_of(self.model, asked, shapes) for shapes in self.register.shapes(rows)]

    def reasons(self, answer: Answer) -> str:
        """Return why, in words: what stood in the way, then the reasons for and against the best candidate."""
        if answer.best is None:
            return answer.why
        told = sentence(self.contributions(answer.best))
        return f"{answer.why} {told}".strip()

    def contributions(self, candidate: Candidate) -> list[Contribution]:
        """Return what each comparison added to a candidate's score."""
        return self.model.contributions(candidate.score.levels)
