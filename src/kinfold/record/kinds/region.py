"""The region: asking for a placement, answers, capacity, carers, frameworks, the sufficiency strategy."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from kinfold.record.declare import Sensitivity, event, field, plan, spell

NARRATIVE = Sensitivity.NARRATIVE
COOPERATIVE = "Regional Care Co-operatives: policy statement; Children Act 1989, ss.22G and 22J"


@event(
    "placement_request",
    label="Placement request",
    family="region",
    source=COOPERATIVE,
)
class PlacementRequest:
    """
    A council asks for a home for a child or a group of brothers and sisters.

    What every provider sees is without name, date of birth and address; the child's words come first.
    """

    needed_by: date | None = field("When it is needed")
    emergency: bool | None = field("Whether it is an emergency")
    placement_types: tuple[str, ...] | None = field(
        "Kinds of placement agreed in the care plan", codes="placement_type"
    )
    needs: tuple[dict[str, Any], ...] | None = field("Needs: each with domain and level from 0 to 3")
    risks: tuple[dict[str, Any], ...] | None = field("Risks to the child and from the child", sensitivity=NARRATIVE)
    musts: tuple[str, ...] | None = field("What it must be: solo, with siblings, carer's sex, and so on")
    longest_miles: float | None = field("Farthest from home", unit="miles")
    keep_school: bool | None = field("Whether the child should stay at their school")
    areas_to_avoid: tuple[str, ...] | None = field("Areas to avoid", sensitivity=Sensitivity.ADDRESS)
    siblings_together: int | None = field("Children to be placed together", unit="children")
    view_of_child: str | None = field("What the child asks for", sensitivity=NARRATIVE)
    strengths: str | None = field("What works, and what the child is good at", sensitivity=NARRATIVE)
    edition: int | None = field("Which version of the request, the first being 1")


@event(
    "request_sent",
    label="Request sent to a provider",
    plural="Requests sent to providers",
    family="region",
    source=COOPERATIVE,
    parent="placement_request",
    party="provider or setting",
    same_when=("valid_from", "party"),
)
class RequestSent:
    """A request goes to one provider, in the short form or, once shortlisted, in full."""

    view: str | None = field("How much of it", choices=("without names", "in full"))
    sent_at: datetime | None = field("When, to the minute")
    expires_at: datetime | None = field("When the provider can no longer open it")


@event(
    "request_declined",
    label="Request declined",
    plural="Requests declined",
    family="region",
    source=COOPERATIVE,
    parent="placement_request",
    party="provider or setting",
    same_when=("valid_from", "party"),
)
class RequestDeclined:
    """A provider says no, and why."""

    reason: str | None = field(
        "Why",
        choices=(
            "no vacancy", "needs not met", "match with other children", "location", "age or sex", "price",
            "notice too short", "staffing", "registration", "no answer", "other",
        ),
    )  # fmt: skip
    words: str | None = field("What they said", sensitivity=NARRATIVE)


@event(
    "placement_offered",
    label="Placement offered",
    plural="Placements offered",
    family="region",
    source=COOPERATIVE,
    parent="placement_request",
    party="provider or setting",
    ref="urn",
    same_when=("valid_from", "party"),
)
class PlacementOffered:
    """A provider offers a home."""

    urn: str | None = field("Ofsted's unique reference number", longest=8)
    available_from: date | None = field("From when")
    amount_pence: int | None = field("Price asked for a week", unit="pence a week")
    parts: tuple[dict[str, Any], ...] | None = field("Parts of the price")
    conditions: str | None = field("Conditions", sensitivity=NARRATIVE)
    outcome: str | None = field("What became of it", choices=("accepted", "not chosen", "withdrawn"))
    outcome_reason: str | None = field("Why", sensitivity=NARRATIVE)


@event(
    "impact_assessed",
    label="Impact assessed",
    plural="Impacts assessed",
    family="region",
    source="Children's Homes (England) Regulations 2015, reg. 14; Quality Standards guide",
    parent="placement_offered",
    party="setting",
)
class ImpactAssessed:
    """A home considers what a child's coming would mean for the children who live there."""

    verdict: str | None = field("What was found", choices=("compatible", "with measures", "not compatible"))
    measures: str | None = field("What would be done", sensitivity=NARRATIVE)
    assessed_by: str | None = field("Who")


