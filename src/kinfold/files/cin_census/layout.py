"""
The children in need census as its file lays it out: modules, their elements, and what each becomes.

One `Module` is one table of rows: a row is one element of that name in the file. `MODULES` is in the
order in which the Department's schema wants them, which the writer follows.

Source: Department for Education, children in need census technical specification and schema, 2024-25 to
2026-27. GenderCurrent stood where Sex stands until 2022-23.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

EARLIEST_YEAR = 2021  # the year in which the oldest collection that we read ended
LATEST_YEAR = 2027
# The schema allows 20; the Department's own sample has 23, and the record can hold 64.
LONGEST_CHILD_ID = 64


@dataclass(frozen=True, slots=True)
class Item:
    """
    One element of a module: its name, the field it becomes, its shape and its code set.

    `shape` is day, flag (0, 1, true, false), number, code or text.
    """

    element: str
    field: str
    shape: str
    codes: str | None = None
    needed: str | None = None  # what people call it, where a row cannot do without it
    longest: int = 255


@dataclass(frozen=True, slots=True)
class Module:
    """One table of the census. `label` is what people call a row of it."""

    element: str
    label: str
    items: Mapping[str, Item]


def _module(element: str, label: str, *items: Item) -> Module:
    return Module(element, label, MappingProxyType({item.element: item for item in items}))


def _day(element: str, field: str, *, needed: str | None = None) -> Item:
    return Item(element, field, "day", needed=needed)


CHILD_IDENTIFIERS = _module(
    "ChildIdentifiers",
    "Child identifiers",
    Item("LAchildID", "la_child_id", "text", needed="the child's number", longest=LONGEST_CHILD_ID),
    Item("UPN", "upn", "text", longest=13),
    Item("FormerUPN", "former_upn", "text", longest=13),
    Item("UPNunknown", "upn_unknown_reason", "code", "upn_unknown"),
    _day("PersonBirthDate", "birth_date"),
    _day("ExpectedPersonBirthDate", "expected_birth_date"),
    Item("Sex", "sex", "code", "sex"),
    Item("GenderCurrent", "gender", "code", "gender"),
    _day("PersonDeathDate", "death_date"),
)
CHILD_CHARACTERISTICS = _module(
    "ChildCharacteristics",
    "Child characteristics",
    Item("Ethnicity", "ethnicity", "code", "ethnicity"),
    Item("Disability", "disabilities", "codes", "disability"),
)
CIN_DETAILS = _module(
    "CINdetails",
    "Referral",
    _day("CINreferralDate", "valid_from", needed="the date of the referral"),
    Item("ReferralSource", "referral_source", "code", "referral_source"),
    Item("PrimaryNeedCode", "primary_need", "code", "category_of_need"),
    _day("CINclosureDate", "valid_to"),
    Item("ReasonForClosure", "closure_reason", "code", "closure_reason"),
    _day("DateOfInitialCPC", "initial_conference_date"),
    Item("ReferralNFA", "no_further_action", "flag"),
)
ASSESSMENTS = _module(
    "Assessments",
    "Assessment",
    _day("AssessmentActualStartDate", "valid_from", needed="the date the assessment began"),
    _day("AssessmentInternalReviewDate", "internal_review_date"),
    _day("AssessmentAuthorisationDate", "authorised_date"),
    Item("AssessmentFactors", "factors", "codes", "assessment_factor"),
)
CIN_PLAN_DATES = _module(
    "CINPlanDates",
    "Child in need plan",
    _day("CINPlanStartDate", "valid_from", needed="the date the plan began"),
    _day("CINPlanEndDate", "valid_to"),
)
SECTION_47 = _module(
    "Section47",
    "Section 47 enquiry",
    _day("S47ActualStartDate", "valid_from", needed="the date the enquiry began"),
    _day("InitialCPCtarget", "initial_conference_target"),
    _day("DateOfInitialCPC", "initial_conference_date"),
    Item("ICPCnotRequired", "conference_not_required", "flag"),
)
CHILD_PROTECTION_PLANS = _module(
    "ChildProtectionPlans",
    "Child protection plan",
    _day("CPPstartDate", "valid_from", needed="the date the plan began"),
    _day("CPPendDate", "valid_to"),
    Item("InitialCategoryOfAbuse", "initial_category", "code", "category_of_abuse"),
    Item("LatestCategoryOfAbuse", "latest_category", "code", "category_of_abuse"),
    Item("NumberOfPreviousCPP", "previous_plans", "number"),
)
REVIEWS = _module(
    "Reviews",
    "Child protection review",
    _day("CPPreviewDate", "valid_from", needed="the date of the review"),
)
PRE_PROCEEDINGS = _module(
    "PreProceedingsandFGDM",
    "Pre-proceedings and family group decision making",
    _day("PPStartDate", "valid_from"),
    _day("LBPSentDate", "letter_before_proceedings_date"),
    Item("FGDMMeetingOffer", "family_group_decision_making_offered", "flag"),
    Item("FGDMMeetingFac", "family_group_decision_making_held", "flag"),
    _day("InitialPPMeetingDate", "initial_meeting_date"),
    Item("ReviewMeetingsCount", "review_meetings", "number"),
    _day("StepDecisionDate", "step_decision_date"),
    Item("PPOutcome", "outcome", "code", "pre_proceedings_outcome"),
    _day("CourtAppDate", "court_application_date"),
    _day("LetterInitCPDate", "initial_conference_letter_date"),
)

MODULES: Mapping[str, Module] = MappingProxyType(
    {
        module.element: module
        for module in (
            CHILD_IDENTIFIERS,
            CHILD_CHARACTERISTICS,
            CIN_DETAILS,
            ASSESSMENTS,
            CIN_PLAN_DATES,
            SECTION_47,
            CHILD_PROTECTION_PLANS,
            REVIEWS,
            PRE_PROCEEDINGS,
        )
    }
)

# Elements that only hold others: their children are looked at, they are no row themselves.
HOLDERS = frozenset({"Disabilities", "FactorsIdentifiedAtAssessment"})

FIRST_YEAR_OF_PRE_PROCEEDINGS = 2027

# Which table each kind comes from: a table with an unreadable row withdraws nothing of these kinds.
TABLE_OF_KIND: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "person_details": frozenset({"ChildIdentifiers", "ChildCharacteristics"}),
        "identifier": frozenset({"ChildIdentifiers"}),
        "disability": frozenset({"ChildCharacteristics"}),
        "referral_episode": frozenset({"CINdetails"}),
        "initial_child_protection_conference": frozenset({"CINdetails", "Section47"}),
        "assessment": frozenset({"CINdetails", "Assessments"}),
        "child_in_need_plan": frozenset({"CINdetails", "CINPlanDates"}),
        "section_47_enquiry": frozenset({"CINdetails", "Section47"}),
        "child_protection_plan": frozenset({"CINdetails", "ChildProtectionPlans"}),
        "child_protection_review": frozenset({"ChildProtectionPlans", "Reviews"}),
        "pre_proceedings": frozenset({"CINdetails", "PreProceedingsandFGDM"}),
    }
)
