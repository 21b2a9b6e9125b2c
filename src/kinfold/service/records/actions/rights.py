"""A person's rights: asking for a copy, marking what is about others, making and releasing it, releasing single items."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from kinfold.access.third_parties import Mark
from kinfold.access.words import ReachSort, Sort, Verb
from kinfold.files.attached import Attached
from kinfold.service.jobs.queue import enqueue
from kinfold.service.records import audit
from kinfold.service.records.actions import facts, recording
from kinfold.service.records.actions.papers import keep_file
from kinfold.service.records.commits import writing
from kinfold.service.records.models import Account, Job, Reach, Thing
from kinfold.service.records.reads.child_fact import insist_about, open_person
from kinfold.service.records.reads.own_record import OwnRecord
from kinfold.service.records.reads.person import find_person
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.rights import PACK, AccessRequest, for_rights, marks_of, request_of
from kinfold.service.records.scope import as_system
from kinfold.terms.errors import InputError, NotPermitted

MARKS = "application/json"
OUTCOMES = ("given", "given in part", "refused")


def ask_for_record(reader: Reader, own: OwnRecord, *, scope: str) -> str:
    """Record that the reader asks for a copy of their own record, or of their child's; return the request's id."""
    if any(one.answered is None for one in own.requests):
        raise InputError("You have asked already. We will answer that request first.")
    if reader.account.person is None:
        raise InputError("We could not tell who asks. Speak to your worker.")
    with as_system():
        fact = facts.record_fact(
            kind="subject_access_request", subject=own.row, party=reader.account.person, values={"scope": scope},
            valid_from=reader.now.date(), by=str(reader.account.uid), because="asked for on their own page",
            today=reader.now.date(),
        )  # fmt: skip
    return str(fact)


def record_request(reader: Reader, uid: str, *, asker: str, scope: str, received: date, confirmed: date | None) -> str:
    """Record a request that came by letter, telephone or in person; `asker` is who asks, by public id."""
    row = find_person(uid)
    if received > reader.now.date():
        raise InputError("The day the request came must be today or in the past.")
    values = {"scope": scope, "identity_confirmed_date": confirmed.isoformat() if confirmed else None}
    said = {name: value for name, value in values.items() if value}
    recording.kind_of("subject_access_request")
    who = find_person(asker) if asker and asker != uid else row
    _insist_on_records(reader, row, "record subject_access_request")
    if not reader.decide(Verb.SEE_EXISTS, reader.thing(who)) or who.held_by_id != row.held_by_id:
        raise InputError("There is nobody under that name that you can choose.")
    with as_system():
        fact = facts.record_fact(
            kind="subject_access_request", subject=row, party=who, values=said, valid_from=received,
            by=str(reader.account.uid), because="request received", today=reader.now.date(),
        )  # fmt: skip
    return str(fact)


def _insist_on_records(reader: Reader, row: Thing, action: str) -> None:
    reader.insist(Verb.WRITE, replace(reader.thing(row), sort=Sort.FACT, slice="records"), action=action)


def mark_words(reader: Reader, uid: str, fact: str, *, item: str, words: str, instead: str) -> None:
    """Mark words to be left out of a pack: in one item, or everywhere where `item` is empty."""
    _, request = _open_request(reader, uid, fact)
    if len(words.strip()) < 2:
        raise InputError("Enter the words to leave out.")
    _keep_marks(reader, uid, request, [*marks_of(request), Mark(item, words.strip(), instead.strip())])


def unmark(reader: Reader, uid: str, fact: str, *, place: int) -> None:
    """Take one mark away again."""
    _, request = _open_request(reader, uid, fact)
    marks = marks_of(request)
    if not 0 <= place < len(marks):
        raise InputError("That mark is not there any more.")
    _keep_marks(reader, uid, request, marks[:place] + marks[place + 1 :])


def _open_request(reader: Reader, uid: str, fact: str) -> tuple[Thing, AccessRequest]:
    row, request = request_of(reader, uid, fact)
    if request.answered is not None or request.released:
        raise InputError("This request has been answered. What was given cannot be changed.")
    return row, request


def _keep_marks(reader: Reader, uid: str, request: AccessRequest, marks: Sequence[Mark]) -> None:
    content = json.dumps([asdict(mark) for mark in marks]).encode()
    keep_pack_file(reader, find_person(uid), request.fact, "marks", content, MARKS)


def keep_pack_file(reader: Reader, row: Thing, fact: str, sort: str, content: bytes, media_type: str) -> None:
    """Keep one file of a pack, sealed, with its audit entry."""
    by = str(reader.account.uid)
    with writing(held_by=row.held_by_id, by=by, because="subject access") as change:
        keep_file(row.held_by_id, Attached(f"subject-access.{fact}.{sort}", media_type, content), by=by)
        audit.append(
            change.held_by,
            [
                {
                    "actor": by,
                    "action": f"recorded access pack: {sort}",
                    "person": str(row.uid),
                    "body": {"request": fact},
                }
            ],
            at=change.at,
        )


def start_pack(reader: Reader, uid: str, fact: str) -> Job:
    """Have the pack of a request made in the background; asking twice makes it once."""
    row, request = _open_request(reader, uid, fact)
    with as_system():
        return enqueue(
            PACK, {"request": request.fact, "person": str(row.uid), "account": str(reader.account.uid)},
            held_by=row.held_by_id, by=str(reader.account.uid), once_key=f"{PACK}:{request.fact}",
        )  # fmt: skip


def release_pack(reader: Reader, uid: str, fact: str, *, outcome: str, exemptions: Sequence[str]) -> None:
    """
    Release a finished pack to the one who asked: a second person's act.

    Raises InputError where the reader made or marked the pack, or where it is not finished.
    """
    row, request = _open_request(reader, uid, fact)
    _insist_releases(reader, row)
    if outcome not in OUTCOMES:
        raise InputError("Choose what was answered.")
    if outcome != "refused":
        _check_made_by_another(reader, request)
    by = str(reader.account.uid)
    with as_system():
        asker = Thing.objects.filter(pk=request.asker or 0).first()
        if outcome != "refused":
            facts.record_fact(
                kind="release", subject=row, party=asker, values={"what": fact, "approved_by": reader.account.name},
                valid_from=reader.now.date(), by=by, because="released after a second person’s check",
                today=reader.now.date(),
            )  # fmt: skip
        held = facts.current_version("spell", fact)
        values = {**held.payload, "outcome": outcome, "exemptions": list(exemptions) or None}
        facts.correct_fact(
            word="spell", fact=fact, made_from=held.pk, values=values, by=by, because="answered",
            valid_from=held.valid_from, valid_to=max(reader.now.date(), held.valid_from or date.min), ref=held.ref,
        )  # fmt: skip


def _insist_releases(reader: Reader, row: Thing) -> None:
    reader.insist(Verb.RELEASE, reader.thing(row), action="release")


def _check_made_by_another(reader: Reader, request: AccessRequest) -> None:
    if request.built is None or ("pdf" not in request.files and "html" not in request.files):
        raise InputError("The pack is not made yet. Make it, check it, then release it.")
    if request.stale:
        raise InputError("Something was marked after the pack was made. Make it again first.")
    me = str(reader.account.uid)
    if me in {request.built.by, request.marks.by if request.marks else ""}:
        raise InputError("Another person must release this: you made or marked it yourself.")


def release_item(
    reader: Reader, uid: str, *, word: str, fact: str, to: str, words_for_child: str
) -> None:  # fmt: skip
    """Release one fact or paper to the child or a parent (`to`, a public id), with words meant for them."""
    row, thing = open_person(reader, uid, action="release")
    reader.insist(Verb.RELEASE, thing, action="release")
    insist_about(row, word, fact)
    who = find_person(to)
    opened = Reach.objects.filter(actor=who, person=row, sort__in=("self", "released"))
    if not opened.exclude(until_date__lte=reader.now.date()).exists():
        raise InputError("Choose somebody who can open their own page.")
    with as_system():
        facts.record_fact(
            kind="release", subject=row, party=who,
            values={"what": fact, "words_for_child": words_for_child, "approved_by": reader.account.name},
            valid_from=reader.now.date(), by=str(reader.account.uid), because="released to the family",
            today=reader.now.date(),
        )  # fmt: skip


def open_to_family(reader: Reader, uid: str, *, email: str, because: str) -> None:
    """
    Let a young person or a parent open their own page of a record.

    The account must hold the role child or parent. It reads nothing but what is released to it, item by item.
    """
    row = find_person(uid)
    reader.insist(Verb.GRANT, reader.thing(row), action="open to family")
    account = Account.objects.filter(email__iexact=email.strip(), held_by=row.held_by_id, is_active=True).first()
    roles = set(account.roles_held.values_list("role", flat=True)) if account else set()
    if account is None or account.person is None or not roles & {"child", "parent"}:
        raise InputError("There is no account of a young person or a parent under that e-mail address.")
    if account.pk == reader.account.pk:
        raise InputError("You cannot give access to yourself.")
    own = account.person_id == row.pk
    if not own and "parent" not in roles:
        raise InputError("A young person can be given their own record only.")
    with writing(held_by=row.held_by_id, by=str(reader.account.uid), because=because) as change:
        Reach.objects.get_or_create(
            held_by_id=row.held_by_id, actor=account.person, person=row, until_date=None,
            sort=(ReachSort.SELF if own else ReachSort.RELEASED).value,
            defaults={"from_date": change.at.date(),
                      "because": "it is your own record" if own else "it was opened to you as a parent"},
        )  # fmt: skip
        audit.append(
            change.held_by,
            [{"actor": change.by, "action": "recorded opening to family", "person": str(row.uid), "reason": because,
              "body": {"account": str(account.uid)}}],
            at=change.at,
        )  # fmt: skip


def place_hold(reader: Reader, uid: str, *, values: Mapping[str, Any]) -> None:
    """Place a legal hold: nothing of the record is destroyed while it is in force."""
    row = find_person(uid)
    reason = str(values.get("reason") or "").strip()
    if not reason:
        raise InputError("Enter the reason for the hold.")
    said = {name: value for name, value in values.items() if value not in (None, "")}
    recording.record(
        for_rights(reader), row, kind="legal_hold", values=said, valid_from=reader.now.date(), valid_to=None,
        party=None, because="legal hold",
    )  # fmt: skip


def end_hold(reader: Reader, uid: str, *, fact: str, because: str) -> None:
    """End a legal hold today, for a reason."""
    row, _ = open_person(reader, uid, action="legal hold")
    insist_about(row, "spell", fact)
    _insist_on_records(reader, row, "end legal_hold")
    with as_system():
        held = facts.current_version("spell", fact)
        if held.kind != "legal_hold":
            raise NotPermitted("There is nothing here that you can open.")
        facts.correct_fact(
            word="spell", fact=fact, made_from=held.pk, values=held.payload, by=str(reader.account.uid),
            because=because, valid_from=held.valid_from, valid_to=max(reader.now.date(), held.valid_from or date.min),
            ref=held.ref,
        )  # fmt: skip