@spell(
    "capacity",
    label="Capacity",
    plural="Capacities",
    family="region",
    subject="body",
    source=f"{COOPERATIVE}; sufficiency guidance 2010",
)
class Capacity:
    """How many children a setting can take in truth, beside how many places it is registered for."""

    usable_places: int | None = field("Places that can be used", unit="places")
    filled_places: int | None = field("Places filled", unit="places")
    reason_not_usable: str | None = field("Why the rest cannot be used")
    pipeline_places: int | None = field("Places to come", unit="places")
    pipeline_kind: str | None = field(
        "What they will be", choices=("open", "deprivation of liberty", "secure welfare", "transition", "fostering")
    )
    opens_date: date | None = field("When they are to open")


@spell(
    "block",
    label="Block of places",
    plural="Blocks of places",
    family="region",
    subject="body",
    party="provider",
    source=f"{COOPERATIVE}; Procurement Act 2023",
)
class Block:
    """Places bought together for a time, whether filled or not."""

    places: int | None = field("Places", unit="places")
    amount_pence: int | None = field("Price for a place and week", unit="pence a week")
    void_rule: str | None = field("What is paid for an empty place")


@spell(
    "framework_membership",
    label="Place on a framework",
    plural="Places on frameworks",
    family="region",
    subject="body",
    party="framework",
    source="Procurement Act 2023, Part 3",
    same_when=("valid_from", "party", "lot"),
)
class FrameworkMembership:
    """A provider may be called on under a framework or dynamic market."""

    lot: str | None = field("Lot")
    tier: int | None = field("Tier")
    rate_card: tuple[dict[str, Any], ...] | None = field("Prices agreed, by kind of place, in pence")


@spell(
    "carer_approval",
    label="Approval of a foster carer",
    plural="Approvals of foster carers",
    family="region",
    source="Fostering Services (England) Regulations 2011, reg. 27",
    party="fostering service",
)
class CarerApproval:
    """A foster carer or household is approved, with terms; the subject may be a household."""

    terms: str | None = field("Terms of approval")
    children: int | None = field("Children at one time", unit="children")
    age_from: int | None = field("Youngest age", unit="years")
    age_to: int | None = field("Oldest age", unit="years")
    sex: str | None = field("Boys, girls or either", choices=("boys", "girls", "either"))
    skills: tuple[str, ...] | None = field("Skills and languages")
    approval_type: str | None = field(
        "Kind of approval", choices=("mainstream", "connected person", "short breaks", "parent and child", "emergency")
    )
    exemption_until: date | None = field("Last day of an exemption from the usual limit of three")
    end_reason: str | None = field("Why it ended", choices=("resigned", "terminated", "moved agency", "died"))


@spell(
    "carer_application",
    label="Application to foster",
    plural="Applications to foster",
    family="region",
    source="Fostering Services (England) Regulations 2011, reg. 26; fostering recruitment hubs",
)
class CarerApplication:
    """From an enquiry about fostering to the decision."""

    enquiry_date: date | None = field("When they first asked")
    stage_one_ended_date: date | None = field("When stage one ended")
    stage_two_started_date: date | None = field("When stage two began")
    came_from: str | None = field("How they heard of it")
    outcome: str | None = field("What was decided", choices=("approved", "not approved", "withdrew"))
    withdrew_reason: str | None = field("Why they withdrew")


@plan(
    "sufficiency_strategy",
    label="Sufficiency strategy",
    plural="Sufficiency strategies",
    family="region",
    subject="body",
    source="Children Act 1989, s.22G; statutory guidance on sufficiency 2010",
)
class SufficiencyStrategy:
    """What homes a region or council intends to have, where, by when, and on what figures."""

    period: str | None = field("Years it is for", longest=16)
    gaps: tuple[dict[str, Any], ...] | None = field("What is short: kind, area, places, how sure")
    intentions: tuple[dict[str, Any], ...] | None = field("What is to be done, by whom, by when")
    forecast: str | None = field("Public identifier of the forecast it rests on")
    approved_by: str | None = field("Who approved it")
    published_date: date | None = field("When it was published")


@event(
    "forecast_published",
    label="Forecast published",
    plural="Forecasts published",
    family="region",
    subject="body",
    source="Kinfold: every published forecast is kept, and scored a year later",
)
class ForecastPublished:
    """A forecast as it was published, with what it rested on, so that it can be held against what came."""

    horizon_years: int | None = field("How far it looks", unit="years")
    reference_starts: date | None = field("First day of the figures it rests on")
    reference_ends: date | None = field("Last day of the figures it rests on")
    figures: tuple[dict[str, Any], ...] | None = field("Forecast by year and kind, with low and high")
    file_sha256: str | None = field("Hash of the file it was published as", longest=64)
