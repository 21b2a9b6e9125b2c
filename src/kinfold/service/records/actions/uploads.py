"""Files sent in from a page: kept sealed, recognised at once, loaded by a background job; and what follows a load."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.utils import timezone

from kinfold.access.things import Thing
from kinfold.access.words import Sort, Verb
from kinfold.files.received import Incoming, Limits
from kinfold.files.recognise import Deliveries, Options, recognise
from kinfold.record.claim import Delivery
from kinfold.service.jobs.queue import enqueue
from kinfold.service.records import audit
from kinfold.service.records.actions.receiving import NOT_TOLD, holder_for, in_order, keep_files
from kinfold.service.records.loading.corrected import mark_of
from kinfold.service.records.loading.run import begin
from kinfold.service.records.models import Account, Alert, Holder, Job, Load
from kinfold.service.records.reads.loads import find_load, is_under_way
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.scope import as_system
from kinfold.service.records.unsealed import open_folder
from kinfold.terms.errors import FileRefused, InputError, NotPermitted

ALERT = "load"
# Bytes from which a request recognises files from their beginnings: looking through them all would keep somebody
# waiting for seconds.
AT_A_GLANCE_FROM = 5_000_000
# How long a load waits before it looks again whether an earlier one through the same door is done.
LOOK_AGAIN = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Sent:
    """One file as it was sent: the name it had, and its content a piece at a time."""

    name: str
    pieces: Iterable[bytes]


@dataclass(slots=True)
class TakenIn:
    """What came of the files sent: loads begun, loads that were done before, and what was refused."""

    loads: list[Load] = field(default_factory=list)
    again: list[Load] = field(default_factory=list)
    refused: list[FileRefused] = field(default_factory=list)


def councils_of(reader: Reader) -> list[Holder]:
    """Return the councils for which the reader may load files. Raises NotPermitted where there is none."""
    with as_system():
        holders = list(Holder.objects.filter(pk__in=reader.holders, sort="council").order_by("code"))
    open_to = [h for h in holders if reader.decide(Verb.LOAD_FILES, Thing(sort=Sort.FILES, held_by=h.pk))]
    if not open_to:
        raise NotPermitted("You do not load files for any council.")
    return open_to


def take_in(
    reader: Reader, sent: Sequence[Sent], *, council: str = "", collection: str = "", full: bool | None = None
) -> TakenIn:
    """
    Recognise the files and begin a load for each delivery among them; the loading itself is left to a worker.

    Large files are recognised from their beginnings alone: what is wrong further on is said when they are loaded.
    Nothing is loaded of a file that is refused; the others are. `council` is a code, for those who load files
    for several. Returns the same loads when the same files are sent again.
    """
    councils, result = councils_of(reader), TakenIn()
    with open_folder() as folder:
        group = [_put_down(folder, number, one) for number, one in enumerate(sent)]
        large = sum(item.path.stat().st_size for item in group) > AT_A_GLANCE_FROM
        options = Options(collection=collection or None, full=full, glance=large)
        limits = Limits(file_bytes=settings.MAX_UPLOAD_BYTES, delivery_bytes=4 * settings.MAX_UPLOAD_BYTES)
        try:
            found = recognise(group, today=timezone.localdate(), limits=limits, options=options)
        except FileRefused as error:
            result.refused.append(error)
            return result
        result.refused += found.refused
        said = _council_said(found)
        for delivery in sorted(found, key=in_order):
            try:
                holder = _holder_of(replace(delivery, la_code=delivery.la_code or said), councils, council)
            except FileRefused as error:
                result.refused.append(error)
                continue
            keep_files(holder.pk, [file.sha256 for file in delivery.files], group)
            _begin(reader, delivery, holder, result)
    return result


def _put_down(folder: Path, number: int, one: Sent) -> Incoming:
    """Write a sent file to disk a piece at a time. Its own name is only a label: it never leads anywhere."""
    path = folder / f"{number:04d}"
    with path.open("wb") as out:
        for piece in one.pieces:
            out.write(piece)
    return Incoming(PurePosixPath(one.name.replace("\\", "/")).name or "file", path)


def _council_said(found: Deliveries) -> str | None:
    """Return the code that the files which name a council agree on."""
    codes = {delivery.la_code for delivery in found if delivery.la_code}
    return next(iter(codes)) if len(codes) == 1 else None


def _holder_of(delivery: Delivery, councils: Sequence[Holder], asked: str) -> Holder:
    """Return the council that a delivery is for. Raises FileRefused where that is not one of `councils`."""
    by_code = {holder.code: holder for holder in councils}
    code, file = delivery.la_code, delivery.files[0].name
    if code and asked and code != asked and asked in by_code and by_code[asked].code != NOT_TOLD:
        raise _refused(file, f"says it is from council {code}, and you chose {by_code[asked].name} ({asked})")
    if code is None or code in by_code:
        chosen = by_code.get(code or asked) or (councils[0] if len(councils) == 1 else None)
        if chosen is None:
            raise _refused(file, "does not say which council it is for", "Choose the council below and send it again.")
        return chosen
    only = councils[0]
    if len(councils) == 1 and only.code == NOT_TOLD:
        return holder_for(code, asked=None)
    mine = ", ".join(f"{holder.name} ({holder.code})" for holder in councils)
    raise _refused(file, f"says it is from council {code}, and you load files for {mine}")


def _refused(file: str, what: str, fix: str = "Check that it is the right file.") -> FileRefused:
    return FileRefused(f"{file} {what}. {fix}", file=file, code="other_council", fix=fix)


def _begin(reader: Reader, delivery: Delivery, holder: Holder, result: TakenIn) -> None:
    by = str(reader.account.uid)
    with as_system():
        mark = mark_of(holder.pk, delivery.door, {file.sha256 for file in delivery.files})
        load, before = begin(delivery, held_by=holder.pk, by=by, corrections=mark)
        if not before:
            start(load, by=by)
            _say(reader, load, "files sent in", files=[file.sha256 for file in delivery.files])
    (result.again if before else result.loads).append(load)


def start(load: Load, *, by: str) -> None:
    """Let a worker run the load: once, however often asked, until that is done."""
    enqueue("load", {"load": load.pk}, held_by=load.held_by_id, by=by, once_key=f"load {load.pk}")


def _say(reader: Reader, load: Load, action: str, **body: object) -> None:
    said: audit.Said = {
        "actor": str(reader.account.uid), "organisation": reader.account.organisation,
        "role": ", ".join(reader.role_names)[:60], "action": action, "body": {"load": load.pk, **body},
    }  # fmt: skip
    audit.append(load.held_by_id, [said])


def go_on(reader: Reader, number: int) -> Load:
    """Go on with a load that was interrupted. Raises InputError when it was not."""
    load = find_load(reader, number)
    if load.state not in (Load.State.WAITING, Load.State.RUNNING, Load.State.FAILED) or is_under_way(load):
        raise InputError("This load was not interrupted. Look at it again.")
    with as_system():
        Load.objects.filter(pk=load.pk).update(state=Load.State.WAITING, message="")
        start(load, by=str(reader.account.uid))
        _say(reader, load, "load gone on with")
    return load


def confirm(reader: Reader, number: int) -> Load:
    """Let a full return withdraw as much as it would. Raises InputError when nobody is waited for."""
    load = find_load(reader, number)
    by = str(reader.account.uid)
    with as_system():
        waiting = Load.objects.filter(pk=load.pk, state=Load.State.CONFIRM)
        if not waiting.update(state=Load.State.WAITING, withdrawal_confirmed_by=by):
            raise InputError("This load does not wait for anybody to confirm it.")
        start(load, by=by)
        _say(reader, load, "withdrawal confirmed", withdraw=load.to_withdraw)
    return load


def must_wait(load: Load) -> bool:
    """
    Say whether an earlier load of the council through the same door is still being worked on.

    What the later file says stands, so the two are not run at once.
    """
    earlier = Load.objects.filter(
        held_by=load.held_by_id, door=load.door, pk__lt=load.pk, state__in=(Load.State.WAITING, Load.State.RUNNING)
    )
    numbers = set(earlier.values_list("pk", flat=True))
    if not numbers:
        return False
    under_way = Job.objects.filter(name="load", state__in=(Job.State.READY, Job.State.RUNNING))
    return any(job.arguments.get("load") in numbers for job in under_way)


def wait(load: Load) -> None:
    """Put a load back until an earlier one is done."""
    enqueue("load", {"load": load.pk}, held_by=load.held_by_id, by=load.by, after=timezone.now() + LOOK_AGAIN)


def stopped(load: Load, error: Exception) -> None:
    """Keep why a load could not be finished, and tell whoever sent the files."""
    state = Load.State.REFUSED if isinstance(error, FileRefused) else Load.State.FAILED
    with as_system():
        Load.objects.filter(pk=load.pk).update(state=state, message=str(error), finished_at=timezone.now())
        load.refresh_from_db()
        tell(load)


def tell(load: Load) -> None:
    """Tell whoever sent the files that the load needs them: rows to put right, something to confirm, a fault. Once."""
    title = _needs(load)
    account = Account.objects.filter(uid=load.by).first() if len(load.by) == 36 else None
    if title is None or account is None:
        return
    Alert.objects.update_or_create(
        account=account, sort=ALERT, href=f"/files/{load.pk}/",
        defaults={"title": title[:200], "at": load.finished_at or timezone.now(), "held_by_id": load.held_by_id,
                  "done_at": None},
    )  # fmt: skip


def _needs(load: Load) -> str | None:
    what = f"Files of {load.started_at:%d %B %Y}"
    match load.state:
        case Load.State.DONE if load.quarantined:
            rows = "1 row" if load.quarantined == 1 else f"{load.quarantined:,} rows"
            return f"{what}: {rows} could not be used. See what is wrong and put it right."
        case Load.State.CONFIRM:
            return f"{what}: the return would withdraw {load.to_withdraw:,} facts. Look at them and confirm."
        case Load.State.REFUSED | Load.State.FAILED:
            return f"{what}: the load stopped. See why."
    return None


def seen(reader: Reader, number: int) -> None:
    """Take the alert about a load off the reader's home page once they have opened the load."""
    with as_system():
        Alert.objects.filter(account=reader.account, sort=ALERT, href=f"/files/{number}/", done_at__isnull=True).update(
            done_at=timezone.now()
        )
