"""Looked after children: the care period, legal status, placements, reviews, visits, going missing."""

from __future__ import annotations

from datetime import date, datetime

from kinfold.record.declare import EndDate, Sensitivity, called, event, field, spell

NARRATIVE, ADDRESS = Sensitivity.NARRATIVE, Sensitivity.ADDRESS
AFTER = EndDate.FIRST_DAY_AFTER


@spell(
    "care_period",
    label="Period of being looked after",
    plural="Periods of being looked after",
    family="care",
    source="SSDA903 guide, episodes; Children Act 1989, s.22",
    one_open=True,
    dates={
        "ssda903": ("DECOM", "DEC"),
        "standard_safeguarding_dataset": ("clae_entered_care_date", "clae_cla_episode_ceased_date"),
        "annex_a": ("Date Started to be Looked After", "Date Ceased to be Looked After"),
    },
    # DEC is the first day the episode no longer held: the next DECOM is the same day.
    ends={"ssda903": AFTER, "standard_safeguarding_dataset": AFTER, "annex_a": AFTER},
)
class CarePeriod:
    """
    A child is looked after by the council, from the day it starts to the day it ceases.

    Legal status and placements lie inside it. The return's episodes are cut from them and never stored.
    """

    start_reason: str | None = field(
        "Reason for the new episode",
        codes="reason_for_new_episode",
        names=called(ssda903="RNE", dataset="clae_cla_episode_start_reason"),
    )
    end_reason: str | None = field(
        "Reason the last episode ceased",
        codes="reason_episode_ceased",
        names=called(
            ssda903="REC",
            dataset="clae_cla_episode_ceased_reason",
            annex_a="Reason Ceased to be Looked After",
        ),
    )
    primary_need: str | None = field(
        "Main reason why the child is looked after",
        codes="category_of_need",
        names=called(ssda903="CIN", dataset="clae_cla_primary_need_code", annex_a="Child's Category of Need"),
    )


@spell(
    "legal_status",
    label="Legal status",
    plural="Legal statuses",
    family="care",
    source="SSDA903 guide, legal status",
    parent="care_period",
    tiles=True,
    dates={
        "ssda903": ("DECOM", "DEC"),
        "standard_safeguarding_dataset": ("lega_legal_status_start_date", "lega_legal_status_end_date"),
        "annex_a": ("Start date of current legal status", None),
    },
    # One status begins on the day the one before ends.
    ends={"ssda903": AFTER, "standard_safeguarding_dataset": AFTER},
)
class LegalStatus:
    """The legal basis on which a child is looked after: one at a time, without gap."""

    legal_status: str | None = field(
        "Legal status",
        codes="legal_status",
        names=called(ssda903="LS", dataset="lega_legal_status", annex_a="Child's Legal Status"),
    )


@spell(
    "placement",
    label="Placement",
    family="care",
    source="SSDA903 guide, placement type and location; Care Planning, Placement and Case Review Regulations 2010",
    parent="care_period",
    party="setting",
    ref="urn",
    tiles=True,
    dates={
        "ssda903": ("DECOM", "DEC"),
        "daily_feed": ("start_date", "end_date"),
        "standard_safeguarding_dataset": ("clap_cla_placement_start_date", "clap_cla_placement_end_date"),
        "annex_a": ("Start Date of Most Recent Placement", None),
    },
    # One placement begins on the day the one before ends.
    ends={"ssda903": AFTER, "daily_feed": AFTER, "standard_safeguarding_dataset": AFTER},
)
class Placement:
    """Where a looked after child lives, and with whom: one at a time, without gap."""

    placement_type: str | None = field(
        "Kind of placement",
        codes="placement_type",
        names=called(
            ssda903="PLACE",
            daily_feed="placement_type",
            dataset="clap_cla_placement_type",
            annex_a="Placement Type",
        ),
    )
    placement_provider: str | None = field(
        "Who provides it",
        codes="placement_provider",
        names=called(ssda903="PLACE_PROVIDER", dataset="clap_cla_placement_provider", annex_a="Placement Provider"),
    )
    urn: str | None = field(
        "Ofsted's unique reference number of the home or agency",
        longest=8,
        names=called(ssda903="URN", dataset="clap_cla_placement_urn", annex_a="URN of Placement"),
    )
    postcode: str | None = field(
        "Postcode of the placement",
        sensitivity=ADDRESS,
        longest=8,
        names=called(
            ssda903="PL_POST",
            daily_feed="postcode",
            dataset="clap_cla_placement_postcode",
            annex_a="Placement postcode",
        ),
    )
    home_postcode: str | None = field(
        "Postcode of the child's home when the placement began",
        sensitivity=ADDRESS,
        longest=8,
        names=called(ssda903="HOME_POST"),
    )
    distance_miles: float | None = field(
        "Distance from home in a straight line, as the source states it",
        unit="miles",
        names=called(ssda903="PL_DISTANCE", dataset="clap_cla_placement_distance"),
    )
    placement_authority: str | None = field(
        "Council in whose area the placement is, as the source states it",
        names=called(ssda903="PL_LA", annex_a="LA of Placement"),
    )
    start_reason: str | None = field(
        "Reason for the new episode that began it",
        codes="reason_for_new_episode",
        names=called(ssda903="RNE", daily_feed="start_reason"),
    )
    change_reason: str | None = field(
        "Why the placement changed",
        codes="reason_for_placement_change",
        names=called(
            ssda903="REASON_PLACE_CHANGE", daily_feed="change_reason", dataset="clap_cla_placement_change_reason"
        ),
    )
    end_reason: str | None = field(
        "Reason the episode that ended it ceased",
        codes="reason_episode_ceased",
        names=called(ssda903="REC", daily_feed="end_reason"),
    )
    regulation: str | None = field(
        "Regulation under which it is made, where it changes what must be done",
        choices=("19", "22B", "23", "24", "25A", "48"),
    )
    emergency: bool | None = field("Whether it was made in an emergency")
    long_term: bool | None = field("Whether it is recorded as a long-term foster placement")


