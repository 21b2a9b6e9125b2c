"""
One child's whole record, as the reader may see it: what the page, the API and `kinfold child` all show.

Access is decided by today's labels whatever date is asked about; what is hidden is left out, and the document
says that something is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from kinfold.access.fields import masked
from kinfold.access.slices import slice_of
from kinfold.access.things import Decision, Thing
from kinfold.access.words import Label, Sort, Verb
from kinfold.record.combine import Shown, shown
from kinfold.record.declare import KINDS, Kind, Word
from kinfold.record.expectations import findings
from kinfold.record.finding import Finding
from kinfold.record.in_time import FactVersion, says_it_is_open
from kinfold.service.records.commits import moments_of, number_known_at
from kinfold.service.records.models import PersonIndex
from kinfold.service.records.models import Thing as ThingRow
from kinfold.service.records.reads.kept_for_family import without_hidden_families
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.versions import one_person, uid_text, versions_about
from kinfold.service.records.scope import reading_as_system
from kinfold.service.records.tables import fetch
from kinfold.terms.codes import code_set
from kinfold.terms.errors import InputError, NotPermitted

LONDON = ZoneInfo("Europe/London")
SORT_OF_WORD = {Word.PLAN: Sort.PLAN, Word.PAPER: Sort.PAPER}
WHO_THEY_ARE = ("name", "person_details")  # seen by whoever opens the record at all
# Which file would fill an empty part of the page (the record's own notes on what the files carry).
FILLED_BY = {
    "name": "the daily feed or the Standard Safeguarding Dataset",
    "tie": "the Standard Safeguarding Dataset, or a form here",
    "allocation": "the SSDA903 social worker episodes, the daily feed or the Standard Safeguarding Dataset",
    "placement": "the SSDA903 return",
    "referral_episode": "the CIN census",
    "paper": "a form here: no statutory file carries notes or documents",
    "plan": "the CIN census or the Standard Safeguarding Dataset",
}


@dataclass(slots=True)
class Entry:
    """One fact as it is shown: combined over the doors, with the values the reader may see."""

    fact: str
    kind: Kind
    since: date | None
    until: date | None
    values: dict[str, Any]
    hidden: tuple[str, ...]
    party: str | None
    party_name: str
    source: str
    doors: tuple[str, ...]
    where: str
    label: str
    recorded_by: str
    known_since: datetime | None
    claimed_at: datetime | None
    version: Shown

    @property
    def ongoing(self) -> bool:
        """Say whether a spell goes on: it has no end, and came by a door that would have said if it had."""
        is_open = self.kind.word is Word.SPELL and self.until is None
        return is_open and any(says_it_is_open(fact) for fact in self.version.facts)


@dataclass(slots=True)
class Whole:
    """A person's record: who they are, their story, who is who, plans, papers, and what does not fit."""

    uid: str
    sort: str
    held_by: int
    holder: str
    name: str
    known_as: str
    birth_date: date | None
    expected_birth_date: date | None
    death_date: date | None
    la_child_id: str
    as_known_on: date | None
    known_since: datetime | None
    because: str
    decision: Decision
    labels: tuple[str, ...]
    entries: list[Entry] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    people: dict[int, Named] = field(default_factory=dict)
    hidden: int = 0

    def of(self, *kinds: str) -> list[Entry]:
        """Return the entries of some kinds, earliest first."""
        return [entry for entry in self.entries if entry.kind.name in kinds]

    def of_word(self, *words: Word) -> list[Entry]:
        """Return the entries of some words, earliest first."""
        return [entry for entry in self.entries if entry.kind.word in words]

    def now(self, kind: str) -> Entry | None:
        """Return the latest entry of a kind that goes on, if any."""
        going = [entry for entry in self.of(kind) if entry.ongoing]
        return going[-1] if going else None

    @property
    def empty_parts(self) -> list[dict[str, str]]:
        """Return the parts of the page that nothing fills yet, each with the file that would."""
        have = {entry.kind.name for entry in self.entries} | {entry.kind.word.value for entry in self.entries}
        return [{"part": part, "filled_by": source} for part, source in FILLED_BY.items() if part not in have]


