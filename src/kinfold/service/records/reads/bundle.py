"""
A chronology and bundle: the part of one record that is printed for a court or to hand over.

What a bundle never holds, whoever makes it: legal advice, what the police marked, allegations about adults, what is
about somebody else, what was withdrawn, and an address that is kept from anybody, in a field or in a text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from kinfold.access.fields import is_concealed, masked
from kinfold.access.slices import slice_of
from kinfold.access.things import Decision, Thing
from kinfold.access.third_parties import Mark, Redactor
from kinfold.access.words import Label, Sort, Verb
from kinfold.record.declare import Sensitivity, Word
from kinfold.service.records.models import SpellFact, TieFact
from kinfold.service.records.reads.child_fact import open_person
from kinfold.service.records.reads.person import Entry, Whole, whole
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.versions import one_person
from kinfold.service.records.scope import as_system
from kinfold.terms.errors import NotPermitted

# The exports by which a role may print a bundle, the widest first; roles.toml says who has which.
EXPORTS = ("court_bundle", "case_bundle")
# A social worker's own print says on every page who made it.
WATERMARKED = frozenset({"case_bundle"})
NEVER_PRINTED = frozenset(
    {Label.PRIVILEGED, Label.POLICE_MARKED, Label.LADO_VAULT, Label.THIRD_PARTY, Label.SEALED, Label.VOID_WRONG_PERSON}
)
NOT_STORY = frozenset({"name", "identifier", "person_details", "address", "allocation", "member_of_group"})
# What may be chosen: name, words, and the kinds of fact (None: by word).
PARTS: tuple[tuple[str, str, frozenset[Word], frozenset[str]], ...] = (
    ("chronology", "Chronology: what happened and what lasted", frozenset({Word.EVENT, Word.SPELL}), frozenset()),
    ("plans", "Plans", frozenset({Word.PLAN}), frozenset()),
    ("papers", "Papers: notes, letters, reports and the child’s own words", frozenset({Word.PAPER}), frozenset()),
    ("family", "Who is who", frozenset({Word.TIE}), frozenset()),
)
# Access, requests and holds are about the record, not about the child's story.
ABOUT_THE_RECORD = "access"


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle: what it was chosen by, who made it and when, its entries in order, and what was left out."""

    document: Whole
    export: str
    since: date | None
    until: date | None
    parts: tuple[str, ...]
    entries: tuple[Entry, ...]
    left_out: int
    addresses_kept: bool
    made_by: str
    role: str
    organisation: str
    made_at: datetime
    because: str

    @property
    def watermark(self) -> str:
        """Return what stands across every page, or nothing."""
        return f"{self.made_by}, {self.made_at:%d %B %Y}" if self.export in WATERMARKED else ""

    def of(self, *words: Word) -> list[Entry]:
        """Return the entries of some words, earliest first."""
        return [entry for entry in self.entries if entry.kind.word in words]


def may_bundle(reader: Reader, uid: str) -> tuple[Thing, str, Decision]:
    """Return the person, the export by which the reader may print a bundle of theirs, and why. Raises NotPermitted."""
    _, thing = open_person(reader, uid, action="bundle")
    for name in EXPORTS:
        decision = reader.decide(Verb.EXPORT, _as_export(thing, name))
        if decision:
            return thing, name, decision
    reader.refused("bundle", thing, decision)
    raise NotPermitted(decision.shown)


def _as_export(thing: Thing, name: str, kind: str = "", labels: frozenset[Label] = frozenset()) -> Thing:
    return replace(
        thing, sort=Sort.EXPORT, name=name, labels=thing.labels | labels, slice=slice_of(kind) if kind else thing.slice
    )


