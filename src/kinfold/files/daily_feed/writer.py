"""
Writing the daily feed from claims: the inverse of reading one.

What the feed cannot carry (legal status, provider, reviews, categories of abuse) is left out. Everything
written keeps the contract: `reader.check_payload` finds nothing wrong with it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import IO, Any

from kinfold.files.ownership import owner_of
from kinfold.record.claim import Claim, SubjectRecord

_OWN_ID = re.compile(r"[A-Za-z0-9_-]{1,36}")
_WORKER_ID = re.compile(r"[A-Za-z0-9_-]{1,12}")
# kind: (where in the episode, the field of its own number, first day, end)
_SPELLS: Mapping[str, tuple[str, str, str, str | None]] = {
    "assessment": ("child_and_family_assessments", "child_and_family_assessment_id", "start_date", None),
    "child_in_need_plan": ("child_in_need_plans", "child_in_need_plan_id", "start_date", "end_date"),
    "section_47_enquiry": ("section_47_assessments", "section_47_assessment_id", "start_date", "end_date"),
    "child_protection_plan": ("child_protection_plans", "child_protection_plan_id", "start_date", "end_date"),
    "placement": ("child_looked_after_placements", "child_looked_after_placement_id", "start_date", "end_date"),
}
_ADOPTION = {
    "adoption_decision": "initial_decision_date",
    "adoption_match": "matched_date",
    "placed_for_adoption": "placed_date",
}
_PLACEMENT_FIELDS = ("start_reason", "placement_type", "postcode", "end_reason", "change_reason")


def write_daily_feed(stream: IO[str], subjects: Iterable[SubjectRecord], *, a_line_each: bool = False) -> int:
    """
    Write the feed of `subjects` as an array, or a child a line; return how many children were written.

    A subject whose number the contract does not allow (letters and digits, at most 20) is left out.
    """
    written = 0
    for subject in subjects:
        if not re.fullmatch(r"[A-Za-z0-9]{1,20}", subject.subject.value):
            continue
        if not a_line_each:
            stream.write(",\n" if written else "[\n")
        json.dump(child_object(subject), stream, ensure_ascii=False)
        if a_line_each:
            stream.write("\n")
        written += 1
    if not a_line_each:
        stream.write("\n]\n" if written else "[]\n")
    return written


def child_object(subject: SubjectRecord) -> dict[str, Any]:
    """Return one child as the contract's object, purges included."""
    child: dict[str, Any] = {"la_child_id": subject.subject.value}
    if any(purge.kind is None for purge in subject.purges):
        return child | {"purge": True}
    claims: dict[str, list[Claim]] = {}
    for claim in subject.claims:
        claims.setdefault(claim.kind, []).append(claim)
    numbers = {c.payload["identifier_type"]: c.payload["value"] for c in claims.get("identifier", ())}
    if len(numbers.get("mis_child_id", "x" * 99)) <= 36:
        child["mis_child_id"] = numbers["mis_child_id"]
    details = _details(claims, numbers)
    if details:
        child["child_details"] = details
    scores = [
        {"date": _day(claim.valid_from), "score": claim.payload["score"]}
        for claim in claims.get("strengths_and_difficulties", ())
        if claim.valid_from is not None and "score" in claim.payload
    ]
    if scores:
        child["health_and_wellbeing"] = {"sdq_assessments": scores}
    episodes = [_Episode(claim) for claim in claims.get("referral_episode", ())]
    _fill(episodes, claims)
    if episodes:
        child["social_care_episodes"] = [episode.value for episode in episodes]
    return child


def _details(claims: Mapping[str, list[Claim]], numbers: Mapping[str, str]) -> dict[str, Any]:
    person, name = _first(claims, "person_details"), _first(claims, "name")
    status = next((c for c in claims.get("immigration_status", ()) if c.payload.get("status") == "UASC"), None)
    values = {
        "unique_pupil_number": _exactly(numbers.get("upn"), 13),
        "former_unique_pupil_number": _exactly(numbers.get("former_upn"), 13),
        "unique_pupil_number_unknown_reason": person.get("upn_unknown_reason"),
        "first_name": name.get("forename"),
        "surname": name.get("surname"),
        "date_of_birth": person.get("birth_date"),
        "expected_date_of_birth": person.get("expected_birth_date"),
        "sex": person.get("sex"),
        "ethnicity": person.get("ethnicity"),
        "disabilities": _first(claims, "disability").get("disabilities"),
        "postcode": _first(claims, "address").get("postcode"),
        "uasc_flag": None if status is None else status.valid_to is None,
        "uasc_end_date": _day(status.valid_to) if status is not None else None,
    }
    return {field_: value for field_, value in values.items() if value is not None}


