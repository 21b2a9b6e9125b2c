"""The tables of the dataset whose rows need more than the layout says: persons, ties, workers, chains of rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from kinfold.files.standard_safeguarding_dataset.cells import address_in
from kinfold.files.standard_safeguarding_dataset.layout import Table, end_of
from kinfold.files.standard_safeguarding_dataset.rows import (
    Reading,
    Values,
    need_day,
    payloads,
    row_key,
    state_kind,
)
from kinfold.files.subject import Row
from kinfold.record.claim import Key
from kinfold.terms.identifiers import (
    normalise_nhs_number,
    normalise_uln,
    normalise_upn,
    normalise_urn,
)

Taker = Callable[[Reading, Table, Row, Values], None]
GOES_ON = "X1"
_NORMALISE: Mapping[str, Callable[[str | None], str | None]] = {
    "upn": normalise_upn,
    "former_upn": normalise_upn,
    "nhs_number": normalise_nhs_number,
    "uln": normalise_uln,
}


def _identifier(
    reading: Reading, row: Row, sort: str, value: str, since: date | None = None, until: date | None = None
) -> None:
    """State a number as the source has it; only one that is right finds a person."""
    normalise = _NORMALISE.get(sort)
    right = normalise(value) if normalise else value
    value = right or value
    payload = {"identifier_type": sort, "value": value}
    reading.gathering.support(
        "identifier", f"{sort}:{value}", row, payload, ref=value, valid_from=since, valid_to=until
    )
    reading.gathering.identify(sort, right)


def _person(reading: Reading, table: Table, row: Row, values: Values) -> None:
    said = payloads(table, row, values)
    row.in_order(values.get("pers_dob"), values.get("pers_death_date"), what="the life", field="pers_death_date")
    if not reading.gathering.row(row):
        return
    add = reading.gathering.support
    _identifier(reading, row, "la_child_id", reading.gathering.record.subject.value)
    if said.get("person_details"):
        add("person_details", "", row, said["person_details"])
    if said.get("name"):
        add("name", "name", row, said["name"])
    if (common := values.get("pers_common_child_id")) is not None:
        is_nhs = normalise_nhs_number(common) is not None
        _identifier(reading, row, "nhs_number" if is_nhs else "common_child_id", common)
    if (legacy := values.get("pers_legacy_id")) is not None:
        _identifier(reading, row, "mis_child_id", legacy)
    if (flag := values.get("pers_send_flag")) not in (None, "N", "0"):
        add("special_educational_need", "send_flag", row, {"provision": flag})


def _family(reading: Reading, table: Table, row: Row, values: Values) -> None:
    if not row.troubles:
        row.needed("fami_family_id", "the number of the family")
    if reading.gathering.row(row):
        party = Key("group", values["fami_family_id"])
        reading.gathering.state("member_of_group", row_key(table, values), row, {}, party=party)


def _mother(reading: Reading, table: Table, row: Row, values: Values) -> None:
    if not row.troubles:
        row.needed("moth_childs_person_id", "the number of the mother's child")
    if not reading.gathering.row(row):
        return
    party = Key("child", values["moth_childs_person_id"])
    reading.gathering.state("mother_of", row_key(table, values), row, {}, party=party)
    if not row.troubles and (born := values.get("moth_childs_dob")) is not None:
        # The return has room for one child's birth; the ties say the rest.
        reading.gathering.support("person_details", "", row, {"mothers_child_birth_date": born})


def _disability(reading: Reading, table: Table, row: Row, values: Values) -> None:
    if not row.troubles:
        row.needed("disa_disability_code", "the disability")
    if reading.gathering.row(row):
        claim = reading.gathering.support("disability", "", row, {})
        codes = claim.payload.setdefault("disabilities", [])
        codes.extend(code for code in values["disa_disability_code"] if code not in codes)


def _address(reading: Reading, table: Table, row: Row, values: Values) -> None:
    said = payloads(table, row, values).get("address", {})
    if not row.troubles and not said:
        row.needed("addr_address_json", "the address")
    if not reading.gathering.row(row):
        return
    if "address_lines" in said:
        lines, uprn = address_in(said["address_lines"])
        said |= {"address_lines": lines or None, "uprn": uprn}
    state_kind(reading, table, "address", row, values, said, ref=said.get("postcode"))


def _factors(reading: Reading, table: Table, row: Row, values: Values) -> None:
    assessment = reading.gathering.stated.get(("assessment", values.get("cinf_assessment_id", "")))
    if assessment is None and not row.troubles:
        what = "the assessment of these factors could not be read"
        row.trouble("no_parent", what, "Correct the assessment's row first.", "cinf_assessment_id")
    if reading.gathering.row(row) and assessment is not None:
        factors = assessment.payload.setdefault("factors", [])
        factors.extend(f for f in values.get("cinf_assessment_factors_json", ()) if f not in factors)
        assessment.places = (*assessment.places, row.place)


def _episode(reading: Reading, table: Table, row: Row, values: Values) -> None:
    """Keep an episode until all are read: periods of care are worked out from them."""
    start, end = values.get("clae_cla_episode_start_date"), values.get("clae_cla_episode_ceased_date")
    row.in_order(start, end, what="the episode", field="clae_cla_episode_ceased_date")
    if not row.troubles:
        row.needed("clae_cla_episode_start_date", "the date the episode began")
    if reading.gathering.row(row):
        reading.episodes.append((row, values))
        if (seen := values.get("clae_cla_last_iro_contact_date")) is not None:
            reading.gathering.support("reviewing_officer_contact", seen.isoformat(), row, {}, valid_from=seen)


def _care_periods(reading: Reading) -> None:
    """State one period of care for each of the dataset's periods (clae_cla_id), from its episodes."""
    periods: dict[str, list[tuple[Row, Values]]] = {}
    for row, values in reading.episodes:
        entered = values.get("clae_entered_care_date") or values["clae_cla_episode_start_date"]
        periods.setdefault(values.get("clae_cla_id") or entered.isoformat(), []).append((row, values))
    for key, episodes in periods.items():
        episodes.sort(key=lambda episode: episode[1]["clae_cla_episode_start_date"])
        first, last = episodes[0][1], episodes[-1][1]
        start = min(e.get("clae_entered_care_date") or e["clae_cla_episode_start_date"] for _, e in episodes)
        reason = last.get("clae_cla_episode_ceased_reason")
        ended = "clae_cla_episode_ceased_date" in last and reason != GOES_ON
        payload = {
            "start_reason": first.get("clae_cla_episode_start_reason"),
            "end_reason": reason if ended else None,
            "primary_need": next((e["clae_cla_primary_need_code"] for _, e in reversed(episodes)
                                  if "clae_cla_primary_need_code" in e), None),
        }  # fmt: skip
        end = last["clae_cla_episode_ceased_date"] if ended else None
        end = end_of("care_period").to_half_open(max(end, start) if end else None)
        claim = reading.gathering.support("care_period", key, episodes[0][0], payload, valid_from=start, valid_to=end)
        claim.places = tuple(row.place for row, _ in episodes)


