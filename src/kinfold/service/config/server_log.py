"""gunicorn's log lines through our own formatter, which drops their arguments: an address can hold a name."""

from __future__ import annotations

import logging
from typing import Any

from gunicorn.glogging import Logger


class Quiet(Logger):  # type: ignore[misc]
    """gunicorn's logger without handlers of its own: lines go to the root's, and there is no access log."""

    def setup(self, cfg: Any) -> None:
        """Let the error log's lines go up to the root."""
        self.cfg = cfg
        self._access_log_enabled = False
        self.error_log.handlers.clear()
        self.error_log.propagate = True
        self.error_log.setLevel(logging.WARNING)

    def access(self, *args: Any, **kwargs: Any) -> None:
        """Write nothing: kinfold.request has a line by route."""

    def reopen_files(self) -> None:
        """Do nothing: there are no files."""