@dataclass(frozen=True, slots=True)
class Named:
    """Another person or body as this page names them."""

    uid: str
    name: str
    sort: str
    opens: bool


def find_person(uid: str) -> ThingRow:
    """Return the Person with a public id. Raises NotPermitted when there is none: existence is not told apart."""
    try:
        return ThingRow.objects.select_related("held_by").get(uid=uid, word__in=("person", "body"))
    except (ThingRow.DoesNotExist, ValueError, InputError) as error:
        raise NotPermitted("There is nothing here that you can open.") from error
    except Exception as error:  # Django raises ValidationError for a malformed UUID
        if type(error).__name__ == "ValidationError":
            raise NotPermitted("There is nothing here that you can open.") from error
        raise


def find_child(reader: Reader, reference: str) -> str:
    """Return the public id for a child named by public id or by the council's own number."""
    if len(reference) == 36:
        return reference
    rows = PersonIndex.objects.filter(held_by__in=reader.holders, la_child_id=reference).values_list(
        "person__uid", flat=True
    )
    found = list(rows[:2])
    if len(found) != 1:
        raise NotPermitted("There is nothing here that you can open.")
    return str(found[0])


def end_of(day: date) -> datetime:
    """Return the last moment of a day in England."""
    return datetime.combine(day + timedelta(days=1), time(0), LONDON) - timedelta(microseconds=1)


def whole(
    reader: Reader, uid: str, *, as_known_on: date | None = None, action: str = "child page", log: bool = True
) -> Whole:
    """
    Return a person's record as the reader may see it, and record the View.

    `as_known_on` asks what was known at the end of that day. Raises NotPermitted, recorded and without detail,
    when the reader may not open it or there is nothing.
    """
    row = find_person(uid)
    index = PersonIndex.objects.filter(pk=row.pk).first()
    thing = reader.thing(index or row)
    decision = reader.reads(thing)
    if not decision:
        reader.refused(action, thing, decision)
        raise NotPermitted(decision.shown)
    number = None
    if as_known_on is not None:
        number = number_known_at(held_by=row.held_by_id, moment=min(end_of(as_known_on), reader.now))
    document = _document(reader, row, index, thing, decision, number, as_known_on)
    if log:
        reader.looked(row.held_by_id, action, [uid], because=decision.because)
    return document


def _document(
    reader: Reader, row: ThingRow, index: PersonIndex | None, thing: Thing, decision: Decision, number: int | None,
    day: date | None,
) -> Whole:  # fmt: skip
    with reading_as_system():
        persons = one_person(row.pk)
        told = without_hidden_families(reader, versions_about(persons, number=number, inward=True), persons)
        versions = [v for v in told if v.subject in persons]
        inward = [v for v in told if v.subject not in persons]
        moments = moments_of(held_by=row.held_by_id, numbers=(v.known_from for v in versions))
        known_since = min(moments.values(), default=None)
        named = _named(reader, told, persons)
        if persons[0] != row.pk:
            index = PersonIndex.objects.filter(pk=persons[0]).first()
    live = [v for v in versions if v.status != "void"]
    combined = shown(live)
    document = Whole(
        uid=str(row.uid), sort=row.sort, held_by=row.held_by_id, holder=row.held_by.name, name="", known_as="",
        birth_date=None, expected_birth_date=None, death_date=None, la_child_id="", as_known_on=day,
        known_since=known_since, because=decision.because, decision=decision,
        labels=tuple(sorted(label.value for label in thing.labels)), people=named,
    )  # fmt: skip
    for one in [*combined, *shown(inward)]:
        entry = _entry(reader, thing, decision, one, named, moments)
        if entry is None:
            document.hidden += 1
        else:
            document.entries.append(entry)
    document.entries.sort(key=lambda e: (e.since or date.min, e.kind.name, e.fact))
    document.findings = [*(f for one in combined for f in one.findings), *findings([one.version for one in combined])]
    _identify(document, index)
    return document