def _placement(reading: Reading, table: Table, row: Row, values: Values) -> None:
    said = payloads(table, row, values).get("placement", {})
    need_day(table, row, "placement")
    if not reading.gathering.row(row):
        return
    urn = normalise_urn(said.get("urn"))
    said["urn"] = urn or said.get("urn")
    party = Key("setting", urn) if urn else None
    state_kind(reading, table, "placement", row, values, said, party=party, ref=said["urn"])


def _permanence(reading: Reading, table: Table, row: Row, values: Values) -> None:
    said = payloads(table, row, values)
    placement_order = values.get("perm_placement_order_date")
    if not row.troubles and placement_order is None and not any("valid_from" in each for each in said.values()):
        row.trouble("missing", "none of the dates of this row is given", "Give the date of what was decided or done.")
    if not reading.gathering.row(row):
        return
    order = said.pop("court_order", {})
    for kind_name, each in said.items():
        state_kind(reading, table, kind_name, row, values, each)
    key = row_key(table, values)
    orders = [("placement", placement_order, None)]
    name = order.get("order_name")
    orders.append((_order_type(name), order.get("valid_from"), name))
    for order_type, made, named in orders:
        if made is not None:
            payload = {"order_type": order_type, "order_name": named}
            reading.gathering.support(
                "court_order", f"{key}/{order_type}", row, payload, valid_from=made, ref=order_type
            )


def _order_type(name: str | None) -> str:
    words = (name or "").lower().replace("_", " ")
    if "special guardian" in words or "sgo" in words:
        return "special guardianship"
    if "arrangements" in words or "residence" in words or "cao" in words:
        return "child arrangements"
    return "adoption" if "adopt" in words else "other"


def _involvement(reading: Reading, table: Table, row: Row, values: Values) -> None:
    said = payloads(table, row, values).get("allocation", {})
    need_day(table, row, "allocation")
    if not row.troubles:
        row.needed("invo_professional_id", "the number of the worker")
    if reading.gathering.row(row):
        number = values["invo_professional_id"]
        party = reading.lookups.workers.get(number, Key("worker", number))
        state_kind(reading, table, "allocation", row, values, said, party=party)


def _professional(reading: Reading, table: Table, row: Row, values: Values) -> None:
    said = payloads(table, row, values).get("worker_details", {})
    if reading.gathering.row(row):
        reading.gathering.support("worker_details", "", row, said, ref=said.get("swe_number"))
        reading.gathering.identify("swe_number", said.get("swe_number"))
        # the council's own number as well: the daily feed may name the worker by either
        reading.gathering.identify("worker", said.get("staff_number"))


def _department(reading: Reading, table: Table, row: Row, values: Values) -> None:
    said = payloads(table, row, values).get("department_details", {})
    if reading.gathering.row(row):
        reading.gathering.state("department_details", row_key(table, values), row, said, ref=values.get("dept_team_id"))
        above = values.get("dept_team_parent_id")
        if above and above != values.get("dept_team_id") and not row.troubles:
            reading.gathering.support("part_of", above, row, {}, party=Key("body", above))


