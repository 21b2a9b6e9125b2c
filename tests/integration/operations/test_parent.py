"""A process beside another ends with it, even where that one was killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

CHILD = "import os, sys, time; from kinfold.service.config.parent import when_gone; when_gone(os.getppid(), lambda: os._exit(0)); print(os.getpid(), flush=True); time.sleep(600)"
PARENT = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {CHILD!r}])"


def test_it_ends_when_the_one_that_started_it_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        parent.send_signal(signal.SIGKILL)

        for _ in range(600):
            if not _runs(child):
                break
            time.sleep(0.1)
        assert not _runs(child)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
