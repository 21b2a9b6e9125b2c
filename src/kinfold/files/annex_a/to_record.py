"""
From Annex A to the record: what the rows of one child state, as claims.

The lists overlap (a child in need is in list 6 and their referral in list 3), so a fact that two rows
state is one claim with two places. Allocated teams and workers have no dates and are not kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kinfold.files.annex_a.columns import Column, List
from kinfold.files.annex_a.layout import ADOPTERS
from kinfold.files.problems import Trouble, shown
from kinfold.files.subject import Gathering, Row, read_code
from kinfold.record.claim import Key, Place, SubjectRecord
from kinfold.terms.identifiers import normalise_postcode, normalise_urn

DOOR = "annex_a"
Values = Mapping[str, Any]
_LONGEST = {"identifier": 64, "postcode": 8, "urn": 8}  # as the record declares them
_NOT_SAID = frozenset({"n/a", "na", "not recorded", "not known", "unknown", "not applicable", "-", "not stated"})
DOOR_KINDS = frozenset(
    {
        "person_details", "identifier", "disability", "contact", "early_help", "referral_episode", "assessment",
        "section_47_enquiry", "initial_child_protection_conference", "child_in_need_plan", "child_in_need_visit",
        "child_protection_plan", "child_protection_visit", "child_protection_review", "care_period", "legal_status",
        "placement", "looked_after_review", "looked_after_visit", "reviewing_officer_contact", "health_assessment",
        "dental_check", "permanence_plan", "immigration_status", "leaving_care", "care_leaver_contact",
        "adoption_decision", "adoption_match", "placed_for_adoption", "court_order", "member_of_group",
        "adopter_application",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cells:
    """One row of a list: where it stands and its cells as text, by our names for the columns."""

    list: List
    place: Place
    columns: Sequence[Column]
    values: Mapping[str, str]


def subject_of(key: Key, rows: Sequence[Cells], digest: bytes) -> SubjectRecord:
    """Return everything that the rows of one child (or adopter) state."""
    gathering = Gathering(SubjectRecord(key, 0, digest))
    if key.sort == "child":
        gathering.identify("la_child_id", key.value)
    for cells in rows:
        _Stating(gathering, cells).state()
    return gathering.record


class _Stating:
    """One row being stated."""

    def __init__(self, gathering: Gathering, cells: Cells) -> None:
        self.gathering = gathering
        self.list = cells.list
        said = {c.heading: text for c in cells.columns if (text := cells.values.get(c.name))}
        self.row = Row(cells.place, said)
        self.values = {c.name: v for c in cells.columns if (v := self._value(c)) is not None}
        for column in cells.list.columns:
            if column.required and column.heading not in said:
                self.row.needed(column.heading, "a cell that the row cannot do without")

    def _value(self, column: Column) -> Any:
        name, row = column.heading, self.row
        text = row.values.get(name, "")
        if not text or column.shape == "ignored":
            return None
        if column.shape == "day":
            return row.day(name)
        if column.shape == "number":
            return row.number(name, highest=999)
        if column.shape in ("yes_no", "code"):
            if text.casefold() in _NOT_SAID:
                return None
            code = row.code(name, column.codes or "yes_no")
            return code if column.shape == "code" or code is None else code == "1"
        if column.shape == "word":
            known = read_code(column.codes or "", text)
            return known if isinstance(known, str) else row.text(name)
        if column.shape == "postcode":
            row.values = {**row.values, name: normalise_postcode(text) or text.upper()}
        return row.text(name, longest=_LONGEST.get(column.shape, 1_000))

    def state(self) -> None:
        """Count the row and state what it says, or quarantine it."""
        check = _CHECKS.get(self.list.name)
        if check is not None:
            start, end, what = check
            self.row.in_order(self.values.get(start), self.values.get(end), what=what, field=end)
        if not self.gathering.row(self.row):
            return
        if self.list is not ADOPTERS:
            self._who()
        _LISTS[self.list.name](self, self.values)

    def _who(self) -> None:
        said = {name: self.values.get(name) for name in ("birth_date", "gender", "ethnicity")}
        number = self.gathering.record.subject.value
        self.add("identifier", f"la_child_id:{number}", {"identifier_type": "la_child_id", "value": number}, ref=number)
        if any(said.values()):
            self.add("person_details", "", said)
        if self.values.get("disabled") is False:
            # Yes does not say which: only the census and the feed name the disability.
            self.add("disability", "", {"disabilities": ["NONE"]})

    def add(
        self,
        kind: str,
        key: str,
        payload: Values,
        *,
        on: date | None = None,
        until: date | None = None,
        party: Key | None = None,
        ref: str | None = None,
    ) -> None:
        """Add what the row says of one fact."""
        self.gathering.support(kind, key, self.row, payload, valid_from=on, valid_to=until, party=party, ref=ref)

    def event(self, kind: str, day: date | None, payload: Values | None = None) -> None:
        """Add what happened on a day, if the row gives the day."""
        if day is not None:
            self.add(kind, day.isoformat(), payload or {}, on=day)

    def some(self, *names: str, **renamed: str) -> dict[str, Any]:
        """Return the row's values under our names; `renamed` gives a payload's field for a column."""
        found = {name: self.values.get(name) for name in names}
        return found | {field: self.values.get(name) for field, name in renamed.items()}


def _contact(s: _Stating, v: Values) -> None:
    s.gathering.state(
        "contact", v["contact_date"].isoformat(), s.row, s.some("contact_source"), valid_from=v["contact_date"]
    )


def _early_help(s: _Stating, v: Values) -> None:
    start = v["start_date"]
    s.gathering.state(
        "early_help", start.isoformat(), s.row, s.some("organisation"), valid_from=start, valid_to=v.get("end_date")
    )


def _referral(s: _Stating, v: Values) -> None:
    day = v["referral_date"]
    s.add("referral_episode", day.isoformat(), s.some("referral_source", "no_further_action"), on=day)


def _assessment(s: _Stating, v: Values) -> None:
    start, end = v["start_date"], v.get("authorised_date")
    payload = s.some("authorised_date", "child_seen", "support_needed")
    s.gathering.state("assessment", start.isoformat(), s.row, payload, valid_from=start, valid_to=end)


def _enquiry(s: _Stating, v: Values) -> None:
    start, held = v["start_date"], v.get("conference_date")
    payload = s.some("conference_not_required", initial_conference_date="conference_date")
    s.gathering.state("section_47_enquiry", start.isoformat(), s.row, payload, valid_from=start)
    if not s.row.troubles:
        s.event("initial_child_protection_conference", held, s.some(plan_made="ended_in_plan"))


def _child_in_need(s: _Stating, v: Values) -> None:
    start, end = v["start_date"], v.get("closure_date")
    s.add("referral_episode", start.isoformat(), s.some("primary_need", "closure_reason"), on=start, until=end)
    if v.get("case_status") == CASE_IN_NEED:
        s.add("child_in_need_plan", start.isoformat(), {}, on=start, until=end)
    s.event("child_in_need_visit", v.get("last_seen_date"), {"seen": True})


CASE_IN_NEED = "CHILD_IN_NEED"


def _protection_plan(s: _Stating, v: Values) -> None:
    start, end = v["start_date"], v.get("end_date")
    payload = s.some("initial_category", "latest_category", "previous_plans")
    s.gathering.state("child_protection_plan", start.isoformat(), s.row, payload, valid_from=start, valid_to=end)
    if not s.row.troubles:
        s.event("child_protection_visit", v.get("visit_date"), s.some("seen_alone"))
        s.event("child_protection_review", v.get("review_date"))


def _looked_after(s: _Stating, v: Values) -> None:
    start, end = v["start_date"], v.get("end_date")
    s.add("care_period", start.isoformat(), s.some("primary_need", "end_reason"), on=start, until=end)
    if "legal_status" in v:
        since = v.get("legal_status_date") or start
        s.add("legal_status", since.isoformat(), s.some("legal_status"), on=since, until=_not_before(since, end))
    if "placement_date" in v:
        _placement(s, v, end)
    if v.get("unaccompanied"):
        s.add("immigration_status", "UASC", {"status": "UASC"})
    if "permanence_plan" in v:
        s.add("permanence_plan", "current", {"route": v["permanence_plan"]})
    s.event("looked_after_review", v.get("review_date"))
    s.event("looked_after_visit", v.get("visit_date"))
    s.event("reviewing_officer_contact", v.get("reviewing_officer_date"))
    s.event("health_assessment", v.get("health_date"))
    s.event("dental_check", v.get("dental_date"))


def _placement(s: _Stating, v: Values, end: date | None) -> None:
    start, urn = v["placement_date"], normalise_urn(v.get("urn"))
    payload = s.some("placement_type", "placement_provider", postcode="placement_postcode")
    payload["urn"] = urn or v.get("urn")
    party = Key("setting", urn) if urn else None
    until = _not_before(start, end)
    s.add("placement", start.isoformat(), payload, on=start, until=until, party=party, ref=payload["urn"])


def _not_before(start: date, end: date | None) -> date | None:
    """Return the end, unless the spell began after it: then the list speaks of an earlier time in care."""
    return end if end is not None and end >= start else None


def _care_leaver(s: _Stating, v: Values) -> None:
    s.add("leaving_care", "current", s.some("eligibility", "personal_adviser", "pathway_review_date"))
    payload = s.some("in_touch", "activity", "accommodation", "accommodation_suitable")
    day = v.get("contact_date")
    if day is not None or any(payload.values()):
        s.add("care_leaver_contact", day.isoformat() if day else "latest", payload, on=day)
    if v.get("unaccompanied"):
        s.add("immigration_status", "UASC", {"status": "UASC"})


def _adoption(s: _Stating, v: Values) -> None:
    s.event("adoption_decision", v.get("decision_date"))
    s.event("adoption_match", v.get("matched_date"))
    if "placed_date" in v:
        ceased = v.get("reversed_date")
        payload = s.some(ceased_reason="reversed_reason", fostering_for_adoption_date="fostering_date")
        s.add("placed_for_adoption", v["placed_date"].isoformat(), payload, on=v["placed_date"], until=ceased)
    for order, name in (("placement", "placement_order_date"), ("adoption", "order_date")):
        if name in v:
            s.add("court_order", f"{order}/{v[name].isoformat()}", {"order_type": order}, on=v[name], ref=order)
    if "family_id" in v:
        s.add("member_of_group", v["family_id"], {}, party=Key("group", v["family_id"]))


def _adopter(s: _Stating, v: Values) -> None:
    start, end = v["enquiry_date"], v.get("left_date")
    payload = s.some(
        "stage_one_ended_date", "stage_two_started_date", "stage_two_ended_date", "application_date",
        "approved_date", "fostering_for_adoption", "leaving_reason",
        registration_accepted_date="stage_one_started_date",
    )  # fmt: skip
    s.gathering.state("adopter_application", start.isoformat(), s.row, payload, valid_from=start, valid_to=end)


_LISTS: Mapping[str, Callable[[_Stating, Values], None]] = {
    "contacts": _contact,
    "early_help": _early_help,
    "referrals": _referral,
    "assessments": _assessment,
    "section_47": _enquiry,
    "children_in_need": _child_in_need,
    "child_protection": _protection_plan,
    "looked_after": _looked_after,
    "care_leavers": _care_leaver,
    "adoption": _adoption,
    "adopters": _adopter,
}
# list: (first day, end, what lasts)
_CHECKS: Mapping[str, tuple[str, str, str]] = {
    "early_help": ("start_date", "end_date", "the early help"),
    "assessments": ("start_date", "authorised_date", "the assessment"),
    "children_in_need": ("start_date", "closure_date", "the time in need"),
    "child_protection": ("start_date", "end_date", "the child protection plan"),
    "looked_after": ("start_date", "end_date", "the time looked after"),
    "adoption": ("placed_date", "reversed_date", "the placement for adoption"),
    "adopters": ("enquiry_date", "left_date", "the application"),
}


def without_number(cells: Cells) -> Trouble:
    """Return what is wrong with a row that does not say whose it is."""
    heading = next(c.heading for c in cells.list.columns if c.name in ("la_child_id", "adopter_id"))
    name = "adopter_id" if cells.list is ADOPTERS else "la_child_id"
    given = cells.values.get(name, "")
    if given:
        return Trouble(
            "too_long", f"“{heading}” {shown(given)!r} is not a number of anybody", f"Correct {heading}.", heading
        )
    return Trouble("missing", f"“{heading}” is blank", f"Fill in {heading}.", heading)