def _linked(reading: Reading, table: Table, row: Row, values: Values) -> None:
    said = payloads(table, row, values).get("identifier", {})
    if not row.troubles:
        row.needed("link_identifier_type", "the type of the number")
        row.needed("link_identifier_value", "the number")
    value = values.get("link_identifier_value") or ""
    if len(value) > 64:
        row.trouble("too_long", "link_identifier_value is too long", "Shorten it to 64.", "link_identifier_value")
    if reading.gathering.row(row):
        end = end_of("identifier").to_half_open(said.get("valid_to"))
        _identifier(reading, row, said["identifier_type"], value, since=said.get("valid_from"), until=end)


def _send(reading: Reading, table: Table, row: Row, values: Values) -> None:
    if reading.gathering.row(row):
        for name, sort in (("send_upn", "upn"), ("send_uln", "uln")):
            if name in values:
                _identifier(reading, row, sort, values[name])


def _education_request(reading: Reading, table: Table, row: Row, values: Values) -> None:
    said = payloads(table, row, values).get("education_health_care_assessment", {})
    need_day(table, row, "education_health_care_assessment")
    if reading.gathering.row(row):
        state_kind(reading, table, "education_health_care_assessment", row, values, said)


def _education_assessment(reading: Reading, table: Table, row: Row, values: Values) -> None:
    request = reading.gathering.stated.get(("education_health_care_assessment", values.get("ehca_ehcp_request_id", "")))
    if request is None and not row.troubles:
        row.trouble("no_parent", "the request of this assessment could not be read", "Correct the request's row first.")
    said = payloads(table, row, values).get("education_health_care_assessment", {})
    if reading.gathering.row(row) and request is not None:
        end = end_of("education_health_care_assessment").to_half_open(said.pop("valid_to", None))
        reading.gathering.support(request.kind, request.natural_key, row, said, valid_to=end)


def _education_plan(reading: Reading, table: Table, row: Row, values: Values) -> None:
    said = payloads(table, row, values).get("education_health_care_plan", {})
    need_day(table, row, "education_health_care_plan")
    if reading.gathering.row(row):
        state_kind(reading, table, "education_health_care_plan", row, values, said)
        assessment = values.get("ehcn_ehcp_asmt_id", "")
        request = reading.lookups.leads_to.get("ssd_ehcp_assessment", {}).get(assessment, "")
        stated = reading.gathering.stated.get(("education_health_care_plan", row_key(table, values)))
        if request and stated is not None:
            reading.plans_by_request[request] = stated


def _active_plan(reading: Reading, table: Table, row: Row, values: Values) -> None:
    plan = reading.plans_by_request.get(values.get("ehcp_ehcp_request_id", ""))
    if plan is None and not row.troubles:
        row.trouble(
            "no_parent", "no named plan of this request could be read", "Send the plan's row in ehcp_named_plan."
        )
    said = payloads(table, row, values).get("education_health_care_plan", {})
    if reading.gathering.row(row) and plan is not None:
        reading.gathering.support(plan.kind, plan.natural_key, row, said)


def _pre_proceedings(reading: Reading, table: Table, row: Row, values: Values) -> None:
    said = payloads(table, row, values)
    before, court = said.get("pre_proceedings", {}), said.get("proceedings", {})
    days = ("prep_pre_pro_letter_date", "prep_initial_pre_pro_meeting_date")
    begun = before.get("valid_from") or next((values[day] for day in days if day in values), None)
    if not row.troubles and begun is None and not court:
        row.needed("prep_pre_pro_decision_date", "the date of the decision to enter pre-proceedings")
    if not reading.gathering.row(row):
        return
    if begun is not None:
        before["valid_from"] = begun
        state_kind(reading, table, "pre_proceedings", row, values, before)
    if court and not row.troubles:
        key, issued = row_key(table, values), values.get("prep_care_pro_letter_date")
        reading.gathering.support(
            "proceedings", key, row, court, valid_from=issued, ref=values.get("prep_court_reference")
        )


def finish(reading: Reading) -> None:
    """State what follows from several rows together."""
    _care_periods(reading)


SPECIAL: Mapping[str, Taker] = {
    "ssd_person": _person,
    "ssd_family": _family,
    "ssd_mother": _mother,
    "ssd_disability": _disability,
    "ssd_address": _address,
    "ssd_assessment_factors": _factors,
    "ssd_cla_episodes": _episode,
    "ssd_cla_placement": _placement,
    "ssd_permanence": _permanence,
    "ssd_involvements": _involvement,
    "ssd_professionals": _professional,
    "ssd_department": _department,
    "ssd_linked_identifiers": _linked,
    "ssd_send": _send,
    "ssd_ehcp_requests": _education_request,
    "ssd_ehcp_assessment": _education_assessment,
    "ssd_ehcp_named_plan": _education_plan,
    "ssd_ehcp_active_plans": _active_plan,
    "ssd_pre_proceedings": _pre_proceedings,
}
