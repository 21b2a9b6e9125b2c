"""One change sent several times at one moment is made once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections

from kinfold.service.records.models import SpellFact, Thing
from kinfold.service.records.scope import as_system

from .conftest import Api

pytestmark = pytest.mark.django_db(transaction=True)
MISSING = {
    "kind": "missing",
    "values": {"missing_type": "M"},
    "valid_from": "2026-01-02",
    "because": "told by the carer",
}


def test_a_call_made_four_times_at_once_under_one_key_is_made_once(worker: Api, child: Thing) -> None:
    def send(number: int) -> Any:
        try:
            return worker.post(f"/children/{child.uid}/facts", MISSING, **{"Idempotency-Key": "once"})
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(send, range(4)))

    assert {answer.status_code for answer in answers} == {201}, [answer.content for answer in answers]
    assert len({answer.content for answer in answers}) == 1
    with as_system():
        assert SpellFact.objects.filter(subject=child, kind="missing").count() == 1
