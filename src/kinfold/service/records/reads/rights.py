"""
A copy of a record for the person it is about: requests, the pack that answers one, and the staff's page of it all.

Other people in it are named by who they are to the person (access/third_parties.py).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from kinfold.access.looks import Look
from kinfold.access.slices import slice_of
from kinfold.access.things import Thing
from kinfold.access.third_parties import Mark, Redactor
from kinfold.access.words import Label, Sort, Verb
from kinfold.record.declare import KINDS, Word
from kinfold.record.retention import Kept
from kinfold.service.records.models import Account, EventFact, Job, KeptFile, PersonIndex, Reach, SpellFact
from kinfold.service.records.models import Thing as ThingRow
from kinfold.service.records.reads.bundle import NEVER_PRINTED, concealed_words, without_addresses
from kinfold.service.records.reads.child_fact import NOTHING, open_person, version_mark
from kinfold.service.records.reads.keeping import REASON, open_holds, retention_of
from kinfold.service.records.reads.looks import looks_for_family
from kinfold.service.records.reads.others import redactor_for
from kinfold.service.records.reads.papers import contents, words_of
from kinfold.service.records.reads.person import Entry, find_person, in_words, whole
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.versions import one_person
from kinfold.service.records.scope import as_system
from kinfold.terms.errors import NotPermitted

PACK = "subject_access_pack"
# Fields that are for machines, or say what was already taken out.
NOT_GIVEN = frozenset({"sections", "file_sha256", "third_party_spans", "template", "concealed_from", "text"})
WHY_LEFT_OUT = {
    Label.PRIVILEGED: "legal advice", Label.POLICE_MARKED: "marked by the police", Label.THIRD_PARTY: "about others",
    Label.LADO_VAULT: "an allegation about an adult", Label.SEALED: "sealed by law",
}  # fmt: skip


def for_rights(reader: Reader) -> Reader:
    """Return the reader with the reason for which rights work opens a record."""
    return Reader(reader.account, reader.now, reason=REASON)


@dataclass(frozen=True, slots=True)
class AccessRequest:
    """A request for a copy of a record, its pack as far as it is made, and whether it was released."""

    fact: str
    mark: str
    received: date | None
    answered: date | None
    asker: int | None
    asker_name: str
    values: dict[str, Any]
    files: dict[str, KeptFile]
    marks: KeptFile | None
    job: Job | None
    released: bool

    @property
    def built(self) -> KeptFile | None:
        """Return the newest of the pack's files."""
        return max(self.files.values(), key=lambda kept: kept.pk, default=None)

    @property
    def stale(self) -> bool:
        """Return whether something was marked after the pack was made."""
        return bool(self.marks and self.built and self.marks.pk > self.built.pk)


def requests_about(persons: Sequence[int]) -> list[AccessRequest]:
    """Return the requests for a copy of a person's record, newest first."""
    with as_system():
        rows = SpellFact.objects.filter(
            subject__in=persons, kind="subject_access_request", known_to__isnull=True, status="final"
        ).select_related("party")
        return [_request(row) for row in rows.order_by("-valid_from", "-pk")]


def _request(row: SpellFact) -> AccessRequest:
    fact = str(row.fact)
    kept = KeptFile.objects.filter(held_by_id=row.held_by_id, name__startswith=f"subject-access.{fact}.")
    files: dict[str, KeptFile] = {}
    for one in kept.filter(erased_at__isnull=True).defer("content").order_by("pk"):
        files[one.name.rsplit(".", 1)[1]] = one
    marks = files.pop("marks", None)
    jobs = Job.objects.filter(name=PACK, arguments__request=fact).order_by("-pk")
    released = EventFact.objects.filter(
        subject_id=row.subject_id, kind="release", known_to__isnull=True, status="final", payload__what=fact
    )
    name = PersonIndex.objects.filter(pk=row.party_id).values_list("name", flat=True).first() if row.party_id else ""
    return AccessRequest(
        fact, version_mark("spell", row.pk), row.valid_from, row.valid_to, row.party_id,
        name or "", dict(row.payload), files, marks, jobs.first(),
        released.exists(),
    )  # fmt: skip


