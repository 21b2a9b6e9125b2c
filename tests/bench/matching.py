"""
FHIR `$match` through HTTP: the production server, an API client with a token, one question after another.

At the size of what is loaded in KINFOLD_DATA (or the database KINFOLD_DATABASE_URL names). Each question is about a child
of the council with the most children, with a letter of the name left out. Beside what is seen from outside stands what
the processor does for the same questions in one process, where a machine that is shared shows less.
"""

from __future__ import annotations

import http.client
import json
import os
import statistics
import time
from collections.abc import Sequence
from datetime import date
from typing import Any

from kinfold.identity.kept_while import settled
from tests.bench.names import give_names
from tests.bench.pages import Child, children_loaded, most_children, set_up, slip
from tests.bench.readers import server

P50_MS, P99_MS = 5.0, 15.0
WITHIN_MS = (3, 4, 5, 7, 10, 15, 25, 50, 100)
ROUNDS = int(os.environ.get("ROUNDS", "4"))
ADDRESS = "/api/v1/fhir/Patient/$match"
FORM = "application/json"


def matching() -> list[dict[str, Any]]:
    """Return the middle and the 99th percentile of a look-up through HTTP."""
    os.environ.setdefault("KINFOLD_API_CALLS_A_MINUTE", "1000000")  # it is not the limit that is measured
    set_up()
    give_names()
    holder, people = most_children()
    token = _token(holder)
    bodies = [json.dumps(_question(child)) for child in people]
    worked = _in_process(token, bodies)
    with server() as port:
        _through_http(port, token, bodies[:40])  # each process answers its first few slower: they open the database
        times = [each for _ in range(ROUNDS) for each in _through_http(port, token, bodies)]
    p50, p99 = _cuts(times)
    worked_p50, worked_p99 = _cuts(worked)
    return [{
        "what": "match through HTTP", "children": children_loaded(), "questions": len(times), "p50_ms": p50,
        "p99_ms": p99, "processor_p50_ms": worked_p50, "processor_p99_ms": worked_p99,
        **_histogram(times), "load": round(os.getloadavg()[0], 1), "of_limit": {"p50": p50 / P50_MS, "p99": p99 / P99_MS},
    }]  # fmt: skip


def _token(holder: Any) -> str:
    from kinfold.service.records.actions import api_clients
    from kinfold.service.records.models import ApiClient
    from kinfold.service.records.scope import as_system

    with as_system():
        made = api_clients.add_client(
            holder=holder, organisation="Bench", roles=["emergency_duty_team"], scopes=["identity.match"], by="bench",
            today=date(2020, 1, 1),
        )  # fmt: skip
        issued = api_clients.issue_token(ApiClient.objects.get(client_id=made.client_id), [])
    assert issued is not None
    return issued.token


def _question(child: Child) -> dict[str, Any]:
    given, _, family = slip(child.name).rpartition(" ")
    wanted = {"resourceType": "Patient", "name": [{"given": given.split()[:3], "family": family}],
              "birthDate": child.born.isoformat() if child.born else None}  # fmt: skip
    return {"resourceType": "Parameters", "parameter": [{"name": "resource", "resource": wanted}]}


def _in_process(token: str, bodies: Sequence[str]) -> list[float]:
    from django.test import Client

    client = Client()

    def ask(body: str) -> float:
        began = time.thread_time()
        said = client.post(ADDRESS, body, content_type=FORM, headers={"Authorization": f"Bearer {token}"})
        assert said.status_code == 200, said.content
        return (time.thread_time() - began) * 1000

    for body in bodies[:5]:  # the first few fill what is kept
        ask(body)
    with settled():  # as the server is, before it answers
        return [ask(body) for body in bodies]


def _through_http(port: int, token: str, bodies: Sequence[str]) -> list[float]:
    connection, times = http.client.HTTPConnection("127.0.0.1", port, timeout=60), []
    headers = {"Authorization": f"Bearer {token}", "Content-Type": FORM}
    for body in bodies:
        began = time.perf_counter()
        connection.request("POST", ADDRESS, body, headers)
        said = connection.getresponse()
        said.read()
        times.append((time.perf_counter() - began) * 1000)
        assert said.status == 200, said.status
    connection.close()
    return times


def _histogram(times: Sequence[float]) -> dict[str, str]:
    """Return which share of the answers came within so many milliseconds."""
    shares = {bound: sum(each <= bound for each in times) / len(times) for bound in WITHIN_MS}
    return {"within": ", ".join(f"{bound} ms {share:.1%}" for bound, share in shares.items())}


def _cuts(times: Sequence[float]) -> tuple[float, float]:
    cuts = statistics.quantiles(times, n=100)
    return round(cuts[49], 1), round(cuts[98], 1)
