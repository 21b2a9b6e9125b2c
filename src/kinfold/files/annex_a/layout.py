"""
Annex A as its workbook lays it out: eleven lists, their columns, and how a heading is recognised.

Headings differ between councils, so a column is known by a pattern over its words (lower case, no
punctuation), never by its exact text or its place. A list is known by its columns, never by the name
or the order of its sheet.

Source: Ofsted, "Inspecting local authority children's services", Annex A: child-level data.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_NOT_A_WORD = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Column:
    """
    One column of a list: our name for it, its heading, the pattern that recognises it, its shape.

    `shape` is day, yes_no, number, code, word (a code where we know it, else as written), text, identifier or
    ignored.
    """

    name: str
    heading: str
    pattern: re.Pattern[str]
    shape: str
    codes: str | None = None
    required: bool = False


@dataclass(frozen=True, slots=True)
class List:
    """One list. `signature` are the columns that only it has: without them a sheet is not this list."""

    number: int
    name: str
    label: str
    signature: frozenset[str]
    columns: Sequence[Column]

    @property
    def table(self) -> str:
        """Return the list's name as it is shown with a row number."""
        return f"List {self.number}"


def words_of(heading: object) -> str:
    """Return a heading's words: lower case, accents and punctuation gone, one space between."""
    text = str(heading).casefold().replace("’", "").replace("'", "")
    return _NOT_A_WORD.sub(" ", text).strip()


def _column(
    name: str, heading: str, pattern: str, shape: str, codes: str | None = None, *, key: bool = False
) -> Column:
    return Column(name, heading, re.compile(pattern), shape, codes, key)


def _ignored(heading: str, pattern: str) -> Column:
    return _column(f"ignored: {heading}", heading, pattern, "ignored")


CHILD_ID = _column(
    "la_child_id",
    "Child Unique ID",
    r"^(child|childs|individual|person)? ?(unique )?(child )?(id|identifier|reference|number)( number)?$|child unique id",
    "identifier",
    key=True,
)
GENDER = _column("gender", "Gender", r"^(childs )?(gender|sex)( of child)?$", "code", "gender")
ETHNICITY = _column(
    "ethnicity", "Ethnicity", r"^(childs )?(ethnicity|ethnic (group|background|origin|code))$", "code", "ethnicity"
)
BIRTH_DATE = _column("birth_date", "Date of Birth", r"^(childs )?(date of birth|dob|birth date)( of child)?$", "day")
AGE = _ignored("Age", r"^(childs )?age( of child)?( in)?( years)?( at.*)?$")
DISABILITY = _column("disabled", "Does the Child have a Disability", r"disab", "yes_no")
TEAM = _column("team", "Allocated Team", r"^allocated team|^team( name)?$", "text")
WORKER = _column("worker", "Allocated Worker", r"^allocated (social )?worker|^(social )?worker( name)?$", "text")
FAMILY_ID = _column("family_id", "Family identifier", r"family (unique )?(id|identifier)", "identifier")

_WHO = (CHILD_ID, GENDER, ETHNICITY, BIRTH_DATE, AGE)


def _list(number: int, name: str, label: str, signature: set[str], *columns: Column) -> List:
    return List(number, name, label, frozenset(signature), columns)


