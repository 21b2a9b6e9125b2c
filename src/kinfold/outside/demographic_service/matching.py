"""
A plan carried out: the searches made, the people found scored by our own model, and a decision with its reasons.

The service's own score has no public rule, so it never decides for us. When the service does not answer, the decision
is `error`, whatever was found before: a search that was not made is not a search that found nobody.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import product

from kinfold.identity.decide import TOO_LITTLE, Answer, Decision, best_of, decided, ranked
from kinfold.identity.normalise import Particulars, particulars
from kinfold.identity.rarity import Rarity
from kinfold.identity.score import Contribution, Model, Score
from kinfold.identity.seen import seen
from kinfold.outside.demographic_service.errors import NoAnswer, Refused
from kinfold.outside.demographic_service.patient import Found, Hit, Patient
from kinfold.outside.demographic_service.plans import KINFOLD, Plan
from kinfold.outside.demographic_service.search import Asked, Search

# The pilot's bands of the service's score (SUI_Matcher, section on decisions).
THEIR_MATCH, THEIR_POTENTIAL = 0.95, 0.85
_MULTIPLE = "The person found is one of twins or more, and the given names are not the same."
_RESTRICTED = "Where this person lives is restricted, so fewer points could be compared."
_OTHER_NUMBER = "Another entry scores as high."
# Levels of the comparison of given names at which a twin cannot be meant.
_SAME_GIVEN = ("same_0", "same_1", "same_2", "same_3", "same_4", "same_5", "form")


@dataclass(frozen=True, slots=True)
class Made:
    """One search that was made: the rule it came from, and what it came to."""

    rule: str
    hits: int = 0
    too_many: bool = False
    refused: str = ""


@dataclass(frozen=True, slots=True)
class PersonFound:
    """One person found: the service's best score of them, ours, and what each point added to it."""

    patient: Patient
    their_score: float
    score: Score
    contributions: tuple[Contribution, ...]


@dataclass(frozen=True, slots=True)
class LookedUp:
    """What a plan came to. `people` are in our order, best first; `why` is empty for a match."""

    decision: Decision
    why: str = ""
    people: tuple[PersonFound, ...] = ()
    made: tuple[Made, ...] = ()
    plan: str = ""

    @property
    def best(self) -> PersonFound | None:
        """Return the person who fits best, if anybody was found."""
        return self.people[0] if self.people else None


@dataclass(slots=True)
class Judge:
    """Scores the service's people with our model. `rarity` says how common names are among everybody they have."""

    model: Model
    rarity: Rarity

    def score(self, asked: Asked, patient: Patient) -> Score:
        """Return the score of a person, by the name and home that fit best."""
        about = seen(_particulars_of(asked), self.rarity)
        return best_of(self.model, about, (seen(shape, self.rarity) for shape in shapes_of(patient)))

    def answer(self, asked: Asked, hits: list[Hit]) -> Answer:
        """Return the decision over everybody found, with the guards that only this service's facts allow."""
        scores = [self.score(asked, hit.patient) for hit in hits]
        answer = decided(ranked(range(len(hits)), scores), self.model.decision)
        if answer.decision is Decision.MATCH and answer.best is not None:
            best = answer.best
            if hits[best.row].patient.multiple_birth and self._given_level(best.score) not in _SAME_GIVEN:
                return replace(answer, decision=Decision.POTENTIAL, why=_MULTIPLE)
        return answer

    def _given_level(self, score: Score) -> str:
        return next(one.level for one in self.model.contributions(score.levels) if one.comparison == "given")


def shapes_of(patient: Patient) -> list[Particulars]:
    """Return a person's particulars in each name and at each home that the service shows; at least one."""
    names: list[tuple[str, str]] = [(" ".join(name.given), name.family) for name in patient.names]
    homes = [home.postcode for home in patient.homes if home.postcode]
    current = patient.home.postcode if patient.home else ""
    return [
        particulars(
            {
                "given": given,
                "family": family,
                "dob": patient.birth_date.isoformat() if patient.birth_date else "",
                "sex": patient.gender if patient.gender in ("male", "female") else "",
                "postcode": home,
                "postcode_prev": current if home != current else "",
                "nhs": patient.nhs_number,
            }
        )
        for (given, family), home in product(names or [("", "")], dict.fromkeys(homes) or [""])
    ]


