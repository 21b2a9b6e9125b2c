"""Another system asks who holds what about a child: the question, its answers as they come, a record, and refusals."""

from __future__ import annotations

import json
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from kinfold.outside.demographic_service.transport import Reply, Request
from kinfold.service.records.actions import agreements, api_clients
from kinfold.service.records.models import AuditBody, AuditEntry
from kinfold.service.records.scope import as_system
from tests.integration.sharing.conftest import Sharing, through_django

pytestmark = pytest.mark.django_db
TRACE = "0af7651916cd43dd8448eb211c80319c"


class Searcher:
    """A client of the council's own case system."""

    def __init__(self, sharing: Sharing, *scopes: str, role: str = "emergency_duty_team") -> None:
        with as_system():
            made = api_clients.add_client(
                holder=sharing.world.holder, organisation=sharing.world.holder.name, roles=[role],
                scopes=scopes or ["asks"], by="test", today=date(2026, 1, 1),
            )  # fmt: skip
        said = {"grant_type": "client_credentials", "client_id": made.client_id, "client_secret": made.secret}
        reply = through_django(Request.form("http://testserver/api/v1/oauth/token", said))
        self.client_id, self.token = made.client_id, json.loads(reply.body)["access_token"]

    def call(self, method: str, path: str, body: Any = None) -> Reply:
        headers = {
            "Authorization": f"Bearer {self.token}", "X-On-Behalf-Of": "asha.lind", "Content-Type": "application/json",
            "traceparent": f"00-{TRACE}-b7ad6b7169203331-01",
        }  # fmt: skip
        sent = json.dumps(body).encode() if body is not None else None
        return through_django(Request(f"http://testserver/api/v1{path}", method, headers, sent))

    def ask(self, child: str, **changed: Any) -> Reply:
        said = {"person": child, "purpose": "safeguarding", "because": "section 47 enquiry begun today"} | changed
        return self.call("POST", "/asks", said)


def test_a_system_asks_sees_every_state_and_opens_a_record(sharing: Sharing) -> None:
    searcher = Searcher(sharing)
    asked = json.loads(searcher.ask(sharing.world.uid()).body)
    again = json.loads(searcher.ask(sharing.world.uid()).body)
    sharing.systems["vale-homes"].entries.clear()
    sharing.rounds()
    found = json.loads(searcher.call("GET", f"/asks/{asked['ask']}").body)

    assert again["ask"] == asked["ask"]
    assert {one["state"] for one in asked["custodians"]} == {"waiting"}
    assert (asked["percent_ended"], found["percent_ended"]) == (0, 100)
    states = {one["name"]: one for one in found["custodians"]}
    assert states["Vale Homes"]["state"] == "none"
    (record,) = states["Vale Schools Trust"]["records"]
    assert record["may_be_fetched"]

    made = searcher.call("POST", f"/asks/{asked['ask']}/records/{record['record']}", {})
    assert made.status == 201
    link = json.loads(made.body)["link"]
    before = json.loads(searcher.call("GET", f"/fetched/{link}").body)
    sharing.round("vale-schools")
    after = json.loads(searcher.call("GET", f"/fetched/{link}").body)
    assert (before["state"], before["payload"]) == ("waiting", {})
    assert after["state"] == "received"
    assert after["payload"]["status"]

    agreements.revoke(sharing.governance, "vale-schools", because="A complaint is looked into")
    assert searcher.call("GET", f"/fetched/{link}").status == 410


def test_who_the_system_acts_for_and_the_trace_stand_beside_every_step(sharing: Sharing) -> None:
    searcher = Searcher(sharing)
    asked = json.loads(searcher.ask(sharing.world.uid()).body)

    seq = AuditEntry.objects.get(action="asked who holds what").seq
    body = AuditBody.objects.get(seq=seq).body

    assert (body["on_behalf_of"], body["client"], body["ask"]) == ("asha.lind", searcher.client_id, asked["ask"])
    assert body["trace"] == TRACE


def test_a_question_is_stopped_by_whoever_asked_it(sharing: Sharing) -> None:
    searcher, other = Searcher(sharing), Searcher(sharing)
    asked = json.loads(searcher.ask(sharing.world.uid()).body)["ask"]

    assert other.call("DELETE", f"/asks/{asked}").status == 404
    assert searcher.call("DELETE", f"/asks/{asked}").status == 204

    assert json.loads(searcher.call("GET", f"/asks/{asked}").body)["stopped"]
    assert sharing.clients["vale-police"].claim() == []


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        pytest.param({"purpose": "curiosity"}, 422, id="a purpose that there is not"),
        pytest.param({"because": ""}, 422, id="no reason"),
        pytest.param({"person": str(uuid4())}, 404, id="nobody"),
        pytest.param({"person": "x"}, 422, id="no number"),
    ],
)
def test_a_question_that_will_not_do_is_refused(sharing: Sharing, changed: dict[str, Any], status: int) -> None:
    assert Searcher(sharing).ask(sharing.world.uid(), **changed).status == status


def test_without_the_scope_nobody_is_asked(sharing: Sharing) -> None:
    assert Searcher(sharing, "records.read").ask(sharing.world.uid()).status == 403


def test_a_sealed_record_and_an_unknown_one_are_one_answer(sharing: Sharing) -> None:
    searcher = Searcher(sharing)

    sealed, unknown = searcher.ask(sharing.world.uid("brother")), searcher.ask(str(uuid4()))

    assert (sealed.status, json.loads(sealed.body)["detail"]) == (unknown.status, json.loads(unknown.body)["detail"])
