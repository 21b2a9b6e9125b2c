"""Child protection: concern, strategy discussion, enquiry, conference, plan, core group, review, allegation."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from kinfold.record.declare import EndDate, Sensitivity, called, event, field, spell

NARRATIVE = Sensitivity.NARRATIVE
AFTER = EndDate.FIRST_DAY_AFTER


@event(
    "significant_harm_concern",
    label="Concern of significant harm",
    plural="Concerns of significant harm",
    family="casework",
    source="Children Act 1989, s.47; Working Together to Safeguard Children, ch. 3",
)
class SignificantHarmConcern:
    """Somebody has reasonable cause to suspect that a child is suffering, or likely to suffer, significant harm."""

    raised_by: str | None = field("Who raised it")
    where_harm_arises: str | None = field(
        "Where the harm arises", choices=("home", "outside the home", "online", "both")
    )
    summary: str | None = field("What the concern is", sensitivity=NARRATIVE)


@event(
    "strategy_discussion",
    label="Strategy discussion",
    family="casework",
    source="Working Together to Safeguard Children, ch. 3: strategy discussion",
)
class StrategyDiscussion:
    """Children's services, police, health and others decide whether to make enquiries under section 47."""

    agencies_present: tuple[str, ...] | None = field("Agencies that took part")
    agencies_absent: tuple[str, ...] | None = field("Agencies asked that did not take part")
    initiated_section_47: bool | None = field("Whether it began a section 47 enquiry")
    joint_with_police: bool | None = field("Whether the enquiry is joint with the police")
    chair: str | None = field("Who chaired it")
    decision: str | None = field("What was decided", sensitivity=NARRATIVE)
    reasons: str | None = field("Why", sensitivity=NARRATIVE)
    safety_until_enquiry: str | None = field("What keeps the child safe meanwhile", sensitivity=NARRATIVE)


@spell(
    "section_47_enquiry",
    label="Section 47 enquiry",
    plural="Section 47 enquiries",
    family="casework",
    source="Children Act 1989, s.47; CIN census guide, section 47",
    parent="referral_episode",
    one_open=True,
    dates={
        "cin_census": ("S47ActualStartDate", None),
        "daily_feed": ("start_date", "end_date"),
        "standard_safeguarding_dataset": ("s47e_s47_start_date", "s47e_s47_end_date"),
        "annex_a": ("Strategy discussion initiating Section 47 Enquiry Start Date", None),
    },
    ends={"daily_feed": AFTER, "standard_safeguarding_dataset": AFTER},
)
class Section47Enquiry:
    """Enquiries into whether a child is suffering significant harm, from the strategy discussion that began them."""

    initial_conference_date: date | None = field(
        "Date of the initial child protection conference",
        names=called(
            cin_census="DateOfInitialCPC",
            daily_feed="icpc_date",
            annex_a="Date of Initial Child Protection Conference",
        ),
    )
    initial_conference_target: date | None = field(
        "Date by which the conference was to be held, as the source states it",
        names=called(cin_census="InitialCPCtarget"),
    )
    conference_not_required: bool | None = field(
        "Whether no conference was needed",
        names=called(
            cin_census="ICPCnotRequired",
            daily_feed="icpc_required_flag",  # the opposite, turned round at the door
            dataset="s47e_s47_nfa",
            annex_a="Was an Initial Child Protection Conference deemed unnecessary?",
        ),
    )
    outcome: str | None = field(
        "What came of it", codes="section_47_outcome", names=called(dataset="s47e_s47_outcome_json")
    )
    harm_substantiated: bool | None = field("Whether significant harm, or its likelihood, was found")
    findings: str | None = field("What was found", sensitivity=NARRATIVE)
    team: str | None = field("Team that enquired", names=called(dataset="s47e_s47_completed_by_team"))
    worker: str | None = field(
        "Source's number for the worker who enquired", names=called(dataset="s47e_s47_completed_by_worker_id")
    )


