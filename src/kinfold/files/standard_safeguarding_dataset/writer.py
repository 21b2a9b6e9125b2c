"""
Writing the dataset from claims, a CSV a table: the inverse of reading one.

The layout says which field holds what; the functions here are for the tables whose rows are no one fact.
Cells that a spreadsheet would run as a formula are written with an apostrophe before them.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from kinfold.files.standard_safeguarding_dataset.layout import TABLES, Table, end_of
from kinfold.record.claim import Claim, SubjectRecord

Cells = dict[str, str]
Rows = Iterator[tuple[str, Cells]]
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# A kind's own table, where the kind is one row of it and the layout says the rest.
_PLAIN: Mapping[str, str] = {
    kind_name: table.name
    for table in TABLES.values()
    if table.kept
    and table.name not in ("ssd_permanence", "ssd_pre_proceedings", "ssd_care_leavers", "ssd_cla_episodes")
    for kind_name in sorted(table.states)
    if len(table.states) == 1
} | {"department_details": "ssd_department"}


def write_dataset(folder: Path, subjects: Iterable[SubjectRecord]) -> dict[str, int]:
    """
    Write the dataset of `subjects` into `folder`; return how many rows each table has.

    Every kept table is written, if only its header: an empty table says that there is nothing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    counts = {name: 0 for name, table in TABLES.items() if table.kept}
    files = {name: (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") for name in counts}
    try:
        writers = {name: csv.writer(stream) for name, stream in files.items()}
        for name, writer in writers.items():
            writer.writerow(TABLES[name].names)
        for subject in subjects:
            for name, cells in rows_of(subject):
                writers[name].writerow([_guarded(cells.get(field, "")) for field in TABLES[name].names])
                counts[name] += 1
    finally:
        for stream in files.values():
            stream.close()
    return counts


def rows_of(subject: SubjectRecord) -> Rows:
    """Yield each row of a subject: the table's name and its cells that are not blank."""
    claims: dict[str, list[Claim]] = {}
    for claim in subject.claims:
        claims.setdefault(claim.kind, []).append(claim)
    person = subject.subject.value
    if subject.subject.sort in ("child", "person"):
        yield from _person(person, claims)
    for kind_name, found in claims.items():
        special = _SPECIAL.get(kind_name)
        for number, claim in enumerate(found, start=1):
            if special is not None:
                yield from special(person, claim, claims, number)
            elif kind_name in _PLAIN:
                table = TABLES[_PLAIN[kind_name]]
                yield table.name, _plain(table, person, claim)
    yield from _education(person, claims)
    yield from _permanence(person, claims)
    yield from _pre_proceedings(person, claims)
    yield from _care_leavers(person, claims)


def _plain(table: Table, person: str, claim: Claim) -> Cells:
    """Return a claim as a row of its table: its number, whose it is, its days and its payload."""
    cells = _said(table, claim)
    cells[table.row_id] = cells.get(table.row_id) or claim.natural_key
    if table.who is not None:
        cells[table.who] = person
    return cells


def _said(table: Table, claim: Claim) -> Cells:
    cells: Cells = {}
    for name, spec in table.fields.items():
        for target in spec.targets:
            if target.kind != claim.kind:
                continue
            value: Any = claim.payload.get(target.field)
            if target.field == "valid_from":
                value = claim.valid_from
            elif target.field == "valid_to":
                value = end_of(claim.kind).from_half_open(claim.valid_to)
            if value is not None and name not in cells:
                cells[name] = _text(value)
    return cells


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "Y" if value else "N"
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value) if isinstance(value, (list, tuple, dict)) else str(value)


def _guarded(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _person(person: str, claims: Mapping[str, list[Claim]]) -> Rows:
    cells: Cells = {"pers_person_id": person}
    table = TABLES["ssd_person"]
    for kind_name in ("person_details", "name"):
        for claim in claims.get(kind_name, ())[:1]:
            cells |= _said(table, claim)
    linked = []
    for claim in claims.get("identifier", ()):
        sort, value = claim.payload["identifier_type"], claim.payload["value"]
        if sort in ("nhs_number", "common_child_id") and "pers_common_child_id" not in cells and not _has_dates(claim):
            cells["pers_common_child_id"] = value
        elif sort == "mis_child_id" and "pers_legacy_id" not in cells and not _has_dates(claim):
            cells["pers_legacy_id"] = value
        elif sort != "la_child_id":
            linked.append(claim)
    for claim in claims.get("special_educational_need", ()):
        if "provision" in claim.payload:
            cells["pers_send_flag"] = claim.payload["provision"]
    yield "ssd_person", cells
    for claim in linked:
        yield (
            "ssd_linked_identifiers",
            _plain(TABLES["ssd_linked_identifiers"], person, claim)
            | {"link_table_id": f"{person}-{claim.natural_key}"[:48]},
        )


def _has_dates(claim: Claim) -> bool:
    return claim.valid_from is not None or claim.valid_to is not None


def _nothing(person: str, claim: Claim, claims: Mapping[str, list[Claim]], number: int) -> Rows:
    """Write no row: the fact is part of another's."""
    yield from ()


def _disability(person: str, claim: Claim, claims: Mapping[str, list[Claim]], number: int) -> Rows:
    for code in claim.payload.get("disabilities", ()):
        yield (
            "ssd_disability",
            {"disa_table_id": f"{person}-{code}", "disa_person_id": person, "disa_disability_code": code},
        )


def _address(person: str, claim: Claim, claims: Mapping[str, list[Claim]], number: int) -> Rows:
    cells = _plain(TABLES["ssd_address"], person, claim)
    lines, uprn = claim.payload.get("address_lines"), claim.payload.get("uprn")
    if lines or uprn:
        # The lines go under the parts' names in turn: read back, they are the same lines.
        names = ("ROOM", "BUILDING", "HOUSE", "LOCALITY", "TOWN", "COUNTY")
        parts = dict(zip(names, (lines or "").split("\n"), strict=False)) | ({"UPRN": uprn} if uprn else {})
        cells["addr_address_json"] = json.dumps({name: part for name, part in parts.items() if part})
    yield "ssd_address", cells


def _assessment(person: str, claim: Claim, claims: Mapping[str, list[Claim]], number: int) -> Rows:
    yield "ssd_cin_assessments", _plain(TABLES["ssd_cin_assessments"], person, claim)
    if claim.payload.get("factors"):
        yield (
            "ssd_assessment_factors",
            {
                "cinf_table_id": f"{person}-{claim.natural_key}"[:48],
                "cinf_assessment_id": claim.natural_key,
                "cinf_assessment_factors_json": json.dumps(claim.payload["factors"]),
            },
        )


def _tie(table: str, party_field: str) -> Callable[[str, Claim, Mapping[str, list[Claim]], int], Rows]:
    def write(person: str, claim: Claim, claims: Mapping[str, list[Claim]], number: int) -> Rows:
        if claim.party is not None:
            cells = _plain(TABLES[table], person, claim) | {party_field: claim.party.value}
            if table == "ssd_mother":
                born = [c.payload.get("mothers_child_birth_date") for c in claims.get("person_details", ())]
                cells |= {"moth_childs_dob": born[0]} if number == 1 and born and born[0] else {}
            yield table, cells

    return write


def _placement(person: str, claim: Claim, claims: Mapping[str, list[Claim]], number: int) -> Rows:
    yield "ssd_cla_placement", _plain(TABLES["ssd_cla_placement"], person, claim)


def _care_period(person: str, claim: Claim, claims: Mapping[str, list[Claim]], number: int) -> Rows:
    """Write a period as one episode; the reader makes the same period of it."""
    cells = _said(TABLES["ssd_cla_episodes"], claim) | {
        "clae_cla_episode_id": f"{person}-{claim.natural_key}"[:48],
        "clae_person_id": person,
        "clae_cla_id": claim.natural_key,
        "clae_cla_episode_start_date": _text(claim.valid_from),
    }
    if number == 1:
        seen = [c.valid_from for c in claims.get("reviewing_officer_contact", ()) if c.valid_from]
        cells |= {"clae_cla_last_iro_contact_date": max(seen).isoformat()} if seen else {}
    yield "ssd_cla_episodes", cells


def _review(person: str, claim: Claim, claims: Mapping[str, list[Claim]], number: int) -> Rows:
    periods = claims.get("care_period", ())
    day = claim.valid_from or date.min
    within = [p for p in periods if (p.valid_from or date.min) <= day]
    if periods:
        owner = within[-1] if within else periods[0]
        yield "ssd_cla_reviews", _plain(TABLES["ssd_cla_reviews"], person, claim) | {"clar_cla_id": owner.natural_key}


def _worker(person: str, claim: Claim, claims: Mapping[str, list[Claim]], number: int) -> Rows:
    yield "ssd_professionals", _said(TABLES["ssd_professionals"], claim) | {"prof_professional_id": person}


def _allocation(person: str, claim: Claim, claims: Mapping[str, list[Claim]], number: int) -> Rows:
    if claim.party is not None:
        yield (
            "ssd_involvements",
            _plain(TABLES["ssd_involvements"], person, claim) | {"invo_professional_id": claim.party.value},
        )


def _education(person: str, claims: Mapping[str, list[Claim]]) -> Rows:
    """
    Write requests, assessments, plans and needs as the chain of rows by which they lead to their person.

    The dataset has no room for a plan without a request, or for a need without a plan: these are left out.
    """
    requests = claims.get("education_health_care_assessment", [])
    plans = list(zip(claims.get("education_health_care_plan", []), _repeated(requests), strict=False))
    if not requests:
        return
    send = f"{person}-send"[:48]
    yield "ssd_send", {"send_table_id": send, "send_person_id": person}
    with_plan = {request.natural_key for _, request in plans}
    for request in requests:
        key = request.natural_key
        yield "ssd_ehcp_requests", _plain(TABLES["ssd_ehcp_requests"], person, request) | {"ehcr_send_table_id": send}
        outcome = _said(TABLES["ssd_ehcp_assessment"], request)
        if outcome or key in with_plan:
            numbers = {"ehca_ehcp_assessment_id": f"{key}-a", "ehca_ehcp_request_id": key}
            yield "ssd_ehcp_assessment", outcome | numbers
    for plan, request in plans:
        leads = {"ehcn_ehcp_asmt_id": f"{request.natural_key}-a"}
        yield "ssd_ehcp_named_plan", _plain(TABLES["ssd_ehcp_named_plan"], person, plan) | leads
        numbers = {"ehcp_active_ehcp_id": f"{plan.natural_key}-e", "ehcp_ehcp_request_id": request.natural_key}
        yield "ssd_ehcp_active_plans", _said(TABLES["ssd_ehcp_active_plans"], plan) | numbers
    for need in claims.get("special_educational_need", ()) if plans else ():
        if "need_type" in need.payload:
            leads = {"senn_active_ehcp_id": f"{plans[-1][0].natural_key}-e"}
            yield "ssd_sen_need", _plain(TABLES["ssd_sen_need"], person, need) | leads


def _repeated(requests: Sequence[Claim]) -> Iterator[Claim]:
    """Yield the requests in order, and the last again and again."""
    yield from requests
    while requests:
        yield requests[-1]


def _merged(person: str, claims: Mapping[str, list[Claim]], table_name: str, kinds: Iterable[str]) -> Rows:
    """Write the claims of several kinds that share a number as one row."""
    table = TABLES[table_name]
    rows: dict[str, Cells] = {}
    for kind_name in kinds:
        for claim in claims.get(kind_name, ()):
            cells = rows.setdefault(claim.natural_key, {})
            cells |= {name: text for name, text in _plain(table, person, claim).items() if name not in cells}
    for cells in rows.values():
        yield table_name, cells


def _permanence(person: str, claims: Mapping[str, list[Claim]]) -> Rows:
    table = TABLES["ssd_permanence"]
    rows: dict[str, Cells] = {}
    for kind_name in ("adoption_decision", "adoption_match", "placed_for_adoption"):
        for claim in claims.get(kind_name, ()):
            rows.setdefault(claim.natural_key, {}).update(_plain(table, person, claim))
    for claim in claims.get("court_order", ()):
        key = claim.natural_key.partition("/")[0]
        cells = rows.setdefault(key, {"perm_table_id": key, "perm_person_id": person})
        if claim.payload.get("order_type") == "placement":
            cells["perm_placement_order_date"] = _text(claim.valid_from)
        else:
            cells["perm_permanence_order_date"] = _text(claim.valid_from)
            cells["perm_permanence_order_type"] = claim.payload.get("order_name") or claim.payload["order_type"]
    for cells in rows.values():
        yield "ssd_permanence", cells


def _pre_proceedings(person: str, claims: Mapping[str, list[Claim]]) -> Rows:
    yield from _merged(person, claims, "ssd_pre_proceedings", ("pre_proceedings", "proceedings"))


def _care_leavers(person: str, claims: Mapping[str, list[Claim]]) -> Rows:
    yield from _merged(person, claims, "ssd_care_leavers", ("leaving_care", "care_leaver_contact"))


_SPECIAL: Mapping[str, Callable[[str, Claim, Mapping[str, list[Claim]], int], Rows]] = {
    "person_details": _nothing,
    "name": _nothing,
    "identifier": _nothing,
    "reviewing_officer_contact": _nothing,
    "part_of": _nothing,
    "disability": _disability,
    "address": _address,
    "assessment": _assessment,
    "mother_of": _tie("ssd_mother", "moth_childs_person_id"),
    "member_of_group": _tie("ssd_family", "fami_family_id"),
    "placement": _placement,
    "care_period": _care_period,
    "looked_after_review": _review,
    "worker_details": _worker,
    "allocation": _allocation,
    "special_educational_need": _nothing,
    "education_health_care_assessment": _nothing,
    "education_health_care_plan": _nothing,
}
