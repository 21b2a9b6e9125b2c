"""
How well and how fast children are told apart, the national service is asked, and sharing is decided.

SCALE=council is a hundred thousand children; region and england a million.
"""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl

from kinfold.identity.bulk import dedupe_all
from kinfold.identity.decide import Decision
from kinfold.identity.generator import Plan, World, duplicated, invent, stock_from
from kinfold.identity.measure import Figures, figures, look_up_all
from kinfold.identity.rarity import Rarity
from kinfold.identity.score import shipped_model
from kinfold.outside.demographic_service.emulator.people import People, from_rows, reserved_numbers
from kinfold.outside.demographic_service.emulator.rules import Problem, question
from kinfold.outside.demographic_service.emulator.searching import search
from kinfold.outside.demographic_service.errors import Refused
from kinfold.outside.demographic_service.matching import Judge, LookedUp, look_up
from kinfold.outside.demographic_service.patient import Found, Hit
from kinfold.outside.demographic_service.plans import PLANS
from kinfold.outside.demographic_service.search import Asked, Search
from kinfold.sharing.agreements import Agreement, Mode, OrganisationSort, Purpose, RecordType, Request, Rule, by_holder
from kinfold.sharing.enforcing import Enforcer, Head
from kinfold.sharing.policy import compiled

Row = dict[str, Any]
NAMES = Path(__file__).resolve().parents[2] / "src" / "kinfold" / "synthetic" / "names.toml"
SEED = 424_000
PLAIN = ("sex", "postcode", "middle")
FULL = ("sex", "postcode", "postcode_prev", "address", "nhs", "middle")
SIZES = {"council": 100_000, "region": 1_000_000, "england": 1_000_000}


def _people() -> int:
    return SIZES[os.environ.get("SCALE", "council")]


def identity() -> list[Row]:
    """Return every figure of this file."""
    return [row for bench in (_registers, _dedupe, _national, _sharing) for row in bench()]


def _least(value: float, limit: float) -> float:
    """Return a figure that must not be below its limit as a share of it: over 1 is not good enough."""
    return limit / value if value else float("inf")


# Who is asked about and not there. As the research had it, one in ten is a twin of somebody who is and four in ten a brother
# or sister; harder, a quarter are twins.
AS_RESEARCHED, HARDER = (0.1, 0.4, 0.25, 0.25), (0.25, 0.25, 0.25, 0.25)


# Where 999 of 1,000 matches are right, the 46 wrong ones decide how many are found; of 20,000 look-ups it would be 15.
QUERIES = 60_000


def _registers() -> Iterator[Row]:
    """Few particulars are names, day, sex and postcode; of few names, ten family names are one child's in eight."""
    people = _people()
    for label, wide, columns, absent in (
        ("full records", True, FULL, AS_RESEARCHED),
        ("few particulars", True, PLAIN, AS_RESEARCHED),
        ("few particulars, few names", False, PLAIN, AS_RESEARCHED),
        ("few particulars, few names, more twins", False, PLAIN, HARDER),
    ):
        world = invent(Plan(people, QUERIES, SEED, wide=wide, absent=0.2, columns=columns, among_absent=absent),
                       stock_from(NAMES, wide=wide, seed=SEED))  # fmt: skip
        found = figures(look_up_all(world.register, world.queries, shipped_model()))
        yield _found(f"match, {people:,} children, {label}", found)


def _found(what: str, found: Figures) -> Row:
    worst = min(found.by_error, key=lambda error: found.by_error[error])
    return {
        "what": what,
        "recall_at_precision_999": round(found.recall_at_999, 4),
        "candidate_recall": round(found.candidate_recall, 4),
        "worst_error": f"{worst} {found.by_error[worst]}",
        "twin_false_matches": round(found.twin_false_matches, 4),
        "p50_ms": round(found.p50_ms, 3),
        "p99_ms": round(found.p99_ms, 3),
        "processor_p50_ms": round(found.p50_ms_of_processor, 3),
        "processor_p99_ms": round(found.p99_ms_of_processor, 3),
        "load": round(os.getloadavg()[0], 1),
        "origin_gap": round(found.origin_gap, 4),
        "of_limit": {
            "recall": _least(found.recall_at_999, 0.95),
            "candidates": _least(found.candidate_recall, 0.998),
            "worst error": _least(found.by_error[worst], 0.97),
            "twins": found.twin_false_matches / 0.015,
            "p50": found.p50_ms / 0.3,
            "p99": found.p99_ms / 2,
        },
    }


def _dedupe() -> Iterator[Row]:
    people = _people()
    stock = stock_from(NAMES, wide=True, seed=SEED + 1)
    with TemporaryDirectory() as folder, ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
        file = Path(folder) / "people.parquet"
        duplicated(Plan(people, 0, SEED + 1, duplicates=0.18, columns=PLAIN), stock).write_parquet(file)
        # in a process of its own: the memory of the registers before it is not counted
        yield alone.submit(_deduplicated, file).result()


def _deduplicated(file: Path) -> Row:
    rows = pl.read_parquet(file)
    began, worked = time.perf_counter(), time.process_time()
    done = dedupe_all(rows.drop("truth"), shipped_model())
    worked, seconds = time.process_time() - worked, time.perf_counter() - began
    right, said, true = _pairs(rows["truth"].to_list(), done.clusters["cluster_id"].to_list())
    f1 = 2 * right / (said + true)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_048_576
    return {
        "what": f"de-duplicate {rows.height:,} records", "seconds": round(seconds, 1),
        "processor_s": round(worked, 1), "load": round(os.getloadavg()[0], 1), "f1": round(f1, 4),
        "peak_gb": round(peak, 2),
        "of_limit": {"seconds": seconds / (75 * rows.height / 1e6), "f1": _least(f1, 0.97), "memory": peak / 2},
    }  # fmt: skip


