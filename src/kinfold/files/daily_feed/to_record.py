"""
From the daily feed to the record: what one child's object states, as claims and purges.

Every object is one row (the child itself, its details, each score, episode, worker, assessment, enquiry,
plan and placement): it is counted once, and is either stated, purged or quarantined by itself. An object
that cannot be told apart (an episode without its number) takes what it holds with it, as one row.

A fact inside an episode has the natural key `episode/its own number`; the purge of an episode names each
kind with the key `episode/`, which stands for every key that begins so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from kinfold.files.corrections import NONE, OfFile, laid_over_object
from kinfold.files.daily_feed.care_periods import Stay, care_periods
from kinfold.files.daily_feed.layout import PARTS, Part, faults_of
from kinfold.files.daily_feed.objects import RowNumbers, cells_of, inside, is_named, texts_of
from kinfold.files.problems import Trouble, shown
from kinfold.files.subject import Gathering, Row
from kinfold.record.claim import Key, Place, Purge, SubjectRecord
from kinfold.terms.identifiers import normalise_postcode, normalise_upn

DOOR = "daily_feed"
PERSON_KINDS = ("person_details", "name", "identifier", "disability", "address", "immigration_status")
IN_AN_EPISODE = (
    "allocation", "assessment", "child_in_need_plan", "section_47_enquiry", "initial_child_protection_conference",
    "child_protection_plan", "placement", "adoption_decision", "adoption_match", "placed_for_adoption",
    "care_leaver_contact",
)  # fmt: skip
ADOPTION_KINDS = ("adoption_decision", "adoption_match", "placed_for_adoption")
DOOR_KINDS = frozenset({*PERSON_KINDS, *IN_AN_EPISODE, "strengths_and_difficulties", "referral_episode", "care_period"})


def subject_of(
    child: Mapping[str, Any], *, number: int, digest: bytes, rows: RowNumbers, corrections: OfFile = NONE
) -> SubjectRecord:
    """
    Return everything that one child's object states. Its `la_child_id` must have been checked before.

    `number` is the child's place in the file, for messages. `corrections` are laid over the objects in place.
    """
    la_child_id = child["la_child_id"]
    gathering = Gathering(SubjectRecord(Key("child", la_child_id), 0, digest))
    reading = _Child(gathering, f"child {number} ({la_child_id})", rows, corrections)
    reading.take(child)
    if reading.put_right:
        said = digest + "".join(reading.put_right).encode("utf-8", "surrogatepass")
        gathering.record.digest = hashlib.blake2b(said, digest_size=16).digest()
    return gathering.record


class _Child:
    """One child's object as it is read."""

    def __init__(self, gathering: Gathering, label: str, rows: RowNumbers, corrections: OfFile) -> None:
        self.gathering = gathering
        self.label = label
        self.rows = rows
        self.corrections = corrections
        self.put_right: list[str] = []
        self.left_out: set[Place] = set()
        self.stays: list[Stay] = []
        self.placements_are_whole = True

    def take(self, child: Mapping[str, Any]) -> None:
        """State everything the object says."""
        self._child(child)
        details = child.get("child_details")
        if type(details) is dict:
            self._details(details)
        health = child.get("health_and_wellbeing")
        if type(health) is dict:
            self._health(health)
        episodes = child.get("social_care_episodes")
        for position, episode in enumerate(episodes if type(episodes) is list else ()):
            self._episode(episode, f"social_care_episodes[{position}]")
        self._care_periods()

    def _row(self, part: Part, thing: Any, pointer: str) -> Row:
        """Return the object as a row, with what the contract finds wrong with it."""
        place = Place(0, part.name, self.rows.next(part.name))
        self._put_right(part, thing, place)
        cells, faults = cells_of(thing), faults_of(thing, part)
        # A faulty object's values are not read: the contract's words on them are enough.
        row = Row(place, {} if faults else cells, original=cells)
        for fault in faults:
            field_ = f"{pointer}.{fault.field}".strip(".")
            row.troubles.append(Trouble(fault.code, fault.message, fault.fix, field_))
        return row

    def _put_right(self, part: Part, thing: Any, place: Place) -> None:
        """Lay over an object what a person has put right of it, before any of it is read."""
        corrected = self.corrections.get((place.table, place.row))
        if corrected is None:
            return
        self.put_right.append(repr((place.table, place.row, sorted(corrected.items()))))
        if not corrected:
            self.left_out.add(place)
        elif type(thing) is dict:
            laid_over_object(thing, corrected, part.checks, cells_of(thing))

    def _good(self, row: Row, pointer: str) -> bool:
        """Count the row; quarantine it, saying of which child and where it is, if anything is wrong."""
        if row.place in self.left_out:
            return False
        if row.troubles:
            where = f"{self.label}{', ' if pointer else ''}{pointer}"
            first = row.troubles[0]
            row.troubles[0] = first._replace(what=f"{where}: {first.what}", field=first.field or pointer)
        return self.gathering.row(row)

    def _purge(self, row: Row, kinds: tuple[str, ...], key: str | None) -> None:
        self.gathering.record.purges.extend(Purge(row.place, kind, key) for kind in kinds)

    # the child, its details, its scores

    def _child(self, child: Mapping[str, Any]) -> None:
        row = self._row(PARTS["child"], child, "")
        health = child.get("health_and_wellbeing")
        if type(health) is dict:
            # The shell around the scores is no row of its own: what is wrong with it is wrong with the child's.
            for fault in faults_of(health, PARTS["health_and_wellbeing"]):
                row.troubles.append(
                    Trouble(fault.code, fault.message, fault.fix, f"health_and_wellbeing.{fault.field}")
                )
        if not self._good(row, ""):
            return
        if child.get("purge"):
            self.gathering.record.purges.append(Purge(row.place))
            return
        self._number(row, "la_child_id", child["la_child_id"])
        self._number(row, "mis_child_id", child.get("mis_child_id"))

    def _number(self, row: Row, sort: str, value: str | None) -> None:
        if value:
            payload = {"identifier_type": sort, "value": value}
            self.gathering.support("identifier", f"{sort}:{value}", row, payload, ref=value)
            self.gathering.identify(sort, value)

    def _details(self, details: Mapping[str, Any]) -> None:
        row = self._row(PARTS["child_details"], details, "child_details")
        payload = {
            "birth_date": row.day("date_of_birth"),
            "expected_birth_date": row.day("expected_date_of_birth"),
            "sex": row.code("sex", "sex"),
            "ethnicity": row.code("ethnicity", "ethnicity"),
            "upn_unknown_reason": row.code("unique_pupil_number_unknown_reason", "upn_unknown"),
        }
        disabilities = row.codes("disabilities", "disability", texts_of(details.get("disabilities")))
        uasc_end = row.day("uasc_end_date")
        if not self._good(row, "child_details"):
            return
        if details.get("purge"):
            self._purge(row, PERSON_KINDS, None)
            return
        add = self.gathering.support
        if any(value is not None for value in payload.values()):
            add("person_details", "", row, payload)
        names = {"forename": row.text("first_name"), "surname": row.text("surname")}
        if any(names.values()):
            add("name", "name", row, names)
        if disabilities:
            add("disability", "", row, {"disabilities": disabilities})
        self._pupil_numbers(row)
        if (postcode := row.text("postcode")) is not None:
            postcode = normalise_postcode(postcode) or postcode.upper()
            add("address", "home", row, {"postcode": postcode}, ref=postcode)
        if details.get("uasc_flag") or uasc_end is not None:
            add("immigration_status", "UASC", row, {"status": "UASC"}, valid_to=uasc_end)

    def _pupil_numbers(self, row: Row) -> None:
        for name, sort in (("unique_pupil_number", "upn"), ("former_unique_pupil_number", "former_upn")):
            value = (row.text(name) or "").upper()
            if value:
                payload = {"identifier_type": sort, "value": value}
                self.gathering.support("identifier", f"{sort}:{value}", row, payload, ref=value)
                self.gathering.identify(sort, normalise_upn(value))

    def _health(self, health: Mapping[str, Any]) -> None:
        if health.get("purge") is True:
            place = Place(0, "child", self.rows.last.get("child", 1))
            self.gathering.record.purges.append(Purge(place, "strengths_and_difficulties"))
        scores = health.get("sdq_assessments")
        for position, score in enumerate(scores if type(scores) is list else ()):
            pointer = f"health_and_wellbeing.sdq_assessments[{position}]"
            row = self._row(PARTS["sdq_assessment"], score, pointer)
            day, value = row.day("date"), row.number("score", highest=40)
            if not row.troubles:
                row.needed("date", "the date of the score")
                row.needed("score", "the score")
            if self._good(row, pointer) and day is not None:
                self._state(
                    "strengths_and_difficulties", day.isoformat(), row, {"score": value}, pointer, valid_from=day
                )

    # episodes and what they hold

    def _episode(self, episode: Any, pointer: str) -> None:
        part = PARTS["social_care_episode"]
        row = self._row(part, episode, pointer)
        if not is_named(episode, part):
            self._good(row, pointer)
            self.rows.pass_over(episode, part)
            return
        key = episode["social_care_episode_id"]
        start, end = row.day("referral_date"), row.day("closure_date")
        payload = {
            "referral_source": row.code("referral_source", "referral_source"),
            "no_further_action": episode.get("referral_no_further_action_flag"),
            "closure_reason": row.code("closure_reason", "closure_reason"),
        }
        row.in_order(start, end, what="the episode", field=f"{pointer}.closure_date")
        said = end is not None or any(value is not None for value in payload.values())
        if start is None and said and not row.troubles and not episode.get("purge"):
            row.needed("referral_date", "the date of the referral")
        if self._good(row, pointer):
            if episode.get("purge"):
                self._purge(row, ("referral_episode",), key)
                self._purge(row, IN_AN_EPISODE, f"{key}/")
            elif start is not None:
                self.gathering.support("referral_episode", key, row, payload, valid_from=start, valid_to=end)
        for name, inner, inner_pointer in inside(episode, part, pointer):
            _TAKES[name](self, inner, inner_pointer, key)

    def _dated(
        self, name: str, thing: Any, pointer: str, *, end_name: str = "end_date", start_name: str = "start_date"
    ) -> tuple[Row, date | None, date | None]:
        """Return the row of a thing that lasts, its first day and its end, having checked them."""
        row = self._row(PARTS[name], thing, pointer)
        if type(thing) is not dict:
            return row, None, None
        start, end = row.day(start_name), row.day(end_name)
        label = PARTS[name].label
        row.in_order(start, end, what=f"the {label[:1].lower()}{label[1:]}", field=f"{pointer}.{end_name}")
        if start is None and not row.troubles and not thing.get("purge"):
            row.needed(start_name, f"the date the {label[:1].lower()}{label[1:]} began")
        return row, start, end

    def _worker(self, thing: Any, pointer: str, episode: str) -> None:
        row, start, end = self._dated("care_worker", thing, pointer)
        if not row.troubles:
            row.needed("worker_id", "the worker's number")
        if self._good(row, pointer) and start is not None:
            worker = thing["worker_id"]
            key = f"{episode}/{worker}/{start.isoformat()}"
            party = Key("worker", worker)
            self._state("allocation", key, row, {}, pointer, valid_from=start, valid_to=end, party=party)

    def _assessment(self, thing: Any, pointer: str, episode: str) -> None:
        row, start, end = self._dated("child_and_family_assessment", thing, pointer, end_name="authorisation_date")
        factors = row.codes(
            "factors", "assessment_factor", texts_of(thing.get("factors") if type(thing) is dict else None)
        )
        payload = {"authorised_date": end, "factors": factors}
        self._spell("assessment", thing, "child_and_family_assessment_id", row, payload, pointer, episode, start, end)

    def _child_in_need_plan(self, thing: Any, pointer: str, episode: str) -> None:
        row, start, end = self._dated("child_in_need_plan", thing, pointer)
        self._spell("child_in_need_plan", thing, "child_in_need_plan_id", row, {}, pointer, episode, start, end)

    def _protection_plan(self, thing: Any, pointer: str, episode: str) -> None:
        row, start, end = self._dated("child_protection_plan", thing, pointer)
        self._spell("child_protection_plan", thing, "child_protection_plan_id", row, {}, pointer, episode, start, end)

    def _enquiry(self, thing: Any, pointer: str, episode: str) -> None:
        row, start, end = self._dated("section_47_assessment", thing, pointer)
        held = row.day("icpc_date")
        needed = thing.get("icpc_required_flag") if type(thing) is dict else None
        payload = {
            "initial_conference_date": held,
            "conference_not_required": None if needed is None else not needed,
        }
        own = "section_47_assessment_id"
        stated = self._spell("section_47_enquiry", thing, own, row, payload, pointer, episode, start, end)
        if stated and held is not None:
            key = f"{episode}/{thing[own]}"
            self.gathering.support("initial_child_protection_conference", key, row, {}, valid_from=held)
        elif type(thing) is dict and thing.get("purge") is True and not row.troubles:
            self._purge(row, ("initial_child_protection_conference",), f"{episode}/{thing[own]}")

    def _placement(self, thing: Any, pointer: str, episode: str) -> None:
        row, start, end = self._dated("child_looked_after_placement", thing, pointer)
        postcode = row.text("postcode")
        payload = {
            "placement_type": row.code("placement_type", "placement_type"),
            "postcode": (normalise_postcode(postcode) or postcode.upper()) if postcode else None,
            "start_reason": row.code("start_reason", "reason_for_new_episode"),
            "change_reason": row.code("change_reason", "reason_for_placement_change"),
            "end_reason": row.code("end_reason", "reason_episode_ceased"),
        }
        own = "child_looked_after_placement_id"
        stated = self._spell("placement", thing, own, row, payload, pointer, episode, start, end)
        if stated and start is not None:
            self.stays.append(Stay(row.place, start, end, payload["start_reason"], payload["end_reason"]))
        elif row.troubles:
            self.placements_are_whole = False

    def _adoption(self, thing: Any, pointer: str, episode: str) -> None:
        row = self._row(PARTS["adoption"], thing, pointer)
        days = [row.day(name) for name in ("initial_decision_date", "matched_date", "placed_date")]
        if not self._good(row, pointer):
            return
        if thing.get("purge"):
            self._purge(row, ADOPTION_KINDS, f"{episode}/adoption")
            return
        for kind, day in zip(ADOPTION_KINDS, days, strict=True):
            if day is not None:
                self.gathering.support(kind, f"{episode}/adoption", row, {}, valid_from=day)

    def _care_leaver(self, thing: Any, pointer: str, episode: str) -> None:
        row = self._row(PARTS["care_leaver"], thing, pointer)
        day = row.day("contact_date")
        payload = {
            "activity": row.code("activity", "activity"),
            "accommodation": row.code("accommodation", "accommodation"),
        }
        if not row.troubles and day is None and not thing.get("purge") and any(payload.values()):
            row.needed("contact_date", "the date of the contact")
        if not self._good(row, pointer):
            return
        if thing.get("purge"):
            self._purge(row, ("care_leaver_contact",), f"{episode}/")
        elif day is not None:
            self.gathering.support("care_leaver_contact", f"{episode}/{day.isoformat()}", row, payload, valid_from=day)

    def _spell(
        self,
        kind: str,
        thing: Any,
        own_id: str,
        row: Row,
        payload: Mapping[str, Any],
        pointer: str,
        episode: str,
        start: date | None,
        end: date | None,
    ) -> bool:
        """State or purge a spell that has its own number. Return whether it was stated."""
        if not self._good(row, pointer):
            return False
        key = f"{episode}/{thing[own_id]}"
        if thing.get("purge"):
            self._purge(row, (kind,), key)
            return False
        return self._state(kind, key, row, payload, pointer, valid_from=start, valid_to=end)

    def _state(self, kind: str, key: str, row: Row, payload: Mapping[str, Any], pointer: str, **envelope: Any) -> bool:
        """State a fact; one number used twice in an object is quarantined, because neither can be preferred."""
        if (kind, key) in self.gathering.stated:
            said = shown(key.rpartition("/")[2])
            row.trouble("duplicate", f"{said} is given twice for this child", "Send it once.", pointer)
            row.troubles[-1] = row.troubles[-1]._replace(what=f"{self.label}, {pointer}: {row.troubles[-1].what}")
            self.gathering.quarantine(row)
            return False
        self.gathering.state(kind, key, row, payload, **envelope)
        return True

    def _care_periods(self) -> None:
        for period in care_periods(self.stays, whole=self.placements_are_whole):
            first = Row(period.places[0], {})
            payload = {"start_reason": period.start_reason, "end_reason": period.end_reason}
            claim = self.gathering.support(
                "care_period", period.start.isoformat(), first, payload, valid_from=period.start, valid_to=period.end
            )
            claim.places = period.places


Take = Callable[[_Child, Any, str, str], None]
_TAKES: Mapping[str, Take] = {
    "care_worker": _Child._worker,
    "child_and_family_assessment": _Child._assessment,
    "child_in_need_plan": _Child._child_in_need_plan,
    "section_47_assessment": _Child._enquiry,
    "child_protection_plan": _Child._protection_plan,
    "child_looked_after_placement": _Child._placement,
    "adoption": _Child._adoption,
    "care_leaver": _Child._care_leaver,
}
