"""
Work that custodians pull: claims and completions a second, on disk, with the machine's own sync rate beside it; the audit's
events a second; and how soon a revocation holds elsewhere.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

from tests.bench.identity import Row

WORK = 20_000
PROCESSES = 2
GROUP = 500
LEAST_A_SECOND = 2_000
SYNCS = 200
REVOCATIONS = 5
EVENTS, EVENTS_IN_GROUP, LEAST_EVENTS_A_SECOND = 40_000, 1_000, 20_000


def sharing() -> list[Row]:
    """Return how many pieces of work a second are taken and answered, each group one transaction with its audit."""
    from kinfold.command.line import start_service

    start_service()
    from django.db import connection

    from kinfold.service.records.setting_up import migrate_all
    from tests.integration.sharing.test_leases_at_once import much_work

    migrate_all()
    much_work(WORK)
    connection.close()
    began = time.perf_counter()
    pullers = [
        subprocess.Popen([sys.executable, "-m", "tests.bench.sharing"], stdout=subprocess.PIPE)
        for _ in range(PROCESSES)
    ]
    said = [one.communicate()[0].split() for one in pullers]
    done = sum(int(one[0]) for one in said)
    # from the first claim to the last answer: the start of Python and Django is left out
    seconds = max(float(one[2]) for one in said) - min(float(one[1]) for one in said)
    worked = sum(float(one[3]) for one in said)
    assert done == WORK, f"{done} of {WORK} were done once"
    rate = WORK / seconds
    return [{
        "what": "custodians' work: claims and completions", "a_second": round(rate), "pieces": WORK, "group": GROUP,
        "processes": PROCESSES, "processor_ms_a_piece": round(worked * 1000 / WORK, 2),
        "load": round(os.getloadavg()[0], 1), "wall_s": round(time.perf_counter() - began, 1), **_durability(), **_machine(),
        "of_limit": {"a_second": LEAST_A_SECOND / rate},
    }]  # fmt: skip


def revocation() -> list[Row]:
    """Return how long after a revocation was kept another process was still told yes, at most."""
    from kinfold.command.line import start_service

    start_service()
    from kinfold.service.records.setting_up import migrate_all
    from tests.integration.sharing import test_revocation_elsewhere as elsewhere
    from tests.integration.sharing.watching import last_told_yes, watching

    migrate_all()
    row = elsewhere.police_that_tell()
    waited = []
    for _ in range(REVOCATIONS):
        elsewhere.agree(row)
        with watching(row.held_by_id, holder=elsewhere.POLICE.code, asker="990") as process:
            kept = elsewhere.revoke(row)
            waited.append(last_told_yes(process) - kept)
    return [{"what": "a revocation, in another process", "revocations": REVOCATIONS, "longest_s": round(max(waited), 3),
             **_durability(), "of_limit": {"longest_s": max(waited)}}]  # fmt: skip


def audit() -> list[Row]:
    """Return how many events a second the audit takes in groups, each group on disk before the next, and how fast a chain is verified."""
    from kinfold.command.line import start_service

    start_service()
    from kinfold.service.records import audit as chain
    from kinfold.service.records.models import Holder
    from kinfold.service.records.scope import as_system
    from kinfold.service.records.setting_up import migrate_all

    migrate_all()
    holder, _ = Holder.objects.get_or_create(code="998", defaults={"name": "Everything"})
    groups = [[_event(number) for number in range(EVENTS_IN_GROUP)] for _ in range(EVENTS // EVENTS_IN_GROUP)]
    began, worked = time.perf_counter(), time.process_time()
    for group in groups:
        with as_system():
            chain.append(holder.pk, group)
    seconds, worked = time.perf_counter() - began, time.process_time() - worked
    looked = time.perf_counter()
    broken = chain.verify_chain(holder.pk)
    assert not broken, broken[:3]
    rate = EVENTS / seconds
    return [{
        "what": "audit: events in groups", "a_second": round(rate), "events": EVENTS, "group": EVENTS_IN_GROUP,
        "processor_us_an_event": round(worked * 1e6 / EVENTS, 1), "load": round(os.getloadavg()[0], 1),
        "verified_a_second": round(EVENTS / (time.perf_counter() - looked)), **_durability(), **_machine(),
        "of_limit": {"a_second": LEAST_EVENTS_A_SECOND / rate},
    }]  # fmt: skip


def _event(number: int) -> Any:
    return {"actor": f"account-{number % 97}", "organisation": "A council", "role": "social_worker", "action": "match: match",
            "person": str(uuid4()), "reason": "weights 3", "body": {"trace": uuid4().hex, "client": "bench"}}  # fmt: skip


def _durability() -> dict[str, Any]:
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("pragma synchronous")
            return {"database": "sqlite", "synchronous": cursor.fetchone()[0]}
        found = {"database": "postgresql"}
        for name in ("fsync", "synchronous_commit"):
            cursor.execute(f"show {name}")
            found[name] = cursor.fetchone()[0]
        return found


def _machine() -> dict[str, float]:
    """Return how many writes of eight kibibytes a second this machine's disk confirms, one after another."""
    with tempfile.NamedTemporaryFile(dir=os.environ.get("KINFOLD_DATA") or Path.cwd()) as file:
        began = time.perf_counter()
        for _ in range(SYNCS):
            file.write(b"\0" * 8192)
            file.flush()
            os.fdatasync(file.fileno())
        return {"syncs_a_second": round(SYNCS / (time.perf_counter() - began))}


def _pull() -> None:
    """Take and answer until there is nothing left; say how many, the moments of the first and the last, and the processor's time."""
    from kinfold.command.line import start_service

    start_service()
    from uuid import UUID

    from kinfold.service.records.actions import finding_asks, finding_leases
    from kinfold.service.records.models import SharingOrganisation
    from kinfold.sharing.finding import Outcome

    custodian = SharingOrganisation.objects.get(code="vale-police")
    done, first, last, worked = 0, time.time(), time.time(), time.process_time()
    while works := finding_leases.claim(custodian, most=GROUP):
        answers = [finding_asks.Answer(UUID(one.work), UUID(one.lease), Outcome.NONE) for one in works]
        done += sum(not why for why in finding_asks.answer(custodian, answers).values())
        last = time.time()
    print(done, first, last, time.process_time() - worked)


if __name__ == "__main__":
    _pull()