def _pairs(truth: Sequence[str], cluster: Sequence[str]) -> tuple[int, int, int]:
    """Return how many pairs of rows are rightly joined, joined, and of one person."""

    def count(column: str | Sequence[str]) -> int:
        sizes = pl.DataFrame({"truth": truth, "cluster": cluster}).group_by(column).len()["len"]
        return int((sizes * (sizes - 1) // 2).sum())

    return count(["truth", "cluster"]), count("cluster"), count("truth")


# ---- the national service
def _national() -> Iterator[Row]:
    world = invent(Plan(20_000, 1_500, SEED + 2, absent=0.2, columns=FULL), stock_from(NAMES, wide=True, seed=SEED + 2))
    people = People().add(from_rows(world.register.drop("nhs").iter_rows(named=True), reserved_numbers()))
    truth = dict(zip(world.register["unique_id"].to_list(), people.by_number, strict=True))
    judge = Judge(shipped_model(), Rarity(size=20_000))
    for name in PLANS:
        outcomes = list(_asked(world, people, judge, name, truth))
        matched = [right for _, found, right in outcomes if found.decision is Decision.MATCH]
        calls = sum(len(found.made) for _, found, _ in outcomes) / len(outcomes)
        there = sum(bool(known) for known, _, _ in outcomes)
        row: Row = {
            "what": f"national service, plan {name}", "calls_a_child": round(calls, 2),
            "precision": round(sum(matched) / max(len(matched), 1), 4), "recall": round(sum(matched) / there, 4),
        }  # fmt: skip
        yield row | ({"of_limit": {"calls": calls / 2.5}} if name == "kinfold" else {})


def _asked(
    world: World, people: People, judge: Judge, plan: str, truth: dict[str, str]
) -> Iterator[tuple[str, LookedUp, bool]]:
    ask = asking(people)
    for row in world.queries.iter_rows(named=True):
        known = truth.get(row["truth"], "")
        found = look_up(asked_from(row), ask, judge, PLANS[plan])
        best = found.best.patient.nhs_number if found.best else ""
        yield known, found, bool(known) and best == known


def asking(people: People) -> Callable[[Search], Found]:
    """Return what asks the emulator's people without a line between: rules and searching as over HTTP."""

    def ask(asked: Search) -> Found:
        try:
            wanted = question(asked.parameters(), most_allowed=1)
        except Problem as problem:
            raise Refused(problem.diagnostics, code=problem.code, status=problem.status) from problem
        found = search(people, wanted)
        if len(found) > wanted.most:
            return Found(too_many=True)
        return Found(tuple(Hit(one.entry.patient, one.score) for one in found))

    return ask


def asked_from(row: dict[str, str]) -> Asked:
    """Return a query of an invented world as it is asked of the service; a day that is not whole is no day."""
    from kinfold.identity.dates import day_digits

    born = day_digits(row["dob"])
    whole = date(int(born[:4]), int(born[4:6]), int(born[6:])) if born[6:] > "00" else None
    return Asked(
        given=row["given"], family=row["family"], birth_date=whole, gender=row["sex"], postcode=row["postcode"]
    )


# ---- sharing
def _sharing() -> Iterator[Row]:
    chance = Random(SEED)
    sorts = list(OrganisationSort)
    directory = {f"organisation-{number}": chance.choice(sorts) for number in range(2_000)}
    names = list(directory)
    agreements = by_holder(
        Agreement(holder=name, defaults=tuple(_rule(chance, names) for _ in range(4)),
                  exceptions=tuple(_rule(chance, names) for _ in range(6)))
        for name in names
    )  # fmt: skip
    began = time.perf_counter()
    policy = compiled(agreements, directory)
    seconds = time.perf_counter() - began
    asks = [
        Request(holder=chance.choice(names), asker=chance.choice(names), mode=chance.choice(list(Mode)),
                record_type=chance.choice(list(RecordType)), purpose=chance.choice(list(Purpose)),
                on=date(2026, chance.randint(1, 12), 1))
        for _ in range(50_000)
    ]  # fmt: skip
    micro = min(_each(policy.allows, asks) for _ in range(5)) * 1e6
    yield {"what": "one sharing decision, 2,000 organisations", "microseconds": round(micro, 2),
           "compiled_in_s": round(seconds, 2), "of_limit": {"microseconds": micro / 2}}  # fmt: skip
    enforcer = Enforcer(lambda: Head(1, policy.digest), lambda _: policy)
    micro = min(_each(enforcer.allows, asks) for _ in range(5)) * 1e6
    yield {"what": "the same through the enforcer, which looks whether it still holds", "microseconds": round(micro, 2),
           "of_limit": {"microseconds": micro / 2}}  # fmt: skip


def _each(ask: Callable[[Request], bool], asks: Sequence[Request]) -> float:
    began = time.process_time()  # of the processor: what else the machine does is not the policy's
    for one in asks:
        ask(one)
    return (time.process_time() - began) / len(asks)


def _rule(chance: Random, names: Sequence[str]) -> Rule:
    def some(of: Any) -> frozenset[Any]:
        return frozenset(chance.sample(list(of), chance.randint(1, len(list(of)))))

    named = chance.random() < 0.3
    return Rule(
        allows=chance.random() < 0.7, modes=some(Mode), record_types=some(RecordType), purposes=some(Purpose),
        sorts=frozenset() if named else some(OrganisationSort),
        organisations=frozenset(chance.sample(names, 5)) if named else frozenset(),
        since=date(2026, chance.randint(1, 6), 1) if chance.random() < 0.3 else None,
    )  # fmt: skip
