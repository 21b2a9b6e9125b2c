"""A progress bar on standard error; silent where nobody is watching."""

from __future__ import annotations

import sys
from typing import Any


class Bar:
    """Shows how far each named part is. Use it in a `with` block and hand `move` on as the progress callback."""

    def __init__(self, *, quiet: bool | None = None) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        silent = not sys.stderr.isatty() if quiet is None else quiet
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            disable=silent,
        )
        self._parts: dict[str, Any] = {}

    def __enter__(self) -> Bar:
        self._bar.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._bar.stop()

    def move(self, label: str, done: int, out_of: int | None) -> None:
        """Show that `done` of `out_of` are done of the part called `label`."""
        if label not in self._parts:
            self._parts[label] = self._bar.add_task(label, total=out_of)
        self._bar.update(self._parts[label], completed=done, total=out_of)
