"""Files that a client sends: an upload whose loads run as jobs, and a call of the Department's daily feed."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path, PurePosixPath
from typing import Protocol
from uuid import UUID

from django.conf import settings

from kinfold.access.things import Thing
from kinfold.access.words import Sort, Verb
from kinfold.files.daily_feed.reader import open_payload
from kinfold.files.received import Incoming, Limits
from kinfold.files.recognise import Options, recognise
from kinfold.record.claim import Delivery
from kinfold.service.jobs.queue import enqueue
from kinfold.service.records.actions.receiving import Received, keep_files
from kinfold.service.records.loading.run import begin, run
from kinfold.service.records.models import Load
from kinfold.service.records.reads.caller import Caller
from kinfold.service.records.reads.sent import receipt_of
from kinfold.service.records.scope import as_system
from kinfold.terms.errors import FileRefused, InputError


class SentFile(Protocol):
    """A file as it came over the network."""

    name: str | None

    def chunks(self) -> Iterable[bytes]:
        """Yield the file's bytes."""


def insist_on_loading(caller: Caller) -> int:
    """Return the holder the caller may load files for. Raises NotPermitted, recorded, when there is none."""
    caller.insist(Verb.LOAD_FILES, Thing(sort=Sort.FILES, held_by=caller.own_holder), action="load files")
    if caller.own_holder is None:
        raise InputError("This client belongs to no council, so files cannot be loaded for one.")
    return caller.own_holder


def take_in(caller: Caller, files: Sequence[SentFile], options: Options) -> Received:
    """
    Recognise and keep what was sent, and leave the loading to background jobs that survive a restart.

    Raises FileRefused when nothing in it can be read.
    """
    held_by = insist_on_loading(caller)
    result = Received()
    folder = Path(tempfile.mkdtemp(prefix="sent-", dir=settings.FILE_UPLOAD_TEMP_DIR))
    try:
        group = [_put_down(folder, number, file) for number, file in enumerate(files)]
        deliveries = recognise(group, today=caller.now.date(), limits=_limits(), options=options)
        result.refused += deliveries.refused
        for delivery in deliveries:
            _begin(caller, held_by, delivery, group, result)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return result


def _limits() -> Limits:
    return Limits(file_bytes=settings.MAX_UPLOAD_BYTES)


def _put_down(folder: Path, number: int, file: SentFile) -> Incoming:
    name = PurePosixPath((file.name or "file").replace("\\", "/")).name[:200] or "file"
    path = folder / str(number)
    with path.open("wb") as out:
        for chunk in file.chunks():
            out.write(chunk)
    return Incoming(name, path)


def _begin(caller: Caller, held_by: int, delivery: Delivery, group: Sequence[Incoming], result: Received) -> None:
    name = delivery.files[0].name
    if delivery.la_code and delivery.la_code != caller.own_code:
        what = f"{name} says it is from council {delivery.la_code}, which this client does not send files for."
        result.refused.append(
            FileRefused(what, file=name, code="other_council", fix="Send it with that council's client.")
        )
        return
    by = str(caller.account.uid)
    load, before = begin(delivery, held_by=held_by, by=by)
    if before:
        result.again.add(load.pk)
    else:
        keep_files(held_by, [file.sha256 for file in delivery.files], group)
        enqueue("load", {"load": load.pk}, held_by=held_by, by=by, once_key=f"load {load.pk}")
    result.loads.append(load)


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
    load, _ = begin(delivery, held_by=held_by, by=str(caller.account.uid))
    _keep(held_by, delivery, name, body)
    with as_system():
        run(load, delivery)
    return receipt_of(load)


def _keep(held_by: int, delivery: Delivery, name: str, body: bytes) -> None:
    folder = Path(tempfile.mkdtemp(prefix="feed-", dir=settings.FILE_UPLOAD_TEMP_DIR))
    try:
        path = folder / "feed.json"
        path.write_bytes(body)
        with suppress(FileRefused):  # what the door has read is kept even where a general limit would not take it
            keep_files(held_by, [file.sha256 for file in delivery.files], [Incoming(name, path)])
    finally:
        shutil.rmtree(folder, ignore_errors=True)
