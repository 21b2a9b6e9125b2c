"""Before and in court: legal gateway, pre-proceedings, family group decision-making, proceedings, orders."""

from __future__ import annotations

from datetime import date

from kinfold.record.declare import EndDate, Sensitivity, called, event, field, spell

NARRATIVE, LEGAL = Sensitivity.NARRATIVE, Sensitivity.LEGAL


@spell(
    "pre_proceedings",
    label="Pre-proceedings",
    plural="Periods of pre-proceedings",
    family="casework",
    source="Public Law Outline, Practice Direction 12A; CIN census guide 2026-27, pre-proceedings",
    parent="referral_episode",
    dates={
        "cin_census": ("PPStartDate", "StepDecisionDate"),
        "standard_safeguarding_dataset": ("prep_pre_pro_decision_date", "prep_agree_stepdown_issue_date"),
    },
    # It ends with the decision to step down or to go to court: on that day it is over.
    ends={"cin_census": EndDate.FIRST_DAY_AFTER, "standard_safeguarding_dataset": EndDate.FIRST_DAY_AFTER},
)
class PreProceedings:
    """A period in which the council works with parents before it decides whether to go to court."""

    letter_before_proceedings_date: date | None = field(
        "Date the letter before proceedings was sent",
        names=called(cin_census="LBPSentDate", dataset="prep_pre_pro_letter_date"),
    )
    family_group_decision_making_offered: bool | None = field(
        "Whether family group decision-making was offered", names=called(cin_census="FGDMMeetingOffer")
    )
    family_group_decision_making_held: bool | None = field(
        "Whether such a meeting was held", names=called(cin_census="FGDMMeetingFac")
    )
    initial_meeting_date: date | None = field(
        "Date of the first pre-proceedings meeting",
        names=called(cin_census="InitialPPMeetingDate", dataset="prep_initial_pre_pro_meeting_date"),
    )
    review_meetings: int | None = field(
        "Review meetings held after the first, as the source states it",
        unit="meetings",
        names=called(cin_census="ReviewMeetingsCount", dataset="prep_pre_pro_meetings_num"),
    )
    step_decision_date: date | None = field(
        "Date of the decision to step down or go to court",
        names=called(cin_census="StepDecisionDate", dataset="prep_agree_stepdown_issue_date"),
    )
    outcome: str | None = field(
        "What came of it",
        codes="pre_proceedings_outcome",
        names=called(cin_census="PPOutcome", dataset="prep_pre_pro_outcome"),
    )
    court_application_date: date | None = field(
        "Date of the application to court", names=called(cin_census="CourtAppDate")
    )
    initial_conference_letter_date: date | None = field(
        "Date of the letter about the initial child protection conference",
        names=called(cin_census="LetterInitCPDate"),
    )
    legal_gateway_outcome: str | None = field(
        "What the legal gateway meeting decided",
        codes="legal_gateway_outcome",
        sensitivity=LEGAL,
        names=called(dataset="prep_legal_gateway_outcome"),
    )
    parents_represented: bool | None = field(
        "Whether the parents had a lawyer", names=called(dataset="prep_pre_pro_parents_legal_rep")
    )
    previous_periods: int | None = field(
        "Earlier periods of pre-proceedings for this child, as the source states it",
        unit="periods",
        names=called(dataset="prep_prev_pre_proc_child"),
    )
    protection_plans_in_referral: int | None = field(
        "Child protection plans in this referral period, as the source states it",
        unit="plans",
        names=called(dataset="prep_cp_plans_referral_period"),
    )
    family_number: str | None = field(
        "Source's number for the family in pre-proceedings",
        sensitivity=Sensitivity.IDENTIFIER,
        names=called(dataset="prep_plo_family_id"),
    )


@event(
    "family_group_offer",
    label="Offer of family group decision-making",
    plural="Offers of family group decision-making",
    family="casework",
    source="Children Act 1989, s.31ZA, as inserted by the Children's Wellbeing and Schools Act 2026",
    parent="pre_proceedings",
    party="person offered",
    same_when=("valid_from", "party"),
)
class FamilyGroupOffer:
    """One person with parental responsibility is offered a family group decision-making meeting."""

    in_letter_before_proceedings: bool | None = field("Whether the offer stood in the letter before proceedings")
    not_reached_reason: str | None = field("Why the person could not be reached", sensitivity=NARRATIVE)


@event(
    "family_group_answer",
    label="Answer to an offer of family group decision-making",
    plural="Answers to offers of family group decision-making",
    family="casework",
    source="Children Act 1989, s.31ZA, as inserted by the Children's Wellbeing and Schools Act 2026",
    parent="family_group_offer",
    party="person who answers",
)
class FamilyGroupAnswer:
    """A person answers: if any one of them accepts, the meeting is held before going to court."""

    answer: str | None = field("What was answered", required=True, choices=("accepted", "declined", "no answer"))
    words: str | None = field("In their own words", sensitivity=NARRATIVE)


@event(
    "family_group_meeting",
    label="Family group decision-making meeting",
    family="casework",
    source="Children Act 1989, s.31ZA, as inserted in 2026; Families First Partnership programme guide",
)
class FamilyGroupMeeting:
    """A family meets, with time of its own, and makes a proposal for the child."""

    held: bool | None = field("Whether it was held: one put off meets no duty")
    family_present: tuple[str, ...] | None = field("Who of the family came")
    child_took_part: str | None = field("How the child took part", choices=("in person", "through an advocate", "no"))
    private_family_time: bool | None = field("Whether the family had time alone")
    proposal: str | None = field("What the family propose", sensitivity=NARRATIVE)
    accepted_by_council: str | None = field("Whether the council accepts it", choices=("yes", "in part", "no"))
    reasons: str | None = field("Why", sensitivity=NARRATIVE)
    coordinator: str | None = field("Independent coordinator")


