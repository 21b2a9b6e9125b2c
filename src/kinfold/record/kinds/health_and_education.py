"""Health checks and questionnaires, the year's outcomes, school, special educational needs."""

from __future__ import annotations

from datetime import date

from kinfold.record.declare import EndDate, Sensitivity, called, event, field, spell

NARRATIVE, HEALTH = Sensitivity.NARRATIVE, Sensitivity.HEALTH
AFTER = EndDate.FIRST_DAY_AFTER


@event(
    "health_assessment",
    label="Health assessment",
    family="care",
    source="Care Planning, Placement and Case Review (England) Regulations 2010, reg. 7",
    parent="care_period",
    same_when=("valid_from", "assessment_type"),
    dates={
        "standard_safeguarding_dataset": ("clah_health_check_date", None),
        "annex_a": ("Date of Last Health Assessment", None),
    },
)
class HealthAssessment:
    """A looked after child's initial or review health assessment, or another check of their health."""

    assessment_type: str | None = field(
        "Which check", codes="health_check_type", names=called(dataset="clah_health_check_type")
    )
    status: str | None = field(
        "Whether it was done", codes="health_check_status", names=called(dataset="clah_health_check_status")
    )
    report_received_date: date | None = field("When the written report reached the council")
    health_plan_made: bool | None = field("Whether a health plan was made or brought up to date")
    refused: bool | None = field("Whether the child refused")
    summary: str | None = field("What was found", sensitivity=HEALTH)


@event(
    "dental_check",
    label="Dental check",
    family="care",
    source="SSDA903 guide, OC2; promoting the health and well-being of looked-after children",
    dates={"annex_a": ("Date of Last Dental Check", None)},
)
class DentalCheck:
    """A child sees a dentist, or refuses."""

    refused: bool | None = field("Whether the child refused")
    treatment_needed: bool | None = field("Whether treatment is needed", sensitivity=HEALTH)


@event(
    "immunisation_status",
    label="Immunisation status",
    plural="Immunisation statuses",
    family="care",
    source="SSDA903 guide, OC2; Standard Safeguarding Dataset, immunisations",
    dates={"standard_safeguarding_dataset": ("clai_immunisations_status_date", None)},
)
class ImmunisationStatus:
    """Whether a child's immunisations are up to date, as last looked at."""

    up_to_date: bool | None = field(
        "Whether up to date", sensitivity=HEALTH, names=called(dataset="clai_immunisations_status")
    )
    refused: bool | None = field("Whether refused by the child or a parent", sensitivity=HEALTH)


@event(
    "strengths_and_difficulties",
    label="Strengths and difficulties questionnaire",
    family="care",
    source="SSDA903 guide, OC2: for children of 4 to 16 looked after for a year",
    dates={
        "daily_feed": ("date", None),
        "standard_safeguarding_dataset": ("csdq_sdq_completed_date", None),
    },
)
class StrengthsAndDifficulties:
    """A carer's answers about a child's feelings and behaviour, scored from 0 to 40, or why there is no score."""

    score: int | None = field(
        "Total difficulties score",
        unit="points of 40",
        sensitivity=HEALTH,
        names=called(ssda903="SDQ_SCORE", daily_feed="score", dataset="csdq_sdq_score"),
    )
    no_score_reason: str | None = field(
        "Why there is no score",
        codes="sdq_reason",
        names=called(ssda903="SDQ_REASON", dataset="csdq_sdq_reason"),
    )


