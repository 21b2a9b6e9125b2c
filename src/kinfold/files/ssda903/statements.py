"""
What a good row of each table states: one small function a table, values in the layout's order.

`Known` is what has been gathered of the child so far; `finish` adds what needs more than one table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kinfold.files.cells import parse_day
from kinfold.files.ssda903 import layout
from kinfold.files.ssda903.spells import day_text
from kinfold.record.claim import Claim, Key, Place, SubjectRecord
from kinfold.terms.identifiers import has_upn_shape, is_upn_unknown_reason

SOCIAL_WORKER = "SOCIAL_WORKER"
UNACCOMPANIED = "UASC"

Payload = dict[str, Any]


@dataclass(slots=True)
class Known:
    """What is known of the child while their rows are read. `began` is the first day a care period begins in the files."""

    record: SubjectRecord
    collection: str
    year: int
    last_day: date
    birth_date: date | None = None
    began: date | None = None
    has_header: bool = False
    said_elsewhere: tuple[date, Place] | None = None  # a date of birth from another table
    leaver: tuple[Sequence[Any], Place] | None = None
    permanence: tuple[Sequence[Any], Place] | None = None
    keys: dict[tuple[str, str], int] = field(default_factory=dict)

    def state(
        self,
        kind: str,
        key: str,
        place: Place,
        payload: Payload,
        *,
        valid_from: date | None = None,
        valid_to: date | None = None,
    ) -> Claim:
        """Add a claim; a natural key that is taken already gets a number."""
        times = self.keys.get((kind, key), 0) + 1
        self.keys[kind, key] = times
        claim = Claim(kind, key if times == 1 else f"{key}#{times}", valid_from, valid_to, payload, (place,))
        self.record.claims.append(claim)
        return claim


def _header(known: Known, values: Sequence[Any], place: Place) -> None:
    _, sex, birth_date, ethnicity, upn, is_mother, childs_birth_date = values
    known.has_header, known.birth_date = True, birth_date
    payload: Payload = {"birth_date": day_text(birth_date)}
    if sex:
        payload["sex"] = sex
    if ethnicity:
        payload["ethnicity"] = ethnicity
    if is_mother is not None:
        payload["is_mother"] = is_mother
    if childs_birth_date is not None:
        payload["mothers_child_birth_date"] = childs_birth_date.isoformat()
    if upn:
        upn = "".join(upn.split()).upper()
        if is_upn_unknown_reason(upn):
            payload["upn_unknown_reason"] = upn
        else:
            _upn(known, upn, place)
    known.state("person_details", "", place, payload)


def _upn(known: Known, upn: str, place: Place) -> None:
    """State the number as reported; only one of the right shape may find a person."""
    claim = known.state("identifier", f"upn:{upn}", place, {"identifier_type": "upn", "value": upn})
    claim.ref = upn
    if has_upn_shape(upn):
        known.record.identifiers.append(("upn", upn))


def _review(known: Known, values: Sequence[Any], place: Place) -> None:
    _, said_birth_date, day, participation = values
    payload = {"participation": participation} if participation else {}
    known.state("looked_after_review", day_text(day), place, payload, valid_from=day)
    _birth_date_of(known, said_birth_date, place)


def _unaccompanied(known: Known, values: Sequence[Any], place: Place) -> None:
    # The return says when the status ceased and not when it began.
    known.state("immigration_status", UNACCOMPANIED, place, {"status": UNACCOMPANIED}, valid_to=values[3])
    _birth_date_of(known, values[2], place)


_OUTCOMES = (
    "convicted",
    "health_check",
    "immunisations",
    "teeth_check",
    "health_assessment",
    "substance_misuse",
    "intervention_received",
    "intervention_offered",
)


def _outcomes(known: Known, values: Sequence[Any], place: Place) -> None:
    _, said_birth_date, score, no_score_reason, *answers = values
    payload = {name: answer for name, answer in zip(_OUTCOMES, answers, strict=True) if answer is not None}
    if payload:
        known.state("outcomes_in_year", known.collection, place, payload, valid_from=known.last_day)
    questionnaire: Payload = {}
    if score is not None:
        questionnaire["score"] = score
    if no_score_reason:
        questionnaire["no_score_reason"] = no_score_reason
    if questionnaire:
        # The return does not say on which day the questionnaire was filled in, only in which year.
        known.state("strengths_and_difficulties", known.collection, place, questionnaire, valid_from=known.last_day)
    _birth_date_of(known, said_birth_date, place)


def _leaver(known: Known, values: Sequence[Any], place: Place) -> None:
    known.leaver = values, place
    _birth_date_of(known, values[1], place)


def _adoption(known: Known, values: Sequence[Any], place: Place) -> None:
    _, _, decided, matched, foster_carer, number, sex, legal_status = values
    if decided is not None:
        known.state("adoption_decision", day_text(decided), place, {}, valid_from=decided)
    payload = _without_blanks(
        foster_carer_adoption=foster_carer,
        number_of_adopters=number,
        adopters_sex=sex,
        adopters_legal_status=legal_status,
    )
    if matched is not None or payload:
        key = day_text(matched) if matched is not None else known.collection
        known.state("adoption_match", key, place, payload, valid_from=matched)


def _placed(known: Known, values: Sequence[Any], place: Place) -> None:
    _, _, placed, ceased, reason = values
    payload = {"ceased_reason": reason} if reason else {}
    known.state("placed_for_adoption", day_text(placed), place, payload, valid_from=placed, valid_to=ceased)


def _permanence(known: Known, values: Sequence[Any], place: Place) -> None:
    known.permanence = values, place
    _birth_date_of(known, values[1], place)


def _missing(known: Known, values: Sequence[Any], place: Place) -> None:
    _, _, missing_type, start, end = values
    payload = {"missing_type": missing_type} if missing_type else {}
    known.state("missing", day_text(start), place, payload, valid_from=start, valid_to=end)
    _birth_date_of(known, values[1], place)


def _allocation(known: Known, values: Sequence[Any], place: Place) -> None:
    _, _, worker, start, end, reason = values
    payload: Payload = {"role": SOCIAL_WORKER, "is_primary": True}
    if reason:
        payload["change_reason"] = reason
    key = f"{day_text(start)}:{worker}"
    claim = known.state("allocation", key, place, payload, valid_from=start, valid_to=end)
    claim.party = Key("worker", worker)
    _birth_date_of(known, values[1], place)


def _liberty(known: Known, values: Sequence[Any], place: Place) -> None:
    _, _, start, end = values
    known.state("deprivation_of_liberty", day_text(start), place, {}, valid_from=start, valid_to=end)
    _birth_date_of(known, values[1], place)


Statement = Callable[[Known, Sequence[Any], Place], None]
# Episodes are not here: their claims need all of a child's rows together (`spells.spells_from`).
OF_TABLE: Mapping[str, Statement] = {
    layout.HEADER.name: _header,
    layout.REVIEWS.name: _review,
    layout.UASC.name: _unaccompanied,
    layout.OC2.name: _outcomes,
    layout.OC3.name: _leaver,
    layout.AD1.name: _adoption,
    layout.PLACED_ADOPTION.name: _placed,
    layout.PREVIOUS_PERMANENCE.name: _permanence,
    layout.MISSING.name: _missing,
    layout.SOCIAL_WORKERS.name: _allocation,
    layout.LIBERTY.name: _liberty,
}


def finish(known: Known) -> None:
    """Add what a child's other tables decide: the day of a care leaver's answers and of an earlier permanence."""
    if not known.has_header and known.said_elsewhere is not None and not _header_spoilt(known):
        day, place = known.said_elsewhere
        known.birth_date = day
        known.state("person_details", "", place, {"birth_date": day_text(day)})
    if known.leaver is not None:
        _state_leaver(known, *known.leaver)
    if known.permanence is not None:
        _state_permanence(known, *known.permanence)


def _state_leaver(known: Known, values: Sequence[Any], place: Place) -> None:
    """
    State what was known of a care leaver about their birthday in the year.

    Source: SSDA903 guide, OC3: contact from three months before to one month after the birthday.
    """
    _, said, in_touch, activity, accommodation = values
    payload = _without_blanks(in_touch=in_touch, activity=activity)
    if accommodation:
        payload["accommodation"] = accommodation[0]
        if len(accommodation) > 1:
            payload["accommodation_suitable"] = accommodation[1]
    born = known.birth_date or _day_said(said)
    day = _birthday_in_year(born, known.year) if born else known.last_day
    known.state("care_leaver_contact", known.collection, place, payload, valid_from=day)


def _state_permanence(known: Known, values: Sequence[Any], place: Place) -> None:
    """State an earlier permanence, dated the day of its order where that is known, else the day care began."""
    _, _, option, authority, written = values
    payload = _without_blanks(permanence_option=option, permanence_authority=authority, permanence_date=written)
    ordered = _day_said(written) if written else None
    day = ordered or known.began or layout.window_of(known.year)[0]
    known.state("previous_permanence", f"{day_text(day)}:{option or ''}", place, payload, valid_from=day)


def _birthday_in_year(born: date, year: int) -> date:
    """Return the birthday that lies in the collection year; a child born on 29 February has it on the 28th."""
    start, end = layout.window_of(year)
    for candidate in (start.year, end.year):
        leap = born.month == 2 and born.day == 29
        day = date(candidate, 2, 28) if leap else born.replace(year=candidate)
        if start <= day < end:
            return day
    return start


def _birth_date_of(known: Known, text: str | None, place: Place) -> None:
    """Remember a date of birth that another table says, in case the child has no header."""
    if not known.has_header and known.said_elsewhere is None and text:
        day = _day_said(text)
        if day is not None:
            known.said_elsewhere = day, place


def _day_said(text: str | None) -> date | None:
    day = parse_day(text, "dd/mm/yyyy") if text else None
    return day if isinstance(day, date) else None


def _header_spoilt(known: Known) -> bool:
    return layout.HEADER.name in known.record.unreadable_tables


def _without_blanks(**values: Any) -> Payload:
    return {name: value for name, value in values.items() if value is not None}
