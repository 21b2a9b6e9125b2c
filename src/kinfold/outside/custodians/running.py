"""
All six organisations' systems on this machine: `python -m kinfold.outside.custodians.running FILE ADDRESS`.

FILE is JSON: the children they know, a seed, and each organisation's client id and secret. The demonstration writes it.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kinfold.outside.custodians.answering import one_round
from kinfold.outside.custodians.children import known_from, systems
from kinfold.outside.custodians.client import CustodianClient
from kinfold.outside.custodians.local import LocalSystem

# How often an invented system looks: often enough that somebody who watches sees answers come one after another.
LOOK_SECONDS = 2.0
Turns = Callable[[LocalSystem], None]


def serve(
    system: LocalSystem, client: CustodianClient, stopping: threading.Event, *, every: float, turns: Turns | None = None
) -> None:
    """
    Do rounds until told to stop; wait as long as Kinfold says, but never longer than three looks.

    `turns`, where it is given, turns the system's knobs before each round.
    """
    while not stopping.is_set():
        if turns is not None:
            turns(system)
        done = one_round(client, system)
        stopping.wait(0.0 if done.done else min(max(done.wait, every), 3 * every))


@contextmanager
def running(
    made: Sequence[LocalSystem], clients: Mapping[str, CustodianClient], *, every: float = LOOK_SECONDS,
    turns: Turns | None = None,
) -> Iterator[None]:  # fmt: skip
    """Run systems, each in a thread of its own with its own client, for the length of a block."""
    stopping = threading.Event()
    threads = [
        threading.Thread(
            target=serve, args=(one, clients[one.code], stopping), kwargs={"every": every, "turns": turns}, daemon=True
        )
        for one in made
        if one.code in clients
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stopping.set()
        for thread in threads:
            thread.join(timeout=10)


def from_file(file: Path, address: str) -> tuple[list[LocalSystem], dict[str, CustodianClient]]:
    """Return the systems and clients that a file describes."""
    said: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    made = systems(known_from(said["children"]), seed=int(said["seed"]), today=datetime.now(UTC).date())
    clients = {
        code: CustodianClient(address, one["client_id"], secret=one["secret"]) for code, one in said["clients"].items()
    }
    return made, clients


def main() -> None:
    """Run until stopped."""
    if len(sys.argv) != 3:
        raise SystemExit("Say which file and which address: running.py FILE http://127.0.0.1:8000")
    made, clients = from_file(Path(sys.argv[1]), sys.argv[2])
    with running(made, clients):
        threading.Event().wait()


if __name__ == "__main__":
    main()