@event(
    "outcomes_in_year",
    label="Outcomes in a collection year",
    plural="Outcomes in collection years",
    family="care",
    source="SSDA903 guide, OC2: children looked after for the twelve months to 31 March",
)
class OutcomesInYear:
    """
    The yearly yes-or-no answers on a child looked after all year, dated the last day of that year.

    They are what the return says; the events behind them, where held, are facts of their own.
    """

    convicted: bool | None = field(
        "Convicted, or given a final warning, in the year", names=called(ssda903="CONVICTED")
    )
    health_check: bool | None = field(
        "Development checks up to date, for a child under five",
        sensitivity=HEALTH,
        names=called(ssda903="HEALTH_CHECK"),
    )
    immunisations: bool | None = field(
        "Immunisations up to date", sensitivity=HEALTH, names=called(ssda903="IMMUNISATIONS")
    )
    teeth_check: bool | None = field(
        "Teeth checked in the year", sensitivity=HEALTH, names=called(ssda903="TEETH_CHECK")
    )
    health_assessment: bool | None = field(
        "Health assessed in the year", sensitivity=HEALTH, names=called(ssda903="HEALTH_ASSESSMENT")
    )
    substance_misuse: bool | None = field(
        "Has a problem with drugs or alcohol", sensitivity=HEALTH, names=called(ssda903="SUBSTANCE_MISUSE")
    )
    intervention_received: bool | None = field(
        "Received help with it", sensitivity=HEALTH, names=called(ssda903="INTERVENTION_RECEIVED")
    )
    intervention_offered: bool | None = field(
        "Was offered help with it and refused", sensitivity=HEALTH, names=called(ssda903="INTERVENTION_OFFERED")
    )


@event(
    "substance_misuse",
    label="Problem with drugs or alcohol",
    plural="Problems with drugs or alcohol",
    family="care",
    source="Standard Safeguarding Dataset, substance misuse",
    dates={"standard_safeguarding_dataset": ("clas_substance_misuse_date", None)},
)
class SubstanceMisuse:
    """A child is found to have a problem with drugs or alcohol."""

    substance: str | None = field("Which substance", sensitivity=HEALTH, names=called(dataset="clas_substance_misused"))
    intervention_received: bool | None = field(
        "Whether the child received help", sensitivity=HEALTH, names=called(dataset="clas_intervention_received")
    )


@event(
    "conviction",
    label="Conviction",
    family="care",
    source="Standard Safeguarding Dataset, convictions",
    dates={"standard_safeguarding_dataset": ("clac_cla_conviction_date", None)},
)
class Conviction:
    """A looked after child is convicted of an offence; the day is that of the offence, as the dataset has it."""

    offence: str | None = field(
        "Offence", sensitivity=Sensitivity.LEGAL, names=called(dataset="clac_cla_conviction_offence")
    )


@spell(
    "school_enrolment",
    label="School enrolment",
    family="care",
    source="School census guide, pupil on roll; Education Act 1996",
    party="school",
    ref="school_urn",
)
class SchoolEnrolment:
    """A child is on the roll of a school or other place of learning."""

    school_urn: str | None = field("School's unique reference number", longest=6)
    enrolment_type: str | None = field("Kind of enrolment", choices=("main", "dual", "alternative provision", "none"))
    year_group: str | None = field("Year group", longest=2)
    end_reason: str | None = field(
        "Why it ended", choices=("moved school", "home educated", "excluded", "left school age", "moved away", "other")
    )
    free_school_meals: bool | None = field("Whether eligible for free school meals")


@event(
    "education_place_secured",
    label="Education place secured",
    plural="Education places secured",
    family="care",
    source="Promoting the education of looked-after children: within 20 school days of an emergency placement",
    party="school",
)
class EducationPlaceSecured:
    """A place in full-time education is secured for a child."""

    full_time: bool | None = field("Whether full time")
    provision: str | None = field("What sort of place", choices=("mainstream", "special", "alternative", "college"))


@event(
    "school_exclusion",
    label="Exclusion from school",
    plural="Exclusions from school",
    family="care",
    source="Education Act 2002, s.51A; School Discipline (Pupil Exclusions and Reviews) (England) Regulations 2012",
    party="school",
)
class SchoolExclusion:
    """A school suspends or permanently excludes a child."""

    exclusion_type: str | None = field("Which", required=True, choices=("suspension", "permanent"))
    sessions: int | None = field("Length", unit="half days")
    reason: str | None = field("Reason the school gave", sensitivity=NARRATIVE)


