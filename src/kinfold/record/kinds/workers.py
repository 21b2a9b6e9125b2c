"""Who works with a child or a family, in which role, who stands in for them, and supervision."""

from __future__ import annotations

from kinfold.record.declare import EndDate, Sensitivity, called, event, field, person_fact, spell

IDENTIFIER, NARRATIVE = Sensitivity.IDENTIFIER, Sensitivity.NARRATIVE


@person_fact(
    "worker_details",
    label="Details of a worker",
    plural="Details of workers",
    family="identity",
    source="Standard Safeguarding Dataset, professionals; children's social work workforce census",
    ref="swe_number",
    same_when=(),
)
class WorkerDetails:
    """What a worker is registered and employed as."""

    swe_number: str | None = field(
        "Social Work England registration number",
        sensitivity=IDENTIFIER,
        longest=12,
        names=called(ssda903="SW_ID", daily_feed="worker_id", dataset="prof_social_worker_registration_no"),
    )
    staff_number: str | None = field(
        "The council's own number for the worker", sensitivity=IDENTIFIER, names=called(dataset="prof_staff_id")
    )
    full_name: str | None = field(
        "Name of the worker as the source writes it",
        sensitivity=IDENTIFIER,
        names=called(dataset="prof_professional_name", annex_a="Allocated Worker"),
    )
    job_title: str | None = field("Job title", names=called(dataset="prof_professional_job_title"))
    department: str | None = field("Department or team", names=called(dataset="prof_professional_department"))
    agency: bool | None = field("Whether employed through an agency", names=called(dataset="prof_agency_worker_flag"))
    full_time_equivalent: float | None = field(
        "Share of a full-time post", unit="full-time posts", names=called(dataset="prof_full_time_equivalency")
    )


@spell(
    "allocation",
    label="Allocation",
    family="casework",
    source="SSDA903 guide, social worker episodes; Standard Safeguarding Dataset, involvements",
    party="worker",
    same_when=("valid_from", "party"),
    dates={
        "ssda903": ("SW_DECOM", "SW_DEC"),
        "daily_feed": ("start_date", "end_date"),
        "standard_safeguarding_dataset": ("invo_involvement_start_date", "invo_involvement_end_date"),
    },
    # A worker's episode may begin on the day the one before ended (rules SW08 and SW10).
    ends={
        "ssda903": EndDate.FIRST_DAY_AFTER,
        "daily_feed": EndDate.FIRST_DAY_AFTER,
        "standard_safeguarding_dataset": EndDate.FIRST_DAY_AFTER,
    },
)
class Allocation:
    """A period in which a worker answers for a child or a group in one role; one is primary at a time."""

    role: str | None = field(
        "Role of the worker: social worker, independent reviewing officer, personal adviser and so on",
        codes="allocation_role",
        names=called(dataset="invo_professional_role_id"),
    )
    team: str | None = field(
        "Team of the worker", names=called(dataset="invo_professional_team", annex_a="Allocated Team")
    )
    is_primary: bool | None = field("Whether this worker answers first for the child")
    change_reason: str | None = field(
        "Why the worker changed",
        codes="worker_change_reason",
        names=called(ssda903="SW_REASON", dataset="invo_worker_change_reason"),
    )


@spell(
    "cover",
    label="Cover for a worker",
    plural="Cover for workers",
    family="casework",
    source="Kinfold: handover and cover when a worker is away or leaves",
    party="worker who covers",
)
class Cover:
    """A period in which one worker stands in for another; the subject is the worker who is away."""

    reason: str | None = field("Why cover is needed", choices=("leave", "sickness", "vacancy", "leaving"))
    handover_notes: str | None = field("What the covering worker needs to know", sensitivity=NARRATIVE)


@event(
    "supervision",
    label="Supervision",
    plural="Supervisions",
    family="casework",
    source="Post-qualifying standard: knowledge and skills statement for practice supervisors",
    party="supervisor",
)
class Supervision:
    """A discussion between a worker and their supervisor about a child's case, with what was decided."""

    supervision_type: str | None = field("What sort of supervision", choices=("case", "group", "informal"))
    reflection: str | None = field("What was discussed", sensitivity=NARRATIVE)
    actions_agreed: str | None = field("What was agreed", sensitivity=NARRATIVE)
