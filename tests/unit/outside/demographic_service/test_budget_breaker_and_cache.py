from __future__ import annotations

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kinfold.outside.demographic_service.breaker import Breaker
from kinfold.outside.demographic_service.budget import SharedBudget
from kinfold.outside.demographic_service.errors import NoAnswer
from kinfold.outside.demographic_service.remembered import Remembered, hashed


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_goes_at_once_and_the_rest_are_spaced(tmp_path: Path) -> None:
    budget = SharedBudget(tmp_path / "b", per_second=5, burst=5, clock=Clock())

    waits = [round(budget.take(most=10), 3) for _ in range(8)]

    assert waits == [0, 0, 0, 0, 0, 0.2, 0.4, 0.6]


def test_whoever_would_wait_too_long_is_told_and_takes_nothing(tmp_path: Path) -> None:
    clock = Clock()
    budget = SharedBudget(tmp_path / "b", per_second=1, burst=1, clock=clock)
    budget.take(most=0)

    with pytest.raises(NoAnswer) as told:
        budget.take(most=0.5)
    clock.now += 1

    assert told.value.again_in == 1
    assert budget.take(most=0) == 0


def test_nobody_asks_while_the_service_has_had_enough(tmp_path: Path) -> None:
    budget = SharedBudget(tmp_path / "b", per_second=5, burst=5, clock=Clock())

    budget.hold(3)

    assert round(budget.take(most=10), 3) == 3


def test_all_processes_of_a_machine_share_one_budget(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from kinfold.outside.demographic_service.budget import SharedBudget;"
        "b = SharedBudget(Path(sys.argv[1]), per_second=1, burst=1, clock=lambda: 1000.0);"
        "print(*[round(b.take(most=99)) for _ in range(5)])"
    )

    runs = [
        subprocess.run([sys.executable, "-c", script, str(tmp_path / "b")], capture_output=True, check=True, text=True)
        for _ in range(2)
    ]

    waits = sorted(int(wait) for run in runs for wait in run.stdout.split())
    assert waits == list(range(10))


def test_after_five_failures_nobody_asks_until_one_trial_succeeds() -> None:
    clock = Clock()
    breaker = Breaker(failures=5, rest=30, clock=clock)
    for _ in range(5):
        breaker.check()
        breaker.failed()

    with pytest.raises(NoAnswer):
        breaker.check()
    clock.now += 31
    breaker.check()
    with pytest.raises(NoAnswer):  # the trial is under way: everybody else waits for it
        breaker.check()
    breaker.succeeded()
    breaker.check()


def test_a_question_is_asked_once_while_its_answer_is_fresh() -> None:
    clock, asked = Clock(), []
    kept: Remembered[str] = Remembered(b"key", seconds=60, clock=clock)

    first = kept.get(["a", "b"], lambda: asked.append(1) or "one")  # type: ignore[func-returns-value]
    second = kept.get(["a", "b"], lambda: "two")
    clock.now += 61
    third = kept.get(["a", "b"], lambda: "three")

    assert (first, second, third, len(asked)) == ("one", "one", "three", 1)


def test_who_asks_the_same_while_it_is_being_asked_waits_for_that_answer() -> None:
    began, go = threading.Event(), threading.Event()
    asked: list[int] = []
    kept: Remembered[str] = Remembered(b"key")

    def slowly() -> str:
        asked.append(1)
        began.set()
        go.wait(5)
        return "answer"

    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(kept.get, ["q"], slowly)
        began.wait(5)
        others = [pool.submit(kept.get, ["q"], slowly) for _ in range(3)]
        go.set()

        assert [flight.result(5) for flight in (first, *others)] == ["answer"] * 4
    assert len(asked) == 1


def test_a_failure_is_never_kept() -> None:
    kept: Remembered[str] = Remembered(b"key")

    def fail() -> str:
        raise NoAnswer("down")

    with pytest.raises(NoAnswer):
        kept.get(["q"], fail)

    assert kept.get(["q"], lambda: "up") == "up"


def test_the_hash_needs_the_key_and_knows_where_each_part_ends() -> None:
    assert hashed(b"one", ["ab", "c"]) != hashed(b"two", ["ab", "c"])
    assert hashed(b"one", ["ab", "c"]) != hashed(b"one", ["a", "bc"])
    assert hashed(b"one", ["é"]) != hashed(b"one", ["?"])
