"""The part of the Standard Safeguarding Dataset that tells of children in care and care leavers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kinfold.synthetic.as_ssda903 import review_code
from kinfold.synthetic.days import as_iso, birthday
from kinfold.synthetic.episodes import episodes_of, referral_of_period
from kinfold.synthetic.geography import miles
from kinfold.synthetic.world import CarePeriod, Child

Row = dict[str, Any]


def rows_of_care(child: Child, *, today: int) -> Iterator[tuple[str, Row]]:
    """Yield `(table, row)` for a child's periods of care, health, permanence and life after care."""
    for period in child.care:
        yield from _placements(child, period)
        yield from _episodes(child, period)
        yield from _happenings(child, period)
        yield from _permanence(child, period, today)
    yield from _health(child)
    yield from _leaver(child)


def _placement_id(period: CarePeriod, position: int) -> str:
    return f"PL{period.number}-{position}"


def _placements(child: Child, period: CarePeriod) -> Iterator[tuple[str, Row]]:
    for position, one in enumerate(period.placements, start=1):
        yield "ssd_cla_placement", {
            "clap_cla_placement_id": _placement_id(period, position), "clap_cla_placement_start_date": as_iso(one.start),
            "clap_cla_placement_type": one.kind, "clap_cla_placement_urn": one.urn,
            "clap_cla_placement_distance": "" if child.unaccompanied else round(miles(child.home, one.spot), 1),
            "clap_cla_id": period.number, "clap_cla_placement_provider": one.provider,
            "clap_cla_placement_postcode": one.spot.postcode, "clap_cla_placement_end_date": as_iso(one.end),
            "clap_cla_placement_change_reason": one.change_reason, "clap_person_id": child.la_child_id,
        }  # fmt: skip
    for position, status in enumerate(period.statuses, start=1):
        yield "ssd_legal_status", {
            "lega_legal_status_id": f"LS{period.number}-{position}", "lega_person_id": child.la_child_id,
            "lega_legal_status": status.code, "lega_legal_status_start_date": as_iso(status.start),
            "lega_legal_status_end_date": as_iso(status.end),
        }  # fmt: skip


def _episodes(child: Child, period: CarePeriod) -> Iterator[tuple[str, Row]]:
    referral = referral_of_period(child, period)
    for position, one in enumerate(episodes_of(period), start=1):
        placement = next(i for i, place in enumerate(period.placements, start=1) if place is one.placement)
        yield "ssd_cla_episodes", {
            "clae_cla_episode_id": f"{period.number}-{position}", "clae_person_id": child.la_child_id,
            "clae_cla_episode_start_date": as_iso(one.start), "clae_cla_episode_start_reason": one.new_reason,
            "clae_cla_primary_need_code": period.need, "clae_cla_episode_ceased_date": as_iso(one.end),
            "clae_cla_episode_ceased_reason": one.ceased_reason if one.end is not None else "", "clae_cla_id": period.number,
            "clae_referral_id": referral.number if referral else "",
            "clae_cla_placement_id": _placement_id(period, placement), "clae_entered_care_date": as_iso(period.start),
            "clae_cla_last_iro_contact_date": as_iso(period.reviews[-1] if period.reviews else None),
        }  # fmt: skip


def _happenings(child: Child, period: CarePeriod) -> Iterator[tuple[str, Row]]:
    person = child.la_child_id
    for position, then in enumerate(period.reviews, start=1):
        yield "ssd_cla_reviews", {
            "clar_cla_review_id": f"RV{period.number}-{position}", "clar_cla_id": period.number,
            "clar_cla_review_date": as_iso(then), "clar_cla_review_cancelled": "N",
            "clar_cla_review_participation": review_code(child, then),
        }  # fmt: skip
    for position, then in enumerate(period.visits, start=1):
        yield "ssd_cla_visits", {
            "clav_cla_visit_id": f"VS{period.number}-{position}", "clav_cla_id": period.number, "clav_person_id": person,
            "clav_cla_visit_date": as_iso(then), "clav_cla_visit_seen": "N" if then * 31 % 17 == 0 else "Y",
            "clav_cla_visit_seen_alone": "N" if then * 31 % 4 == 0 else "Y",
        }  # fmt: skip
    for position, (start, end, sort) in enumerate(period.missing, start=1):
        offered = start * 31 % 9 != 0
        yield "ssd_missing", {
            "miss_table_id": f"MI{period.number}-{position}", "miss_person_id": person,
            "miss_missing_episode_start_date": as_iso(start), "miss_missing_episode_type": sort,
            "miss_missing_episode_end_date": as_iso(end),
            "miss_missing_rhi_offered": ("Y" if offered else "N") if end is not None else "",
            "miss_missing_rhi_accepted": ("Y" if offered and start % 3 else "N") if end is not None else "",
        }  # fmt: skip


