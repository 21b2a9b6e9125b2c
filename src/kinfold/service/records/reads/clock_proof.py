"""
"Prove it": the facts known on a day, the rule and the arithmetic of one clock; what changed; and how duties were kept.

What the wall said on any day is worked out again from what was known at the end of that day: nothing is kept for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from kinfold.access.words import Verb
from kinfold.duties import Clock, Proof, State, calendars_known_on, duty_catalogue, prove
from kinfold.duties.catalogue import make_catalogue
from kinfold.duties.prove import Redated, Timeliness, replay_with
from kinfold.service.records.commits import moments_of, number_known_at
from kinfold.service.records.models import EventFact, KeptClock, PersonIndex
from kinfold.service.records.models import Thing as ThingRow
from kinfold.service.records.reads.clock_facts import all_versions, stories_of
from kinfold.service.records.reads.clock_sight import WITHHELD, kept_seen, names_withheld
from kinfold.service.records.reads.clock_wall import People, name_of, people_of
from kinfold.service.records.reads.clock_working import clocks_of_people, world_of
from kinfold.service.records.reads.clock_world import council_of
from kinfold.service.records.reads.person import end_of, find_person
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.versions import one_person
from kinfold.service.records.scope import as_system
from kinfold.terms.errors import InputError

MOST_LATE = 60
REASON = "duty_reason"


@dataclass(frozen=True, slots=True)
class Proved:
    """One clock proved as it stood on a day: the proof, how later knowledge changed it, and the reasons given."""

    uid: str
    on: date
    proof: Proof
    changes: tuple[tuple[datetime, Redated], ...]
    reasons: tuple[GivenReason, ...]
    may_explain: bool

    @property
    def clock(self) -> Clock:
        """Return the clock."""
        return self.proof.clock


@dataclass(frozen=True, slots=True)
class GivenReason:
    """A reason somebody gave about a duty: for what, in which post, on which day."""

    duty: str
    about: str
    words: str
    role: str
    day: date | None
    started_by: str


def proved(reader: Reader, uid: str, key: str, *, on: date, as_known_on: date | None = None) -> Proved:
    """
    Return the proof of the clock `key` of a child, and record the View.

    Raises NotPermitted, and InputError where no such clock ran by what was known then.
    """
    row = find_person(uid)
    decision = reader.insist(Verb.READ_HEADLINE, reader.thing(row), action="clock proof")
    with as_system():
        number = _number(row, as_known_on, reader.now)
        found = clocks_of_people([row.pk], row.held_by, on=on, number=number)
        clock = next((one for one in found if one.key == key), None)
        if clock is None:
            raise InputError(
                "By what was known then, no such clock ran. Look at what is due for this child on another day."
            )
        proof = _proof(row, clock, on, number)
        changes = _changes(row, clock, on, number)
        reasons = reasons_about(row, duty=clock.duty.id, started_by=str(clock.trigger.fact.fact))
    reader.looked(row.held_by_id, "clock proof", [uid], because=decision.because)
    may_explain = bool(reader.decide(Verb.WRITE, reader.thing(row)))
    return Proved(uid, on, proof, changes, tuple(reasons), may_explain)


def _number(row: ThingRow, as_known_on: date | None, now: datetime) -> int | None:
    if as_known_on is None:
        return None
    return number_known_at(held_by=row.held_by_id, moment=min(end_of(as_known_on), now))


def _proof(row: ThingRow, clock: Clock, on: date, number: int | None) -> Proof:
    calendars = calendars_known_on(on)
    stories = stories_of([row.pk], council=council_of(row.held_by), number=number)
    born = stories[0].birth_date if stories else None
    facts = [one.fact for one in (clock.trigger, clock.met_by, clock.extended_by) if one is not None]
    moments = moments_of(held_by=row.held_by_id, numbers=[fact.known_from for fact in facts])
    return prove(clock, calendars, when_known=_moment_by(moments), birth_date=born)


def _moment_by(moments: Mapping[int, datetime]) -> Callable[[int], datetime]:
    return lambda number: moments.get(number, datetime.min.replace(tzinfo=timezone.get_current_timezone()))


def _changes(row: ThingRow, clock: Clock, on: date, number: int | None) -> tuple[tuple[datetime, Redated], ...]:
    """Return how each commit changed this clock, by when it was made: its duty alone is worked out for each."""
    versions = [one for one in all_versions(row.pk) if number is None or one.known_from <= number]
    world = replace(world_of(row.held_by, on), catalogue=make_catalogue([clock.duty]))
    kept = one_person(row.pk)[0]
    found = [
        change
        for change in replay_with(versions, world, subject=kept, council=council_of(row.held_by))
        if change.key == clock.key and (number is None or change.commit_number <= number)
    ]
    moments = moments_of(held_by=row.held_by_id, numbers=[change.commit_number for change in found])
    return tuple((moments[change.commit_number], change) for change in found if change.commit_number in moments)


def reasons_about(row: ThingRow, *, duty: str = "", started_by: str = "") -> list[GivenReason]:
    """Return the reasons given about the duties of one person, newest first. For reads that have asked the rule."""
    rows = EventFact.objects.filter(
        subject__in=one_person(row.pk), kind=REASON, known_to__isnull=True, status="final"
    ).order_by("-valid_from", "-pk")
    if duty:
        rows = rows.filter(ref=duty)
    found = [_reason(payload, day) for payload, day in rows.values_list("payload", "valid_from")]
    return [one for one in found if not started_by or one.started_by in ("", started_by)]


def _reason(payload: Mapping[str, str], day: date | None) -> GivenReason:
    return GivenReason(
        payload.get("duty") or "", payload.get("about") or "", payload.get("reason") or "", payload.get("role") or "",
        day, payload.get("started_by") or "",
    )  # fmt: skip


# --- how duties were kept ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Kept(Timeliness):
    """How one duty was kept over a period. `recorded_late` are among those in time: done in time, written down after."""

    label: str


@dataclass(frozen=True, slots=True)
class LateOne:
    """One clock that was late or not done, with the reason given for it, if any."""

    uid: str
    name: str
    label: str
    due: date
    met_on: date | None
    key: str
    reason: str


@dataclass(frozen=True, slots=True)
class KeptDuties:
    """A cohort's timeliness: each duty's figures, then what was late, most recent first."""

    first: date
    end: date
    duties: tuple[Kept, ...]
    late: tuple[LateOne, ...]
    which: str
    duty: str
    child: str = ""
    name: str = ""


def timeliness(
    reader: Reader, *, first: date, end: date, which: str = "service", duty: str = "", child: str = "",
    most: int | None = MOST_LATE,
) -> KeptDuties:  # fmt: skip
    """
    Return how duties that fell due on or after `first` and before `end` were kept, for those the reader reaches.

    `child` is the public id of the one child to look at; `most` is how many late ones are listed, None for all. Records one View with the people whose lateness is listed.
    Raises InputError for a period that ends first, and NotPermitted for a child the reader may not read about.
    """
    if end <= first:
        raise InputError("The period ends before it begins. Choose a later last day.")
    rows = _fell_due(people_of(reader, which), reader, first=first, end=end)
    if duty:
        rows = rows.filter(duty=duty)
    name = ""
    if child:
        row = find_person(child)
        reader.insist(Verb.READ_HEADLINE, reader.thing(row), action="timeliness")
        kept = one_person(row.pk)[0]
        rows, name = rows.filter(person=kept), name_of(PersonIndex.objects.get(pk=kept))
        name = WITHHELD if names_withheld(reader, {kept}) else name
    late = _late_ones(reader, rows, most)
    shown = {one.uid for one in late}
    for holder in reader.holders:
        if shown:
            reader.looked(holder, "timeliness", sorted(shown), because="how duties were kept")
    return KeptDuties(first, end, tuple(_kept(rows)), tuple(late), which, duty, child, name)


def _fell_due(people: People, reader: Reader, *, first: date, end: date) -> QuerySet[KeptClock]:
    over = KeptClock.objects.filter(
        held_by__in=reader.holders, sort__in=[KeptClock.Sort.OPEN, KeptClock.Sort.SHUT], due__gte=first, due__lt=end,
        **kept_seen(reader),
    )  # fmt: skip
    # what is still to be done and whose day has not come is neither in time nor late
    return people.whose(over.exclude(sort=KeptClock.Sort.OPEN, due__gte=timezone.localdate()))


_MET, _LATE = State.MET.value, State.MET_LATE.value


def _kept(rows: QuerySet[KeptClock]) -> list[Kept]:
    counted = rows.values("duty").annotate(
        in_time=Count("pk", filter=Q(state=_MET)),
        late=Count("pk", filter=Q(state=_LATE)),
        not_done=Count("pk", filter=~Q(state__in=[_MET, _LATE])),
        recorded_late=Count("pk", filter=Q(state=_MET, recorded__gt=F("due"))),
    )
    known = duty_catalogue().duties
    return [Kept(**row, label=known[row["duty"]].label) for row in counted.order_by("duty") if row["duty"] in known]


def _late_ones(reader: Reader, rows: QuerySet[KeptClock], most: int | None) -> list[LateOne]:
    found = list(rows.exclude(state=_MET).order_by("-due", "pk")[:most])
    people = {row.pk: row for row in
              PersonIndex.objects.filter(pk__in={one.person_id for one in found}).select_related("person")}  # fmt: skip
    given = _reasons_of([one.person_id for one in found])
    withheld = names_withheld(reader, people)
    return [
        LateOne(
            str(people[one.person_id].person.uid),
            WITHHELD if one.person_id in withheld else name_of(people[one.person_id]),
            duty_catalogue().duties[one.duty].label, one.due, one.met_on, one.key, _reason_for(one, given),
        )
        for one in found
        if one.person_id in people and one.due is not None and one.duty in duty_catalogue().duties
    ]  # fmt: skip


def _reasons_of(persons: Sequence[int]) -> dict[tuple[int, str], list[GivenReason]]:
    found: dict[tuple[int, str], list[GivenReason]] = defaultdict(list)
    with as_system():
        rows = EventFact.objects.filter(subject__in=set(persons), kind=REASON, known_to__isnull=True, status="final")
        for person, duty, payload, day in rows.values_list("subject_id", "ref", "payload", "valid_from"):
            found[person, duty or ""].append(_reason(payload, day))
    return found


def _reason_for(one: KeptClock, given: Mapping[tuple[int, str], Sequence[GivenReason]]) -> str:
    about = given.get((one.person_id, one.duty), ())
    return next((said.words for said in about if not said.started_by or said.started_by in one.key), "")