@event(
    "initial_child_protection_conference",
    label="Initial child protection conference",
    family="casework",
    source="Working Together to Safeguard Children, ch. 3; CIN census guide",
    parent="section_47_enquiry",
    dates={
        "cin_census": ("DateOfInitialCPC", None),
        "daily_feed": ("icpc_date", None),
        "standard_safeguarding_dataset": ("icpc_icpc_date", None),
        "annex_a": ("Date of Initial Child Protection Conference", None),
    },
)
class InitialChildProtectionConference:
    """Family and professionals meet to decide whether a child needs a child protection plan."""

    decision: str | None = field(
        "What was decided", codes="initial_conference_outcome", names=called(dataset="icpc_icpc_outcome_json")
    )
    plan_made: bool | None = field(
        "Whether a child protection plan was made",
        names=called(
            dataset="icpc_icpc_outcome_cp_flag",
            annex_a="Did the Initial Child Protection Conference Result in a Child Protection Plan",
        ),
    )
    transfer_in: bool | None = field(
        "Whether the child came with a plan from another council", names=called(dataset="icpc_icpc_transfer_in")
    )
    target_date: date | None = field(
        "Date by which it was to be held, as the source states it", names=called(dataset="icpc_icpc_target_date")
    )
    category: str | None = field("Category of abuse decided", codes="category_of_abuse")
    quorate: bool | None = field("Whether enough agencies took part: an inquorate conference meets no duty")
    agencies_present: tuple[str, ...] | None = field("Agencies that took part")
    child_participation: str | None = field("How the child took part")
    dissent: str | None = field("Who disagreed, and why", sensitivity=NARRATIVE)
    team: str | None = field("Team", names=called(dataset="icpc_icpc_team"))
    worker: str | None = field("Source's number for the worker", names=called(dataset="icpc_icpc_worker_id"))


@spell(
    "child_protection_plan",
    label="Child protection plan",
    family="casework",
    source="Working Together to Safeguard Children, ch. 3; CIN census guide, child protection plans",
    parent="referral_episode",
    one_open=True,
    dates={
        "cin_census": ("CPPstartDate", "CPPendDate"),
        "daily_feed": ("start_date", "end_date"),
        "standard_safeguarding_dataset": ("cppl_cp_plan_start_date", "cppl_cp_plan_end_date"),
        "annex_a": ("Child Protection Plan Start Date", "Child Protection Plan End Date"),
    },
    # A plan that ends on 31 March is not among the plans of 31 March.
    ends={
        "cin_census": AFTER,
        "daily_feed": AFTER,
        "standard_safeguarding_dataset": AFTER,
        "annex_a": AFTER,
    },
)
class ChildProtectionPlan:
    """A period in which a child is the subject of a child protection plan."""

    initial_category: str | None = field(
        "Category of abuse when the plan was made",
        codes="category_of_abuse",
        names=called(
            cin_census="InitialCategoryOfAbuse",
            dataset="cppl_cp_plan_initial_category",
            annex_a="Initial Category of Abuse",
        ),
    )
    latest_category: str | None = field(
        "Category of abuse now",
        codes="category_of_abuse",
        names=called(
            cin_census="LatestCategoryOfAbuse",
            dataset="cppl_cp_plan_latest_category",
            annex_a="Latest Category of Abuse",
        ),
    )
    previous_plans: int | None = field(
        "How many plans the child had before, wherever they were, as the source states it",
        unit="plans",
        names=called(cin_census="NumberOfPreviousCPP", annex_a="Number of Previous Child Protection Plans"),
    )
    other_council_plan: bool | None = field(
        "Whether it is another council's plan for a child staying here", names=called(dataset="cppl_cp_plan_ola")
    )


@event(
    "child_protection_visit",
    label="Child protection visit",
    family="casework",
    source="Local safeguarding arrangements; Standard Safeguarding Dataset, CP visits",
    parent="child_protection_plan",
    dates={
        "standard_safeguarding_dataset": ("cppv_cp_visit_date", None),
        "annex_a": ("Date of the Last Statutory Visit", None),
    },
)
class ChildProtectionVisit:
    """A visit to a child on a child protection plan. Only one with the child seen meets a duty."""

    seen: bool | None = field("Whether the child was seen", names=called(dataset="cppv_cp_visit_seen"))
    seen_alone: bool | None = field(
        "Whether the child was seen alone",
        names=called(dataset="cppv_cp_visit_seen_alone", annex_a="Was the Child Seen Alone?"),
    )
    bedroom_seen: bool | None = field(
        "Whether the child's bedroom was seen", names=called(dataset="cppv_cp_visit_bedroom")
    )
    attempted_only: bool | None = field("Whether nobody could be seen")
    notes: str | None = field("What was seen and heard", sensitivity=NARRATIVE)


@event(
    "child_protection_review",
    label="Child protection review conference",
    family="casework",
    source="Working Together to Safeguard Children, ch. 3; CIN census guide, reviews",
    parent="child_protection_plan",
    dates={
        "cin_census": ("CPPreviewDate", None),
        "standard_safeguarding_dataset": ("cppr_cp_review_date", None),
        "annex_a": ("Date of latest review conference", None),
    },
)
class ChildProtectionReview:
    """A conference looks at a child protection plan again and decides whether it goes on."""

    plan_continues: bool | None = field(
        "Whether the plan goes on", names=called(dataset="cppr_cp_review_outcome_continue_cp")
    )
    quorate: bool | None = field(
        "Whether enough agencies took part: an inquorate conference meets no duty",
        names=called(dataset="cppr_cp_review_quorate"),
    )
    participation: str | None = field(
        "How the child took part",
        codes="review_participation",
        names=called(dataset="cppr_cp_review_participation"),
    )
    due_date: date | None = field(
        "Date by which it was to be held, as the source states it", names=called(dataset="cppr_cp_review_due")
    )
    category: str | None = field("Category of abuse decided", codes="category_of_abuse")
    dissent: str | None = field("Who disagreed, and why", sensitivity=NARRATIVE)