def _first(claims: Mapping[str, list[Claim]], kind: str) -> Mapping[str, Any]:
    found = claims.get(kind)
    return found[-1].payload if found else {}


@dataclass(slots=True)
class _Episode:
    """One episode of the object with the claim it comes from."""

    claim: Claim
    value: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        payload = self.claim.payload
        values = {
            "social_care_episode_id": _own_id(self.claim.natural_key),
            "referral_date": _day(self.claim.valid_from),
            "referral_source": payload.get("referral_source"),
            "referral_no_further_action_flag": payload.get("no_further_action"),
            "closure_date": _day(self.claim.valid_to),
            "closure_reason": payload.get("closure_reason"),
        }
        self.value = {name: value for name, value in values.items() if value is not None}


def _fill(episodes: list[_Episode], claims: Mapping[str, list[Claim]]) -> None:
    """Put every other fact inside the episode that its key names, or that was open on its first day."""
    by_key = {episode.claim.natural_key: episode for episode in episodes}
    for kind in (*_SPELLS, "allocation", *_ADOPTION, "care_leaver_contact"):
        for claim in claims.get(kind, ()):
            named, has_own, _ = claim.natural_key.partition("/")
            episode = by_key.get(named) if has_own else None
            episode = episode or owner_of(episodes, claim, spell=lambda each: each.claim)
            if episode is not None and claim.valid_from is not None:
                _put(episode.value, kind, claim)


def _put(episode: dict[str, Any], kind: str, claim: Claim) -> None:
    if kind in _SPELLS:
        where, own_id, start, end = _SPELLS[kind]
        value = {own_id: _own_id(claim.natural_key), start: _day(claim.valid_from), **_extras(kind, claim)}
        if end is not None and claim.valid_to is not None:
            value[end] = _day(claim.valid_to)
        episode.setdefault(where, []).append(value)
    elif kind == "allocation" and claim.party is not None and _WORKER_ID.fullmatch(claim.party.value):
        worker = {"worker_id": claim.party.value, "start_date": _day(claim.valid_from)}
        if claim.valid_to is not None:
            worker["end_date"] = _day(claim.valid_to)
        episode.setdefault("care_worker_details", []).append(worker)
    elif kind in _ADOPTION:
        episode.setdefault("adoption", {})[_ADOPTION[kind]] = _day(claim.valid_from)
    elif kind == "care_leaver_contact":
        known = {name: claim.payload[name] for name in ("activity", "accommodation") if name in claim.payload}
        # An episode has room for one contact: the latest.
        before = episode.get("care_leavers", {}).get("contact_date", "")
        if (_day(claim.valid_from) or "") >= before:
            episode["care_leavers"] = {"contact_date": _day(claim.valid_from), **known}


def _extras(kind: str, claim: Claim) -> dict[str, Any]:
    payload = claim.payload
    values: dict[str, Any] = {}
    if kind == "assessment":
        values = {"authorisation_date": _day(claim.valid_to), "factors": payload.get("factors")}
    elif kind == "section_47_enquiry":
        not_needed = payload.get("conference_not_required")
        values = {
            "icpc_required_flag": None if not_needed is None else not not_needed,
            "icpc_date": payload.get("initial_conference_date"),
        }
    elif kind == "placement":
        values = {name: payload.get(name) for name in _PLACEMENT_FIELDS}
    return {name: value for name, value in values.items() if value is not None}


def _own_id(natural_key: str) -> str:
    """Return the last part of a key where the contract allows it as a number, else one made from it."""
    own = natural_key.rpartition("/")[2]
    if _OWN_ID.fullmatch(own):
        return own
    return hashlib.blake2b(natural_key.encode(), digest_size=12).hexdigest()


def _exactly(value: str | None, length: int) -> str | None:
    return value if value is not None and len(value) == length else None


def _day(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None
