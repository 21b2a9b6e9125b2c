"""
The safeguarding partners' yearly report, worked out from the record: what happened, how quickly, and what was learned.

Source: Children Act 2004, s. 16G(7): at least once in every 12 months.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kinfold.care.case import StepState, day_of
from kinfold.care.corporate_parenting import Year
from kinfold.care.incidents import LOCAL, NO_REVIEW, IncidentCase
from kinfold.care.learning import RecommendationState

REPORT = "safeguarding partners' yearly report"


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of the report: how many, of how many where it is a part, and what it counts."""

    part: str
    label: str
    value: int
    of: int | None = None

    @property
    def words(self) -> str:
        """Return the figure as it is read: "3 of 4"."""
        return f"{self.value} of {self.of}" if self.of is not None else str(self.value)


def yearly_lines(cases: Iterable[IncidentCase], year: Year) -> list[Line]:
    """Return the report's figures: cases count in the year in which the council became aware."""
    ours = [one for one in cases if one.aware is not None and year.holds(day_of(one.aware))]
    notified = [one for one in ours if _is_done(one, "notification")]
    return [
        Line("Incidents", "Incidents the council became aware of", len(ours)),
        Line("Incidents", "Decided not to be notifiable", sum(one.incident.payload.get("notifiable") is False
                                                             for one in ours), len(ours)),
        Line("Incidents", "Notified to the Panel", len(notified)),
        Line("Incidents", "Notified in time", _in_time(notified, "notification"), len(notified)),
        *_reviews(notified),
        *_recommendations(ours),
    ]  # fmt: skip


def _is_done(case: IncidentCase, name: str) -> bool:
    found = [step for step in case.steps if step.name == name]
    return bool(found) and found[0].state in (StepState.DONE, StepState.DONE_LATE)


def _in_time(cases: Sequence[IncidentCase], name: str) -> int:
    return sum(case.step(name).state is StepState.DONE for case in cases)


def _reviews(notified: Sequence[IncidentCase]) -> list[Line]:
    rapid = [one for one in notified if _is_done(one, "rapid_review")]
    decided = [one for one in notified if _is_done(one, "decision")]
    local = [one for one in decided if _choice(one) != NO_REVIEW]
    published = [one for one in local if _is_done(one, "publication")]
    return [
        Line("Reviews", "Rapid reviews sent", len(rapid), len(notified)),
        Line("Reviews", "Rapid reviews sent in time", _in_time(rapid, "rapid_review"), len(rapid)),
        Line("Reviews", "Local practice reviews commissioned", len(local), len(decided)),
        Line("Reviews", "Practice reviews published", len(published), len(local)),
        Line("Reviews", "Practice reviews published in time", _in_time(published, "publication"), len(published)),
    ]


def _choice(case: IncidentCase) -> str:
    made = [one for one in case.facts if one.kind == "decision" and one.payload.get("matter") == LOCAL]
    return str(made[-1].payload.get("choice")) if made else ""


def _recommendations(cases: Sequence[IncidentCase]) -> list[Line]:
    made = [one for case in cases for one in case.recommendations]
    by_state = Counter(one.state for one in made)
    by_theme = Counter(one.theme or "no theme" for one in made)
    lines = [Line("Recommendations", "Recommendations made", len(made))]
    lines += [Line("Recommendations", f"Recommendations: {state.value}", by_state[state], len(made))
              for state in RecommendationState if by_state[state]]  # fmt: skip
    return lines + [Line("Themes", theme.capitalize(), count, len(made)) for theme, count in by_theme.most_common()]
