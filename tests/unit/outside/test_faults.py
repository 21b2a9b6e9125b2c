"""What is made to go wrong with the demonstration's emulated services: one file that every process reads anew."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from kinfold.outside.custodians.local import Down, LocalSystem
from kinfold.outside.custodians.local import Knobs as CustodianKnobs
from kinfold.outside.custodians.running import serve
from kinfold.outside.demographic_service.emulator.service import Knobs
from kinfold.outside.demographic_service.errors import NoAnswer, Refused
from kinfold.outside.demographic_service.transport import DEFAULT_SECONDS
from kinfold.outside.faults import (
    CUSTODIAN_FAULTS,
    FILE,
    NATIONAL_FAULTS,
    systems,
    turn,
    turn_custodian,
    turn_national,
    turned,
)
from kinfold.terms.errors import InputError
from tests.unit.outside.demographic_service.service_here import service
from tests.unit.outside.demographic_service.test_client_and_emulator import ROSALIND


def test_everything_is_well_until_something_is_turned(tmp_path: Path) -> None:
    assert set(turned(tmp_path).values()) == {"well"}
    assert systems()[0] == "national"
    assert len(systems()) == 7


def test_one_is_turned_and_turned_back_and_all_at_once(tmp_path: Path) -> None:
    turn(tmp_path, "national", "down")
    assert turned(tmp_path)["national"] == "down"
    assert turned(tmp_path)["vale-police"] == "well"

    turn(tmp_path, "all", "down")
    assert set(turned(tmp_path).values()) == {"down"}
    turn(tmp_path, "all", "well")
    assert set(turned(tmp_path).values()) == {"well"}


@pytest.mark.parametrize(
    ("system", "fault", "message"),
    [
        ("the-moon", "down", "is none of the emulated systems. Choose one of national, vale-schools"),
        ("national", "silent", "national cannot be made silent. Choose one of well, slow"),
        ("vale-police", "half", "vale-police cannot be made half. Choose one of well, down"),
        ("all", "busy", "vale-schools cannot be made busy"),
    ],
)
def test_a_slip_says_what_there_is_and_turns_nothing(tmp_path: Path, system: str, fault: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        turn(tmp_path, system, fault)

    assert not (tmp_path / FILE).exists()


@pytest.mark.parametrize("broken", ["", "[]", "{", '{"national": "unheard of"}', '{"national": ["down"]}'])
def test_a_file_that_cannot_be_read_turns_nothing(tmp_path: Path, broken: str) -> None:
    (tmp_path / FILE).write_text(broken)

    assert set(turned(tmp_path).values()) == {"well"}


@pytest.mark.parametrize("fault", sorted(set(NATIONAL_FAULTS) - {"well", "slow", "late"}))
def test_whatever_is_turned_the_answer_is_never_nobody_and_comes_once_it_is_well(tmp_path: Path, fault: str) -> None:
    with service(tmp_path) as here:
        here.emulator.turns = lambda knobs: turn_national(knobs, tmp_path)
        turn(tmp_path, "national", fault)

        with pytest.raises((NoAnswer, Refused)) as said:
            here.client.search(ROSALIND)
        if isinstance(said.value, Refused):
            assert said.value.status == 401  # it refuses us, not the child

        turn(tmp_path, "national", "well")
    with service(tmp_path) as here:  # with a breaker that has seen no fault
        here.emulator.turns = lambda knobs: turn_national(knobs, tmp_path)
        assert len(here.client.search(ROSALIND).hits) == 1


def test_slow_answers_in_time_and_late_after_anybody_waits(tmp_path: Path) -> None:
    knobs = Knobs()
    turn(tmp_path, "national", "slow")
    turn_national(knobs, tmp_path)
    assert 0 < knobs.latency < DEFAULT_SECONDS

    turn(tmp_path, "national", "late")
    turn_national(knobs, tmp_path)
    assert knobs.latency > DEFAULT_SECONDS

    turn(tmp_path, "national", "well")
    turn_national(knobs, tmp_path)
    assert (knobs.latency, knobs.seconds_ahead, knobs.down) == (0.0, 0.0, None)


@pytest.mark.parametrize("fault", sorted(CUSTODIAN_FAULTS))
def test_a_custodians_knobs_are_turned_one_at_a_time(tmp_path: Path, fault: str) -> None:
    knobs = CustodianKnobs(down=True, silent=True, wrong_form=True)

    turn(tmp_path, "vale-police", fault)
    turn_custodian(knobs, "vale-police", tmp_path)

    assert (knobs.down, knobs.silent, knobs.wrong_form) == (fault == "down", fault == "silent", fault == "wrong")


def test_a_running_custodian_is_turned_before_each_round(tmp_path: Path) -> None:
    system = LocalSystem("vale-police", "Vale Police", "police", "Crime system", ("crime_justice",))
    stopping = threading.Event()

    class Asked:
        def claim(self, most: int) -> list[Any]:
            stopping.set()
            return []

    turn(tmp_path, "vale-police", "down")
    serve(system, Asked(), stopping, every=0.01, turns=lambda one: turn_custodian(one.knobs, one.code, tmp_path))  # type: ignore[arg-type]

    with pytest.raises(Down):
        system.search({"birth_date": ""}, ["crime_justice"], hour=12)
