"""Letters, agendas, minutes and packs of one record: what stands in them, for whom, and which addresses are kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kinfold.access.fields import is_concealed
from kinfold.access.words import Label
from kinfold.casework.concealed import parts_of
from kinfold.casework.form import in_order
from kinfold.casework.letter import Document, InWords, Template, made_of, templates
from kinfold.record.declare import KINDS, Kind, Word
from kinfold.service.records.models import SpellFact, TieFact
from kinfold.service.records.models import Thing as ThingRow
from kinfold.service.records.reads.casework import known_facts
from kinfold.service.records.reads.papers import kinds_to_write
from kinfold.service.records.reads.person import Whole, find_person, in_words, whole
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.versions import one_person
from kinfold.service.records.scope import as_system
from kinfold.terms.errors import InputError, NotPermitted

WHERE = ("address", "placement", "leaving_care_accommodation")
NOTHING = "There is nothing here that you can open."


@dataclass(frozen=True, slots=True)
class Made:
    """A document made for some people, with the names of those it is for."""

    template: Template
    document: Document
    recipients: tuple[str, ...]
    names: tuple[str, ...]


def templates_to_write(reader: Reader, uid: str) -> list[Template]:
    """Return the documents that the reader may make of a record: those whose kind of paper they may write."""
    row = find_person(uid)
    allowed = {kind.name for kind in kinds_to_write(reader, row, tuple({one.paper for one in templates().values()}))}
    return [one for one in templates().values() if one.paper in allowed]


def insist_on_template(reader: Reader, uid: str, template: Template) -> None:
    """Raise NotPermitted, recorded, where the reader may not make such a document."""
    if template not in templates_to_write(reader, uid):
        thing = reader.thing(find_person(uid))
        reader.refused(f"document {template.name}"[:40], thing, reader.reads(thing))
        raise NotPermitted(NOTHING)


def recipients_of(document: Whole) -> list[tuple[str, str]]:
    """Return whom a document can be made for: the person and those near them that the reader may know of."""
    near = [
        (one.uid, one.name or "Name not known") for one in document.people.values() if one.sort in ("child", "adult")
    ]
    return [(document.uid, document.name or "This person"), *sorted(near, key=lambda pair: pair[1])]


def made_for(reader: Reader, uid: str, template: Template, *, to: Sequence[str], words: str) -> Made:
    """
    Return a document made for some people, after the guard; record that it was made as a View.

    Without a recipient it is as if made for somebody from whom every concealed address is kept.
    """
    insist_on_template(reader, uid, template)
    document = whole(reader, uid, action=f"made: {template.name}"[:40])
    known = dict(recipients_of(document))
    if lost := [one for one in to if one not in known]:
        raise InputError(f"Choose who it is for from the list: {len(lost)} of those chosen cannot be.")
    if template.sort == "letter" and len(to) != 1:
        raise InputError("Choose one person whom the letter is for.")
    persons = _persons(document)
    rows = [find_person(one) for one in to]
    kept = kept_from(persons, rows)
    names = tuple(known[one] for one in to)
    given = {
        "child": document.known_as or document.name or "the child", "recipient": ", ".join(names),
        "council": document.holder, "author": reader.account.name, "role": reader.role_label,
        "today": f"{reader.now.day} {reader.now:%B %Y}", "words": words,
    }  # fmt: skip
    address = [document.holder, given["today"], *names, *(_address_of(rows[0]) if len(rows) == 1 else ())]
    made = made_of(template, given, facts_in_words(document), address=address, kept=kept)
    return Made(template, made, tuple(to), names)


def _persons(document: Whole) -> list[int]:
    return list(one_person(find_person(document.uid).pk))


def facts_in_words(document: Whole) -> InWords:
    """Return a record's facts in words by kind, the latest first, as the reader may see them."""
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    for one in reversed(known_facts(document)):
        kind = KINDS[one.kind]
        said = {name: value_words(name, kind, value) for name, value in one.values.items() if name in kind.fields}
        since, until = ((f"{day.day} {day:%B %Y}" if day else "") for day in (one.since, one.until))
        found[one.kind].append({**said, "since": since, "until": until})
    return found


