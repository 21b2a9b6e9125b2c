"""Takes jobs and does them, one at a time, until told to stop."""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
import time
from types import FrameType

from django.db import close_old_connections, connections

from kinfold.service.jobs import adopted, clocks, packs, pairs, register  # noqa: F401 -- name their tasks
from kinfold.service.jobs.alive import say_alive
from kinfold.service.jobs.daily import DailyRound
from kinfold.service.jobs.queue import LEASE, Taken, fail, finish, renew, take
from kinfold.service.jobs.tasks import run_task
from kinfold.terms.errors import KinfoldError

log = logging.getLogger("kinfold.worker")
IDLE_SECONDS = 1.0


class Worker:
    """One worker. `run` goes on until `stop` is called or, with `once`, until nothing is left to do."""

    def __init__(self) -> None:
        self.name = f"{socket.gethostname()[:40]}:{os.getpid()}:{threading.get_ident() % 10_000}"
        self._stopping = threading.Event()

    def stop(self, signum: int | None = None, frame: FrameType | None = None) -> None:
        """Finish the job in hand and stop."""
        self._stopping.set()

    def stop_on_signals(self) -> None:
        """Stop at the end of the job in hand when the system asks."""
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)

    def run(self, *, once: bool = False) -> int:
        """Do jobs and return how many were done."""
        done, day = 0, DailyRound()
        while not self._stopping.is_set():
            close_old_connections()
            say_alive()
            job = take(self.name)
            if job is not None:
                self._do(job)
                done += 1
            elif once:
                break
            else:
                day.see_to_it()
                self._stopping.wait(IDLE_SECONDS)
        return done

    def _do(self, job: Taken) -> None:
        beat = _Heartbeat(job)
        beat.start()
        started = time.perf_counter()
        try:
            finish(job, run_task(job))
        except KinfoldError as error:
            fail(job, str(error), again=False)  # trying again would say the same
        except Exception as error:
            log.exception("job failed", extra={"job": job.name})
            fail(job, f"A fault of ours: {type(error).__name__}. It will be tried again.", again=True)
        finally:
            beat.stop()
        log.info("job done", extra={"job": job.name, "seconds": round(time.perf_counter() - started, 2)})


class _Heartbeat(threading.Thread):
    """Renews a job's lease from its own connection while the job runs."""

    def __init__(self, job: Taken) -> None:
        super().__init__(daemon=True)
        self.job = job
        self._over = threading.Event()

    def run(self) -> None:
        """Renew until told that the job is over or somebody else has it."""
        try:
            while not self._over.wait(LEASE.total_seconds() / 3):
                say_alive()
                if not renew(self.job):
                    return
        finally:
            connections.close_all()

    def stop(self) -> None:
        """Say that the job is over."""
        self._over.set()
        self.join(timeout=5)