@event(
    "core_group",
    label="Core group",
    family="casework",
    source="Working Together to Safeguard Children, ch. 3: core group",
    parent="child_protection_plan",
)
class CoreGroup:
    """The family and the professionals who carry out a child protection plan meet."""

    held: bool | None = field("Whether it was held: one cancelled or put off meets no duty")
    members_present: tuple[str, ...] | None = field("Who came")
    progress: str | None = field("How the plan is going", sensitivity=NARRATIVE)


@spell(
    "police_protection",
    label="Police protection",
    plural="Periods of police protection",
    family="casework",
    source="Children Act 1989, s.46: no longer than 72 hours",
)
class PoliceProtection:
    """A police officer keeps a child safe; counted in hours, so the moments are kept."""

    began_at: datetime | None = field("When it began")
    ended_at: datetime | None = field("When it ended")
    designated_officer: str | None = field("The designated officer who enquires")
    reason: str | None = field("Why", sensitivity=NARRATIVE)


@spell(
    "emergency_protection_order",
    label="Emergency protection order",
    family="casework",
    source="Children Act 1989, ss.44 and 45: eight days, extended once by seven",
)
class EmergencyProtectionOrder:
    """An order under which a child may be kept safe for some days."""

    court: str | None = field("Which court")
    granted_at: datetime | None = field("When it was granted")
    extended_to: date | None = field("The last day, where it was extended")
    exclusion_requirement: bool | None = field("Whether somebody must keep away from the home")


@spell(
    "child_assessment_order",
    label="Child assessment order",
    family="casework",
    source="Children Act 1989, s.43: seven days beginning with the date in the order",
)
class ChildAssessmentOrder:
    """An order that a child be brought for assessment."""

    court: str | None = field("Which court")
    directions: str | None = field("What the court directed", sensitivity=Sensitivity.LEGAL)


@spell(
    "allegation",
    label="Allegation against a person who works with children",
    plural="Allegations against persons who work with children",
    family="casework",
    source="Working Together to Safeguard Children, ch. 2; Keeping Children Safe in Education, part four",
    party="child",
    label_default="lado_vault",
)
class Allegation:
    """
    An allegation that the designated officer oversees, from when the employer knew to the outcome.

    The subject is the adult. It never stands in a child's file: there is only a pointer to it.
    """

    employer: str | None = field("Employer or organisation")
    role: str | None = field("What the person does with children")
    known_to_employer_date: date | None = field("When the employer knew")
    accepted_date: date | None = field("When the designated officer took it on")
    threshold: str | None = field("Which test it meets", choices=("harm", "criminal offence", "risk", "suitability"))
    outcome: str | None = field(
        "What came of it", choices=("substantiated", "unsubstantiated", "false", "malicious", "unfounded")
    )
    summary: str | None = field("What is alleged", sensitivity=NARRATIVE)


@event(
    "designated_officer_contact",
    label="Contact with the designated officer",
    plural="Contacts with the designated officer",
    family="casework",
    source="Working Together to Safeguard Children, ch. 2: within one working day",
    parent="allegation",
    label_default="lado_vault",
)
class DesignatedOfficerContact:
    """An employer tells the designated officer of an allegation, or asks for advice."""

    made_by: str | None = field("Who made contact")
    advice: str | None = field("What was advised", sensitivity=NARRATIVE)


@event(
    "multi_agency_decision",
    label="Decision of the multi-agency child protection team",
    plural="Decisions of the multi-agency child protection team",
    family="casework",
    source="Children Act 2004, s.16EA, as inserted by the Children's Wellbeing and Schools Act 2026, s.3",
    party="team",
)
class MultiAgencyDecision:
    """The team's members decide together on a child, or contribute; who dissented is kept."""

    matter: str | None = field("What was decided", required=True)
    choice: str | None = field("What was chosen", sensitivity=NARRATIVE)
    agencies_for: tuple[str, ...] | None = field("Agencies that agreed")
    agencies_against: tuple[str, ...] | None = field("Agencies that did not")
    dissent: str | None = field("Why they did not", sensitivity=NARRATIVE)
    views: tuple[dict[str, Any], ...] | None = field(
        "The view of each agency: who gave it, whether they agreed, and why", sensitivity=NARRATIVE
    )
    contribution_only: bool | None = field("Whether it is one agency's contribution, with nothing decided")
