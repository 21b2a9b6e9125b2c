"""
Destroying what the law no longer lets a council keep: proposed by one person, agreed to and done by another.

What a fact says is emptied and its place stays, so that the audit chain holds; each emptying is an erasure that the
database demands (records/guards.py) and a log outside it that a restore replays (records/erasure_log.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q

from kinfold.access.things import Decision, GrantSort
from kinfold.access.words import Verb
from kinfold.service.records import audit, erasure_log
from kinfold.service.records.actions import facts
from kinfold.service.records.commits import Change, writing
from kinfold.service.records.models import (
    FACT_TABLES,
    AuditBody,
    AuditEntry,
    Erasure,
    EventFact,
    Grant,
    KeptFile,
    PaperFact,
    QuarantinedRow,
    SpellFact,
    Thing,
    Version,
)
from kinfold.service.records.reads.child_fact import insist_about, open_person
from kinfold.service.records.reads.keeping import open_holds, retention_of
from kinfold.service.records.reads.kept_for_family import kept_for_these_alone
from kinfold.service.records.reads.person import find_person
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.received import corrections_about, files_that_speak_of
from kinfold.service.records.reads.rights import for_rights
from kinfold.service.records.reads.versions import one_person
from kinfold.service.records.scope import as_system
from kinfold.terms.errors import InputError, NotPermitted

# That something was decided and destroyed is itself kept.
KEPT = frozenset({"disposal_review", "erasure"})
GROUNDS = (
    "no longer needed for what it was collected for", "held without a lawful ground", "a court ordered it",
    "the person objected and nothing overrides it",
)  # fmt: skip


def may_dispose(reader: Reader, row: Thing) -> Decision:
    """Return what the rule of access says of destroying: yes only with a second person's agreement."""
    return reader.decide(Verb.DISPOSE, replace(reader.thing(row), slice="records"))


def _insist_may_propose(reader: Reader, row: Thing) -> None:
    decision = may_dispose(reader, row)
    if not decision and decision.rule != "two_people":
        reader.refused("dispose", reader.thing(row), decision)
        raise NotPermitted(decision.shown)


def _refuse_on_hold(row: Thing, reader: Reader) -> None:
    if open_holds(one_person(row.pk), reader.now.date()):
        raise InputError("A legal hold is in force: nothing of this record may be destroyed until it is ended.")


def decide_review(reader: Reader, uid: str, *, decision: str, reason: str) -> str:
    """
    Record what a review before disposal decided: keep longer, archive, or destroy, which another person must agree to.

    Raises InputError where a legal hold is in force or the retention time is not over.
    """
    row, _ = open_person(for_rights(reader), uid, action="disposal")
    _insist_may_propose(reader, row)
    if len(reason.strip()) < 10:
        raise InputError("Say why, in 10 characters or more.")
    rules = retention_of(row, today=reader.now.date())
    if decision == "destroy":
        _refuse_on_hold(row, reader)
        waiting = [kept for kept in rules if kept.until is None or kept.until > reader.now.date()]
        if waiting or not rules:
            raise InputError("The retention time of this record is not over. It cannot be destroyed by this way.")
    rule = f"{rules[0].value.label}: {rules[0].because}" if rules else ""
    with as_system():
        fact = facts.record_fact(
            kind="disposal_review", subject=row, values={"decision": decision, "rule": rule, "reason": reason.strip()},
            valid_from=reader.now.date(), by=str(reader.account.uid), because="review before disposal",
            today=reader.now.date(),
        )  # fmt: skip
    return str(fact)


def propose_erasure(reader: Reader, uid: str, *, word: str, fact: str, ground: str) -> str:
    """Propose that what one fact says is erased by law; another person must agree. Return the proposal's id."""
    row, _ = open_person(for_rights(reader), uid, action="erasure")
    _insist_may_propose(reader, row)
    insist_about(row, word, fact)
    if ground not in GROUNDS:
        raise InputError("Choose the ground for the erasure.")
    _refuse_on_hold(row, reader)
    with as_system():
        made = facts.record_fact(
            kind="erasure", subject=row, values={"ground": ground, "what": fact}, valid_from=reader.now.date(),
            by=str(reader.account.uid), because="erasure proposed", today=reader.now.date(),
        )  # fmt: skip
    return str(made)


def decline(reader: Reader, fact: str, *, because: str) -> None:
    """Decline a proposal: it is withdrawn, with the reason, and nothing is destroyed."""
    version, row = _waiting(reader, fact)
    _insist_may_propose(reader, row)
    if len(because.strip()) < 10:
        raise InputError("Say why, in 10 characters or more.")
    with as_system():
        facts.void_fact(
            word="event", fact=fact, made_from=version.pk, reason="mistake", by=str(reader.account.uid),
            because=because.strip(),
        )  # fmt: skip


def agree(reader: Reader, fact: str) -> int:
    """
    Agree to a proposal and carry it out; return how many things were emptied.

    Raises InputError for one's own proposal or under a legal hold; nothing is destroyed unless all of it is.
    """
    version, row = _waiting(reader, fact)
    _insist_may_propose(reader, row)
    if version.recorded_by == str(reader.account.uid):
        raise InputError("Another person must agree: you proposed this yourself.")
    _refuse_on_hold(row, reader)
    by = str(reader.account.uid)
    with writing(held_by=row.held_by_id, by=by, because="agreed to destroy") as change:
        _second_person(reader, row, change.at, version.recorded_by)
        whole = version.kind == "disposal_review"
        names = list(
            _everything(row, today=reader.now.date()) if whole else _one(row, str(version.payload.get("what") or ""))
        )
        law = str(version.payload.get("rule") or version.payload.get("ground") or "")[:200]
        erasures = _erase(change, str(row.uid), names, law=law, proposed_by=version.recorded_by)
        _close(change, version, row)
        audit.append(
            change.held_by,
            [{"actor": by, "action": "destroyed record" if whole else "erased fact", "person": str(row.uid),
              "reason": law, "body": {"things": len(erasures), "proposed_by": version.recorded_by}}],
            at=change.at,
        )  # fmt: skip
    return len(erasures)


