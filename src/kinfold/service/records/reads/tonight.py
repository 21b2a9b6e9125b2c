"""
Where our children are on a night: every child in care whom the reader may list, with the home they live in.

Starts from the reader: who is not listed is not counted. Any day can be asked about, and what was known at the end
of any day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from typing import Any

from django.core.exceptions import EmptyResultSet

from kinfold.access.fields import is_concealed
from kinfold.access.slices import slice_of
from kinfold.access.things import Decision
from kinfold.access.words import Label, Mask
from kinfold.record.declare import KINDS
from kinfold.service.records.commits import moment_of, number_known_at
from kinfold.service.records.models import BodyFact, Holder, SameAs, Thing
from kinfold.service.records.reads.person import end_of
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.sight import Row, Sight, among, rows_of, values_seen
from kinfold.service.records.reads.spells import OpenSpell, open_spells
from kinfold.service.records.scope import as_system
from kinfold.terms.places import (
    Location,
    authority_with_ons_code,
    demo_authorities,
    demo_authority,
    is_authority,
    is_demo_code,
    locate_many,
    miles_between,
)

# What of a placement the page shows or works with.
WANTED = (
    "placement_type", "placement_provider", "urn", "postcode", "home_postcode", "distance_miles", "placement_authority",
)  # fmt: skip
# Up to so many children are looked up one by one.
FEW = 500
# The side, in metres, of the squares that the map marks.
SQUARE = 4000
# Where the return says that a placement lies outside England.
ELSEWHERE = {"WAL": "Wales", "SCO": "Scotland", "NIR": "Northern Ireland", "NUK": "outside the United Kingdom"}


@dataclass(slots=True)
class InCare:
    """
    One child in care on the night.

    `placed` is false where nobody has recorded where the child lives. `withheld` says that the home is not for this
    reader. `inside` is None where the council of the area is not known.
    """

    person: int
    uid: str
    held_by: int
    name: str
    la_child_id: str
    birth_date: date | None
    in_care_since: date | None
    placed: bool = False
    withheld: bool = False
    since: date | None = None
    placement_type: str = ""
    provider: str = ""
    setting: str = ""
    setting_uid: str = ""
    urn: str = ""
    miles: float | None = None
    area: str = ""
    area_name: str = ""
    inside: bool | None = None
    spot: tuple[int, int] | None = None
    differs: bool = False
    doubt: date | None = None  # a newer file says that the child had left care by this day
    home_doubt: date | None = None  # a newer file says that this home had ended by this day


@dataclass(slots=True)
class Tonight:
    """The children in care on `day`, as known at the end of `known_on` (now, where it is None)."""

    day: date
    known_on: date | None
    known_at: datetime | None
    rows: list[InCare] = field(default_factory=list)
    codes: frozenset[str] = frozenset()  # the councils whose children they are, by the code of the map
    names: dict[str, str] = field(default_factory=dict)  # what the map calls each area

    @property
    def sure(self) -> list[InCare]:
        """Return the children of whom no newer file says that they have left."""
        return [row for row in self.rows if row.doubt is None]

    @property
    def doubtful(self) -> list[InCare]:
        """Return the children of whom a newer file says that they have left: somebody must check."""
        return [row for row in self.rows if row.doubt is not None]

    @property
    def uids(self) -> dict[int, list[str]]:
        """Return the public ids by holder, for the View."""
        found: dict[int, list[str]] = {}
        for row in self.rows:
            found.setdefault(row.held_by, []).append(row.uid)
        return found


def tonight(reader: Reader, *, day: date, known_on: date | None = None) -> Tonight:
    """Return every child in care on `day` whom the reader may list. Records nothing: the page says what it showed."""
    answer = Tonight(day, known_on, None)
    for holder in Holder.objects.filter(pk__in=reader.holders).order_by("code"):
        with as_system():
            number = number_for(holder.pk, reader, known_on)
            answer.known_at = moment_of(held_by=holder.pk, number=number) if number is not None else None
            answer.rows += _of_holder(reader, holder, day, number)
        answer.codes |= {ground_of(holder)}
        answer.names |= area_names(holder)
    answer.rows.sort(key=lambda row: (row.name.casefold(), row.la_child_id, row.uid))
    return answer


def number_for(held_by: int, reader: Reader, known_on: date | None) -> int | None:
    """Return the number of the last change known at the end of a day; None for now."""
    if known_on is None:
        return None
    return number_known_at(held_by=held_by, moment=min(end_of(known_on), reader.now))


def ground_of(holder: Holder) -> str:
    """Return the code of the area a council lies in: an invented one stands on a real one's ground."""
    return demo_authority(holder.code).stands_on if is_demo_code(holder.code) else holder.code


