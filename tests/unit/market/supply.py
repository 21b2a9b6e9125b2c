"""What tests of the supply of homes share: a journal under way, and days counted back from an invented today."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from kinfold.market.cases.journal import Line, appended
from kinfold.market.policy import pack

NOW = datetime(2026, 6, 1, 10, tzinfo=UTC)
TODAY = NOW.date()
PACK = pack("england", TODAY)


class Journal:
    """A journal under way: `write` adds a line as somebody and works the case."""

    def __init__(self, room: Any, **opened: Any) -> None:
        self.room, self.lines = room, list[Line]()
        self.at = NOW
        self.write("opened", reasons="Agreed", **opened)

    def write(self, sort: str, by: str = "ann", reasons: str = "", **said: Any) -> Any:
        line = appended(self.lines, sort=sort, said=said, by=by, name=by.title(), at=self.at, reasons=reasons)
        made = self.room.worked([*self.lines, line])
        self.lines.append(line)
        self.at += timedelta(minutes=1)
        return made

    @property
    def working(self) -> Any:
        return self.room.worked(self.lines)


def ago(days: int) -> str:
    return (TODAY - timedelta(days=days)).isoformat()
