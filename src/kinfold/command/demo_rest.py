"""The other organisations' systems, and the rest of the demonstration's files, while its first pages are already open."""

from __future__ import annotations

import logging
import os
import sys
import threading
from pathlib import Path

from kinfold.command.demo import add_sharing, add_the_rest
from kinfold.command.line import start_service
from kinfold.service.config.parent import when_gone


def _be_the_others(address: str) -> None:
    """Be the systems of the other organisations until told to stop: they pull their work from the address."""
    from kinfold.outside.custodians.running import from_file, running
    from kinfold.outside.faults import turn_custodian
    from kinfold.service.records.actions.agreements_demonstration import custodians_file

    if custodians_file().exists():
        made, clients = from_file(custodians_file(), address)
        folder = custodians_file().parent
        with running(made, clients, turns=lambda one: turn_custodian(one.knobs, one.code, folder)):
            threading.Event().wait()


if __name__ == "__main__":
    start_service()
    when_gone(int(sys.argv[3]), lambda: os._exit(1))  # a load that ends here is finished by the next demonstration
    add_sharing()  # whoever asks at once who else knows a child must not be told that nobody is there to ask
    others = threading.Thread(target=_be_the_others, args=(sys.argv[2],), daemon=True)
    others.start()
    try:
        add_the_rest(Path(sys.argv[1]))
    except Exception:
        # the next demonstration loads what is missing; the other organisations go on answering meanwhile
        logging.getLogger("kinfold.demonstration").exception(
            "the rest of the demonstration is not loaded: start it again"
        )
    others.join()