@cache
def _invented_names() -> dict[str, str]:
    return {found.stands_on: found.name for found in demo_authorities()}


@cache
def _real_names() -> dict[str, str]:
    from kinfold.terms.places import authorities

    return {found.la_code: found.name for found in authorities()}


def area_names(holder: Holder) -> dict[str, str]:
    """Return what areas are called beside a council: an invented council has invented neighbours."""
    return _invented_names() if is_demo_code(holder.code) else _real_names()


def joined_to(held_by: Iterable[int]) -> dict[int, int]:
    """Return, for every Person that is the same as another by a link held now, the one that was kept."""
    links = dict(
        SameAs.objects.filter(known_to__isnull=True, held_by_id__in=list(held_by)).values_list("person_id", "kept_id")
    )
    found = {}
    for person in links:
        kept, seen = person, {person}
        while kept in links and links[kept] not in seen:
            kept = links[kept]
            seen.add(kept)
        found[person] = kept
    return found


def _of_holder(reader: Reader, holder: Holder, day: date, number: int | None) -> list[InCare]:
    try:
        listed = reader.listed()
        few = list(listed.values_list("pk", flat=True)[: FEW + 1])
    except EmptyResultSet:
        return []
    # for a few the facts of each are looked up; for a council all that are open now are read along their index
    persons = few if len(few) <= FEW else None
    if persons is None and number is not None:
        persons = list(listed.values_list("pk", flat=True))
    periods = open_spells("care_period", held_by=holder.pk, persons=persons, day=day, number=number)
    theirs = None if persons is None else list(periods)
    homes = open_spells("placement", held_by=holder.pk, persons=theirs, day=day, number=number, fields=WANTED)
    rows = rows_of(among(listed, periods))
    return _made(reader, holder, rows, periods, homes)


def _made(
    reader: Reader, holder: Holder, rows: Sequence[Row], periods: dict[int, list[OpenSpell]],
    homes: dict[int, list[OpenSpell]],
) -> list[InCare]:  # fmt: skip
    """Return a row for each child; two records that are one child make one, with the home that began last."""
    kept = joined_to([holder.pk])
    maker = _Maker(holder, Sight(reader, rows), homes)
    found: dict[int, InCare] = {}
    for row in rows:
        made = maker.child(row, periods[row.person_id][0], homes.get(row.person_id, []))
        if made is None:
            continue
        one = kept.get(row.person_id, row.person_id)
        if one not in found or (made.since or date.min) > (found[one].since or date.min):
            found[one] = made
    return list(found.values())


