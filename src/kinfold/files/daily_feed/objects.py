"""A feed's objects as rows: how many there are, what they hold, and their plain values as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from kinfold.files.daily_feed.layout import PARTS, Part
from kinfold.files.problems import shown

# The part around the scores is no row of its own.
SHELL = "health_and_wellbeing"


@dataclass(slots=True)
class RowNumbers:
    """The rows of each table counted through a file: an object has no line of its own that people would know."""

    last: dict[str, int] = field(default_factory=dict)

    def next(self, table: str) -> int:
        """Return the number of the next row of `table`."""
        number = self.last.get(table, 0) + 1
        self.last[table] = number
        return number

    def pass_over(self, thing: Any, part: Part) -> None:
        """Count what an object that is not read holds, so that the rows after it keep their numbers."""
        if type(thing) is not dict:
            return
        for name, inner in [*part.objects.items(), *part.lists.items()]:
            held = thing.get(name)
            for each in held if type(held) is list and name in part.lists else [held] if type(held) is dict else []:
                if inner != SHELL:
                    self.next(inner)
                self.pass_over(each, PARTS[inner])


def count_rows(child: Any) -> int:
    """Return how many rows a child's object is: what `subject_of` will count."""
    rows = 1 + (type(child.get("child_details")) is dict)
    health = child.get("health_and_wellbeing")
    if type(health) is dict and type(health.get("sdq_assessments")) is list:
        rows += len(health["sdq_assessments"])
    episodes = child.get("social_care_episodes")
    for episode in episodes if type(episodes) is list else ():
        rows += 1
        if not is_named(episode, PARTS["social_care_episode"]):
            continue
        part = PARTS["social_care_episode"]
        rows += sum(len(episode[name]) for name in part.lists if type(episode.get(name)) is list)
        rows += sum(type(episode.get(name)) is dict for name in part.objects)
    return rows


def is_named(thing: Any, part: Part) -> bool:
    """Return whether an object has its own number, by which it can be told from the others."""
    if type(thing) is not dict or part.required is None:
        return False
    value = thing.get(part.required)
    return bool(value) and part.checks[part.required](value) is None


def inside(episode: Mapping[str, Any], part: Part, pointer: str) -> Iterator[tuple[str, Any, str]]:
    """Yield what an episode holds: the name of its part, the thing, and where it stands."""
    for name, inner in part.lists.items():
        things = episode.get(name)
        for position, thing in enumerate(things if type(things) is list else ()):
            yield inner, thing, f"{pointer}.{name}[{position}]"
    for name, inner in part.objects.items():
        if type(episode.get(name)) is dict:
            yield inner, episode[name], f"{pointer}.{name}"


def cells_of(thing: Any) -> dict[str, str]:
    """Return an object's plain values as text, for reading and for the quarantine; lists are joined."""
    if type(thing) is not dict:
        return {"value": shown(str(thing))}
    cells: dict[str, str] = {}
    for name, value in list(thing.items())[:60]:
        if type(value) is str:
            cells[name[:60]] = value[:1_000]
        elif type(value) in (bool, int, float):
            cells[name[:60]] = str(value)[:60]
        elif type(value) is list and not any(type(item) in (dict, list) for item in value):
            cells[name[:60]] = " ".join(map(str, value))[:1_000]
    return cells


def texts_of(value: Any) -> list[str]:
    """Return the texts of a list; nothing of what is none."""
    return [item for item in value if type(item) is str] if type(value) is list else []
