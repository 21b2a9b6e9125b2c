"""
Writing an Annex A workbook from claims: the inverse of reading one, so far as the lists have room.

A list holds the latest of each thing (the last visit, the latest review), so a child's whole story does not
come back from it. Cells are never written as formulas or links.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter

from kinfold.files.annex_a import layout
from kinfold.files.annex_a.columns import Column, List
from kinfold.files.annex_a.layout import LISTS
from kinfold.record.claim import Claim, SubjectRecord
from kinfold.terms.codes import code_set

Cells = dict[str, Any]
Claims = Mapping[str, list[Claim]]


def write_annex_a(path: Path, subjects: Iterable[SubjectRecord]) -> dict[str, int]:
    """Write the lists of `subjects` as an .xlsx workbook; return how many rows each list has."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "constant_memory": False}
    book = xlsxwriter.Workbook(str(path), options)
    day_format = book.add_format({"num_format": "dd/mm/yyyy"})
    lists = sorted(LISTS, key=lambda each: each.number)
    sheets = {each.name: book.add_worksheet(each.table) for each in lists}
    counts = {each.name: 0 for each in lists}
    for each in lists:
        sheets[each.name].write_row(0, 0, [column.heading for column in each.columns])
    for subject in subjects:
        for each, cells in rows_of(subject):
            counts[each.name] += 1
            _write(sheets[each.name], counts[each.name], each, cells, day_format)
    book.close()
    return counts


def _write(sheet: Any, number: int, list_: List, cells: Cells, day_format: Any) -> None:
    for position, column in enumerate(list_.columns):
        value = _cell(column, cells.get(column.name))
        if isinstance(value, date):
            sheet.write_datetime(number, position, value, day_format)
        elif isinstance(value, (int, float)):
            sheet.write_number(number, position, value)
        elif value is not None:
            sheet.write_string(number, position, value)


def _cell(column: Column, value: Any) -> Any:
    """Return a cell as the column shows it: days as days, codes in words where the words are known again."""
    if value is None:
        return None
    if column.shape == "day":
        return date.fromisoformat(value) if isinstance(value, str) else value
    if column.shape == "yes_no":
        return "a) Yes" if value else "b) No"
    if column.shape in ("code", "word") and column.codes:
        codes = code_set(column.codes)
        if value in codes.by_code and codes.canonical(codes.label(value)) == value:
            return codes.label(value)
    return value


def rows_of(subject: SubjectRecord) -> Iterator[tuple[List, Cells]]:
    """Yield each row of a subject: its list and its cells, by our names for the columns."""
    claims: dict[str, list[Claim]] = {}
    for claim in subject.claims:
        claims.setdefault(claim.kind, []).append(claim)
    if subject.subject.sort != "child":
        number = subject.subject.value.removeprefix("adopter-")
        yield from ((layout.ADOPTERS, _adopter(number, claim)) for claim in claims.get("adopter_application", ()))
        return
    who = _who(subject.subject.value, claims)
    for list_, rows in _ROWS:
        for cells in rows(claims):
            yield list_, who | cells


def _who(number: str, claims: Claims) -> Cells:
    details = claims["person_details"][0].payload if "person_details" in claims else {}
    cells: Cells = {"la_child_id": number}
    cells |= {name: details.get(name) for name in ("birth_date", "gender", "ethnicity")}
    if "disability" in claims:
        cells["disabled"] = claims["disability"][0].payload.get("disabilities") != ["NONE"]
    return cells


def _latest(claims: Claims, kind: str, *, since: date | None = None, until: date | None = None) -> Claim | None:
    found = [
        claim
        for claim in claims.get(kind, ())
        if claim.valid_from is not None
        and (since is None or claim.valid_from >= since)
        and (until is None or claim.valid_from <= until)
    ]
    return max(found, key=lambda claim: claim.valid_from or date.min, default=None)


def _day_of(claim: Claim | None) -> date | None:
    return claim.valid_from if claim is not None else None


def _contacts(claims: Claims) -> Iterator[Cells]:
    for claim in claims.get("contact", ()):
        yield {"contact_date": claim.valid_from, **claim.payload}


def _early_help(claims: Claims) -> Iterator[Cells]:
    for claim in claims.get("early_help", ()):
        yield {"start_date": claim.valid_from, "end_date": claim.valid_to, **claim.payload}


def _referrals(claims: Claims) -> Iterator[Cells]:
    for claim in claims.get("referral_episode", ()):
        yield {"referral_date": claim.valid_from, **claim.payload}


def _assessments(claims: Claims) -> Iterator[Cells]:
    for claim in claims.get("assessment", ()):
        yield {"start_date": claim.valid_from, **claim.payload, "authorised_date": claim.valid_to}


def _enquiries(claims: Claims) -> Iterator[Cells]:
    made = {c.valid_from.isoformat(): c for c in claims.get("initial_child_protection_conference", ()) if c.valid_from}
    for claim in claims.get("section_47_enquiry", ()):
        held = claim.payload.get("initial_conference_date")
        conference = made.get(held or "")
        yield {
            "start_date": claim.valid_from,
            "conference_not_required": claim.payload.get("conference_not_required"),
            "conference_date": held,
            "ended_in_plan": conference.payload.get("plan_made") if conference else None,
        }


