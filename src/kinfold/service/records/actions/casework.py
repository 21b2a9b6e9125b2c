"""Keeping forms as they are written, and recording them: one form, one transaction, every fact or none."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from kinfold.casework import Form, How, Raw, ToWrite
from kinfold.record.declare import KINDS
from kinfold.service.records.actions import clock_reasons, facts, recording
from kinfold.service.records.models import FormDraft
from kinfold.service.records.models import Thing as ThingRow
from kinfold.service.records.reads.casework import Written, as_written
from kinfold.service.records.reads.casework_gates import Decided
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.scope import as_system
from kinfold.service.records.sealing import seal
from kinfold.terms.errors import EditConflict, InputError

LONGEST = 400_000
ON_ITS_WAY = timedelta(seconds=10)
FIRST = "Somebody else saved this form while you were writing. Look at both and choose."


def sealed(held_by: int, said: Mapping[str, Any]) -> bytes:
    """Return what was typed, sealed under the holder's key. Raises InputError when it is far too long to keep."""
    plain = json.dumps(said, ensure_ascii=False).encode()
    if len(plain) > LONGEST:
        raise InputError("This is too long to keep. Record it in parts, or attach it as a document.")
    out = io.BytesIO()
    seal(held_by, io.BytesIO(plain), out)
    return out.getvalue()


def keep(reader: Reader, row: ThingRow, form: Form, raw: Raw, *, version: int) -> int:
    """
    Keep what is typed so far and return the number of its version; `version` is the one it was made from, 0 for none.

    Raises EditConflict where somebody saved another meanwhile: nothing of theirs is overwritten.
    """
    with transaction.atomic():
        found = FormDraft.objects.select_for_update().filter(person=row, form=form.name).first()
        if found is not None and _own_just_now(found, reader, version):
            version = found.version
        _insist_on_version(found, version)
        before = as_written(found) if found else None
        said = {"raw": {name: list(given) for name, given in raw.items()}}
        if before is not None:
            said |= {"reasons": before.reasons, "returned_by": before.returned_by}  # type: ignore[dict-item]
        values = {"content": sealed(row.held_by_id, said), "changed_by": reader.account, "at": timezone.now(),
                  "version": version + 1}  # fmt: skip
        if found is None:
            FormDraft.objects.create(held_by_id=row.held_by_id, person=row, form=form.name, **values)
        else:
            FormDraft.objects.filter(pk=found.pk).update(**values)
        return version + 1


def _own_just_now(found: FormDraft, reader: Reader, version: int) -> bool:
    """Return whether the one save between was the same person's own, on its way when they pressed the button."""
    recent = timezone.now() - found.at < ON_ITS_WAY
    return recent and found.version == version + 1 and found.changed_by_id == reader.account.pk


def _insist_on_version(found: FormDraft | None, version: int) -> None:
    if found is None:
        if version:
            raise EditConflict("This form was recorded or discarded meanwhile. What you typed is still on this page.")
        return
    if found.state == FormDraft.State.WAITING:
        raise EditConflict("This form waits for approval. Take it back first if you want to change it.")
    if found.version != version:
        raise EditConflict(FIRST)


def discard(row: ThingRow, form: Form, *, version: int) -> None:
    """Forget what was typed. Raises EditConflict where somebody saved another meanwhile."""
    with transaction.atomic():
        found = FormDraft.objects.select_for_update().filter(person=row, form=form.name).first()
        _insist_on_version(found, version)
        if found is not None:
            found.delete()


def record_form(
    reader: Reader, row: ThingRow, form: Form, told: Sequence[ToWrite], *, version: int, because: str = "",
    decided: Sequence[Decided] = (),
) -> list[str]:  # fmt: skip
    """
    Record everything that a form says and forget its draft; return the public ids of the facts written.

    `decided` are the reasons of somebody who decides although a gate is not met. Every fact is written with the access
    of the reader, or none is. Raises EditConflict where the form, or a fact it changes, is no longer as it was.
    """
    with as_system():
        found = FormDraft.objects.select_for_update().filter(person=row, form=form.name).first()
        if found is None:
            raise EditConflict("This form was recorded or discarded already.")
        _insist_on_version(found, version)
        written = write_all(reader, row, told, because=because or f"form: {form.title}")
        _say_decided(reader, row, decided, {one.kind: fact for one, fact in zip(told, written, strict=True)})
        found.delete()
    return written


def write_all(reader: Reader, row: ThingRow, told: Sequence[ToWrite], *, because: str) -> list[str]:
    """Write facts as the reader; return their public ids. For actions inside a transaction of their own."""
    return [_write(reader, row, one, because[:200]) for one in told]


def _write(reader: Reader, row: ThingRow, one: ToWrite, because: str) -> str:
    if one.how is How.NEW:
        fact, _ = recording.record(
            reader, row, kind=one.kind, values=one.values, valid_from=one.valid_from, valid_to=one.valid_to,
            party=one.party or None, because=because,
        )  # fmt: skip
        return fact
    recording.correct(
        reader, row, word=KINDS[one.kind].word.value, fact=one.fact, made_from=one.mark, values=one.values,
        because=because, days={"valid_to": one.valid_to},
    )  # fmt: skip
    return one.fact


def ask_approval(
    reader: Reader, row: ThingRow, form: Form, told: Sequence[ToWrite], *, version: int,
    decided: Sequence[Decided] = (),
) -> Written:  # fmt: skip
    """Put a finished form before those who may approve it. What it would change is remembered as it stands now."""
    if form.approval is None:
        raise InputError("This form needs nobody's approval.")
    with transaction.atomic():
        found = FormDraft.objects.select_for_update().filter(person=row, form=form.name).first()
        if found is None:
            raise EditConflict("This form was recorded or discarded already.")
        _insist_on_version(found, version)
        marks = {one.fact: one.mark for one in told if one.fact}
        found.content = sealed(row.held_by_id, {"raw": dict(as_written(found).raw), "marks": marks})
        found.state, found.decision = FormDraft.State.WAITING, form.approval.decision
        found.asked_by, found.asked_at, found.version = reader.account, timezone.now(), version + 1
        found.save()
        _say_decided(reader, row, decided, {})
    return as_written(found)


def _say_decided(reader: Reader, row: ThingRow, decided: Sequence[Decided], new: Mapping[str, str]) -> None:
    """Record why somebody decided although a duty was not met. `new` are the facts just written, by kind."""
    for one in decided:
        clock_reasons.say_reason(
            reader, row, duty=one.duty, about="decided all the same", post=one.post, reason=one.reason,
            started_by=one.started_by or new.get(one.proposed, ""), today=reader.now.date(),
        )  # fmt: skip


def say_approval(
    reader: Reader, row: ThingRow, *, regulation: str, outcome: str, reasons: str, requested_by: str = ""
) -> None:
    """Record what was answered to a request for approval, as an event of the record. For actions only."""
    values = {"regulation": regulation, "outcome": outcome, "approved_by": reader.account.name,
              "reasons": reasons or None, "requested_by": requested_by or None}  # fmt: skip
    with as_system():
        facts.record_fact(
            kind="approval", subject=row, by=str(reader.account.uid), because=f"{regulation}: {outcome}",
            values={name: value for name, value in values.items() if value}, valid_from=reader.now.date(),
            today=reader.now.date(),
        )  # fmt: skip
