"""Taking files in: which council they are for, keeping them sealed, and running their loads."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.db.models import F

from kinfold.files.received import Incoming, Limits, arrivals
from kinfold.files.recognise import Options, recognise
from kinfold.record.claim import Delivery
from kinfold.service.records.loading.corrected import corrections_of, mark_of
from kinfold.service.records.loading.run import begin, run
from kinfold.service.records.models import Holder, Load, LoadFile, QuarantinedRow
from kinfold.service.records.scope import as_system
from kinfold.service.records.sealing import keyed_hash, seal, unseal
from kinfold.service.records.setting_up import add_holder
from kinfold.service.records.unsealed import open_folder
from kinfold.terms.errors import FileRefused, InputError
from kinfold.terms.places import authorities, authority, demo_authority, is_demo_code

Progress = Callable[[str, int, int | None], None]
# The code of a council that has not been told its own: the first files that name one give it.
NOT_TOLD = "000"


@dataclass(slots=True)
class Received:
    """What came of the files handed in: their loads, and the files that were refused."""

    loads: list[Load] = field(default_factory=list)
    again: set[int] = field(default_factory=set)
    refused: list[FileRefused] = field(default_factory=list)


def incoming_of(paths: Sequence[Path]) -> list[list[Incoming]]:
    """
    Return what is to be recognised together, one group at a time.

    A folder of councils' folders is a shelf: each council is opened by itself, so that a whole region is never in
    memory at once. It is one when the folders are named by the councils' codes ("330-birmingham"), or when there are
    folders in its folders and no files beside them. Several files named one by one are one set.
    """
    groups: list[list[Incoming]] = []
    for path in paths:
        shelf = _councils_on(path)
        groups += [[Incoming(folder.name, folder)] for folder in shelf]
        if not shelf:
            groups.append([Incoming(path.resolve().name, path)])
    singles = [group[0] for group in groups if group[0].path.is_file()]
    return [group for group in groups if not group[0].path.is_file()] + ([singles] if singles else [])


def _councils_on(path: Path) -> list[Path]:
    """Return the councils' folders in `path`; none where it is a file, or one council's own folder."""
    inside = sorted(item for item in path.iterdir() if not item.name.startswith(".")) if path.is_dir() else []
    folders = [item for item in inside if item.is_dir()]
    if not folders or any(item.suffix.lower() in (".csv", ".xml", ".zip", ".xlsx") for item in inside):
        return []
    if all(code_named(folder.name) for folder in folders):
        return folders
    nested = any(child.is_dir() for folder in folders for child in folder.iterdir())
    return folders if nested and code_named(path.resolve().name) is None else []


def code_named(folder: str) -> str | None:
    """Return the council's code that a folder's name begins with ("330-birmingham", "330"), or None."""
    code = re.split(r"[^0-9A-Za-z]", folder, maxsplit=1)[0].upper()
    if is_demo_code(code):
        return code
    return code if any(code == one.la_code for one in authorities()) else None


def _codes_said(deliveries: Sequence[Delivery]) -> dict[str, str]:
    """Return, for each top folder, the one council code its files agree on, or else the one in its name."""
    said: dict[str, set[str]] = {}
    for delivery in deliveries:
        codes = said.setdefault(_top(delivery), set())
        if delivery.la_code:
            codes.add(delivery.la_code)
    found = {top: next(iter(codes)) if codes else code_named(top) for top, codes in said.items() if len(codes) <= 1}
    return {top: code for top, code in found.items() if code is not None}


def _top(delivery: Delivery) -> str:
    return PurePosixPath(delivery.files[0].name).parts[0]


def holder_for(code: str | None, *, asked: str | None) -> Holder:
    """
    Return the holder that files are for.

    `asked` is what the person said, `code` what the files say. Raises InputError when they leave it open, or
    when the files name another council than the one this installation is for.
    """
    with as_system():
        councils = list(Holder.objects.filter(sort="council").order_by("code"))
        by_code = {holder.code: holder for holder in councils}
        if asked:
            return by_code.get(asked) or _new_holder(asked)
        if code and code in by_code:
            return by_code[code]
        if not councils or (code and is_demo_code(code) and all(is_demo_code(each) for each in by_code)):
            return _new_holder(code or NOT_TOLD)  # an invented England takes in every invented council
        if len(councils) > 1:
            raise InputError(
                "Several councils share this installation and the files do not say which they are for. "
                f"Add --council with one of {', '.join(by_code)}."
            )
        only = councils[0]
        if code is None or only.code == code:
            return only
        if only.code == NOT_TOLD:
            Holder.objects.filter(pk=only.pk).update(code=code, name=_name_of(code))
            only.refresh_from_db()
            return only
        raise InputError(
            f"The files say they are from council {code}, and this installation is for {only.name} ({only.code}). "
            f"If they are meant for it, add --council {only.code}."
        )


def _name_of(code: str) -> str:
    if is_demo_code(code):
        return demo_authority(code).name
    try:
        return authority(code).name
    except InputError:
        return f"Council {code}"


def _new_holder(code: str) -> Holder:
    return add_holder(code=code, name="This council" if code == NOT_TOLD else _name_of(code))


def receive(
    groups: Sequence[Sequence[Incoming]],
    *,
    by: str,
    today: date,
    council: str | None = None,
    options: Options | None = None,
    progress: Progress | None = None,
    keep: bool = True,
) -> Received:
    """
    Recognise, keep and load everything handed in; return the loads and what was refused.

    Older returns are loaded before newer ones. A file that cannot be read is refused by itself and the rest
    goes on.
    """
    result = Received()
    for group in groups:
        try:
            deliveries = recognise(group, today=today, options=options)
        except FileRefused as error:
            result.refused.append(error)
            continue
        result.refused += deliveries.refused
        codes = _codes_said(deliveries)
        for delivery in sorted(deliveries, key=in_order):
            code = delivery.la_code or codes.get(_top(delivery))
            holder = holder_for(code, asked=council)
            mark = mark_of(holder.pk, delivery.door, {file.sha256 for file in delivery.files}) if keep else ""
            load, before = begin(delivery, held_by=holder.pk, by=by, corrections=mark)
            if keep and not before:
                keep_files(holder.pk, [file.sha256 for file in delivery.files], group)
            if before:
                result.again.add(load.pk)
            elif mark:
                load = run_kept(load, today=today)
            else:
                label = f"{holder.name}: {delivery.door} {delivery.collection}".strip()
                load = run(load, delivery, progress=_named(progress, label))
            result.loads.append(load)
    return result


def in_order(delivery: Delivery) -> tuple[str, str, str]:
    """Older collections first; the dataset with names before the returns, so that a child's name is there early."""
    rank = {"standard_safeguarding_dataset": "0", "daily_feed": "1"}.get(delivery.door, "2")
    return rank, delivery.collection, delivery.files[0].name


