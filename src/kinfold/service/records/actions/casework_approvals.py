"""Approving a form that somebody else wrote, or returning it with reasons. Nobody answers their own."""

from __future__ import annotations

from django.utils import timezone

from kinfold.access.words import Verb
from kinfold.casework import form_named
from kinfold.service.records.actions.casework import ForOne, say_approval, sealed, write_all
from kinfold.service.records.models import Alert, FormDraft
from kinfold.service.records.reads.casework import Written, as_written, may_write
from kinfold.service.records.reads.casework_approvals import as_decision, draft_row
from kinfold.service.records.reads.casework_filling import Filling, filling_seen
from kinfold.service.records.reads.casework_together import parts_of
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.scope import as_system
from kinfold.terms.errors import EditConflict, InputError, NotPermitted

ALERT = "form returned"


def _locked(reader: Reader, number: str, version: int) -> FormDraft:
    """Return a form that waits, locked. Raises NotPermitted for who may not answer it, their own among them."""
    draft_row(number)
    row: FormDraft = (
        FormDraft.objects.select_for_update(of=("self",))
        .select_related("person__held_by", "changed_by", "asked_by")
        .get(uid=number)
    )
    reader.insist(Verb.APPROVE, as_decision(reader, row), action=f"approve {row.form}"[:40])
    if row.state != FormDraft.State.WAITING or row.version != version:
        raise EditConflict("This form was changed or answered meanwhile. Look at it again.")
    return row


def approve(reader: Reader, number: str, *, version: int, reasons: str = "") -> list[str]:
    """
    Approve a form: its facts are recorded as its author's, with who approved them; return their public ids.

    Raises EditConflict where what it changes is no longer what its author saw, and InputError where the author may no
    longer write here: it can then be returned, for somebody else to finish.
    """
    with as_system():
        row = _locked(reader, number, version)
        form, written = form_named(row.form), as_written(row)
        author = Reader(row.asked_by) if row.asked_by else None
        if author is None or not may_write(author, row.person, form):
            raise InputError(
                "Its author no longer works with this person. Return it, so that somebody else finishes it."
            )
        filled = filling_seen(author, row.person, form)
        answers = filled.answers(written.raw)
        if not answers.complete:
            raise EditConflict("Something on the record changed since it was written. Return it to its author.")
        about = [ForOne(row.person, filled.told(answers)), *_others(reader, author, row, filled, written)]
        if any(written.marks.get(told.fact) != told.mark for one in about for told in one.told if told.fact):
            raise EditConflict("What it changes was changed since it was written. Return it to its author.")
        because = f"form: {form.title}, approved by {reader.account.name}"
        facts = write_all(author, about, because=because)
        _answer(reader, row, outcome="approved", reasons=reasons)
        row.delete()
    return facts


def _others(reader: Reader, author: Reader, row: FormDraft, filled: Filling, written: Written) -> list[ForOne]:
    """Return what a form says of the further children it is about. Raises NotPermitted where one is not the reader's."""
    found = []
    for part in parts_of(author, filled, written.raw):
        reader.insist(Verb.APPROVE, as_decision(reader, row, part.filling.row), action=f"approve {row.form}"[:40])
        if not part.answers.complete:
            raise EditConflict("Something on the record changed since it was written. Return it to its author.")
        found.append(ForOne(part.filling.row, part.told()))
    return found


def send_back(reader: Reader, number: str, *, version: int, reasons: str) -> None:
    """Return a form to its author with reasons. Raises InputError without them."""
    if not reasons.strip():
        raise InputError("Say why it is returned, so that its author can put it right.")
    with as_system():
        row = _locked(reader, number, version)
        said = {"raw": dict(as_written(row).raw), "reasons": reasons.strip(), "returned_by": reader.account.name}
        _answer(reader, row, outcome="returned", reasons=reasons.strip())
        row.content, row.state, row.version = sealed(row.held_by_id, said), FormDraft.State.RETURNED, row.version + 1
        row.save()
        if row.asked_by is not None:
            Alert.objects.create(
                account=row.asked_by, held_by_id=row.held_by_id, sort=ALERT, at=timezone.now(),
                title=f"{reader.account.name} returned “{form_named(row.form).title}”",
                href=f"/children/{row.person.uid}/record/{row.form}/",
            )  # fmt: skip


def _answer(reader: Reader, row: FormDraft, *, outcome: str, reasons: str) -> None:
    form = form_named(row.form)
    if form.approval is None:
        raise InputError("This form needs nobody's approval.")
    say_approval(
        reader, row.person, regulation=form.approval.regulation, outcome=outcome, reasons=reasons,
        requested_by=row.asked_by.name if row.asked_by else "",
    )  # fmt: skip


def take_back(reader: Reader, number: str, *, version: int) -> FormDraft:
    """Take a form back that still waits, to go on writing it. Raises NotPermitted for who may not write it."""
    with as_system():
        row = draft_row(number)
        if not may_write(reader, row.person, form_named(row.form)):
            raise NotPermitted("There is nothing here that you can open.")
        changed = FormDraft.objects.filter(pk=row.pk, version=version, state=FormDraft.State.WAITING).update(
            state=FormDraft.State.WRITING, version=version + 1, decision=""
        )
        if not changed:
            raise EditConflict("This form was changed or answered meanwhile. Look at it again.")
    return row


def seen_again(reader: Reader, href: str) -> None:
    """Take the notice of a returned form away once its author has opened it."""
    Alert.objects.filter(account=reader.account, sort=ALERT, href=href, done_at__isnull=True).update(
        done_at=timezone.now()
    )