def _named(reader: Reader, versions: Iterable[FactVersion], persons: Sequence[int]) -> dict[int, Named]:
    """Return the names of the other people and bodies that the record mentions, as far as the reader may know."""
    ids = {other for v in versions for other in (v.party, v.subject) if other} - set(persons)
    if not ids:
        return {}
    rows = fetch(
        "select t.id, t.uid, t.sort, t.held_by, coalesce(nullif(i.name, ''), a.name), i.label from thing t "
        "left join person_index i on i.person = t.id left join account a on a.person = t.id and t.sort = 'worker' "
        f"where t.id in ({', '.join(str(int(other)) for other in sorted(ids))})",
        [],
    )
    people = [row for row in rows if row[2] in ("child", "adult")]
    reader.prepare([row[0] for row in people])
    found = {row[0]: Named(uid_text(row[1]), row[4] or "", row[2], False) for row in rows if row not in people}
    for other, uid, sort, held_by, name, label in people:
        asked = reader.thing(
            PersonIndex(person_id=other, held_by_id=held_by, sort=sort, label=label or Label.OPEN.value)
        )
        # seeing one child never shows that a restricted brother or sister exists
        if reader.decide(Verb.SEE_EXISTS, asked):
            opens = bool(reader.decide(Verb.READ_HEADLINE, asked))
            found[other] = Named(uid_text(uid), name or "", sort, opens)
    return found


def _entry(
    reader: Reader, person: Thing, decision: Decision, one: Shown, named: dict[int, Named],
    moments: dict[int, datetime],
) -> Entry | None:  # fmt: skip
    """Return a fact as the reader may see it, or None when they may not see that it is there."""
    version = one.version
    kind = KINDS[version.kind]
    other = version.party if version.subject == person.person else version.subject
    if kind.word is Word.TIE and other is not None and other not in named and other != person.person:
        return None
    labels = person.labels | _labels(one)
    thing = Thing(
        sort=SORT_OF_WORD.get(kind.word, Sort.FACT), held_by=person.held_by, person=person.person, labels=labels,
        named=person.named, slice=slice_of(kind.name),
    )  # fmt: skip
    own = decision if kind.name in WHO_THEY_ARE and labels == person.labels else reader.reads(thing)
    if not own:
        return None
    party = named.get(other) if other is not None else None
    values = masked(version.payload, kind, own, labels=labels)
    return Entry(
        fact=str(version.fact), kind=kind, since=version.valid_from, until=version.valid_to,
        values=values,
        hidden=tuple(sorted(name for name, value in version.payload.items() if values.get(name) != value)),
        party=party.uid if party else None, party_name=party.name if party else "", source=version.source,
        doors=one.doors, where=_where(version), label=version.label, recorded_by=str(version.recorded_by or ""),
        known_since=moments.get(version.known_from), claimed_at=version.source_recorded_at, version=one,
    )  # fmt: skip


def _labels(one: Shown) -> frozenset[Label]:
    return frozenset(Label(fact.label) for fact in one.facts if fact.label != Label.OPEN)


def _where(version: Any) -> str:
    if version.place is None:
        return ""
    return f"{version.place.table} row {version.place.row}"