def _named(progress: Progress | None, label: str) -> Callable[[int, int | None], None] | None:
    if progress is None:
        return None
    return lambda done, out_of: progress(label, done, out_of)


def kept_folder(held_by: int) -> Path:
    """Return where a holder's received files are kept, sealed."""
    return Path(settings.RECEIVED_FILES) / str(held_by)


def keep_files(held_by: int, hashes: Collection[str], group: Sequence[Incoming]) -> None:
    """
    Keep what was handed in, sealed under the holder's key, so that a row can be put right and loaded again.

    `hashes` are of the files to keep.
    """
    folder = kept_folder(held_by)
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {mark for mark in hashes if not (folder / keyed_hash(held_by, mark)).exists()}
    for file in arrivals(group, Limits()).files if wanted else ():
        if file.sha256 not in wanted:
            continue
        target = folder / keyed_hash(held_by, file.sha256)
        # two processes may keep one file at once: each writes its own, and either will do
        part = target.with_suffix(f".{os.getpid()}.part")
        with file.open() as source, part.open("wb") as out:
            seal(held_by, source, out)
        part.replace(target)


def bring_back(load: Load, folder: Path) -> list[Incoming]:
    """
    Write a load's kept files into `folder` and return them as handed in: under their names, in their order.

    A fact and a row know their file by its position, so the order must be the load's own.
    """
    found: list[Incoming] = []
    for file in load.files.order_by("position"):
        sealed = kept_folder(load.held_by_id) / keyed_hash(load.held_by_id, file.sha256)
        if not sealed.exists():
            raise InputError(f"{file.name} is no longer kept. Load the file again from where you have it.")
        target = folder / f"{file.position:04d}"  # the name is a label: it leads nowhere
        with sealed.open("rb") as source, target.open("wb") as out:
            for piece in unseal(load.held_by_id, source):
                out.write(piece)
        found.append(Incoming(file.name, target))
    return found