def request_of(reader: Reader, uid: str, fact: str) -> tuple[ThingRow, AccessRequest]:
    """Return one request about a person, for those who make packs. Raises NotPermitted, recorded, for others."""
    row, thing = open_person(reader, uid, action="subject access")
    reader.insist(Verb.EXPORT, as_pack(thing), action="subject access")
    found = next((one for one in requests_about(one_person(row.pk)) if one.fact == fact), None)
    if found is None:
        raise NotPermitted(NOTHING)
    return row, found


def as_pack(thing: Thing, name: str = PACK) -> Thing:
    """Return the export of a person's record as the rule of access takes it."""
    return replace(thing, sort=Sort.EXPORT, name=name, slice="records")


def marks_of(request: AccessRequest) -> list[Mark]:
    """Return what reviewers marked to be left out, in the order in which they did."""
    if request.marks is None:
        return []
    return [Mark(**one) for one in json.loads(b"".join(contents(request.marks)))]


def pack_of(reader: Reader, uid: str, request: AccessRequest) -> dict[str, Any]:
    """
    Return the whole pack as JSON values: what is held, where it came from, who looked, how long it is kept.

    Raises NotPermitted, recorded, where the reader makes no such pack.
    """
    row, thing = open_person(reader, uid, action="subject access")
    decision = reader.insist(Verb.EXPORT, as_pack(thing), action=f"export: {PACK}")
    document = whole(reader, uid, action=f"export: {PACK}", log=False)
    persons = one_person(row.pk)
    redactor, secret = redactor_for(persons, marks_of(request)), concealed_words(persons)
    items, left_out = [], Counter[str]()
    for entry in document.entries:
        why = _left_out(reader, thing, entry)
        if why:
            left_out[why] += 1
            continue
        items.append(_item(without_addresses(entry, secret), redactor))
    reader.looked(row.held_by_id, f"export: {PACK}", [uid], because=decision.because)
    return {
        "request": request.fact, "person": uid, "name": document.name, "held_by": document.holder,
        "made_at": reader.now.isoformat(timespec="minutes"), "items": items,
        "left_out": [{"why": why, "items": count} for why, count in sorted(left_out.items())],
        "addresses_withheld": bool(secret),
        "looks": [_look(look) for look in looks_for_family(uid, now=reader.now)[:500]],
        "retention": [_rule(kept) for kept in retention_of(row, today=reader.now.date())],
    }  # fmt: skip


def _left_out(reader: Reader, thing: Thing, entry: Entry) -> str:
    labels = frozenset({Label(entry.label)} if entry.label != Label.OPEN.value else ())
    found = sorted(NEVER_PRINTED & labels)
    if found:
        return WHY_LEFT_OUT.get(found[0], "not about you")
    asked = replace(as_pack(thing), labels=thing.labels | labels, slice=slice_of(entry.kind.name))
    return "" if reader.decide(Verb.EXPORT, asked) else "kept apart by law"


def _item(entry: Entry, redactor: Redactor) -> dict[str, Any]:
    return {
        "id": entry.fact, "kind": entry.kind.label, "word": entry.kind.word.value,
        "from": entry.since.isoformat() if entry.since else None,
        "until": entry.until.isoformat() if entry.until else None,
        "values": values_in_words(entry.kind.name, entry.values, redactor, entry.fact),
        "text": redactor.text(words_of(entry.values), fact=entry.fact),
        "with": _with(entry, redactor), "source": entry.source,
        "known_since": entry.known_since.isoformat(timespec="minutes") if entry.known_since else None,
    }  # fmt: skip