def _permanence(child: Child, period: CarePeriod, today: int) -> Iterator[tuple[str, Row]]:
    person, before, plan = child.la_child_id, period.before, period.adoption
    if before is not None:
        yield "ssd_cla_previous_permanence", {
            "lapp_table_id": f"PP{period.number}", "lapp_person_id": person,
            "lapp_previous_permanence_order_date": as_iso(before[2]), "lapp_previous_permanence_option": before[0],
            "lapp_previous_permanence_la": before[1],
        }  # fmt: skip
    yield "ssd_cla_care_plan", {
        "lacp_table_id": f"CP{period.number}", "lacp_person_id": person,
        "lacp_cla_care_plan_start_date": as_iso(min(period.start + 9, period.end or today)),
        "lacp_cla_care_plan_end_date": as_iso(period.end),
    }  # fmt: skip
    if plan is None:
        return
    flag = "" if plan.placed is None else "Y" if plan.by_foster_carer else "N"
    yield "ssd_permanence", {
        "perm_table_id": f"PM{period.number}", "perm_person_id": person, "perm_cla_id": period.number,
        "perm_adm_decision_date": as_iso(plan.decision), "perm_placement_order_date": as_iso(plan.order if plan.order <= today else None),
        "perm_placed_for_adoption_date": as_iso(plan.placed), "perm_matched_date": as_iso(plan.matched),
        "perm_adopted_by_carer_flag": flag, "perm_decision_reversed_date": as_iso(plan.ceased),
        "perm_decision_reversed_reason": plan.ceased_reason,
        "perm_permanence_order_date": as_iso(plan.adopted), "perm_permanence_order_type": "Adoption" if plan.adopted else "",
        "perm_adopter_sex": plan.adopters_sex if plan.adopted else "",
        "perm_adopter_legal_status": plan.adopters_status if plan.adopted else "",
        "perm_number_of_adopters": plan.adopters if plan.adopted else "",
    }  # fmt: skip


def _health(child: Child) -> Iterator[tuple[str, Row]]:
    person = child.la_child_id
    for number, one in enumerate(child.health, start=1):
        checks = (("Dental check", one.teeth, one.teeth_date), ("Health check", one.assessed, one.assessed_date))
        for position, (sort, done, then) in enumerate(checks, start=1):
            if done == "1":
                yield "ssd_cla_health", {
                    "clah_health_check_id": f"HC{person}-{number}-{position}", "clah_person_id": person,
                    "clah_health_check_type": sort, "clah_health_check_date": as_iso(then),
                    "clah_health_check_status": "COMPLETED",
                }  # fmt: skip
        if one.sdq is not None or one.sdq_reason:
            yield "ssd_sdq_scores", {
                "csdq_table_id": f"SD{person}-{number}", "csdq_person_id": person,
                "csdq_sdq_completed_date": as_iso(one.sdq_date), "csdq_sdq_reason": one.sdq_reason,
                "csdq_sdq_score": "" if one.sdq is None else one.sdq,
            }  # fmt: skip
        if one.substance == "1":
            yield "ssd_cla_substance_misuse", {
                "clas_substance_misuse_id": f"SM{person}-{number}", "clas_person_id": person,
                "clas_substance_misuse_date": as_iso(one.assessed_date), "clas_substance_misused": "Cannabis",
                "clas_intervention_received": "Y" if one.received == "1" else "N",
            }  # fmt: skip
        if one.convicted == "1":
            yield "ssd_cla_convictions", {
                "clac_cla_conviction_id": f"CV{person}-{number}", "clac_person_id": person,
                "clac_cla_conviction_date": as_iso(one.teeth_date),
            }  # fmt: skip
    if child.health:
        last = child.health[-1]
        yield "ssd_cla_immunisations", {
            "clai_person_id": person, "clai_immunisations_status": "Y" if last.immunised == "1" else "N",
            "clai_immunisations_status_date": as_iso(last.assessed_date),
        }  # fmt: skip


def _leaver(child: Child) -> Iterator[tuple[str, Row]]:
    if not child.leaver or child.birth is None:
        return
    last = child.leaver[-1]
    eligibility = "Former relevant child" if last.contact >= birthday(child.birth, 18) else "Relevant child"
    yield "ssd_care_leavers", {
        "clea_table_id": f"CL{child.la_child_id}", "clea_person_id": child.la_child_id,
        "clea_care_leaver_eligibility": eligibility, "clea_care_leaver_in_touch": last.in_touch,
        "clea_care_leaver_latest_contact": as_iso(last.contact), "clea_care_leaver_accommodation": last.accommodation,
        "clea_care_leaver_accom_suitable": last.suitable, "clea_care_leaver_activity": last.activity,
        "clea_pathway_plan_review_date": as_iso(last.contact),
    }  # fmt: skip