def _particulars_of(asked: Asked) -> Particulars:
    return particulars(
        {
            "given": asked.given,
            "family": asked.family,
            "dob": asked.birth_date.isoformat() if asked.birth_date else "",
            "sex": asked.gender,
            "postcode": asked.postcode,
            "nhs": asked.nhs_number,
        }
    )


@dataclass(slots=True)
class _Round:
    """What has been found so far: the best hit for each number, and the searches made."""

    hits: dict[str, Hit] = field(default_factory=dict)
    made: list[Made] = field(default_factory=list)

    def add(self, rule: str, found: Found) -> None:
        self.made.append(Made(rule, len(found.hits), found.too_many))
        for hit in found.hits:
            before = self.hits.get(hit.patient.nhs_number)
            if before is None or before.score < hit.score:
                self.hits[hit.patient.nhs_number] = hit

    @property
    def too_many(self) -> bool:
        return any(one.too_many for one in self.made)


def look_up(asked: Asked, search: Callable[[Search], Found], judge: Judge, plan: Plan = KINFOLD) -> LookedUp:
    """
    Return what `plan` comes to for one child.

    `search` asks the service (`Client.search`). Nothing is raised for an outage: the decision is then `error`.
    """
    so_far = _Round()
    answer = Answer(Decision.NONE, (), "Nobody was found.")
    try:
        for rule, question in plan.searches(asked):
            try:
                so_far.add(rule, search(question))
            except Refused as refused:
                so_far.made.append(Made(rule, refused=str(refused)))
                if refused.status in (401, 403):
                    raise NoAnswer(str(refused)) from refused
                continue
            if plan.stops_when_sure:
                answer = judge.answer(asked, list(so_far.hits.values()))
                if answer.decision is Decision.MATCH:
                    break
    except NoAnswer as wrong:
        return _told(Answer(Decision.ERROR, (), str(wrong)), asked, so_far, judge, plan)
    if not so_far.made:
        return _told(Answer(Decision.ERROR, (), TOO_LITTLE), asked, so_far, judge, plan)
    decide = _by_their_score if plan.by_their_score else judge.answer
    return _told(_final(decide(asked, list(so_far.hits.values())), so_far), asked, so_far, judge, plan)


def _final(answer: Answer, so_far: _Round) -> Answer:
    if all(one.refused for one in so_far.made):
        return Answer(Decision.ERROR, (), so_far.made[0].refused)
    if answer.decision is Decision.NONE and so_far.too_many:
        return replace(answer, decision=Decision.MANY, why="More people fit than the service will name.")
    return answer


def _by_their_score(_: Asked, hits: list[Hit]) -> Answer:
    """Return the pilot's decision: the first at 0.95 or more, unless another number scores as much."""
    if not hits:
        return Answer(Decision.NONE, (), "Nobody was found.")
    sure = [hit for hit in hits if hit.score >= THEIR_MATCH]
    if len(sure) > 1:
        return Answer(Decision.MANY, (), _OTHER_NUMBER)
    if sure:
        return Answer(Decision.MATCH)
    if max(hit.score for hit in hits) >= THEIR_POTENTIAL:
        return Answer(Decision.POTENTIAL, (), "The service's score is between 0.85 and 0.95.")
    return Answer(Decision.NONE, (), "The service's score is below 0.85.")


def _told(answer: Answer, asked: Asked, so_far: _Round, judge: Judge, plan: Plan) -> LookedUp:
    people = []
    for hit in so_far.hits.values():
        score = judge.score(asked, hit.patient)
        people.append(PersonFound(hit.patient, hit.score, score, tuple(judge.model.contributions(score.levels))))
    theirs = plan.by_their_score
    people.sort(key=lambda one: (-(one.their_score if theirs else one.score.total), one.patient.nhs_number))
    why = answer.why
    if answer.decision is Decision.POTENTIAL and people and people[0].patient.restricted:
        why = f"{why} {_RESTRICTED}".strip()
    return LookedUp(answer.decision, why, tuple(people), tuple(so_far.made), plan.name)
