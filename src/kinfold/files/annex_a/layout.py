"""
Annex A as its workbook lays it out: eleven lists and their columns, and which list a sheet is.

A list is known by its columns, never by the name or the order of its sheet.

Source: Ofsted, "Inspecting local authority children's services", Annex A: child-level data.
"""

from __future__ import annotations

from collections.abc import Sequence

from kinfold.files.annex_a.columns import (
    AGE,
    BIRTH_DATE,
    CHILD_ID,
    DISABILITY,
    ETHNICITY,
    FAMILY_ID,
    GENDER,
    TEAM,
    WHO,
    WORKER,
    Column,
    List,
    a_list,
    column,
    ignored,
    words_of,
)

CONTACTS = a_list(
    1,
    "contacts",
    "Contacts",
    {"contact_date"},
    *WHO,
    column("contact_date", "Date of Contact", r"^(date of (initial )?contact|contact date)$", "day", key=True),
    column("contact_source", "Contact Source", r"^(source of contact|contact source)", "code", "contact_source"),
)
EARLY_HELP = a_list(
    2,
    "early_help",
    "Early help assessments",
    {"start_date", "organisation"},
    *WHO,
    column("start_date", "Assessment start date", r"^(early help )?assessment start", "day", key=True),
    column("end_date", "Assessment completion date", r"^(early help )?assessment (completion|completed|end)", "day"),
    column("organisation", "Organisation completing assessment", r"organisation", "text"),
)
REFERRALS = a_list(
    3,
    "referrals",
    "Referrals",
    {"referral_date"},
    *WHO,
    column("referral_date", "Date of Referral", r"^(date of referral|referral (start )?date)$", "day", key=True),
    column("referral_source", "Referral Source", r"^(referral source|source of referral)", "code", "referral_source"),
    column("no_further_action", "Referral NFA?", r"nfa|no further action", "yes_no"),
    ignored("Number of Referrals in Last 12 Months", r"number of referrals"),
    TEAM,
    WORKER,
)
ASSESSMENTS = a_list(
    4,
    "assessments",
    "Assessments",
    {"start_date", "authorised_date"},
    *WHO,
    DISABILITY,
    column(
        "start_date",
        "Continuous Assessment Start Date",
        r"^continuous assessment start|^assessment start",
        "day",
        key=True,
    ),
    column("child_seen", "Child Seen During Continuous Assessment", r"seen during", "yes_no"),
    column("authorised_date", "Continuous Assessment Date of Authorisation", r"authoris", "day"),
    column(
        "support_needed",
        "Was the child assessed as requiring LA children's social care support?",
        r"requiring .*support|needs .*support",
        "text",
    ),
    TEAM,
    WORKER,
)
SECTION_47 = a_list(
    5,
    "section_47",
    "Section 47 enquiries",
    {"start_date", "conference_not_required"},
    *WHO,
    DISABILITY,
    column(
        "start_date",
        "Strategy discussion initiating Section 47 Enquiry Start Date",
        r"strategy (discussion|meeting)|^section 47 .*start",
        "day",
        key=True,
    ),
    column(
        "conference_not_required",
        "Was an Initial Child Protection Conference deemed unnecessary?",
        r"(conference|icpc) .*(unnecessary|not required|not necessary)",
        "yes_no",
    ),
    column(
        "ended_in_plan",
        "Did the Initial Child Protection Conference Result in a Child Protection Plan",
        r"result in",
        "yes_no",
    ),
    column(
        "conference_date",
        "Date of Initial Child Protection Conference",
        r"^date of (the )?(initial child protection conference|icpc)",
        "day",
    ),
    ignored("Number of Section 47 Enquiries in the last 12 months", r"number of section 47|number of s47"),
    ignored("Number of ICPCs in the last 12 months", r"number of (icpc|initial)"),
    TEAM,
    WORKER,
)
CHILDREN_IN_NEED = a_list(
    6,
    "children_in_need",
    "Children in need",
    {"start_date", "case_status"},
    *WHO,
    DISABILITY,
    column("start_date", "CIN Start Date", r"^(cin|child in need|children in need) start", "day", key=True),
    column("primary_need", "Primary Need Code", r"primary need", "code", "category_of_need"),
    column("last_seen_date", "Date Child Was Last Seen", r"last seen", "day"),
    column("closure_date", "CIN Closure Date", r"closure date|^date .*clos", "day"),
    column("closure_reason", "Reason for Closure", r"reason (for|of) closure|closure reason", "code", "closure_reason"),
    column("case_status", "Case Status", r"case status", "word", "case_status"),
    TEAM,
    WORKER,
)
CHILD_PROTECTION = a_list(
    7,
    "child_protection",
    "Child protection plans",
    {"start_date", "latest_category"},
    *WHO,
    DISABILITY,
    column("start_date", "Child Protection Plan Start Date", r"^(child protection|cp) plan start", "day", key=True),
    column("initial_category", "Initial Category of Abuse", r"^initial category", "code", "category_of_abuse"),
    column("latest_category", "Latest Category of Abuse", r"^(latest|current) category", "code", "category_of_abuse"),
    column("visit_date", "Date of the Last Statutory Visit", r"last .*visit", "day"),
    column("seen_alone", "Was the Child Seen Alone?", r"seen alone", "yes_no"),
    column("review_date", "Date of latest review conference", r"review conference|latest review", "day"),
    column("end_date", "Child Protection Plan End Date", r"^(child protection|cp) plan end", "day"),
    ignored(
        "Subject to Emergency Protection Order or Protected Under Police Powers in Last Six Months (Y/N)",
        r"emergency protection order|police powers",
    ),
    column("previous_plans", "Number of Previous Child Protection Plans", r"number of previous", "number"),
    TEAM,
    WORKER,
)
LOOKED_AFTER = a_list(
    8,
    "looked_after",
    "Looked after children",
    {"start_date", "legal_status"},
    *WHO,
    column(
        "unaccompanied",
        "Unaccompanied Asylum Seeking Child (UASC) within the Last 12 Months (Y/N))",
        r"unaccompanied|uasc",
        "yes_no",
    ),
    DISABILITY,
    column(
        "start_date",
        "Date Started to be Looked After",
        r"^date .*(started|became) .*looked after|^date of becoming",
        "day",
        key=True,
    ),
    column("primary_need", "Child's Category of Need", r"category of need", "code", "category_of_need"),
    ignored(
        "Is this a second or subsequent period of being a Looked After Child within the last 12 months (Y/N)",
        r"second or subsequent",
    ),
    column(
        "legal_status_date",
        "Start date of current legal status",
        r"start date .*legal status|legal status start",
        "day",
    ),
    column("legal_status", "Child's Legal Status", r"legal status", "code", "legal_status"),
    column("review_date", "Date of Latest Statutory Review", r"(latest|last) (statutory )?review", "day"),
    column("visit_date", "Date of Last Social Work Visit", r"last social work(er)? visit", "day"),
    column(
        "permanence_plan", "What is the permanence plan for this child?", r"permanence plan", "word", "permanence_plan"
    ),
    column(
        "reviewing_officer_date", "Date of Last IRO Visit / Contact to the Child", r"\biro\b|reviewing officer", "day"
    ),
    column("health_date", "Date of Last Health Assessment", r"health assessment", "day"),
    column("dental_date", "Date of Last Dental Check", r"dental", "day"),
    ignored("Number of Placements in the Last 12 months", r"number of placements"),
    column("end_date", "Date Ceased to be Looked After", r"^date ceased", "day"),
    column("end_reason", "Reason Ceased to be Looked After", r"^reason ceased", "code", "reason_episode_ceased"),
    column("placement_date", "Start Date of Most Recent Placement", r"start date .*placement|placement start", "day"),
    column("placement_type", "Placement Type", r"^placement type|^type of placement", "code", "placement_type"),
    column("placement_provider", "Placement Provider", r"placement provider|^provider", "code", "placement_provider"),
    column("placement_postcode", "Placement postcode", r"postcode", "postcode"),
    column("urn", "URN of Placement", r"\burn\b", "urn"),
    ignored("Placement Location", r"placement location|location of placement"),
    ignored("LA of Placement", r"^(la|local authority) of placement|^placement (la|local authority)"),
    ignored(
        "Number of Episodes the Child has been ‘Missing’ from their Placement in the last 12 months",
        r"episodes .*missing",
    ),
    ignored(
        "Number of Episodes the Child has been ‘Absent’ from their Placement in the last 12 months",
        r"episodes .*absent",
    ),
    ignored("Was the child offered a Return Interview after their last missing episode (Y/N)?", r"offered a? ?return"),
    ignored(
        "Did the child accept a Return Interview after their last missing episode (Y/N)?", r"accept(ed)? a? ?return"
    ),
    TEAM,
    WORKER,
)
CARE_LEAVERS = a_list(
    9,
    "care_leavers",
    "Care leavers",
    {"eligibility", "in_touch"},
    *WHO,
    column(
        "unaccompanied",
        "Unaccompanied Asylum Seeking Child (UASC), or formerly UASC if 18 or over (Y/N)",
        r"unaccompanied|uasc",
        "yes_no",
    ),
    DISABILITY,
    TEAM,
    WORKER,
    column("personal_adviser", "Allocated Personal Advisor", r"personal advis[eo]r", "text"),
    column("eligibility", "Eligibility Category", r"eligib", "code", "leaving_care_eligibility"),
    column("pathway_review_date", "Latest Pathway Plan Review Date", r"pathway", "day"),
    column("contact_date", "Latest Date of Contact", r"date of (latest )?contact|latest contact", "day"),
    column("in_touch", "LA in Touch", r"in touch", "code", "in_touch"),
    column("accommodation_suitable", "Suitability of Accommodation", r"suitab", "code", "accommodation_suitability"),
    column("accommodation", "Type of Accommodation", r"accommodation", "code", "accommodation"),
    column("activity", "Activity Status", r"activity", "code", "activity"),
)
ADOPTION = a_list(
    10,
    "adoption",
    "Adoption: children",
    {"decision_date", "matched_date"},
    CHILD_ID,
    FAMILY_ID,
    GENDER,
    ETHNICITY,
    BIRTH_DATE,
    AGE,
    DISABILITY,
    column("entered_care_date", "Date the Child Entered Care", r"entered care", "day"),
    column(
        "reversed_date",
        "Date of Decision that Child Should No Longer be Placed for Adoption",
        r"^date .*no longer",
        "day",
    ),
    column(
        "reversed_reason",
        "Reason Why Child No Longer Placed for Adoption",
        r"^reason .*no longer",
        "code",
        "adoption_ceased_reason",
    ),
    column(
        "decision_date",
        "Date of Decision that Child Should be Placed for Adoption",
        r"^date .*(should be placed|decision .*adoption)",
        "day",
    ),
    column("placement_order_date", "Date of Placement Order", r"placement order", "day"),
    column("matched_date", "Date of Matching Child and Prospective Adopters", r"match", "day"),
    column(
        "fostering_date",
        "Date the child was placed for fostering in FFA or concurrent planning placement",
        r"\bffa\b|fostering for adoption|concurrent",
        "day",
    ),
    column("placed_date", "Date Placed for Adoption", r"^date .*placed for adoption", "day"),
    column("order_date", "Date of Adoption Order", r"adoption order", "day"),
)
ADOPTERS = a_list(
    11,
    "adopters",
    "Prospective adopters",
    {"adopter_id", "enquiry_date"},
    column("adopter_id", "Individual adopter identifier", r"adopter .*(id|identifier)$", "identifier", key=True),
    FAMILY_ID,
    GENDER,
    ETHNICITY,
    column("disabled", "Disability", r"disab", "yes_no"),
    column(
        "fostering_for_adoption",
        "Is the (prospective) adopter fostering for adoption?",
        r"fostering for adoption|\bffa\b",
        "yes_no",
    ),
    column("enquiry_date", "Date enquiry received", r"enquiry", "day", key=True),
    column("stage_one_started_date", "Date Stage 1 started", r"stage (1|one) start", "day"),
    column("stage_one_ended_date", "Date Stage 1 ended", r"stage (1|one) end", "day"),
    column("stage_two_started_date", "Date Stage 2 started", r"stage (2|two) start", "day"),
    column("stage_two_ended_date", "Date Stage 2 ended", r"stage (2|two) end", "day"),
    column("application_date", "Date application submitted", r"application submitted", "day"),
    column("approved_date", "Date application approved", r"approved", "day"),
    ignored("Date adopter matched with child(ren)", r"matched"),
    ignored("Date child/children placed with adopter(s)", r"^date child .*placed"),
    ignored("No. of children placed", r"^(no|number) of children"),
    ignored("Date of Adoption Order", r"adoption order"),
    column("left_date", "Date of leaving adoption process", r"^date .*leaving", "day"),
    column("leaving_reason", "Reason for leaving adoption process", r"^reason .*leaving", "text"),
)