def run_kept(load: Load, *, today: date, progress: Callable[[int, int | None], None] | None = None) -> Load:
    """
    Run a load from its kept files, with what people have put right laid over them.

    An upload's background job, the way on after an interruption, and the way in for a correction.
    """
    hashes = {file.sha256 for file in load.files.all()}
    options = Options(
        collection=load.collection or None, extracted_at=load.extracted_at, full=load.full,
        corrections=corrections_of(load.held_by_id, hashes),
    )  # fmt: skip
    with open_folder() as folder:
        for delivery in recognise(bring_back(load, folder), today=today, options=options):
            if {file.sha256 for file in delivery.files} == hashes:
                return run(load, delivery, progress=progress)
    raise InputError("The kept files are no longer recognised as they were. Load them again.")


def confirm_withdrawal(load: Load, *, by: str, today: date) -> Load:
    """Withdraw what a full return no longer carries, after somebody looked at how much it is."""
    with as_system():
        if load.state != Load.State.CONFIRM:
            raise InputError("This load does not wait for anybody to confirm it.")
        Load.objects.filter(pk=load.pk).update(withdrawal_confirmed_by=by, state=Load.State.RUNNING)
        load.refresh_from_db()
    return run_kept(load, today=today)


def report(received: Received) -> dict[str, object]:
    """Return what `kinfold load --json` prints. Every quarantined row is listed once; rows = facts + unchanged + them."""
    ids = [load.pk for load in received.loads]
    with as_system():
        rows = list(
            QuarantinedRow.objects.filter(load_id__in=ids)
            .order_by("load_id", "file_position", "table", "row")
            .values("file", "row", "field", "code", "message", "table", "fix", load_number=F("load_id"))
        )
        files = list(LoadFile.objects.filter(load_id__in=ids).order_by("load_id", "position").values_list("name"))
    quarantined = sum(load.quarantined for load in received.loads)
    facts = sum(load.facts for load in received.loads if load.pk not in received.again)
    total = sum(load.rows for load in received.loads)
    return {
        "files": [name for (name,) in files],
        "rows": total,
        "facts": facts,
        "unchanged": total - facts - quarantined,
        "children": sum(load.children for load in received.loads),
        "withdrawn": sum(load.withdrawn for load in received.loads if load.pk not in received.again),
        "quarantined": rows,
        "refused": [
            {"file": e.file, "row": None, "field": None, "code": e.code, "message": str(e), "fix": e.fix}
            for e in received.refused
        ],
        "waiting_for_confirmation": [
            {"load": load.pk, "to_withdraw": load.to_withdraw, "kinds": load.message.splitlines()}
            for load in received.loads
            if load.state == Load.State.CONFIRM
        ],
        "notes": [note for load in received.loads for note in load.notes],
        "loads": [load.pk for load in received.loads],
    }
