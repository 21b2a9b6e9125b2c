"""Writing small files and reading them through the doors, as every test here does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kinfold.files.received import Incoming
from kinfold.files.recognise import Options, recognise
from kinfold.record.claim import Claim, Delivery, SubjectRecord

TODAY = date(2026, 6, 1)
Loaded = tuple[Delivery, list[SubjectRecord]]


@pytest.fixture
def load(tmp_path: Path) -> Callable[..., Loaded]:
    """Return a function that writes files (name: content), and reads them as the one delivery they make."""

    def read(files: dict[str, str | bytes] | Path, **options: Any) -> Loaded:
        path = files if isinstance(files, Path) else tmp_path / "given"
        if not isinstance(files, Path):
            path.mkdir(exist_ok=True)
            for name, content in files.items():
                (path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        found = recognise([Incoming(path.name, path)], today=TODAY, options=Options(**options))
        assert not found.refused
        assert len(found) == 1
        return found[0], list(found[0].read())

    return read


@pytest.fixture
def stated() -> Callable[[list[SubjectRecord]], dict[Any, list[Any]]]:
    """Return a function that gives what subjects state, in an order of its own and without places."""

    def of(claim: Claim) -> tuple[Any, ...]:
        days = (str(claim.valid_from), str(claim.valid_to))
        return (claim.kind, claim.natural_key, *days, sorted(claim.payload.items()), claim.party, claim.ref)

    return lambda subjects: {s.subject: sorted((of(c) for c in s.claims), key=repr) for s in subjects}
