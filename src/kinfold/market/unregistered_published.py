"""What has been published about settings that are not registered: counts of those opened and, where said, of those determined."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class PublishedYear:
    """A year's published counts, each None where nobody has published it; a share only of a count that is there."""

    year: str
    source: str
    certainty: str
    opened: int | None = None
    determined: int | None = None
    registrable: int | None = None
    note: str = ""

    @property
    def of_opened(self) -> float | None:
        """Return the share that should be registered, of those opened."""
        return self._share(self.opened)

    @property
    def of_determined(self) -> float | None:
        """Return the share that should be registered, of those determined."""
        return self._share(self.determined)

    def _share(self, whole: int | None) -> float | None:
        return self.registrable / whole if self.registrable is not None and whole else None


@cache
def published_years() -> tuple[PublishedYear, ...]:
    """Return the years of which figures were published, the earliest first."""
    text = Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
    return tuple(PublishedYear(**one) for one in tomllib.loads(text)["years"])
