"""Facts about who a person is: a child, an unborn child, a parent, a carer, a worker, an owner."""

from __future__ import annotations

from datetime import date

from kinfold.record.declare import EndDate, Sensitivity, called, event, field, person_fact, spell

IDENTIFIER, ADDRESS = Sensitivity.IDENTIFIER, Sensitivity.ADDRESS
NARRATIVE, HEALTH = Sensitivity.NARRATIVE, Sensitivity.HEALTH


@person_fact(
    "person_details",
    label="Details of a person",
    plural="Details of people",
    family="identity",
    source="SSDA903 guide, header; CIN census guide, child identifiers and characteristics",
    same_when=(),
)
class PersonDetails:
    """
    Who a person is: one current fact for each person, each door saying what it knows.

    An unborn child has an expected birth date and no birth date. Sex and gender are two fields with
    two meanings, and neither is filled from the other.
    """

    birth_date: date | None = field(
        "Date of birth",
        sensitivity=IDENTIFIER,
        names=called(
            ssda903="DOB",
            cin_census="PersonBirthDate",
            daily_feed="date_of_birth",
            dataset="pers_dob",
            annex_a="Date of Birth",
        ),
    )
    birth_date_estimated: bool | None = field("Whether the date of birth is an estimate")
    expected_birth_date: date | None = field(
        "Date on which an unborn child is expected",
        names=called(
            cin_census="ExpectedPersonBirthDate", daily_feed="expected_date_of_birth", dataset="pers_expected_dob"
        ),
    )
    death_date: date | None = field(
        "Date of death", names=called(cin_census="PersonDeathDate", dataset="pers_death_date")
    )
    sex: str | None = field(
        "Sex",
        codes="sex",
        names=called(ssda903="SEX", cin_census="Sex", daily_feed="sex", dataset="pers_sex"),
    )
    gender: str | None = field(
        "Gender, as the person describes it",
        codes="gender",
        # The census asks for the registered sex under `Sex`; `GenderCurrent` left it in 2023-24.
        names=called(cin_census="GenderCurrent", dataset="pers_gender", annex_a="Gender"),
    )
    ethnicity: str | None = field(
        "Ethnicity, as the person or their family states it",
        codes="ethnicity",
        names=called(
            ssda903="ETHNIC",
            cin_census="Ethnicity",
            daily_feed="ethnicity",
            dataset="pers_ethnicity",
            annex_a="Ethnicity",
        ),
    )
    nationality: str | None = field("Nationality", names=called(dataset="pers_nationality"))
    first_language: str | None = field("First language")
    interpreter_needed: bool | None = field("Whether an interpreter is needed")
    religion: str | None = field("Religion or belief, as the person states it")
    is_mother: bool | None = field(
        "Whether a child who is looked after is herself a mother",
        names=called(ssda903="MOTHER", dataset="pers_is_mother"),
    )
    mothers_child_birth_date: date | None = field(
        "Date of birth of her child", names=called(ssda903="MC_DOB", dataset="moth_childs_dob")
    )
    upn_unknown_reason: str | None = field(
        "Why the unique pupil number is not known",
        codes="upn_unknown",
        names=called(
            cin_census="UPNunknown", daily_feed="unique_pupil_number_unknown_reason", dataset="pers_upn_unknown"
        ),
    )


@person_fact(
    "name",
    label="Name",
    family="identity",
    source="Standard Safeguarding Dataset, person; daily feed, child details",
    same_when=("name_type", "valid_from"),
)
class Name:
    """One name of a person, with its dates. A new name never overwrites an older one."""

    forename: str | None = field(
        "First name", sensitivity=IDENTIFIER, names=called(daily_feed="first_name", dataset="pers_forename")
    )
    middle_names: str | None = field("Middle names", sensitivity=IDENTIFIER)
    surname: str | None = field(
        "Family name", sensitivity=IDENTIFIER, names=called(daily_feed="surname", dataset="pers_surname")
    )
    name_type: str | None = field("What sort of name it is: legal, known as, previous, adoptive", codes="name_type")
    title: str | None = field("Title")


@person_fact(
    "identifier",
    label="Identifier",
    family="identity",
    source="Standard Safeguarding Dataset, linked identifiers",
    ref="value",
    same_when=("identifier_type", "ref"),
    dates={"standard_safeguarding_dataset": ("link_valid_from_date", "link_valid_to_date")},
    # "Date the identifier ceases to be known/valid": already the first day it no longer did.
    ends={"standard_safeguarding_dataset": EndDate.FIRST_DAY_AFTER},
)
class Identifier:
    """A number by which an organisation knows a person: always with whose number it is."""

    identifier_type: str | None = field(
        "Whose number it is",
        codes="identifier_type",
        required=True,
        sensitivity=IDENTIFIER,
        names=called(dataset="link_identifier_type"),
    )
    value: str | None = field(
        "The number",
        required=True,
        sensitivity=IDENTIFIER,
        longest=64,
        names=called(
            ssda903="CHILD",
            cin_census="LAchildID",
            daily_feed="la_child_id",
            dataset="link_identifier_value",
            annex_a="Child Unique ID",
        ),
    )


