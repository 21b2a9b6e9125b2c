"""What the night team is told: who is missing, who moved today, which children are at risk, and the notes for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import connection

from kinfold.access.slices import slice_of
from kinfold.record.combine import Shown, shown
from kinfold.record.declare import KINDS
from kinfold.record.in_time import holds_on, says_it_is_open, silent_doors
from kinfold.service.records.models import Account, Holder, PaperFact
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.sight import Row, Sight, index_rows, values_seen
from kinfold.service.records.reads.spells import SQL, listed_sql
from kinfold.service.records.reads.versions import versions_about
from kinfold.service.records.scope import as_system
from kinfold.service.records.tables import fetch, in_chunks, placeholders

# The notes of this page are case notes made from this template; its version changes when their sections do.
TEMPLATE = "night_handover/1"
# What of today the night team is told: spells that began or ended.
MOVES = ("missing", "placement", "care_period")
# Open facts that say a child is at risk or held, in the order in which they are read out.
RISKS: tuple[tuple[str, str], ...] = (
    ("missing", "Missing"),
    ("police_protection", "In police protection"),
    ("emergency_protection_order", "Emergency protection order"),
    ("section_47_enquiry", "Section 47 enquiry under way"),
    ("deprivation_of_liberty", "Deprived of liberty by order"),
    ("secure_accommodation", "In secure accommodation"),
    ("remand", "On remand"),
    ("custody", "In custody"),
)
RISK_WORDS = dict(RISKS)
# Longer than this a section 47 enquiry has long led to a conference or none; the source has not closed it.
OPEN_FOR = {"section_47_enquiry": timedelta(days=92)}


@dataclass(frozen=True, slots=True)
class Told:
    """One line about one child: `words` what, `since` from when, `detail` the values the reader may see."""

    person: int
    uid: str
    held_by: int
    name: str
    la_child_id: str
    birth_date: date | None
    kind: str
    words: str
    since: date | None
    until: date | None
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Note:
    """A note for the night: about whom, its words, who wrote it and when."""

    uid: str
    held_by: int
    name: str
    words: str
    by: str
    day: date | None
    fact: str


@dataclass(slots=True)
class Handover:
    """Everything the night team is told on `day`."""

    day: date
    missing: list[Told] = field(default_factory=list)
    back: list[Told] = field(default_factory=list)
    began: list[Told] = field(default_factory=list)
    ended: list[Told] = field(default_factory=list)
    came: list[Told] = field(default_factory=list)
    left: list[Told] = field(default_factory=list)
    at_risk: list[Told] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    @property
    def lines(self) -> list[Told]:
        """Return every line, in the order in which they are read out."""
        return [*self.missing, *self.back, *self.at_risk, *self.began, *self.ended, *self.came, *self.left]


def handover(reader: Reader, *, day: date) -> Handover:
    """Return what the night team is told of the children whom the reader may list. Records nothing."""
    found = Handover(day)
    listed = listed_sql(reader)
    if listed is None:
        return found
    for holder in Holder.objects.filter(pk__in=reader.holders).order_by("code"):
        with as_system():
            _add(found, reader, holder.pk, listed)
            found.notes += _notes(reader, holder.pk, listed, day)
    for lines in (found.missing, found.back, found.began, found.ended, found.came, found.left):
        lines.sort(key=lambda told: (told.name.casefold(), told.uid))
    order = {kind: place for place, (kind, _) in enumerate(RISKS)}
    found.at_risk.sort(key=lambda told: (order[told.kind], told.name.casefold(), told.uid))
    return found


def _add(found: Handover, reader: Reader, held_by: int, listed: SQL) -> None:
    persons = sorted(_moved(held_by, listed, found.day) | _risky(held_by, listed))
    rows = {row.person_id: row for row in index_rows(persons)}
    sight = Sight(reader, rows.values())
    for chunk in in_chunks(persons, 900):
        kinds = sorted({*MOVES, *RISK_WORDS})
        versions = [v for v in versions_about(chunk, words=("spell",), kinds=kinds) if v.status == "final"]
        for one in shown(versions):
            _sort_in(found, one, rows.get(one.version.subject), sight)


def _moved(held_by: int, listed: SQL, day: date) -> set[int]:
    """Return the persons of whom a placement, care period or absence began or ended on the day."""
    sql, parameters = listed
    at = day.isoformat() if connection.vendor == "sqlite" else day
    rows = fetch(
        f"select distinct subject from spell_fact where kind in ({placeholders(len(MOVES))}) and held_by = %s "
        f"and known_to is null and status = 'final' and (valid_from = %s or valid_to = %s) and subject in ({sql})",
        [*MOVES, held_by, at, at, *parameters],
    )
    return {row[0] for row in rows}


def _risky(held_by: int, listed: SQL) -> set[int]:
    """Return the persons with an open fact of risk, where its door is one that would say if it had ended."""
    sql, parameters = listed
    rows = fetch(
        f"select distinct subject, kind, source from spell_fact where kind in ({placeholders(len(RISKS))}) "
        f"and held_by = %s and known_to is null and valid_to is null and status = 'final' and subject in ({sql})",
        [*RISK_WORDS, held_by, *parameters],
    )
    return {subject for subject, kind, source in rows if source not in silent_doors(kind)}


def _sort_in(found: Handover, one: Shown, row: Row | None, sight: Sight) -> None:
    version, day = one.version, found.day
    if row is None:
        return
    decision = sight.reads(row.person_id, slice=slice_of(version.kind), label=version.label)
    if not decision:
        return
    kind = KINDS[version.kind]
    told = Told(
        person=row.person_id, uid=row.uid, held_by=row.held_by_id,
        name=row.name if sight.shows_name(row.person_id) else "",
        la_child_id=row.la_child_id if sight.shows_name(row.person_id) else "", birth_date=row.birth_date,
        kind=version.kind, words=RISK_WORDS.get(version.kind, kind.label), since=version.valid_from,
        until=version.valid_to, detail=values_seen(dict(version.payload), kind, decision),
    )  # fmt: skip
    going = holds_on(version, day) and any(says_it_is_open(fact) for fact in one.facts)
    if version.kind == "missing":
        _put(found.missing, told, when=going)
        _put(found.back, told, when=version.valid_to == day)
    elif version.kind in RISK_WORDS:
        longest = OPEN_FOR.get(version.kind)
        recent = longest is None or (version.valid_from or date.min) > day - longest
        _put(found.at_risk, told, when=going and recent)
    elif version.kind == "placement":
        _put(found.began, told, when=version.valid_from == day)
        _put(found.ended, told, when=version.valid_to == day)
    else:
        _put(found.came, told, when=version.valid_from == day)
        _put(found.left, told, when=version.valid_to == day)


def _put(lines: list[Told], told: Told, *, when: bool) -> None:
    if when:
        lines.append(told)


def _notes(reader: Reader, held_by: int, listed: SQL, day: date) -> list[Note]:
    """Return the notes of last night and tonight that the reader may read, the newest first."""
    rows = list(
        PaperFact.objects.filter(
            held_by_id=held_by, kind="note", known_to__isnull=True, status="final", payload__template=TEMPLATE,
            valid_from__gt=day - timedelta(days=2), valid_from__lte=day,
        )
        .order_by("-pk")
        .values_list("subject_id", "payload", "label", "valid_from", "fact", "recorded_by")[:200]
    )  # fmt: skip
    allowed = _of_listed({row[0] for row in rows}, listed)
    index = {row.person_id: row for row in index_rows(sorted(allowed))}
    sight = Sight(reader, index.values())
    writers = {row[5] for row in rows if len(row[5]) == 36}
    names = {str(uid): name for uid, name in Account.objects.filter(uid__in=writers).values_list("uid", "name")}
    found = []
    for subject, payload, label, since, fact, by in rows:
        if subject not in index:
            continue
        decision = sight.reads(subject, slice=slice_of("note"), label=label)
        words = _words(values_seen(payload, KINDS["note"], decision).get("sections"))
        if words:
            one = index[subject]
            name = (one.name or one.la_child_id) if sight.shows_name(subject) else ""
            found.append(Note(one.uid, held_by, name, words, names.get(by, by), since, str(fact)))
    return found


def _of_listed(persons: set[int], listed: SQL) -> set[int]:
    if not persons:
        return set()
    sql, parameters = listed
    ids = ", ".join(str(int(person)) for person in persons)
    rows = fetch(
        f"select person from person_index where person in ({ids}) and person in ({sql})",
        parameters,
    )
    return {row[0] for row in rows}


def _words(sections: Any) -> str:
    if not isinstance(sections, list):
        return ""
    return "\n".join(str(part.get("words", "")) for part in sections if isinstance(part, dict)).strip()


def say_shown(reader: Reader, found: Handover) -> None:
    """Record one View with the ids of the children on the page."""
    by_holder: dict[int, list[str]] = defaultdict(list)
    for uid, held_by in _shown(found.lines, found.notes):
        if uid not in by_holder[held_by]:
            by_holder[held_by].append(uid)
    for held_by, uids in by_holder.items():
        reader.looked(held_by, "handover", uids, because=f"the night of {found.day.day} {found.day:%B %Y}")


def _shown(lines: Sequence[Told], notes: Iterable[Note]) -> list[tuple[str, int]]:
    return [(told.uid, told.held_by) for told in lines] + [(note.uid, note.held_by) for note in notes]
