"""What a custodian's program does: take work, look in its own system, answer; and what it does when something is wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from kinfold.outside.custodians.client import CustodianClient, Refused, Unreachable
from kinfold.outside.custodians.local import Down, LocalSystem

LONDON = ZoneInfo("Europe/London")
# How long to wait where Kinfold does not say: after a round without work, and after one that failed.
IDLE_SECONDS = 10.0
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Round:
    """What became of one round: how many pieces of work were done, how many answers not taken, when to look again."""

    done: int = 0
    refused: int = 0
    wait: float = 0.0


def _hour() -> int:
    return datetime.now(LONDON).hour


def one_round(
    client: CustodianClient, system: LocalSystem, *, most: int = 20, hour: Callable[[], int] = _hour
) -> Round:
    """
    Take work once and do it. Nothing that goes wrong ends the program: it says when to look again.

    A system that is silent takes work and does not answer: its leases run out and the work is open again.
    """
    try:
        works = client.claim(most)
        if not works:
            return Round(wait=IDLE_SECONDS)
        if system.knobs.silent:
            return Round()
        found = client.answer_all([_answer(system, work, hour()) for work in works if not work["fetch"]])
        given = [_give(client, system, work, hour()) for work in works if work["fetch"]]
    except Refused as error:
        return Round(wait=error.retry_after or IDLE_SECONDS)
    except Unreachable:
        return Round(wait=IDLE_SECONDS)
    refused = sum(not one["taken"] for one in found) + given.count(False)
    return Round(done=len(works) - refused, refused=refused)


def _answer(system: LocalSystem, work: Json, hour: int) -> Json:
    said: Json = {"work": work["work"], "lease": work["lease"], "records": []}
    try:
        held = system.search(work["person"], work["record_types"], hour=hour)
    except Down:
        return {**said, "outcome": "temporary_error"}
    return {**said, "outcome": "records" if held else "none", "records": held}


def _give(client: CustodianClient, system: LocalSystem, work: Json, hour: int) -> bool:
    """Give a record, or say why not; return whether what was said was taken."""
    try:
        payload = system.give(work["record"], work["person"], hour=hour)
    except Down:
        return _not_given(client, work, "temporary_error")
    if payload is None:
        return _not_given(client, work, "none")
    try:
        client.give(work["work"], work["lease"], payload)
    except Refused as error:
        if error.status == 422:  # not of the published form: saying it again will not help
            _not_given(client, work, "permanent_error")
        return False
    return True


def _not_given(client: CustodianClient, work: Json, outcome: str) -> bool:
    try:
        client.not_given(work["work"], work["lease"], outcome)
    except Refused:
        return False
    return True