@event(
    "placement_proposal",
    label="Proposal of a placement",
    plural="Proposals of placements",
    family="care",
    source="Care Planning, Placement and Case Review (England) Regulations 2010, regs 9 to 14",
    party="setting",
    ref="urn",
    same_when=("valid_from", "ref"),
)
class PlacementProposal:
    """Somebody proposes a placement: the gates on it are asked before it is decided, and never after."""

    urn: str | None = field("Ofsted's unique reference number of the home or agency", longest=8)
    placement_type: str | None = field("Kind of placement", codes="placement_type")
    postcode: str | None = field("Postcode of the placement", sensitivity=ADDRESS, longest=8)
    planned_start: date | None = field("When it would begin")
    emergency: bool | None = field("Whether it is an emergency")
    school_disrupted: bool | None = field("Whether the child would change school, or key stage 4 be disrupted")
    area_council_consulted_date: date | None = field("When the council of the area was consulted")
    setting_check: str | None = field(
        "Whether the setting may be used",
        choices=("registered", "exempt", "not registered", "prohibited", "not found"),
    )
    reasons: str | None = field("Why this placement", sensitivity=NARRATIVE)
    view_of_child: str | None = field("What the child thinks of it", sensitivity=NARRATIVE)


@event(
    "proposed_change",
    label="Proposed change",
    family="care",
    source="Care Planning, Placement and Case Review (England) Regulations 2010, regs 14, 33 and 39",
)
class ProposedChange:
    """A change is proposed that must not happen before a review or an approval."""

    change: str | None = field(
        "What would change",
        required=True,
        choices=(
            "placement ends", "leaves care", "secure accommodation", "detained", "school in key stage 4",
            "child asks for a review", "reviewing officer asks for a review",
        ),
    )  # fmt: skip
    effective_date: date | None = field("When it would happen")
    reasons: str | None = field("Why", sensitivity=NARRATIVE)


@event(
    "looked_after_review",
    label="Looked after child review",
    family="care",
    source="Care Planning, Placement and Case Review (England) Regulations 2010, regs 32 to 38; SSDA903 guide, reviews",
    parent="care_period",
    dates={
        "ssda903": ("REVIEW", None),
        "standard_safeguarding_dataset": ("clar_cla_review_date", None),
        "annex_a": ("Date of Latest Statutory Review", None),
    },
)
class LookedAfterReview:
    """A review of a looked after child's case by their independent reviewing officer."""

    participation: str | None = field(
        "How the child took part",
        codes="review_participation",
        names=called(ssda903="REVIEW_CODE", dataset="clar_cla_review_participation"),
    )
    due_date: date | None = field(
        "Date by which it was to be held, as the source states it", names=called(dataset="clar_cla_review_due_date")
    )
    cancelled: bool | None = field(
        "Whether it was cancelled: a cancelled review meets no duty",
        names=called(dataset="clar_cla_review_cancelled"),
    )
    early: bool | None = field("Whether it was brought forward before a change")
    permanence_plan_agreed: bool | None = field("Whether a plan for permanence was agreed")
    independent_visitor_considered: bool | None = field("Whether an independent visitor was considered")
    reviewing_officer: str | None = field("Independent reviewing officer")
    decisions: str | None = field("What was decided", sensitivity=NARRATIVE)
    view_of_child: str | None = field("What the child said", sensitivity=NARRATIVE)