def values_in_words(kind: str, values: dict[str, Any], redactor: Redactor, fact: str) -> list[dict[str, str]]:
    """Return each value that may be given, with what it means, in words and redacted."""
    declared = KINDS[kind]
    given = [
        (n, v) for n, v in values.items() if n in declared.fields and n not in NOT_GIVEN and v not in (None, "", [])
    ]
    return [
        {
            "what": declared.fields[n].meaning,
            "value": redactor.text(in_words(n, declared, redactor.value(v)), fact=fact),
        }
        for n, v in given
    ]


def _with(entry: Entry, redactor: Redactor) -> str:
    """Return the other end of a fact: a worker or body by name, anybody else by who they are."""
    if entry.kind.word is Word.TIE and entry.kind.name != "works_for":
        return redactor.text(entry.party_name) if entry.party_name else "somebody else"
    return redactor.text(entry.party_name)


def _look(look: Look) -> dict[str, str]:
    return {"on": look.on.isoformat(), "organisation": look.organisation, "role": look.role, "reason": look.reason}


def _rule(kept: Kept) -> dict[str, str]:
    until = kept.until.isoformat() if kept.until else ""
    return {"rule": kept.value.label, "until": until, "because": kept.because, "source": kept.value.source,
            "certainty": kept.value.certainty}  # fmt: skip


@dataclass(frozen=True, slots=True)
class RightsOf:
    """What staff see of one person's rights: requests, retention, holds, releases, looks held back."""

    row: ThingRow
    name: str
    requests: list[AccessRequest]
    kept: Sequence[Kept]
    holds: list[SpellFact]
    releases: list[EventFact]
    family: list[tuple[str, str, date]]
    makes_packs: bool
    disposes: bool
    grants: bool
    holds_back: bool
    at: datetime


def rights_of(reader: Reader, uid: str) -> RightsOf:
    """Return the rights page of one person for staff, and record the View."""
    row, thing = open_person(reader, uid, action="rights")
    persons = one_person(row.pk)
    with as_system():
        name = PersonIndex.objects.filter(pk=row.pk).values_list("name", flat=True).first() or ""
        releases = EventFact.objects.filter(
            subject__in=persons, kind="release", known_to__isnull=True, status="final"
        ).select_related("party")
        family = Reach.objects.filter(person=row, sort__in=("self", "released")).exclude(
            until_date__lte=reader.now.date()
        )
        accounts = dict(
            Account.objects.filter(person_id__in=family.values("actor_id")).values_list("person_id", "name")
        )
        opened = [(accounts.get(r.actor_id, "an account"), r.sort, r.from_date) for r in family]
        found = list(releases.order_by("-valid_from", "-pk")[:200])
    reader.looked(row.held_by_id, "rights", [uid], because=REASON)
    dispose = reader.decide(Verb.DISPOSE, replace(thing, slice="records"))
    return RightsOf(
        row=row, name=name, requests=requests_about(persons), kept=retention_of(row, today=reader.now.date()),
        holds=open_holds(persons, reader.now.date()), releases=found, family=opened,
        makes_packs=bool(reader.decide(Verb.EXPORT, as_pack(thing))),
        disposes=bool(dispose) or dispose.rule == "two_people", grants=bool(reader.decide(Verb.GRANT, thing)),
        holds_back=bool(reader.decide(Verb.HOLD_BACK, thing)),
        at=reader.now,
    )  # fmt: skip


def names_to_release_to(uid: str) -> list[tuple[str, str]]:
    """Return (public id, name) of those who can open their own page of a record."""
    row = find_person(uid)
    actors = Reach.objects.filter(person=row, sort__in=("self", "released")).values_list("actor_id", flat=True)
    names = dict(PersonIndex.objects.filter(pk__in=list(actors)).values_list("pk", "name"))
    accounts = dict(Account.objects.filter(person_id__in=list(actors)).values_list("person_id", "name"))
    rows = ThingRow.objects.filter(pk__in=list(actors))
    return [(str(one.uid), names.get(one.pk) or accounts.get(one.pk, "Name not known")) for one in rows]
