"""Homes and other settings: what the register says of them, who lives there now and who has lived there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from kinfold.access.slices import slice_of
from kinfold.access.things import day_of
from kinfold.access.words import Label
from kinfold.service.records.models import BodyFact, IdentifierKey, Thing
from kinfold.service.records.reads.person import find_person
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.sight import Sight, fields_seen, index_rows
from kinfold.service.records.reads.spells import SQL, OpenSpell, as_fact, columns, combined, listed_sql, open_spells
from kinfold.service.records.reads.tonight import hides_home
from kinfold.service.records.scope import as_system
from kinfold.service.records.tables import fetch
from kinfold.terms.errors import NotPermitted

WANTED = ("placement_type", "urn", "postcode", "placement_provider")
MOST = 100
MOST_BEFORE = 50  # placements that are over, on a setting's page


@dataclass(slots=True)
class Setting:
    """A home or other setting. `now` counts the children placed there whom the reader may see."""

    pk: int
    uid: str
    urn: str
    name: str
    details: dict[str, object] = field(default_factory=dict)
    now: int = 0


@dataclass(frozen=True, slots=True)
class Stay:
    """One child's placement in a setting."""

    uid: str
    held_by: int
    name: str
    la_child_id: str
    birth_date: date | None
    since: date | None
    until: date | None
    placement_type: str


@dataclass(slots=True)
class SettingsPage:
    """A setting with its children: those there now first, then those who were."""

    setting: Setting
    now: list[Stay]
    before: list[Stay]
    earlier: int = 0  # how many more placements there were before those listed


def settings(reader: Reader, *, words: str = "") -> list[Setting]:
    """Return the settings of the reader's councils whose URN or name holds `words`, those with most children first."""
    keys = IdentifierKey.objects.filter(held_by__in=reader.holders, sort="urn")
    urns = dict(keys.values_list("thing_id", "value"))
    facts = BodyFact.objects.filter(
        held_by__in=reader.holders, kind="setting_details", known_to__isnull=True, status="final"
    )
    with as_system():
        details = dict(facts.values_list("subject_id", "payload"))
        uids = dict(Thing.objects.filter(pk__in={*urns, *details}).values_list("pk", "uid"))
        counts = _counts(reader)
    found = [
        Setting(pk, str(uid), urns.get(pk, ""), str(details.get(pk, {}).get("name") or ""), details.get(pk, {}), counts.get(pk, 0))
        for pk, uid in uids.items()
    ]  # fmt: skip
    asked = words.strip().casefold()
    left = [one for one in found if not asked or asked in f"{one.urn} {one.name}".casefold()]
    return sorted(left, key=lambda one: (-one.now, one.name.casefold(), one.urn))[:MOST]


def _counts(reader: Reader) -> dict[int, int]:
    """Return how many children whom the reader may see live in each setting now."""
    listed = listed_sql(reader)
    found: dict[int, int] = {}
    if listed is None:
        return found
    for held_by in reader.holders:
        homes = open_spells(
            "placement", held_by=held_by, persons=listed, day=day_of(reader.now), fields=("placement_type", "postcode")
        )
        sight = Sight(reader, index_rows(list(homes)))
        for person, spells in homes.items():
            party = spells[0].party
            if party and spells[0].doubt is None and _shows(sight, person, spells[0]):
                found[party] = found.get(party, 0) + 1
    return found


def _shows(sight: Sight, person: int, spell: OpenSpell) -> bool:
    """Return whether the reader may see that a child lives, or lived, in this setting."""
    decision = sight.reads(person, slice=slice_of("placement"), label=spell.label)
    own = {sight.label(person), spell.label} - {Label.OPEN.value}
    labels = frozenset(Label(label) for label in own)
    return "placement_type" in fields_seen("placement", decision) and not hides_home(spell.values, decision, labels)


def setting(reader: Reader, uid: str) -> SettingsPage:
    """Return a setting with the children there whom the reader may see, and record the View. Raises NotPermitted."""
    thing = find_person(uid)
    if thing.held_by_id not in reader.holders or thing.word != "body":
        raise NotPermitted("There is nothing here that you can open.")
    with as_system():
        one = _one(thing)
        listed = listed_sql(reader)
        stays = _stays(reader, thing, listed) if listed is not None else []
    today = day_of(reader.now)
    now = [stay for stay in stays if (stay.since or today) <= today and (stay.until is None or stay.until > today)]
    before = [stay for stay in stays if stay not in now]
    one.now = len(now)
    shown = [*now, *before[:MOST_BEFORE]]
    if shown:
        reader.looked(thing.held_by_id, "a setting's children", sorted({stay.uid for stay in shown}))
    return SettingsPage(one, now, before[:MOST_BEFORE], len(before[MOST_BEFORE:]))


def settings_numbered(reader: Reader, urn: str) -> list[SettingsPage]:
    """Return the bodies of the reader's councils that have a URN, with the children there whom the reader may see."""
    keys = IdentifierKey.objects.filter(held_by__in=reader.holders, sort="urn", value=urn.strip().upper())
    with as_system():
        uids = [str(uid) for uid in keys.order_by("pk").values_list("thing__uid", flat=True)]
    return [setting(reader, uid) for uid in uids]


def _one(thing: Thing) -> Setting:
    key = IdentifierKey.objects.filter(thing=thing, sort="urn").values_list("value", flat=True).first()
    rows = BodyFact.objects.filter(subject=thing, known_to__isnull=True, status="final")
    payload = rows.filter(kind__in=["setting_details", "school_details", "partner_details"]).values_list(
        "payload", flat=True
    )
    details = payload.first() or {}
    return Setting(
        thing.pk, str(thing.uid), key or str(details.get("urn") or ""), str(details.get("name") or ""), details
    )


def _stays(reader: Reader, thing: Thing, listed: SQL) -> list[Stay]:
    """Return the placements in a setting of the children listed, combined over the doors, the latest begun first."""
    sql, parameters = listed
    rows = fetch(
        "select distinct subject from spell_fact where party = %s and kind = 'placement' and known_to is null "
        f"and status = 'final' and subject in ({sql})",
        [thing.pk, *parameters],
    )
    children = [row[0] for row in rows]
    if not children:
        return []
    ids = ", ".join(str(int(child)) for child in children)
    facts = fetch(
        f"select {columns()} from spell_fact s where s.subject in ({ids}) and s.kind = 'placement' "
        "and s.held_by = %s and s.known_to is null and s.status = 'final'",
        [thing.held_by_id],
    )
    sight = Sight(reader, index_rows(children))
    spells = [s for s in combined("placement", (as_fact(row) for row in facts), WANTED) if s.party == thing.pk]
    return sorted(
        (_stay(sight, spell) for spell in spells if _shows(sight, spell.subject, spell)),
        key=lambda stay: (stay.since or date.min, stay.uid), reverse=True,
    )  # fmt: skip


def _stay(sight: Sight, spell: OpenSpell) -> Stay:
    row = sight.row(spell.subject)
    named = sight.shows_name(spell.subject)
    return Stay(
        uid=row.uid, held_by=row.held_by_id, name=row.name if named else "",
        la_child_id=row.la_child_id if named else "", birth_date=row.birth_date, since=spell.since, until=spell.until,
        placement_type=str(spell.values.get("placement_type") or ""),
    )  # fmt: skip