@spell(
    "proceedings",
    label="Court proceedings",
    plural="Court proceedings",
    family="casework",
    source="Children Act 1989, ss.31 and 32; Practice Direction 12A: 26 weeks beginning with the day of issue",
    ref="court_reference",
)
class Proceedings:
    """Care or other family proceedings about a child, from the day of issue to the final order."""

    application_type: str | None = field(
        "What was applied for",
        choices=(
            "care or supervision order", "placement order", "adoption order", "special guardianship order",
            "child arrangements order", "discharge of care order", "secure accommodation order", "other",
        ),
    )  # fmt: skip
    court: str | None = field("Which court")
    court_reference: str | None = field(
        "Court's number", sensitivity=LEGAL, longest=64, names=called(dataset="prep_court_reference")
    )
    short_notice: bool | None = field(
        "Whether issued at short notice", names=called(dataset="prep_care_proc_short_notice")
    )
    short_notice_reason: str | None = field(
        "Why at short notice", codes="short_notice_reason", names=called(dataset="prep_proc_short_notice_reason")
    )
    issue_letter_date: date | None = field(
        "Date of the letter of intention to issue", names=called(dataset="prep_care_pro_letter_date")
    )
    parents_represented: bool | None = field(
        "Whether the parents had a lawyer at issue", names=called(dataset="prep_parents_legal_rep_point_of_issue")
    )
    initial_plan: str | None = field(
        "Council's plan at the first hearing",
        sensitivity=LEGAL,
        names=called(dataset="prep_la_initial_care_plan"),
    )
    initial_plan_approved: bool | None = field(
        "Whether the first plan was approved", names=called(dataset="prep_la_inital_plan_approved")
    )
    final_plan: str | None = field(
        "Council's plan at the final hearing", sensitivity=LEGAL, names=called(dataset="prep_la_final_care_plan")
    )
    final_plan_approved: bool | None = field(
        "Whether the final plan was approved", names=called(dataset="prep_la_final_plan_approved")
    )
    hearings: int | None = field(
        "Hearings so far, as the source states it",
        unit="hearings",
        names=called(dataset="prep_care_proc_court_hearings"),
    )
    previous_proceedings: int | None = field(
        "Earlier care proceedings for this child, as the source states it",
        unit="proceedings",
        names=called(dataset="prep_prev_care_proc_child"),
    )


@event(
    "hearing",
    label="Hearing",
    family="casework",
    source="Practice Direction 12A: stages of public law proceedings",
    parent="proceedings",
    same_when=("valid_from", "hearing_type"),
)
class Hearing:
    """A court hearing."""

    hearing_type: str | None = field(
        "Which hearing",
        choices=("case management", "further case management", "issues resolution", "final", "emergency", "other"),
    )
    held: bool | None = field("Whether it went ahead")
    directions: str | None = field("What the court directed", sensitivity=LEGAL)
    next_date: date | None = field("Date listed next")


@event(
    "court_direction",
    label="Court direction",
    family="casework",
    source="Children Act 1989, ss.7, 14A(9) and 37",
    parent="proceedings",
)
class CourtDirection:
    """A court directs the council to report or to do something by a date."""

    section: str | None = field("Under which section", choices=("7", "14A", "37", "38(6)", "other"))
    direction: str | None = field("What it directed", sensitivity=LEGAL)
    due_date: date | None = field("Date the court set")


@spell(
    "timetable_extension",
    label="Extension of the timetable",
    plural="Extensions of the timetable",
    family="casework",
    source="Children Act 1989, s.32(5) to (8): eight weeks at a time",
    parent="proceedings",
)
class TimetableExtension:
    """The court extends the time for proceedings."""

    reason: str | None = field("Why it is necessary to resolve the proceedings justly", sensitivity=LEGAL)


@spell(
    "court_order",
    label="Court order",
    family="casework",
    source="Children Act 1989, Parts II to V; Adoption and Children Act 2002",
    parent="proceedings",
    ref="order_type",
    same_when=("valid_from", "ref"),
    dates={"standard_safeguarding_dataset": ("perm_permanence_order_date", None)},
)
class CourtOrder:
    """An order about a child, from the day it is made to the day it ends or is discharged."""

    order_type: str | None = field(
        "Which order",
        required=True,
        choices=(
            "interim care", "care", "interim supervision", "supervision", "placement", "adoption",
            "special guardianship", "child arrangements", "contact with a child in care", "secure accommodation",
            "secure accommodation: relevant accommodation", "parental responsibility", "prohibited steps",
            "specific issue", "wardship", "recovery", "other",
        ),
    )  # fmt: skip
    order_name: str | None = field(
        "Order as the source names it",
        codes="permanence_order_type",
        names=called(dataset="perm_permanence_order_type"),
    )
    court: str | None = field("Which court")
    ends_by_order: date | None = field("Day on which the order itself says it ends")
    final: bool | None = field("Whether it ends the proceedings")
    in_favour_of: str | None = field("In whose favour", sensitivity=Sensitivity.IDENTIFIER)
    conditions: str | None = field("Conditions and directions", sensitivity=LEGAL)
