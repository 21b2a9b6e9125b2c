"""A question to other organisations with everything that hangs on it, put back to where it can be answered again."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from django.test import Client
from django.utils import timezone

from kinfold.service.records.actions import agreements_demonstration, api_clients
from kinfold.service.records.models import Ask, CustodianWork, FetchLink, Holder, Thing
from kinfold.service.records.scope import as_system

from .conftest import TODAY, Api

QUESTION = {"purpose": "safeguarding", "because": "section 47 enquiry begun today"}
HELD = {"record_type": "education", "system": "Pupil system", "record": "VAL000001"}
LESSONS = {"status": "On roll", "events": []}


@dataclass
class AskedAround:
    """Who asks, a school that answers, the question, the record that was found, its link, and both pieces of work."""

    asker: Api
    school: Api
    ask: str
    record: str
    link: str
    find: str
    give: str
    lease: str

    def reopen(self, *, leased: bool) -> None:
        """Put everything back to where the school has not answered: under its lease, or waiting to be taken."""
        hence = timezone.now() + timedelta(hours=1)
        held = {"lease": self.lease, "lease_until": hence} if leased else {"lease": None, "lease_until": None}
        with as_system():
            Ask.objects.update(stopped_at=None)
            CustodianWork.objects.update(
                **held, done_at=None, stopped=False, outcome="", attempts=0, until=hence, first_leased_at=timezone.now()
            )
            FetchLink.objects.update(state=FetchLink.State.WAITING, sealed=b"", until=hence)


def asked_around(council: Holder, child: Thing, asker: Api) -> AskedAround:
    """Ask about a child as the council's own system; a school says what it holds, and is asked for the record."""
    agreements_demonstration.add_sharing(council, today=TODAY)
    school = _school()
    ask = asker.post("/asks", {"person": str(child.uid), **QUESTION}).json()["ask"]
    (found,) = school.post("/custodian/work/claim", {}).json()["work"]
    said = {"lease": found["lease"], "outcome": "records", "records": [HELD]}
    school.post(f"/custodian/work/{found['work']}/answer", said)
    stands = {one["name"]: one for one in asker.get(f"/asks/{ask}").json()["custodians"]}
    record = stands["Vale Schools Trust"]["records"][0]["record"]
    link = asker.post(f"/asks/{ask}/records/{record}", {}).json()["link"]
    with as_system():
        give = str(FetchLink.objects.get().work.uid)
    return AskedAround(asker, school, ask, record, link, found["work"], give, str(uuid4()))


def _school() -> Api:
    """Return the school's system, which pulls its work."""
    said = json.loads(agreements_demonstration.custodians_file().read_text())["clients"]["vale-schools"]
    with as_system():
        client = api_clients.client_with_secret(said["client_id"], said["secret"])
        issued = api_clients.issue_token(client, []) if client else None
    assert issued is not None
    return Api(issued.token, said["client_id"], said["secret"], "", Client(raise_request_exception=False))
