"""
Doubtful pairs of records: found, decided by a person, and undone.

The joining itself is the record's own reversible link (`facts.merge`); a pair that was found to be two people stays
marked, and is never asked about or linked again until somebody undoes that.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from kinfold.access.things import Thing as About
from kinfold.access.words import Sort, Verb
from kinfold.identity.pairs import DoubtfulPair, doubtful_pairs
from kinfold.identity.score import Model, shipped_model
from kinfold.service.jobs.queue import enqueue
from kinfold.service.records import audit
from kinfold.service.records.actions import facts
from kinfold.service.records.models import Pair, SameAs, Thing
from kinfold.service.records.reads.identity import pair_of
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.register_people import children, id_text
from kinfold.service.records.scope import as_system
from kinfold.service.records.tables import fetch
from kinfold.terms.errors import EditConflict, InputError

Progress = Callable[[int, int], None]
DECISIONS = {Pair.Decision.SAME.value, Pair.Decision.APART.value, Pair.Decision.UNSURE.value}
# The name under which a worker finds the comparing of all records.
TASK = "find pairs"
_BECAUSE = "compared side by side"


def find_pairs(held_by: int, *, progress: Progress | None = None) -> int:
    """
    Look for records of children that may be one child, and return how many pairs wait for somebody.

    Sealed records are left out, so that nobody is ever asked whether an adopted child is who they were. Pairs that
    somebody decided are left as they are; those that are no longer doubtful, because a fact changed, are taken off.
    """
    model = shipped_model()
    with as_system():
        people = children(held_by)
        found = doubtful_pairs(people, model, leave_out=_joined(held_by), progress=progress)
        with transaction.atomic():
            return _keep(held_by, found, model)


def ask_to_find(reader: Reader) -> None:
    """Ask for the records of the reader's council to be compared in the background; a look under way is enough."""
    for held_by in sorted(reader.holders):
        reader.insist(Verb.MERGE, About(sort=Sort.LIST, held_by=held_by), action="looked for pairs")
        enqueue(TASK, {"held_by": held_by}, held_by=held_by, by=str(reader.account.uid))


def _keep(held_by: int, found: list[DoubtfulPair], model: Model) -> int:
    ours = Pair.objects.filter(held_by_id=held_by)
    decided = set(ours.exclude(decision=Pair.Decision.OPEN).values_list("first_id", "second_id"))
    now = timezone.now()
    rows = [
        Pair(
            held_by_id=held_by, first_id=int(one.first), second_id=int(one.second), probability=one.probability,
            levels=list(one.levels), model=model.digest, found_at=now,
        )
        for one in found
        if (int(one.first), int(one.second)) not in decided
    ]  # fmt: skip
    waiting = ours.filter(decision=Pair.Decision.OPEN)
    still = {(row.first_id, row.second_id) for row in rows}
    gone = [row.pk for row in waiting.only("pk", "first_id", "second_id") if (row.first_id, row.second_id) not in still]
    waiting.filter(pk__in=gone).delete()
    Pair.objects.bulk_create(
        rows, 500, update_conflicts=True, unique_fields=["first", "second"],
        update_fields=["probability", "levels", "model", "found_at"],
    )  # fmt: skip
    return len(rows)


def _joined(held_by: int) -> set[tuple[str, str]]:
    links = SameAs.objects.filter(held_by_id=held_by, known_to__isnull=True).values_list("person_id", "kept_id")
    return {(id_text(min(pair)), id_text(max(pair))) for pair in links}


def decide(reader: Reader, uid: UUID | str, decision: str) -> None:
    """
    Record what somebody decided about a pair that waits, and join the two records if they are one person.

    Raises InputError for no decision, EditConflict where somebody else decided meanwhile.
    """
    if decision not in DECISIONS:
        raise InputError("Choose whether they are the same person, two people, or cannot be told apart yet.")
    pair = pair_of(reader, uid, verb=Verb.MERGE, action="decided a pair")
    by = str(reader.account.uid)
    with as_system(), transaction.atomic():
        row = Pair.objects.select_for_update().select_related("first", "second").get(pk=pair.pk)
        if row.decision != Pair.Decision.OPEN:
            raise EditConflict("Somebody else decided about these two meanwhile. Look at the list again.")
        kept = _join(row, by) if decision == Pair.Decision.SAME else None
        Pair.objects.filter(pk=row.pk).update(
            decision=decision, decided_by=by, decided_at=timezone.now(), kept_id=kept.pk if kept else None
        )
        _say(row, by, f"pair: {decision}")


def _join(row: Pair, by: str) -> Thing:
    """Join the record with fewer facts to the one with more; the older is kept where they have as many."""
    counts = {person: _facts_about(person) for person in (row.first_id, row.second_id)}
    kept, absorbed = row.first, row.second
    if counts[row.second_id] > counts[row.first_id]:
        kept, absorbed = absorbed, kept
    facts.merge(person=absorbed, kept=kept, by=by, because=_BECAUSE)
    return kept


def _facts_about(person: int) -> int:
    tables = ("person_fact", "spell_fact", "event_fact", "tie_fact", "plan_fact", "paper_fact")
    each = " union all ".join(f"select count(*) as n from {table} where subject = %s" for table in tables)
    return int(fetch(f"select sum(n) from ({each}) as counted", [person] * len(tables))[0][0])


def undo(reader: Reader, uid: UUID | str) -> None:
    """Undo what was decided about a pair: joined records are parted, the mark is taken off, and the pair waits again."""
    pair = pair_of(reader, uid, verb=Verb.MERGE, action="undid a pair")
    by = str(reader.account.uid)
    with as_system(), transaction.atomic():
        row = Pair.objects.select_for_update().select_related("first", "second").get(pk=pair.pk)
        if row.decision == Pair.Decision.OPEN:
            raise EditConflict("There is nothing to undo: nobody has decided about these two.")
        if row.decision == Pair.Decision.SAME:
            absorbed = row.second if row.kept_id == row.first_id else row.first
            facts.unmerge(person=absorbed, by=by, because="undone in the list of pairs")
        Pair.objects.filter(pk=row.pk).update(decision=Pair.Decision.OPEN, decided_by="", decided_at=None, kept=None)
        _say(row, by, f"pair undone: {row.decision}")


def _say(row: Pair, by: str, action: str) -> None:
    audit.append(
        row.held_by_id,
        [{"actor": by, "action": action, "persons": [str(row.first.uid), str(row.second.uid)], "reason": _BECAUSE,
          "body": {"probability": f"{row.probability:.4f}", "model": row.model}}],
        at=timezone.now(),
    )  # fmt: skip