class _Maker:
    """Turns facts into rows: settings, places and areas are fetched once for all of them, decisions once for all alike."""

    def __init__(self, holder: Holder, sight: Sight, homes: dict[int, list[OpenSpell]]) -> None:
        spells = [spell for found in homes.values() for spell in found]
        self.ground, self.names, self.sight = ground_of(holder), area_names(holder), sight
        codes = {s.values.get(name) for s in spells for name in ("postcode", "home_postcode")}
        self.places = locate_many(code for code in codes if code)
        self.settings = setting_names({spell.party for spell in spells if spell.party})
        self.kind = KINDS["placement"]
        self._seen: dict[tuple[object, ...], tuple[Decision, bool]] = {}

    def _sees(self, person: int, kind: str, label: str) -> tuple[Decision, bool]:
        """Return the reading of a kind of fact about a person, and whether the reader may see who they are."""
        key = (self.sight.alike(person), kind, label)
        if key not in self._seen:
            self._seen[key] = self.sight.reads(person, slice=slice_of(kind), label=label), self.sight.shows_name(person)
        return self._seen[key]

    def child(self, row: Row, period: OpenSpell, homes: Sequence[OpenSpell]) -> InCare | None:
        """Return the row of one child; None where the reader may not see that they are in care."""
        decision, named = self._sees(row.person_id, "care_period", period.label)
        if not decision:
            return None
        made = InCare(
            person=row.person_id, uid=row.uid, held_by=row.held_by_id, name=row.name if named else "",
            la_child_id=row.la_child_id if named else "", birth_date=row.birth_date, in_care_since=period.since,
            doubt=period.doubt,
        )  # fmt: skip
        if homes:
            self._home(made, row, one_home(homes))
        return made

    def _home(self, made: InCare, row: Row, spell: OpenSpell) -> None:
        made.placed, made.since = True, spell.since
        decision, _ = self._sees(row.person_id, "placement", spell.label)
        labels = self._labels(row, spell)
        values = values_seen(spell.values, self.kind, decision, labels=labels)
        made.placement_type = values.get("placement_type") or ""
        made.provider = values.get("placement_provider") or ""
        made.differs, made.home_doubt = spell.others > 0, spell.doubt
        made.withheld = not decision or ("placement_type" not in values and "placement_type" in spell.values)
        if made.withheld or hides_home(spell.values, decision, labels):
            made.withheld = True
            return
        self._where(made, spell, values)

    def _labels(self, row: Row, spell: OpenSpell) -> frozenset[Label]:
        if row.label == spell.label == Label.OPEN.value:
            return frozenset()
        own = frozenset() if spell.label == Label.OPEN.value else frozenset({Label(spell.label)})
        return self.sight.thing(row.person_id).labels | own

    def _where(self, made: InCare, spell: OpenSpell, values: dict[str, Any]) -> None:
        urn = values.get("urn") or ""
        made.urn = "" if set(urn) == {"X"} else urn  # XXXXXXX: the return's word for "has none"
        made.setting, made.setting_uid = self.settings.get(spell.party or 0, ("", ""))
        here, home = (self._at(spell.values.get(name)) for name in ("postcode", "home_postcode"))
        made.area = area_of(here, spell.values.get("placement_authority"))
        made.area_name = self.names.get(made.area) or ELSEWHERE.get(made.area, "")
        made.inside = None if not made.area else made.area == self.ground
        made.miles = _miles(here, home, spell.values.get("distance_miles"))
        if here is not None and here.easting is not None and here.northing is not None and "postcode" in values:
            # the map shows roughly where children live, never at which door
            made.spot = (here.easting // SQUARE * SQUARE + SQUARE // 2, here.northing // SQUARE * SQUARE + SQUARE // 2)

    def _at(self, postcode: Any) -> Location | None:
        return self.places.get(postcode) if postcode else None


def one_home(homes: Sequence[OpenSpell]) -> OpenSpell:
    """
    Return the placement a child is in: the first, with what the others that lie at its postcode say besides.

    Doors cut a stay in one home at different days; only those that lie somewhere else differ. `others` counts them.
    """
    if len(homes) == 1:
        return homes[0]
    lead = replace(homes[0])
    here = [spell for spell in homes[1:] if _same_place(lead, spell)]
    lead.others = len(homes) - 1 - len(here)
    for spell in here:
        lead.values = {**spell.values, **lead.values}
        lead.party = lead.party or spell.party
        lead.since = min(filter(None, (lead.since, spell.since)), default=None)
    return lead


def _same_place(one: OpenSpell, other: OpenSpell) -> bool:
    same_label = one.label == other.label and other.doubt is None
    return (
        same_label and bool(one.values.get("postcode")) and one.values.get("postcode") == other.values.get("postcode")
    )


def hides_home(values: dict[str, Any], decision: Decision, labels: frozenset[Label]) -> bool:
    """
    Return whether where a child lives must be withheld as a whole: home, area and distance, not the postcode alone.

    So it is where the address is kept from somebody and this reader is not one to whom it may be shown.
    """
    if not decision:
        return True
    return is_concealed(values, labels) and Mask.CONCEALED_ADDRESS in decision.masks


def setting_names(parties: set[int]) -> dict[int, tuple[str, str]]:
    """Return the name and the public id of each setting; the name is empty where no register gave one."""
    found = {pk: ("", str(uid)) for pk, uid in Thing.objects.filter(pk__in=parties).values_list("pk", "uid")}
    rows = BodyFact.objects.filter(
        subject_id__in=parties, kind="setting_details", known_to__isnull=True, status="final"
    ).values_list("subject_id", "payload")
    for subject, payload in rows:
        if payload.get("name") and subject in found:
            found[subject] = (payload["name"], found[subject][1])
    return found


def area_of(place: Location | None, reported: Any) -> str:
    """Return the council in whose area a postcode lies; else the one the source states; empty where not known."""
    if place is not None and (code := place.placement_authority):
        return str(code)
    text = str(reported or "").strip().upper()
    if text in ELSEWHERE or is_authority(text):
        return text
    found = authority_with_ons_code(text) if text else None
    return found.la_code if found else ""


def _miles(here: Location | None, home: Location | None, reported: Any) -> float | None:
    ends = [(p.easting, p.northing) for p in (here, home) if p and p.easting is not None and p.northing is not None]
    if len(ends) == 2:
        return miles_between((ends[0][0] or 0, ends[0][1] or 0), (ends[1][0] or 0, ends[1][1] or 0))
    return float(reported) if isinstance(reported, (int, float)) else None


def say_shown(reader: Reader, rows: Iterable[InCare], *, action: str = "tonight", because: str = "") -> None:
    """Record one View with the ids of the rows that were shown."""
    by_holder: dict[int, list[str]] = {}
    for row in rows:
        by_holder.setdefault(row.held_by, []).append(row.uid)
    for held_by, uids in by_holder.items():
        reader.looked(held_by, action, uids, because=because)
