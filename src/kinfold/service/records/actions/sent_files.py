"""What a client sends over the network: a call of the Department's daily feed, through the same door as a file."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from kinfold.access.things import Thing
from kinfold.access.words import Sort, Verb
from kinfold.files.daily_feed.reader import open_payload
from kinfold.files.received import Incoming
from kinfold.files.recognise import Options
from kinfold.service.records.actions.receiving import keep_files
from kinfold.service.records.loading.run import begin, run
from kinfold.service.records.reads.caller import Caller
from kinfold.service.records.reads.sent import receipt_of
from kinfold.service.records.scope import as_system
from kinfold.service.records.unsealed import open_folder
from kinfold.terms.errors import InputError


def insist_on_loading(caller: Caller) -> int:
    """Return the holder the caller may load files for. Raises NotPermitted, recorded, when there is none."""
    caller.insist(Verb.LOAD_FILES, Thing(sort=Sort.FILES, held_by=caller.own_holder), action="load files")
    if caller.own_holder is None:
        raise InputError("This client belongs to no council, so files cannot be loaded for one.")
    return caller.own_holder


def receive_feed(caller: Caller, body: bytes, *, now: datetime, today: date) -> UUID:
    """
    Take in one call of the daily feed and return its receipt.

    Each call stands at the moment it came: Monday's words sent again on Wednesday undo Tuesday's. What cannot be
    used goes to quarantine, the rest is loaded; what a purge flag names is withdrawn.
    """
    held_by = insist_on_loading(caller)
    name = f"daily-feed-{now:%Y%m%dT%H%M%S.%fZ}.json"
    options = Options(la_code=caller.own_code, extracted_at=now, full=False, today=today)
    delivery = open_payload(body, options, name=name)
    with as_system(), open_folder() as folder:
        load, _ = begin(delivery, held_by=held_by, by=str(caller.account.uid))
        path = folder / "feed.json"
        path.write_bytes(body)
        keep_files(held_by, [file.sha256 for file in delivery.files], [Incoming(name, path)])
        run(load, delivery)
    return receipt_of(load)