def _waiting(reader: Reader, fact: str) -> tuple[EventFact, Thing]:
    with as_system():
        version = EventFact.objects.filter(
            fact=UUID(fact), kind__in=KEPT, known_to__isnull=True, status="final", held_by__in=reader.holders
        ).first()
    done = version is None or version.payload.get("approved_by") or version.payload.get("destroyed_date")
    if version is None or done or (version.kind == "disposal_review" and version.payload.get("decision") != "destroy"):
        raise NotPermitted("There is nothing here that you can open.")
    return version, find_person(str(Thing.objects.values_list("uid", flat=True).get(pk=version.subject_id)))


def _second_person(reader: Reader, row: Thing, at: datetime, proposer: str) -> None:
    """Note the proposer's agreement as the grant that the rule of access asks for, and ask the rule again."""
    Grant.objects.create(
        account=reader.account, person=row, held_by_id=row.held_by_id, sort=GrantSort.SECOND_PERSON.value,
        reason=Verb.DISPOSE.value, words="proposed by another person", from_at=at, until_at=at + timedelta(minutes=5),
        granted_by=proposer,
    )  # fmt: skip
    again = Reader(reader.account, at, reason=reader.reason)
    decision = may_dispose(again, row)
    if not decision:
        raise NotPermitted(decision.shown)


def _everything(row: Thing, *, today: date) -> Iterator[str]:
    """Yield the names, as the erasure log has them, of all that a record holds, and of the files it came in."""
    persons = one_person(row.pk)
    yield from (f"received:{mark}" for mark in files_that_speak_of(row.held_by_id, persons, today=today))
    yield from (f"mended:{number}" for number in corrections_about(row.held_by_id, persons))
    yield from _files(row.held_by_id, PaperFact.objects.filter(subject__in=persons))
    for pack in SpellFact.objects.filter(subject__in=persons, kind="subject_access_request"):
        yield from _kept(KeptFile.objects.filter(name__startswith=f"subject-access.{pack.fact}."))
    for model in FACT_TABLES.values():
        about = Q(subject__in=persons) | (Q(party__in=persons) if model._meta.db_table == "tie_fact" else Q())
        found = model.objects.filter(about).exclude(kind__in=KEPT).values_list("fact", flat=True)
        yield from (str(fact) for fact in found.distinct())
    yield from kept_for_these_alone(persons)
    uids = [str(uid) for uid in Thing.objects.filter(pk__in=persons).values_list("uid", flat=True)]
    entries = AuditEntry.objects.filter(held_by=row.held_by_id, person__in=uids).values("seq")
    bodies = AuditBody.objects.filter(held_by=row.held_by_id, seq__in=entries).exclude(body={})
    yield from (f"audit:{seq}" for seq in bodies.values_list("seq", flat=True))
    rows = QuarantinedRow.objects.filter(subject__in=persons).values_list("pk", flat=True)
    yield from (f"row:{number}" for number in rows)
    yield f"person:{row.uid}"  # last: what only helps to find the person


def _one(row: Thing, fact: str) -> Iterator[str]:
    """Yield the names of one fact and of its file, where it has one."""
    persons = one_person(row.pk)
    papers = PaperFact.objects.filter(fact=UUID(fact), subject__in=persons)
    yield from _files(row.held_by_id, papers)
    for model in FACT_TABLES.values():
        if model.objects.filter(fact=UUID(fact)).filter(Q(subject__in=persons) | Q(party__in=persons)).exists():
            yield fact
            return
    raise InputError("The fact is not part of this record any more.")


def _files(held_by: int, papers: Iterable[Version]) -> Iterator[str]:
    marks = {str(paper.payload["file_sha256"]) for paper in papers if paper.payload.get("file_sha256")}
    yield from _kept(KeptFile.objects.filter(held_by_id=held_by, sha256__in=marks))


def _kept(files: Iterable[KeptFile]) -> Iterator[str]:
    yield from (f"file:{kept.uid}" for kept in files if kept.erased_at is None)


def _erase(change: Change, person: str, names: Sequence[str], *, law: str, proposed_by: str) -> list[Erasure]:
    made = Erasure.objects.bulk_create(
        [
            Erasure(held_by=change.held_by, person=person, fact=name, law=law, proposed_by=proposed_by,
                    approved_by=change.by, at=change.at)
            for name in dict.fromkeys(names)
        ],
        batch_size=200,
    )  # fmt: skip
    for one in made:
        erasure_log.carry_out(one)
    erasure_log.log_after_commit(made)
    return made


def _close(change: Change, version: EventFact, row: Thing) -> None:
    """Write the proposal's next version: that it was agreed to, by whom or when."""
    done = (
        {"destroyed_date": change.at.date().isoformat()}
        if version.kind == "disposal_review"
        else {"approved_by": change.by}
    )
    facts.write_version(
        change, kind=version.kind, subject=version.subject_id, values={**version.payload, **done},
        valid_from=version.valid_from, valid_to=None, party=version.party_id, ref=version.ref, old=version,
    )  # fmt: skip