def _identify(document: Whole, index: PersonIndex | None) -> None:
    """Fill who the person is from the entries the reader may see."""
    details = document.of("person_details")
    for name in ("birth_date", "expected_birth_date", "death_date"):
        said = next((e.values[name] for e in details if e.values.get(name)), None)
        setattr(document, name, date.fromisoformat(said) if said else None)
    names: dict[str, list[str]] = defaultdict(list)
    for entry in document.of("name"):
        parts = (entry.values.get(part) for part in ("forename", "middle_names", "surname"))
        text = " ".join(part for part in parts if part)
        if text:
            names[entry.values.get("name_type") or "LEGAL"].append(text)
    legal = names.get("LEGAL") or names.get("legal") or next(iter(names.values()), [])
    known = names.get("KNOWN_AS") or names.get("known_as") or []
    document.name = legal[-1] if legal else ""
    document.known_as = known[-1] if known else ""
    if index is not None and "identifier" not in {mask.value for mask in document.decision.masks}:
        document.la_child_id = index.la_child_id


def in_words(spec_name: str, kind: Kind, value: Any) -> str:
    """Return one value of a payload as a person reads it: a code's label, yes or no, a day."""
    spec = kind.fields.get(spec_name)
    if value is None or spec is None:
        return ""
    if spec.type == "yes or no":
        return "Yes" if value else "No"
    if spec.type == "date":
        day = date.fromisoformat(value)
        return f"{day.day} {day:%B %Y}"
    if spec.codes and isinstance(value, str):
        return _code_label(spec.codes, value)
    if spec.type == "codes":
        return "; ".join(_code_label(spec.codes, v) if spec.codes else v for v in value)
    return plain_words(value)


def plain_words(value: Any) -> str:
    """Return any value as words, never as the notation it is kept in: lists one after the other, objects by part."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, list | tuple):
        return "; ".join(words for one in value if (words := plain_words(one)))
    if isinstance(value, dict) and "words" in value:  # a section of a paper
        return ": ".join(str(part) for name in ("heading", "words") if (part := value.get(name)))
    if isinstance(value, dict):
        said = {name.replace("_", " "): plain_words(one) for name, one in value.items()}
        return ", ".join(f"{name} {words}" for name, words in said.items() if words)
    if isinstance(value, str) and len(value) == 10 and value[4:5] == value[7:8] == "-":
        with suppress(ValueError):
            day = date.fromisoformat(value)
            return f"{day.day} {day:%B %Y}"
    return "" if value is None else str(value)


def _code_label(codes: str, value: str) -> str:
    try:
        return code_set(codes).label(value)
    except (KeyError, InputError, LookupError):
        return value


def as_json(document: Whole) -> dict[str, Any]:
    """Return the whole record as one JSON document."""
    return {
        "id": document.uid,
        "sort": document.sort,
        "held_by": document.holder,
        "name": document.name,
        "known_as": document.known_as,
        "la_child_id": document.la_child_id,
        "date_of_birth": document.birth_date,
        "expected_date_of_birth": document.expected_birth_date,
        "date_of_death": document.death_date,
        "as_known_on": document.as_known_on,
        "known_to_kinfold_since": document.known_since,
        "because": document.because,
        "labels": list(document.labels),
        "something_is_withheld": bool(document.hidden or any(entry.hidden for entry in document.entries)),
        "facts": [_entry_json(entry) for entry in document.entries],
        "findings": [
            {"code": f.code, "kind": f.kind, "message": f.message, "facts": [str(fact) for fact in f.facts]}
            for f in document.findings
        ],
        "empty_parts": document.empty_parts,
    }


def _entry_json(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.fact,
        "kind": entry.kind.name,
        "word": entry.kind.word.value,
        "label": entry.kind.label,
        "from": entry.since,
        "until": entry.until,
        "values": entry.values,
        "withheld": list(entry.hidden),
        "party": entry.party,
        "party_name": entry.party_name,
        "source": entry.source,
        "also_from": [door for door in entry.doors if door != entry.source],
        "where": entry.where,
        "known_since": entry.known_since,
        "source_recorded_at": entry.claimed_at,
        "differences": [
            {"field": d.field, "shown": d.shown, "said": [{"door": s.door, "value": s.value} for s in d.said]}
            for d in entry.version.differences
            if d.field not in entry.hidden
        ],
    }