CONTACTS = _list(
    1,
    "contacts",
    "Contacts",
    {"contact_date"},
    *_WHO,
    _column("contact_date", "Date of Contact", r"^(date of (initial )?contact|contact date)$", "day", key=True),
    _column("contact_source", "Contact Source", r"^(source of contact|contact source)", "code", "contact_source"),
)
EARLY_HELP = _list(
    2,
    "early_help",
    "Early help assessments",
    {"start_date", "organisation"},
    *_WHO,
    _column("start_date", "Assessment start date", r"^(early help )?assessment start", "day", key=True),
    _column("end_date", "Assessment completion date", r"^(early help )?assessment (completion|completed|end)", "day"),
    _column("organisation", "Organisation completing assessment", r"organisation", "text"),
)
REFERRALS = _list(
    3,
    "referrals",
    "Referrals",
    {"referral_date"},
    *_WHO,
    _column("referral_date", "Date of Referral", r"^(date of referral|referral (start )?date)$", "day", key=True),
    _column("referral_source", "Referral Source", r"^(referral source|source of referral)", "code", "referral_source"),
    _column("no_further_action", "Referral NFA?", r"nfa|no further action", "yes_no"),
    _ignored("Number of Referrals in Last 12 Months", r"number of referrals"),
    TEAM,
    WORKER,
)
ASSESSMENTS = _list(
    4,
    "assessments",
    "Assessments",
    {"start_date", "authorised_date"},
    *_WHO,
    DISABILITY,
    _column(
        "start_date",
        "Continuous Assessment Start Date",
        r"^continuous assessment start|^assessment start",
        "day",
        key=True,
    ),
    _column("child_seen", "Child Seen During Continuous Assessment", r"seen during", "yes_no"),
    _column("authorised_date", "Continuous Assessment Date of Authorisation", r"authoris", "day"),
    _column(
        "outcome",
        "Was the child assessed as requiring LA children's social care support?",
        r"requiring .*support|needs .*support",
        "text",
    ),
    TEAM,
    WORKER,
)
SECTION_47 = _list(
    5,
    "section_47",
    "Section 47 enquiries",
    {"start_date", "conference_not_required"},
    *_WHO,
    DISABILITY,
    _column(
        "start_date",
        "Strategy discussion initiating Section 47 Enquiry Start Date",
        r"strategy (discussion|meeting)|^section 47 .*start",
        "day",
        key=True,
    ),
    _column(
        "conference_not_required",
        "Was an Initial Child Protection Conference deemed unnecessary?",
        r"(conference|icpc) .*(unnecessary|not required|not necessary)",
        "yes_no",
    ),
    _column(
        "ended_in_plan",
        "Did the Initial Child Protection Conference Result in a Child Protection Plan",
        r"result in",
        "yes_no",
    ),
    _column(
        "conference_date",
        "Date of Initial Child Protection Conference",
        r"^date of (the )?(initial child protection conference|icpc)",
        "day",
    ),
    _ignored("Number of Section 47 Enquiries in the last 12 months", r"number of section 47|number of s47"),
    _ignored("Number of ICPCs in the last 12 months", r"number of (icpc|initial)"),
    TEAM,
    WORKER,
)
CHILDREN_IN_NEED = _list(
    6,
    "children_in_need",
    "Children in need",
    {"start_date", "case_status"},
    *_WHO,
    DISABILITY,
    _column("start_date", "CIN Start Date", r"^(cin|child in need|children in need) start", "day", key=True),
    _column("primary_need", "Primary Need Code", r"primary need", "code", "category_of_need"),
    _column("last_seen_date", "Date Child Was Last Seen", r"last seen", "day"),
    _column("closure_date", "CIN Closure Date", r"closure date|^date .*clos", "day"),
    _column(
        "closure_reason", "Reason for Closure", r"reason (for|of) closure|closure reason", "code", "closure_reason"
    ),
    _column("case_status", "Case Status", r"case status", "word", "case_status"),
    TEAM,
    WORKER,
)
CHILD_PROTECTION = _list(
    7,
    "child_protection",
    "Child protection plans",
    {"start_date", "latest_category"},
    *_WHO,
    DISABILITY,
    _column("start_date", "Child Protection Plan Start Date", r"^(child protection|cp) plan start", "day", key=True),
    _column("initial_category", "Initial Category of Abuse", r"^initial category", "code", "category_of_abuse"),
    _column("latest_category", "Latest Category of Abuse", r"^(latest|current) category", "code", "category_of_abuse"),
    _column("visit_date", "Date of the Last Statutory Visit", r"last .*visit", "day"),
    _column("seen_alone", "Was the Child Seen Alone?", r"seen alone", "yes_no"),
    _column("review_date", "Date of latest review conference", r"review conference|latest review", "day"),
    _column("end_date", "Child Protection Plan End Date", r"^(child protection|cp) plan end", "day"),
    _ignored(
        "Subject to Emergency Protection Order or Protected Under Police Powers in Last Six Months (Y/N)",
        r"emergency protection order|police powers",
    ),
    _column("previous_plans", "Number of Previous Child Protection Plans", r"number of previous", "number"),
    TEAM,
    WORKER,
)
LOOKED_AFTER = _list(
    8,
    "looked_after",
    "Looked after children",
    {"start_date", "legal_status"},
    *_WHO,
    _column(
        "unaccompanied",
        "Unaccompanied Asylum Seeking Child (UASC) within the Last 12 Months (Y/N))",
        r"unaccompanied|uasc",
        "yes_no",
    ),
    DISABILITY,
    _column(
        "start_date",
        "Date Started to be Looked After",
        r"^date .*(started|became) .*looked after|^date of becoming",
        "day",
        key=True,
    ),
    _column("primary_need", "Child's Category of Need", r"category of need", "code", "category_of_need"),
    _ignored(
        "Is this a second or subsequent period of being a Looked After Child within the last 12 months (Y/N)",
        r"second or subsequent",
    ),
    _column(
        "legal_status_date",
        "Start date of current legal status",
        r"start date .*legal status|legal status start",
        "day",
    ),
    _column("legal_status", "Child's Legal Status", r"legal status", "code", "legal_status"),
    _column("review_date", "Date of Latest Statutory Review", r"(latest|last) (statutory )?review", "day"),
    _column("visit_date", "Date of Last Social Work Visit", r"last social work(er)? visit", "day"),
    _column(
        "permanence_plan", "What is the permanence plan for this child?", r"permanence plan", "word", "permanence_plan"
    ),
    _column(
        "reviewing_officer_date", "Date of Last IRO Visit / Contact to the Child", r"\biro\b|reviewing officer", "day"
    ),
    _column("health_date", "Date of Last Health Assessment", r"health assessment", "day"),
    _column("dental_date", "Date of Last Dental Check", r"dental", "day"),
    _ignored("Number of Placements in the Last 12 months", r"number of placements"),
    _column("end_date", "Date Ceased to be Looked After", r"^date ceased", "day"),
    _column("end_reason", "Reason Ceased to be Looked After", r"^reason ceased", "code", "reason_episode_ceased"),
    _column("placement_date", "Start Date of Most Recent Placement", r"start date .*placement|placement start", "day"),
    _column("placement_type", "Placement Type", r"^placement type|^type of placement", "code", "placement_type"),
    _column("placement_provider", "Placement Provider", r"placement provider|^provider", "code", "placement_provider"),
    _column("placement_postcode", "Placement postcode", r"postcode", "text"),
    _column("urn", "URN of Placement", r"\burn\b", "identifier"),
    _ignored("Placement Location", r"placement location|location of placement"),
    _ignored("LA of Placement", r"^(la|local authority) of placement|^placement (la|local authority)"),
    _ignored(
        "Number of Episodes the Child has been ‘Missing’ from their Placement in the last 12 months",
        r"episodes .*missing",
    ),
    _ignored(
        "Number of Episodes the Child has been ‘Absent’ from their Placement in the last 12 months",
        r"episodes .*absent",
    ),
    _ignored("Was the child offered a Return Interview after their last missing episode (Y/N)?", r"offered a? ?return"),
    _ignored(
        "Did the child accept a Return Interview after their last missing episode (Y/N)?", r"accept(ed)? a? ?return"
    ),
    TEAM,
    WORKER,
)
CARE_LEAVERS = _list(
    9,
    "care_leavers",
    "Care leavers",
    {"eligibility", "in_touch"},
    *_WHO,
    _column(
        "unaccompanied",
        "Unaccompanied Asylum Seeking Child (UASC), or formerly UASC if 18 or over (Y/N)",
        r"unaccompanied|uasc",
        "yes_no",
    ),
    DISABILITY,
    TEAM,
    WORKER,
    _column("personal_adviser", "Allocated Personal Advisor", r"personal advis[eo]r", "text"),
    _column("eligibility", "Eligibility Category", r"eligib", "code", "leaving_care_eligibility"),
    _column("pathway_review_date", "Latest Pathway Plan Review Date", r"pathway", "day"),
    _column("contact_date", "Latest Date of Contact", r"date of (latest )?contact|latest contact", "day"),
    _column("in_touch", "LA in Touch", r"in touch", "code", "in_touch"),
    _column("accommodation_suitable", "Suitability of Accommodation", r"suitab", "code", "accommodation_suitability"),
    _column("accommodation", "Type of Accommodation", r"accommodation", "code", "accommodation"),
    _column("activity", "Activity Status", r"activity", "code", "activity"),
)
ADOPTION = _list(
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
    _column("entered_care_date", "Date the Child Entered Care", r"entered care", "day"),
    _column(
        "reversed_date",
        "Date of Decision that Child Should No Longer be Placed for Adoption",
        r"^date .*no longer",
        "day",
    ),
    _column(
        "reversed_reason",
        "Reason Why Child No Longer Placed for Adoption",
        r"^reason .*no longer",
        "code",
        "adoption_ceased_reason",
    ),
    _column(
        "decision_date",
        "Date of Decision that Child Should be Placed for Adoption",
        r"^date .*(should be placed|decision .*adoption)",
        "day",
    ),
    _column("placement_order_date", "Date of Placement Order", r"placement order", "day"),
    _column("matched_date", "Date of Matching Child and Prospective Adopters", r"match", "day"),
    _column(
        "fostering_date",
        "Date the child was placed for fostering in FFA or concurrent planning placement",
        r"\bffa\b|fostering for adoption|concurrent",
        "day",
    ),
    _column("placed_date", "Date Placed for Adoption", r"^date .*placed for adoption", "day"),
    _column("order_date", "Date of Adoption Order", r"adoption order", "day"),
)
ADOPTERS = _list(
    11,
    "adopters",
    "Prospective adopters",
    {"adopter_id", "enquiry_date"},
    _column("adopter_id", "Individual adopter identifier", r"adopter .*(id|identifier)$", "identifier", key=True),
    FAMILY_ID,
    GENDER,
    ETHNICITY,
    _column("disabled", "Disability", r"disab", "yes_no"),
    _column(
        "fostering_for_adoption",
        "Is the (prospective) adopter fostering for adoption?",
        r"fostering for adoption|\bffa\b",
        "yes_no",
    ),
    _column("enquiry_date", "Date enquiry received", r"enquiry", "day", key=True),
    _column("stage_one_started_date", "Date Stage 1 started", r"stage (1|one) start", "day"),
    _column("stage_one_ended_date", "Date Stage 1 ended", r"stage (1|one) end", "day"),
    _column("stage_two_started_date", "Date Stage 2 started", r"stage (2|two) start", "day"),
    _column("stage_two_ended_date", "Date Stage 2 ended", r"stage (2|two) end", "day"),
    _column("application_date", "Date application submitted", r"application submitted", "day"),
    _column("approved_date", "Date application approved", r"approved", "day"),
    _ignored("Date adopter matched with child(ren)", r"matched"),
    _ignored("Date child/children placed with adopter(s)", r"^date child .*placed"),
    _ignored("No. of children placed", r"^(no|number) of children"),
    _ignored("Date of Adoption Order", r"adoption order"),
    _column("left_date", "Date of leaving adoption process", r"^date .*leaving", "day"),
    _column("leaving_reason", "Reason for leaving adoption process", r"^reason .*leaving", "text"),
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
        for column in list_.columns:
            if words and column.name not in taken and column.pattern.search(words):
                found[position] = column
                taken.add(column.name)
                break
    return found


def list_of(headings: Sequence[object]) -> tuple[List, dict[int, Column]] | None:
    """Return which list a row of headings belongs to, with its columns by position; None if it is no list's."""
    best: tuple[List, dict[int, Column]] | None = None
    for list_ in LISTS:
        columns = columns_of(list_, headings)
        names = {column.name for column in columns.values()}
        key = "adopter_id" if list_ is ADOPTERS else "la_child_id"
        if key in names and list_.signature <= names and (best is None or len(columns) > len(best[1])):
            best = (list_, columns)
    return best
