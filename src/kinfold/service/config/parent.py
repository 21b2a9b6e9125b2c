"""A process that ends with the one that started it, even one that was killed and could say nothing."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable


def when_gone(parent: int, then: Callable[[], object]) -> None:
    """Watch from a thread, and do `then` within a second of the process `parent` no longer being this one's."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        then()

    threading.Thread(target=watch, daemon=True).start()
