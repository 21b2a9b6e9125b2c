"""Early help, Family Help, assessments and the child in need plan."""

from __future__ import annotations

from datetime import date

from kinfold.record.declare import EndDate, Sensitivity, called, event, field, spell

NARRATIVE = Sensitivity.NARRATIVE
AFTER = EndDate.FIRST_DAY_AFTER


@spell(
    "early_help",
    label="Early help episode",
    family="casework",
    source="Annex A, list 2; Standard Safeguarding Dataset, early help episodes",
    dates={
        "standard_safeguarding_dataset": ("earl_episode_start_date", "earl_episode_end_date"),
        "annex_a": ("Assessment start date", "Assessment completion date"),
    },
    # Ended on the day the case closed or the assessment was completed, as with a referral.
    ends={"standard_safeguarding_dataset": AFTER, "annex_a": AFTER},
)
class EarlyHelp:
    """A period of early help to a child and their family, by the council or a partner."""

    organisation: str | None = field(
        "Organisation that leads",
        names=called(dataset="earl_episode_organisation", annex_a="Organisation completing assessment"),
    )
    reason: str | None = field(
        "Why help was offered", codes="early_help_reason", names=called(dataset="earl_episode_reason")
    )
    end_reason: str | None = field(
        "Why it ended", codes="early_help_end_reason", names=called(dataset="earl_episode_end_reason")
    )
    worker: str | None = field("Source's number for the worker", names=called(dataset="earl_episode_worker_id"))


@spell(
    "family_help",
    label="Family Help",
    plural="Family Help",
    family="casework",
    source="Families First Partnership programme guide",
    one_open=True,
)
class FamilyHelp:
    """A period in which a family has a Family Help lead practitioner and one plan; the subject may be a group."""

    accepted_by: str | None = field("Who in the family accepted help")
    reason: str | None = field("Why help was offered", sensitivity=NARRATIVE)
    stepped_from: str | None = field(
        "Where the family came from", choices=("referral", "early help", "child protection")
    )
    end_reason: str | None = field(
        "Why it ended", choices=("needs met", "stepped up", "family withdrew", "moved away", "other")
    )


@spell(
    "assessment",
    label="Child and family assessment",
    family="casework",
    source="CIN census guide, assessments; Working Together to Safeguard Children, ch. 3",
    parent="referral_episode",
    dates={
        "cin_census": ("AssessmentActualStartDate", "AssessmentAuthorisationDate"),
        "daily_feed": ("start_date", "authorisation_date"),
        "standard_safeguarding_dataset": ("cina_assessment_start_date", "cina_assessment_auth_date"),
        "annex_a": ("Continuous Assessment Start Date", "Continuous Assessment Date of Authorisation"),
    },
    # On the day it is authorised it is complete: no longer counted as in progress.
    ends={
        "cin_census": AFTER,
        "daily_feed": AFTER,
        "standard_safeguarding_dataset": AFTER,
        "annex_a": AFTER,
    },
)
class Assessment:
    """An assessment of what a child and their family need, from its start to a manager's authorisation."""

    internal_review_date: date | None = field(
        "Date agreed for a review part of the way through", names=called(cin_census="AssessmentInternalReviewDate")
    )
    authorised_date: date | None = field(
        "Date on which a manager authorised it: not the date it was written",
        names=called(
            cin_census="AssessmentAuthorisationDate",
            daily_feed="authorisation_date",
            dataset="cina_assessment_auth_date",
            annex_a="Continuous Assessment Date of Authorisation",
        ),
    )
    factors: tuple[str, ...] | None = field(
        "Factors found",
        codes="assessment_factor",
        names=called(cin_census="AssessmentFactors", daily_feed="factors", dataset="cinf_assessment_factors_json"),
    )
    outcome: str | None = field(
        "What came of it",
        codes="assessment_outcome",
        names=called(dataset="cina_assessment_outcome_json"),
    )
    support_needed: str | None = field(
        "Whether support was found to be needed, as the list for inspectors says it: some write more than yes or no",
        names=called(annex_a="Was the child assessed as requiring LA children's social care support?"),
    )
    no_further_action: bool | None = field(
        "Whether it led to no further action", names=called(dataset="cina_assessment_outcome_nfa")
    )
    child_seen: bool | None = field(
        "Whether the child was seen",
        names=called(dataset="cina_assessment_child_seen", annex_a="Child Seen During Continuous Assessment"),
    )
    child_seen_alone: bool | None = field("Whether the child was seen alone")
    wishes_recorded: bool | None = field("Whether the child's wishes and feelings were recorded")
    analysis: str | None = field("What it means for the child", sensitivity=NARRATIVE)
    authorised_by: str | None = field("Who authorised it")
    team: str | None = field("Team that assessed", names=called(dataset="cina_assessment_team"))
    worker: str | None = field(
        "Source's number for the worker who assessed", names=called(dataset="cina_assessment_worker_id")
    )