@person_fact(
    "disability",
    label="Disability",
    plural="Disabilities",
    family="identity",
    source="CIN census guide, child characteristics",
    same_when=(),
)
class Disability:
    """The disabilities of a child, as a list of codes; NONE is a statement, an absent list is not."""

    disabilities: tuple[str, ...] | None = field(
        "Disabilities",
        codes="disability",
        sensitivity=HEALTH,
        names=called(
            cin_census="Disability",
            daily_feed="disabilities",
            dataset="disa_disability_code",
            annex_a="Does the Child have a Disability",
        ),
    )


@spell(
    "address",
    label="Address",
    plural="Addresses",
    family="identity",
    source="Standard Safeguarding Dataset, address",
    ref="postcode",
    same_when=("address_type", "ref"),
    dates={"standard_safeguarding_dataset": ("addr_address_start_date", "addr_address_end_date")},
    # "Address End Date / To": case systems write the day before the next address begins.
    ends={"standard_safeguarding_dataset": EndDate.LAST_DAY},
)
class Address:
    """
    Where a person lives or can be reached, and from whom that is kept.

    `concealed_from` holds the public identifiers of the persons who must never learn it, or codes of
    `concealed_from` such as FORMER_PARTNER; every letter, pack and export asks it before an address is printed.
    """

    address_lines: str | None = field(
        "The address, one line under another", sensitivity=ADDRESS, names=called(dataset="addr_address_json")
    )
    postcode: str | None = field(
        "Postcode",
        sensitivity=ADDRESS,
        longest=8,
        names=called(ssda903="HOME_POST", daily_feed="postcode", dataset="addr_address_postcode"),
    )
    uprn: str | None = field("Unique property reference number", sensitivity=ADDRESS, longest=12)
    address_type: str | None = field(
        "What sort of address it is", codes="address_type", names=called(dataset="addr_address_type")
    )
    concealed_from: tuple[str, ...] | None = field("From whom the address is kept", sensitivity=ADDRESS)


@spell(
    "immigration_status",
    label="Immigration status",
    plural="Immigration statuses",
    family="care",
    source="SSDA903 guide, unaccompanied asylum-seeking children; Standard Safeguarding Dataset",
    same_when=("status",),
    dates={
        "ssda903": (None, "DUC"),
        "daily_feed": (None, "uasc_end_date"),
        "standard_safeguarding_dataset": ("immi_immigration_status_start_date", "immi_immigration_status_end_date"),
    },
    # DUC is the day the status ceased: on the 18th birthday the child is no longer one (rule 304).
    ends={
        "ssda903": EndDate.FIRST_DAY_AFTER,
        "daily_feed": EndDate.FIRST_DAY_AFTER,
        "standard_safeguarding_dataset": EndDate.FIRST_DAY_AFTER,
    },
)
class ImmigrationStatus:
    """A period of one immigration status; UASC is an unaccompanied asylum-seeking child."""

    status: str | None = field(
        "Immigration status",
        codes="immigration_status",
        names=called(
            ssda903="UASC",
            daily_feed="uasc_flag",
            dataset="immi_immigration_status",
            annex_a="Unaccompanied Asylum Seeking Child (UASC) within the Last 12 Months",
        ),
    )


@person_fact(
    "communication_needs",
    label="Communication needs",
    plural="Communication needs",
    family="casework",
    source="Equality Act 2010, s.20; Working Together to Safeguard Children",
    same_when=(),
)
class CommunicationNeeds:
    """How to talk with this person, in their own words where they gave them."""

    preferred_name: str | None = field("What they like to be called", sensitivity=IDENTIFIER)
    pronouns: str | None = field("Pronouns they use")
    how_to_talk_to_me: str | None = field("How they like to be talked to", sensitivity=NARRATIVE)
    communication_aids: tuple[str, ...] | None = field("Aids and formats they need")
    contact_method: str | None = field(
        "How they like to be reached", choices=("telephone", "text message", "e-mail", "letter", "in person")
    )
    telephone: str | None = field("Telephone number", sensitivity=ADDRESS, longest=20)
    email: str | None = field("E-mail address", sensitivity=ADDRESS, longest=254)


@person_fact(
    "group_details",
    label="Details of a group",
    plural="Details of groups",
    family="casework",
    source="Standard Safeguarding Dataset, family; Families First Partnership programme guide",
    subject="group",
    ref="family_number",
    same_when=("ref",),
)
class GroupDetails:
    """What a group of persons is: a household, a family, a sibling set, the children of one enquiry."""

    group_type: str | None = field(
        "What sort of group it is",
        required=True,
        choices=("household", "family", "sibling group", "section 47 group", "pre-proceedings family"),
    )
    title: str | None = field("What the group is called", sensitivity=IDENTIFIER)
    family_number: str | None = field(
        "The source's number for it",
        sensitivity=IDENTIFIER,
        longest=64,
        names=called(dataset="fami_family_id", annex_a="Family identifier"),
    )


@event(
    "death",
    label="Death",
    family="duties",
    source="Children Act 1989, Sch. 2 para. 20; Children Act 2004, s.16M; Working Together, child death review",
)
class Death:
    """A death becomes known to the council; the date of death itself is in the person's details."""

    death_date: date | None = field("Date of death, as known then")
    told_by: str | None = field("Who told the council")
    circumstances: str | None = field("What is known of how it happened", sensitivity=NARRATIVE)
    was_looked_after: bool | None = field("Whether the child was looked after at the time")
    was_care_leaver: bool | None = field("Whether the person was a care leaver under 25")
    abuse_known_or_suspected: bool | None = field("Whether abuse or neglect is known or suspected")
