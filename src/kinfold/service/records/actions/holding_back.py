"""What a review of a look held back from a family decides: it is shown from now on, or stays back until another day."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from kinfold.access import looks as access_looks
from kinfold.access.words import Verb
from kinfold.service.records import audit
from kinfold.service.records.commits import writing
from kinfold.service.records.models import HoldBack, Thing
from kinfold.service.records.reads.reader import Reader
from kinfold.terms.errors import EditConflict, InputError

SHORTEST = 10


def release(reader: Reader, person: Thing, *, hold: HoldBack, because: str) -> None:
    """Show a look to the family again. Raises InputError without reasons, EditConflict where somebody was first."""
    reader.insist(Verb.HOLD_BACK, reader.thing(person), action="released a look held back")
    _insist_on_reasons(because)
    by = str(reader.account.uid)
    with writing(held_by=hold.held_by, by=by, because="look released") as change:
        _lift(hold)
        audit.append(change.held_by, [_said(by, "look released to the family", person, hold, because)], at=change.at)


def keep_back(reader: Reader, person: Thing, *, hold: HoldBack, because: str, review_date: date) -> None:
    """
    Keep a look back until another review: the hold before it ends, and one begins with its own reason.

    Raises InputError without reasons or for a day beyond the policy's, EditConflict where somebody was first.
    """
    _insist_on_reasons(because)
    made = access_looks.hold_back(
        reader.actor, reader.thing(person), view=hold.seq, reason=because, review_on=review_date, now=reader.now
    )
    by = str(reader.account.uid)
    with writing(held_by=hold.held_by, by=by, because="look kept back") as change:
        _lift(hold)
        HoldBack.objects.create(
            held_by=hold.held_by, seq=hold.seq, person=hold.person, by=by, because=made.reason,
            review_date=made.review_on,
        )  # fmt: skip
        audit.append(change.held_by, [_said(by, "look kept back", person, hold, because)], at=change.at)


def _insist_on_reasons(because: str) -> None:
    if len(because.strip()) < SHORTEST:
        raise InputError(f"Say why, in {SHORTEST} characters or more")


def _lift(hold: HoldBack) -> None:
    ended = HoldBack.objects.filter(pk=hold.pk, lifted_at__isnull=True).update(lifted_at=timezone.now())
    if not ended:
        raise EditConflict("Somebody else decided about this look meanwhile. Look at it again.")


def _said(by: str, action: str, person: Thing, hold: HoldBack, because: str) -> audit.Said:
    body = {"seq": hold.seq, "why": because.strip()}
    return {"actor": by, "action": action, "person": str(person.uid), "body": body}