@spell(
    "needs_assessment",
    label="Needs assessment",
    family="casework",
    source="Children Act 1989, ss.17ZA, 17ZD, 23B and 23CZAA; Care Act 2014, s.58; Care Leavers (England) Regulations 2010",
    same_when=("valid_from", "assessment_type"),
)
class NeedsAssessment:
    """An assessment for one purpose, beside the child and family assessment; it ends when authorised."""

    assessment_type: str | None = field(
        "Which assessment it is",
        required=True,
        choices=(
            "young carer", "parent carer", "pathway needs", "staying close", "child's transition to adult care",
            "private fostering", "connected person", "family and friends", "risk outside the home",
        ),
    )  # fmt: skip
    support_needed: bool | None = field("Whether support is needed")
    outcome: str | None = field("What came of it", sensitivity=NARRATIVE)
    views_of_person: str | None = field("What the person assessed said", sensitivity=NARRATIVE)
    authorised_by: str | None = field("Who authorised it")


@spell(
    "child_in_need_plan",
    label="Child in need plan",
    family="casework",
    source="CIN census guide, CIN plan dates; Children Act 1989, s.17",
    parent="referral_episode",
    one_open=True,
    dates={
        "cin_census": ("CINPlanStartDate", "CINPlanEndDate"),
        "daily_feed": ("start_date", "end_date"),
        "standard_safeguarding_dataset": ("cinp_cin_plan_start_date", "cinp_cin_plan_end_date"),
        "annex_a": ("CIN Start Date", "CIN Closure Date"),
    },
    # A child protection plan may start on the day the child in need plan ends (rules 4001, 4016).
    ends={
        "cin_census": AFTER,
        "daily_feed": AFTER,
        "standard_safeguarding_dataset": AFTER,
        "annex_a": AFTER,
    },
)
class ChildInNeedPlan:
    """A period in which a child in need has a plan, and is neither looked after nor on a protection plan."""

    team: str | None = field("Team that keeps the plan", names=called(dataset="cinp_cin_plan_team"))
    worker: str | None = field("Source's number for the worker", names=called(dataset="cinp_cin_plan_worker_id"))


@event(
    "child_in_need_visit",
    label="Visit to a child in need",
    plural="Visits to children in need",
    family="casework",
    source="Standard Safeguarding Dataset, CIN visits",
    parent="child_in_need_plan",
    dates={
        "standard_safeguarding_dataset": ("cinv_cin_visit_date", None),
        "annex_a": ("Date Child Was Last Seen", None),
    },
)
class ChildInNeedVisit:
    """A visit to a child on a child in need or Family Help plan. Only one with the child seen meets a duty."""

    seen: bool | None = field("Whether the child was seen", names=called(dataset="cinv_cin_visit_seen"))
    seen_alone: bool | None = field(
        "Whether the child was seen alone", names=called(dataset="cinv_cin_visit_seen_alone")
    )
    bedroom_seen: bool | None = field(
        "Whether the child's bedroom was seen", names=called(dataset="cinv_cin_visit_bedroom")
    )
    attempted_only: bool | None = field("Whether nobody could be seen")
    notes: str | None = field("What was seen and heard", sensitivity=NARRATIVE)


@event(
    "plan_review",
    label="Review of a plan",
    plural="Reviews of plans",
    family="casework",
    source="Duty catalogue: reviews of Family Help, child in need, pathway, special guardianship and other plans",
    ref="plan_type",
    same_when=("valid_from", "ref"),
)
class PlanReview:
    """A plan is looked at again with the people it concerns."""

    plan_type: str | None = field(
        "Which plan",
        required=True,
        choices=(
            "family", "child in need", "care", "placement", "personal education", "health", "permanence",
            "pathway", "safety", "special guardianship support", "short breaks", "secure accommodation",
            "staying put", "adoption support",
        ),
    )  # fmt: skip
    held: bool | None = field("Whether it was held: one cancelled or put off meets no duty")
    child_took_part: bool | None = field("Whether the child took part")
    outcome: str | None = field("What was agreed", sensitivity=NARRATIVE)
    next_review_date: date | None = field("Date agreed for the next")


@event(
    "service_referral",
    label="Referral to a service",
    plural="Referrals to services",
    family="casework",
    source="Children Act 2004, s.10; family hubs and start for life programme guide",
    party="service",
)
class ServiceReferral:
    """A family is referred to a service, and the service answers."""

    service: str | None = field("Which service", required=True)
    reason: str | None = field("What the family hope for", sensitivity=NARRATIVE)
    how_to_engage: str | None = field("How best to work with this family", sensitivity=NARRATIVE)
    answer: str | None = field("What the service answered", choices=("accepted", "declined", "waiting", "withdrawn"))
    answered_date: date | None = field("When it answered")
    declined_reason: str | None = field("Why it declined")


@event(
    "service_attendance",
    label="Attendance at a service",
    plural="Attendances at services",
    family="casework",
    source="Family hubs and start for life programme guide",
    party="service",
)
class ServiceAttendance:
    """A person takes part in a session of a service or a programme."""

    programme: str | None = field("Which programme")
    practice_guide: str | None = field("The practice guide the programme follows")
    session: int | None = field("Which session of the programme")
    attended: bool | None = field("Whether they came")