@event(
    "attendance_in_period",
    label="School attendance in a period",
    plural="School attendance in periods",
    family="care",
    source="School census guide, attendance; dated the last day of the period",
    party="school",
)
class AttendanceInPeriod:
    """How many half days a child could attend and did not, in a term or year."""

    sessions_possible: int | None = field("Half days possible", unit="half days")
    sessions_missed_authorised: int | None = field("Half days missed with leave", unit="half days")
    sessions_missed_unauthorised: int | None = field("Half days missed without leave", unit="half days")


@event(
    "education_advice_request",
    label="Request for social care advice",
    plural="Requests for social care advice",
    family="casework",
    source="Special Educational Needs and Disability Regulations 2014, reg. 6: within six weeks",
)
class EducationAdviceRequest:
    """The council's education service asks children's social care for advice on a child's needs."""

    requested_by: str | None = field("Who asked")


@event(
    "education_advice_sent",
    label="Social care advice sent",
    plural="Social care advice sent",
    family="casework",
    source="Special Educational Needs and Disability Regulations 2014, regs 6 and 8",
    parent="education_advice_request",
)
class EducationAdviceSent:
    """Children's social care sends its advice for an education, health and care needs assessment."""

    needs_identified: bool | None = field("Whether social care needs were found")
    summary: str | None = field("What was advised", sensitivity=NARRATIVE)


@spell(
    "education_health_care_assessment",
    label="Education, health and care needs assessment",
    family="casework",
    source="Children and Families Act 2014, s.36; SEN2 guide",
    dates={"standard_safeguarding_dataset": ("ehcr_ehcp_req_date", "ehca_ehcp_assessment_outcome_date")},
    ends={"standard_safeguarding_dataset": AFTER},
)
class EducationHealthCareAssessment:
    """From the request for an assessment to its outcome."""

    request_outcome: str | None = field(
        "What was decided on the request",
        codes="education_health_care_request_outcome",
        names=called(dataset="ehcr_ehcp_req_outcome"),
    )
    request_outcome_date: date | None = field("When", names=called(dataset="ehcr_ehcp_req_outcome_date"))
    outcome: str | None = field(
        "What the assessment led to",
        codes="education_health_care_assessment_outcome",
        names=called(dataset="ehca_ehcp_assessment_outcome"),
    )
    exceptions: str | None = field(
        "Exceptions to the 20 weeks that apply", names=called(dataset="ehca_ehcp_assessment_exceptions")
    )


@spell(
    "education_health_care_plan",
    label="Education, health and care plan",
    family="casework",
    source="Children and Families Act 2014, s.37; SEN2 guide, named plan and active plans",
    dates={"standard_safeguarding_dataset": ("ehcn_named_plan_start_date", "ehcn_named_plan_ceased_date")},
    ends={"standard_safeguarding_dataset": AFTER},
)
class EducationHealthCarePlan:
    """A period in which a child or young person has an education, health and care plan."""

    named_school_urn: str | None = field("School or college named in it", longest=8)
    last_review_date: date | None = field(
        "Date of the last review, as the source states it", names=called(dataset="ehcp_active_ehcp_last_review_date")
    )
    ceased_reason: str | None = field(
        "Why it ceased", codes="ehc_plan_ceased_reason", names=called(dataset="ehcn_named_plan_ceased_reason")
    )


@spell(
    "special_educational_need",
    label="Special educational need",
    family="casework",
    source="SEN2 guide, SEN need; school census guide",
    same_when=("need_type",),
)
class SpecialEducationalNeed:
    """One kind of special educational need that a child has."""

    need_type: str | None = field(
        "Kind of need", codes="sen_need_type", sensitivity=HEALTH, names=called(dataset="senn_active_ehcp_need_type")
    )
    rank: int | None = field("Main need is 1", names=called(dataset="senn_active_ehcp_need_rank"))
    provision: str | None = field("How it is met", names=called(dataset="pers_send_flag"))
