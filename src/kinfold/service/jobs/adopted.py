"""The adopted child's record, made at a random time after it was asked for. See records/actions/adopting.py."""

from __future__ import annotations

import json

from kinfold.service.jobs.queue import Taken
from kinfold.service.jobs.tasks import task
from kinfold.service.records.actions.adopting import ADOPTED, make_adopted_record
from kinfold.service.records.models import KeptFile
from kinfold.service.records.reads.papers import contents


@task(ADOPTED)
def make_record(job: Taken) -> str:
    """Make the record and destroy what it was made from. Done twice, it makes one."""
    kept = KeptFile.objects.get(uid=job.arguments["file"])
    if kept.erased_at is not None:
        return "already made"
    said = json.loads(b"".join(contents(kept)))
    make_adopted_record(kept, said)
    return "made"