@event(
    "reviewing_officer_contact",
    label="Contact by the reviewing officer",
    plural="Contacts by the reviewing officer",
    family="care",
    source="Annex A, list 8; IRO handbook",
    parent="care_period",
    dates={
        "standard_safeguarding_dataset": ("clae_cla_last_iro_contact_date", None),
        "annex_a": ("Date of Last IRO Visit / Contact to the Child", None),
    },
)
class ReviewingOfficerContact:
    """The independent reviewing officer sees or speaks with the child between reviews."""

    how: str | None = field("How", choices=("in person", "video", "telephone", "message"))
    notes: str | None = field("What the child said", sensitivity=NARRATIVE)


@event(
    "looked_after_visit",
    label="Statutory visit to a looked after child",
    plural="Statutory visits to looked after children",
    family="care",
    source="Care Planning, Placement and Case Review (England) Regulations 2010, reg. 28",
    parent="placement",
    dates={
        "standard_safeguarding_dataset": ("clav_cla_visit_date", None),
        "annex_a": ("Date of Last Social Work Visit", None),
    },
)
class LookedAfterVisit:
    """A social worker visits a child where they are placed. Only one with the child seen meets a duty."""

    seen: bool | None = field("Whether the child was seen", names=called(dataset="clav_cla_visit_seen"))
    seen_alone: bool | None = field(
        "Whether the child was seen alone", names=called(dataset="clav_cla_visit_seen_alone")
    )
    bedroom_seen: bool | None = field("Whether the child's bedroom was seen")
    attempted_only: bool | None = field("Whether nobody could be seen")
    reason: str | None = field(
        "Why the visit was made, where it was not the routine one",
        choices=("routine", "section 30A notice", "asked for", "custody", "hospital or residential school"),
    )
    notes: str | None = field("What was seen and heard", sensitivity=NARRATIVE)


@spell(
    "missing",
    label="Missing or away without authorisation",
    plural="Times missing or away without authorisation",
    family="care",
    source="SSDA903 guide, missing",
    same_when=("valid_from", "missing_type"),
    one_open=True,
    dates={
        "ssda903": ("MIS_START", "MIS_END"),
        "standard_safeguarding_dataset": ("miss_missing_episode_start_date", "miss_missing_episode_end_date"),
    },
    # MIS_END is the day the child came back: not missing that night. Out and back on one day is a
    # period with no night in it: it counts among the times, and in no count at a date.
    ends={"ssda903": AFTER, "standard_safeguarding_dataset": AFTER},
)
class Missing:
    """A child is missing from where they live, or away without permission."""

    missing_type: str | None = field(
        "Missing, or away without authorisation",
        codes="missing_type",
        names=called(ssda903="MISSING", dataset="miss_missing_episode_type"),
    )
    began_at: datetime | None = field("When they were last known to be safe")
    returned_at: datetime | None = field("When they came back, to the minute: the interview is due in 72 hours")
    return_interview_offered: bool | None = field(
        "Whether a return interview was offered",
        names=called(
            dataset="miss_missing_rhi_offered",
            annex_a="Was the child offered a Return Interview after their last missing episode (Y/N)?",
        ),
    )
    return_interview_accepted: bool | None = field(
        "Whether it was accepted",
        names=called(
            dataset="miss_missing_rhi_accepted",
            annex_a="Did the child accept a Return Interview after their last missing episode (Y/N)?",
        ),
    )
    reported_to_police_at: datetime | None = field("When the police were told")
    found_where: str | None = field("Where they were found", sensitivity=NARRATIVE)


@event(
    "return_interview",
    label="Return interview",
    family="care",
    source="Statutory guidance on children who run away or go missing from home or care: within 72 hours",
    parent="missing",
)
class ReturnInterview:
    """Somebody independent talks with a child who came back, or the child declines."""

    outcome: str | None = field("What happened", required=True, choices=("held", "declined", "child not available"))
    held_at: datetime | None = field("When it was held, to the minute")
    interviewer: str | None = field("Who talked with the child")
    what_the_child_said: str | None = field("What the child said", sensitivity=NARRATIVE)
    risks_found: tuple[str, ...] | None = field("Risks found")


@spell(
    "contact_refusal",
    label="Refusal of contact",
    plural="Refusals of contact",
    family="care",
    source="Children Act 1989, s.34(6): no longer than seven days without the court",
    party="person refused",
)
class ContactRefusal:
    """The council refuses contact as a matter of urgency; it ends when contact is restored."""

    reason: str | None = field("Why", sensitivity=NARRATIVE)
    told: tuple[str, ...] | None = field("Who was told")


@event(
    "child_returned",
    label="Child returned",
    plural="Children returned",
    family="care",
    source="Adoption and Children Act 2002, ss.31 and 32",
    party="parent",
)
class ChildReturned:
    """A child is given back to a parent who asked for it."""

    returned_to: str | None = field("To whom", sensitivity=Sensitivity.IDENTIFIER)
    reason: str | None = field("Why", choices=("consent withdrawn", "placement disrupted", "court order"))