def value_words(name: str, kind: Kind, value: Any) -> str:
    """Return one value as it is printed: a list with parts has one part on a line."""
    if isinstance(value, list) and value and isinstance(value[0], dict):
        if kind.word is Word.PAPER:
            return "\n".join(str(part["words"]) for part in value if part.get("words"))
        return "\n".join("; ".join(in_order(name, part)) for part in value)
    return in_words(name, kind, value)


def kept_from(persons: Sequence[int], recipients: Sequence[ThingRow]) -> frozenset[str]:
    """
    Return the parts of every address that must not reach any of the recipients.

    They are: each concealed address of the person or of anybody tied to them, and every address and placement of
    somebody whose address one of the recipients must not know. The address where a recipient lives today is not kept
    from them, unless it names them, or somebody lives there from whom they must be kept away.
    """
    uids = {str(row.uid) for row in recipients}
    with as_system():
        own = [set(one_person(row.pk)) for row in recipients]
        everyone = _near(persons)
        apart = _apart(everyone, [pk for those in own for pk in those])
        rows = SpellFact.objects.filter(kind__in=WHERE, known_to__isnull=True).exclude(status="void")
        told = rows.filter(subject__in={*everyone, *apart, *(pk for those in own for pk in those)})
        places = list(told.values_list("subject_id", "label", "valid_to", "payload"))
    homes = [
        frozenset[str]().union(
            *(_parts(payload) for who, _, until, payload in places if who in those and until is None)
        )
        for those in own
    ]
    found: set[str] = set()
    for subject, label, _, payload in places:
        parts = _parts(payload)
        concealed = is_concealed(payload, frozenset({Label(label)} if label != Label.OPEN.value else ()))
        named = uids & set(payload.get("concealed_from") or ())
        their_own = bool(homes) and not named and all(parts <= home for home in homes)
        if subject in apart or (concealed and not their_own):
            found |= parts
    return frozenset(found)


def _parts(payload: Mapping[str, Any]) -> frozenset[str]:
    return parts_of(
        address_lines=str(payload.get("address_lines") or ""), postcode=str(payload.get("postcode") or ""),
        uprn=str(payload.get("uprn") or ""),
    )  # fmt: skip


def _near(persons: Sequence[int]) -> set[int]:
    """Return the person and everybody tied to them, however far a tie goes in one step."""
    ties = TieFact.objects.filter(known_to__isnull=True).exclude(status="void")
    found = set(persons)
    for field, other in (("party", "subject_id"), ("subject", "party_id")):
        found |= {pk for pk in ties.filter(**{f"{field}__in": persons}).values_list(other, flat=True) if pk}
    return found


def _apart(persons: Iterable[int], recipients: Sequence[int]) -> set[int]:
    """Return those of `persons` whose address one of the recipients must not know; anybody's, where there is none."""
    ties = TieFact.objects.filter(known_to__isnull=True, party__in=list(persons)).exclude(status="void")
    if recipients:
        ties = ties.filter(subject__in=recipients)
    return {
        party
        for party, kind, payload in ties.values_list("party_id", "kind", "payload")
        if party and (kind == "must_not_know_address" or payload.get("conceal_address"))
    }


def _address_of(row: ThingRow) -> list[str]:
    """Return the lines of a recipient's own address of today, where one is known."""
    with as_system():
        found = SpellFact.objects.filter(
            subject__in=one_person(row.pk), kind="address", known_to__isnull=True, valid_to__isnull=True, status="final"
        ).order_by("-valid_from")
        payload: dict[str, Any] = next(iter(found.values_list("payload", flat=True)), {})
    lines = str(payload.get("address_lines") or "").splitlines()
    return [*lines, *([str(payload["postcode"])] if payload.get("postcode") else [])]
