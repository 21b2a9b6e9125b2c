"""
The catalogue of duties: every file of `catalogue/` read, checked and indexed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from kinfold.duties.catalogue_file import read_file
from kinfold.duties.duty import Duty
from kinfold.duties.pattern import Pattern, problems_with
from kinfold.duties.predicates import LOOKED_UP, PREDICATES
from kinfold.terms.errors import InputError, SettingError

FOLDER = Path(__file__).parent / "catalogue"


@dataclass(frozen=True)
class Catalogue:
    """The duties in their order, and those that a kind of fact can start."""

    duties: Mapping[str, Duty]
    by_trigger: Mapping[str, tuple[Duty, ...]]
    patterns_of: Mapping[str, tuple[Pattern, ...]]  # by identifier of duty, every pattern it names

    def __iter__(self) -> Iterator[Duty]:
        return iter(self.duties.values())

    def __len__(self) -> int:
        return len(self.duties)

    def duty(self, duty_id: str) -> Duty:
        """Return the duty `duty_id`. Raises InputError, with the nearest identifiers, when there is none."""
        found = self.duties.get(duty_id.strip()) or self.duties.get(_as_written(duty_id))
        if found is None:
            near = [known for known in sorted(self.duties) if known[:2] == duty_id.strip().upper()[:2]]
            shown = (
                f"Those that begin with {near[0][:2]} are {', '.join(near)}" if near else "List them: kinfold duties"
            )
            raise InputError(f"There is no duty called “{duty_id}”. {shown}")
        return found


def _as_written(duty_id: str) -> str:
    """Return the identifier with capitals, but for the small letter that ends some: "ad03B" is AD03b."""
    text = duty_id.strip().upper()
    return text[:-1] + text[-1].lower() if text[4:] else text


def kinds_read(catalogue: Catalogue) -> frozenset[str]:
    """Return the kinds that the clocks of `catalogue` look at: a fact of any other changes none of them."""
    patterns = [pattern for duty in catalogue for pattern in (*duty.patterns(), *duty.gates)]
    return LOOKED_UP | {pattern.kind for pattern in patterns} | {pattern.of for pattern in patterns if pattern.of}


def make_catalogue(duties: Iterable[Duty]) -> Catalogue:
    """Return the catalogue of `duties`. Raises SettingError when two have one identifier."""
    found: dict[str, Duty] = {}
    for duty in duties:
        if duty.id in found:
            raise SettingError(f"{duty.file}, line {duty.line}: the duty {duty.id} is already in {found[duty.id].file}")
        found[duty.id] = duty
    started: dict[str, dict[str, Duty]] = {}
    for duty in found.values():
        for pattern in duty.trigger:
            started.setdefault(pattern.kind, {})[duty.id] = duty
    by_trigger = {kind: tuple(several.values()) for kind, several in started.items()}
    return Catalogue(found, by_trigger, {duty.id: duty.patterns() for duty in found.values()})


def read_catalogue(folder: Path = FOLDER) -> Catalogue:
    """
    Return the catalogue in `folder`, every pattern checked against the declared kinds.

    Raises SettingError, naming file and line, for the first thing wrong: a service refuses to start on it.
    """
    catalogue = make_catalogue(duty for path in sorted(folder.glob("*.toml")) for duty in read_file(path))
    for problem in undeclared(catalogue):
        raise SettingError(problem)
    return catalogue


@lru_cache(maxsize=1)
def duty_catalogue() -> Catalogue:
    """Return the catalogue that ships with Kinfold, read once."""
    return read_catalogue()


def undeclared(catalogue: Catalogue) -> list[str]:
    """Return, with file and line, each kind, date, field or test that a duty names and nothing declares."""
    found = []
    for duty in catalogue:
        problems = [problem for pattern in duty.patterns() for problem in problems_with(pattern)]
        tests = [pattern.test for pattern in duty.patterns()] + [need.test for need in duty.requires]
        problems += [f"there is no test called {test}" for test in tests if test and test not in PREDICATES]
        found += [f"{duty.file}, line {duty.line}: {duty.id}: {problem}" for problem in dict.fromkeys(problems)]
    return found


def catalogue_rows(catalogue: Catalogue) -> list[dict[str, Any]]:
    """Return the catalogue as rows of plain values, one a duty, for CSV and JSON."""
    return [_row(duty) for duty in catalogue]


def _row(duty: Duty) -> dict[str, Any]:
    completion = {part: [str(p) for p in patterns] for part, patterns in duty.completion.items()}
    shown = [f"{part}: {' or '.join(found)}" if part else " or ".join(found) for part, found in completion.items()]
    return {
        "id": duty.id,
        "label": duty.label,
        "domain": duty.domain,
        "force": duty.force,
        "commencement": duty.commencement.value,
        "mark": duty.mark,
        "applies_to": duty.applies_to,
        "who": duty.who,
        "trigger": " or ".join(str(pattern) for pattern in duty.trigger),
        "rule": duty.rule.text,
        "deadline": duty.deadline,
        "completion": "; ".join(shown),
        "escalation": " > ".join(duty.escalation),
        "source": duty.source.title,
        "href": duty.source.href,
        "since": duty.since.isoformat() if duty.since else "",
        "until": duty.until.isoformat() if duty.until else "",
        "calendar": duty.calendar,
        "calendar_note": duty.calendar_note,
        "sureness": duty.sureness.value,
        "verified": duty.verified,
        "confidence": duty.confidence,
        "edge_cases": duty.edge_cases,
    }