# More particular lists first: an early help assessment and a continuous one share words.
LISTS: Sequence[List] = (
    ADOPTERS,
    ADOPTION,
    CARE_LEAVERS,
    LOOKED_AFTER,
    CHILD_PROTECTION,
    CHILDREN_IN_NEED,
    SECTION_47,
    ASSESSMENTS,
    EARLY_HELP,
    REFERRALS,
    CONTACTS,
)


def columns_of(list_: List, headings: Sequence[object]) -> dict[int, Column]:
    """Return which column of `list_` each heading is, by position. A column is taken by the first heading that fits."""
    found: dict[int, Column] = {}
    taken: set[str] = set()
    for position, heading in enumerate(headings):
        words = words_of(heading)
        for each in list_.columns:
            if words and each.name not in taken and each.pattern.search(words):
                found[position] = each
                taken.add(each.name)
                break
    return found


def list_of(headings: Sequence[object]) -> tuple[List, dict[int, Column]] | None:
    """Return which list a row of headings belongs to, with its columns by position; None if it is no list's."""
    best: tuple[List, dict[int, Column]] | None = None
    for list_ in LISTS:
        columns = columns_of(list_, headings)
        names = {each.name for each in columns.values()}
        key = "adopter_id" if list_ is ADOPTERS else "la_child_id"
        if key in names and list_.signature <= names and (best is None or len(columns) > len(best[1])):
            best = (list_, columns)
    return best
