"""Keeping forms as they are written, and recording them: one form, one transaction, every fact or none."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from kinfold.casework import Form, How, Raw, ToWrite
from kinfold.casework.together import is_of_another
from kinfold.record.declare import KINDS
from kinfold.service.records.actions import clock_reasons, facts, recording
from kinfold.service.records.actions.families import write_for_family
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


@dataclass(frozen=True, slots=True)
class ForOne:
    """What a form tells of one child, with the reasons of somebody who decides although a gate is not met."""

    row: ThingRow
    told: Sequence[ToWrite]
    decided: Sequence[Decided] = ()


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
        beside = {name: given for name, given in before.raw.items() if is_of_another(name)} if before else {}
        said = {"raw": {name: list(given) for name, given in {**beside, **raw}.items()}}
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


def record_form(reader: Reader, form: Form, about: Sequence[ForOne], *, version: int, because: str = "") -> list[str]:
    """
    Record everything that a form says of one child or several, and forget its draft; return the facts' public ids.

    The draft is the first child's. Every fact is written with the access of the reader, or none is. Raises
    EditConflict where the form, or a fact it changes, is no longer as it was.
    """
    row = about[0].row
    with as_system():
        found = FormDraft.objects.select_for_update().filter(person=row, form=form.name).first()
        if found is None:
            raise EditConflict("This form was recorded or discarded already.")
        _insist_on_version(found, version)
        written = write_all(reader, about, because=because or f"form: {form.title}")
        found.delete()
    return written


def write_all(reader: Reader, about: Sequence[ForOne], *, because: str) -> list[str]:
    """Write what a form says of each child, as the reader; return the facts' public ids. Inside an action's transaction."""
    rows = [one.row for one in about]
    made: list[str] = []
    for one in about:
        new: dict[str, str] = {}
        for told in one.told:
            if told.family and one is not about[0]:
                continue  # it is kept once, for the family
            if told.family:
                new[told.kind] = write_for_family(reader, rows, told, because=because[:200])
            else:
                new[told.kind] = _write(reader, one.row, told, because[:200])
            made.append(new[told.kind])
        _say_decided(reader, one.row, one.decided, new)
    return made


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


def ask_approval(reader: Reader, form: Form, about: Sequence[ForOne], *, version: int) -> Written:
    """Put a finished form before those who may approve it. What it would change is remembered as it stands now."""
    if form.approval is None:
        raise InputError("This form needs nobody's approval.")
    row = about[0].row
    with transaction.atomic():
        found = FormDraft.objects.select_for_update().filter(person=row, form=form.name).first()
        if found is None:
            raise EditConflict("This form was recorded or discarded already.")
        _insist_on_version(found, version)
        marks = {told.fact: told.mark for one in about for told in one.told if told.fact}
        found.content = sealed(row.held_by_id, {"raw": dict(as_written(found).raw), "marks": marks})
        found.state, found.decision = FormDraft.State.WAITING, form.approval.decision
        found.asked_by, found.asked_at, found.version = reader.account, timezone.now(), version + 1
        found.save()
        for one in about:
            _say_decided(reader, one.row, one.decided, {})
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