def bundle_of(reader: Reader, uid: str, *, since: date | None, until: date | None, parts: Sequence[str]) -> Bundle:
    """
    Return one person's bundle for the days from `since` to `until` (both included), and record the export as a View.

    Raises NotPermitted, recorded, where the reader makes no such export.
    """
    thing, name, decision = may_bundle(reader, uid)
    document = whole(reader, uid, action=f"export: {name}", log=False)
    words = frozenset(word for part, _, those, _ in PARTS if part in parts for word in those)
    chosen = [e for e in document.entries if e.kind.word in words and e.kind.name not in NOT_STORY]
    chosen = [e for e in chosen if e.kind.family != ABOUT_THE_RECORD and _within(e, since, until)]
    secret = concealed_words(one_person_of(thing))
    allowed = [entry for entry in (_as_exported(reader, thing, name, e, secret) for e in chosen) if entry is not None]
    reader.looked(document.held_by, f"export: {name}", [uid], because=decision.because)
    return Bundle(
        document=document, export=name, since=since, until=until, parts=tuple(parts), entries=tuple(allowed),
        left_out=len(chosen) - len(allowed), addresses_kept=bool(secret), made_by=reader.account.name,
        role=reader.role_label, organisation=reader.account.organisation, made_at=reader.now, because=decision.because,
    )  # fmt: skip


def _within(entry: Entry, since: date | None, until: date | None) -> bool:
    if entry.kind.word is Word.TIE or (since is None and until is None):
        return True
    first = entry.since or date.min
    last = (entry.until or date.max) if entry.kind.word is Word.SPELL else first
    return (until is None or first <= until) and (since is None or last >= since)


def _as_exported(reader: Reader, thing: Thing, name: str, entry: Entry, secret: Sequence[str]) -> Entry | None:
    """Return an entry as it is printed, or None where it is not printed at all."""
    labels = frozenset({Label(entry.label)} if entry.label != Label.OPEN.value else ())
    if NEVER_PRINTED & labels or entry.version.version.status == "void":
        return None
    decision = reader.decide(Verb.EXPORT, _as_export(thing, name, entry.kind.name, labels))
    if not decision:
        return None
    own = masked(entry.values, entry.kind, decision, labels=labels)
    return without_addresses(replace(entry, values=own), secret)


def without_addresses(entry: Entry, secret: Sequence[str]) -> Entry:
    """Return an entry with no address of somebody whose address is kept from anyone, in its fields or its texts."""
    if not secret:
        return entry
    fields = entry.kind.fields
    safe = {n: v for n, v in entry.values.items() if fields[n].sensitivity is not Sensitivity.ADDRESS}
    scrub = Redactor([], marks=[Mark("", words, "address withheld") for words in secret])
    left_out = {*entry.hidden, *(entry.values.keys() - safe.keys())}
    return replace(
        entry, values={name: scrub.value(value) for name, value in safe.items()}, hidden=tuple(sorted(left_out))
    )


def one_person_of(thing: Thing) -> list[int]:
    """Return every Person that is the same as the one asked about."""
    return one_person(thing.person) if thing.person else []


def concealed_words(persons: Sequence[int]) -> list[str]:
    """
    Return every address and postcode that must not be printed: the child's and their family's concealed ones.

    Where somebody must not know the child's address, every address of the child counts as concealed.
    """
    with as_system():
        ties = TieFact.objects.filter(known_to__isnull=True, status="final")
        apart = ties.filter(party__in=persons, kind="must_not_know_address").exists() or any(
            payload.get("conceal_address")
            for payload in ties.filter(party__in=persons).values_list("payload", flat=True)
        )
        near = set(ties.filter(party__in=persons).values_list("subject_id", flat=True))
        rows = SpellFact.objects.filter(kind__in=("address", "placement"), status="final", known_to__isnull=True)
        found: list[str] = []
        for subject, kind, label, payload in rows.filter(subject__in={*persons, *near}).values_list(
            "subject_id", "kind", "label", "payload"
        ):
            hidden = is_concealed(payload, frozenset({Label(label)}))
            if hidden or (apart and subject in persons):
                found += _words(payload, kind)
    return list(dict.fromkeys(found))


def _words(payload: dict[str, object], kind: str) -> Iterable[str]:
    postcode = str(payload.get("postcode") or "")
    if postcode:
        yield postcode
        yield postcode.replace(" ", "")
    if kind == "address":
        for line in re.split(r"[\n,;]+", str(payload.get("address_lines") or "")):
            # a town or a county by itself names no home
            if any(letter.isdigit() for letter in line) and len(line.strip()) >= 4:
                yield line.strip()