def _children_in_need(claims: Claims) -> Iterator[Cells]:
    for claim in claims.get("referral_episode", ()):
        seen = _latest(claims, "child_in_need_visit", since=claim.valid_from, until=claim.valid_to)
        yield {
            "start_date": claim.valid_from,
            "closure_date": claim.valid_to,
            "last_seen_date": _day_of(seen),
            "case_status": _case_status(claim, claims),
            "primary_need": claim.payload.get("primary_need"),
            "closure_reason": claim.payload.get("closure_reason"),
        }


def _case_status(referral: Claim, claims: Claims) -> str:
    if any(plan.valid_from == referral.valid_from for plan in claims.get("child_in_need_plan", ())):
        return "CHILD_IN_NEED"
    if referral.valid_to is not None:
        return "CLOSED"
    for kind, status in (("care_period", "LOOKED_AFTER"), ("child_protection_plan", "CHILD_PROTECTION")):
        if any(claim.valid_to is None for claim in claims.get(kind, ())):
            return status
    return "OPEN_ASSESSMENT"


def _protection_plans(claims: Claims) -> Iterator[Cells]:
    for claim in claims.get("child_protection_plan", ()):
        visit = _latest(claims, "child_protection_visit", since=claim.valid_from, until=claim.valid_to)
        review = _latest(claims, "child_protection_review", since=claim.valid_from, until=claim.valid_to)
        yield {
            "start_date": claim.valid_from,
            "end_date": claim.valid_to,
            **claim.payload,
            "visit_date": _day_of(visit),
            "seen_alone": visit.payload.get("seen_alone") if visit else None,
            "review_date": _day_of(review),
        }


# The columns of list 8 that hold the day of the latest event of a kind.
_LATEST = {
    "review_date": "looked_after_review",
    "visit_date": "looked_after_visit",
    "reviewing_officer_date": "reviewing_officer_contact",
    "health_date": "health_assessment",
    "dental_date": "dental_check",
}


def _looked_after(claims: Claims) -> Iterator[Cells]:
    for period in claims.get("care_period", ()):
        within = {"since": period.valid_from, "until": period.valid_to}
        legal = _latest(claims, "legal_status", **within)
        placement = _latest(claims, "placement", **within)
        plans = claims.get("permanence_plan", ())
        placed = placement.payload if placement else {}
        yield {
            "start_date": period.valid_from,
            "end_date": period.valid_to,
            "end_reason": period.payload.get("end_reason"),
            "primary_need": period.payload.get("primary_need"),
            "unaccompanied": _is_unaccompanied(claims),
            "legal_status": legal.payload.get("legal_status") if legal else None,
            "legal_status_date": _day_of(legal),
            "permanence_plan": plans[-1].payload.get("route") if plans else None,
            "placement_date": _day_of(placement),
            "placement_type": placed.get("placement_type"),
            "placement_provider": placed.get("placement_provider"),
            "placement_postcode": placed.get("postcode"),
            "urn": placed.get("urn"),
            **{column: _day_of(_latest(claims, kind, **within)) for column, kind in _LATEST.items()},
        }


def _is_unaccompanied(claims: Claims) -> bool:
    return any(claim.payload.get("status") == "UASC" for claim in claims.get("immigration_status", ()))


def _care_leavers(claims: Claims) -> Iterator[Cells]:
    for claim in claims.get("leaving_care", ())[-1:]:
        contacts = claims.get("care_leaver_contact", ())
        contact = _latest(claims, "care_leaver_contact") or (contacts[-1] if contacts else None)
        yield {
            "unaccompanied": _is_unaccompanied(claims),
            "eligibility": claim.payload.get("eligibility"),
            "personal_adviser": claim.payload.get("personal_adviser"),
            "pathway_review_date": claim.payload.get("pathway_review_date"),
            "contact_date": _day_of(contact),
            **(contact.payload if contact else {}),
        }


def _adoptions(claims: Claims) -> Iterator[Cells]:
    placed, groups = _latest(claims, "placed_for_adoption"), claims.get("member_of_group", ())
    orders = {claim.payload.get("order_type"): claim.valid_from for claim in claims.get("court_order", ())}
    cells = {
        "family_id": groups[0].party.value if groups and groups[0].party else None,
        "decision_date": _day_of(_latest(claims, "adoption_decision")),
        "matched_date": _day_of(_latest(claims, "adoption_match")),
        "placement_order_date": orders.get("placement"),
        "order_date": orders.get("adoption"),
        "placed_date": _day_of(placed),
        "reversed_date": placed.valid_to if placed else None,
        "reversed_reason": placed.payload.get("ceased_reason") if placed else None,
        "fostering_date": placed.payload.get("fostering_for_adoption_date") if placed else None,
    }
    if any(
        cells[name] for name in ("decision_date", "matched_date", "placed_date", "placement_order_date", "order_date")
    ):
        yield cells


def _adopter(number: str, claim: Claim) -> Cells:
    cells = {"adopter_id": number, "enquiry_date": claim.valid_from, "left_date": claim.valid_to, **claim.payload}
    return cells | {"stage_one_started_date": claim.payload.get("registration_accepted_date")}


_ROWS: tuple[tuple[List, Callable[[Claims], Iterator[Cells]]], ...] = (
    (layout.CONTACTS, _contacts),
    (layout.EARLY_HELP, _early_help),
    (layout.REFERRALS, _referrals),
    (layout.ASSESSMENTS, _assessments),
    (layout.SECTION_47, _enquiries),
    (layout.CHILDREN_IN_NEED, _children_in_need),
    (layout.CHILD_PROTECTION, _protection_plans),
    (layout.LOOKED_AFTER, _looked_after),
    (layout.CARE_LEAVERS, _care_leavers),
    (layout.ADOPTION, _adoptions),
)
