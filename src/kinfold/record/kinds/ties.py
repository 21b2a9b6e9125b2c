"""
Ties: who is who to whom, and with what right.

A tie is read from its subject to its party: the subject is the mother of the party. `inverse` is how the
same tie reads from the party's side, so that nobody types it twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from kinfold.record.declare import EndDate, Sensitivity, field, shared, tie

NARRATIVE = Sensitivity.NARRATIVE
FAMILY_SOURCE = "Kinfold record model, ties; Children Act 1989, ss.2 to 4A and 105"
TWO_SIDES = ("valid_from", "party")

# kind: (label, inverse label, meaning). The subject is the first, the party the second.
_PERSONAL: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "father_of": ("Father of", "Child of", "The subject is the father of the party."),
        "parent_of": ("Parent of", "Child of", "The subject is a parent of the party, where no more is known."),
        "step_parent": ("Step-parent of", "Step-child of", "The subject lives with or married a parent of the party."),
        "adoptive_parent": ("Adoptive parent of", "Adopted child of", "The subject adopted the party."),
        "grandparent": ("Grandparent of", "Grandchild of", "The subject is a grandparent of the party."),
        "great_grandparent": (
            "Great-grandparent of",
            "Great-grandchild of",
            "The subject is a great-grandparent of the party.",
        ),
        "sibling": ("Sibling of", "Sibling of", "The two have the same parents."),
        "half_sibling": ("Half-sibling of", "Half-sibling of", "The two have one parent in common."),
        "step_sibling": ("Step-sibling of", "Step-sibling of", "A parent of each lives with a parent of the other."),
        "aunt_or_uncle": ("Aunt or uncle of", "Niece or nephew of", "The subject is an aunt or uncle of the party."),
        "cousin": ("Cousin of", "Cousin of", "The two are cousins."),
        "spouse": ("Married to", "Married to", "The two are married or civil partners."),
        "partner": ("Partner of", "Partner of", "The two are partners."),
        "former_partner": ("Former partner of", "Former partner of", "The two were married or partners."),
        "foster_carer": ("Foster carer of", "Fostered by", "The subject is an approved foster carer of the party."),
        "support_carer": ("Support carer of", "Supported by", "The subject gives regular breaks to the party."),
        "private_foster_carer": (
            "Private foster carer of",
            "Privately fostered by",
            "The subject cares for the party by private arrangement.",
        ),
        "special_guardian": (
            "Special guardian of",
            "Under the special guardianship of",
            "The subject has a special guardianship order for the party.",
        ),
        "kinship_carer": (
            "Kinship carer of",
            "Cared for by kin",
            "The subject, a relative or friend, raises the party.",
        ),
        "prospective_adopter": (
            "Prospective adopter of",
            "To be adopted by",
            "The subject is matched to adopt the party.",
        ),
        "friend": ("Friend of", "Friend of", "The two are friends."),
        "neighbour": ("Neighbour of", "Neighbour of", "The two live near each other."),
        "significant_professional": (
            "Professional who matters to",
            "Has as a professional who matters",
            "The subject is a teacher, nurse or other professional whom the party trusts.",
        ),
        "independent_visitor": (
            "Independent visitor of",
            "Visited independently by",
            "The subject befriends a looked after child (Children Act 1989, s.23ZB).",
        ),
        "alleged_perpetrator": (
            "Alleged to have harmed",
            "Alleged to have been harmed by",
            "It is alleged that the subject harmed the party; it is not a finding.",
        ),
    }
)


@shared
class PersonalTie:
    """What is kept of every tie between two persons."""

    parental_responsibility: bool | None = field("Whether the subject has parental responsibility for the party")
    parental_responsibility_source: str | None = field(
        "Where it comes from",
        choices=("birth", "marriage", "birth registration", "agreement", "court order", "adoption", "guardianship"),
    )
    main_carer: bool | None = field("Whether the subject is the party's main carer")
    contact: str | None = field("Contact between the two", choices=("allowed", "supervised", "indirect", "none"))
    contact_order: bool | None = field("Whether a court ordered it")
    safe_adult: bool | None = field("Whether the party named the subject as a safe adult")
    conceal_address: bool | None = field("Whether the party's address must be kept from the subject")
    notes: str | None = field("What else matters about the tie", sensitivity=NARRATIVE)


@tie(
    "mother_of",
    label="Mother of",
    plural="Mothers",
    inverse="Child of",
    family="identity",
    source="Standard Safeguarding Dataset, mother; SSDA903 guide, mother",
    party="child",
    same_when=("party",),
)
class MotherOf(PersonalTie):
    """The subject gave birth to the party."""


def _declare_personal_ties() -> None:
    for name, (label, inverse, meaning) in _PERSONAL.items():
        cls = type(name.title().replace("_", ""), (PersonalTie,), {"__doc__": meaning, "__module__": __name__})
        tie(
            name,
            label=label,
            plural=f"{label} (ties)",
            inverse=inverse,
            family="identity",
            source=FAMILY_SOURCE,
            party="person",
            same_when=TWO_SIDES,
        )(cls)


_declare_personal_ties()


@tie(
    "must_not_know_address",
    label="Must not know the address of",
    plural="Persons who must not know an address",
    inverse="Address kept from",
    family="identity",
    source="Kinfold record model; Family Law Act 1996, Part IV",
    party="person protected",
    same_when=("party",),
)
class MustNotKnowAddress:
    """The subject must not learn where the party lives, whether or not the two have any other tie."""

    reason: str | None = field("Why", sensitivity=NARRATIVE)
    court_order: bool | None = field("Whether a court ordered it")


@tie(
    "member_of_group",
    label="Member of",
    plural="Members of groups",
    inverse="Has as a member",
    family="casework",
    source="Standard Safeguarding Dataset, family; Families First Partnership programme guide",
    party="group",
    same_when=("valid_from", "party"),
)
class MemberOfGroup:
    """The subject belongs to a household, family, sibling set or other group for a time."""

    role: str | None = field("Part in the group", choices=("child", "adult", "main carer", "not living there"))


@tie(
    "works_for",
    label="Works for",
    plural="Posts",
    inverse="Employs",
    family="identity",
    source="Standard Safeguarding Dataset, professionals and department",
    party="body",
    same_when=("valid_from", "party"),
)
class WorksFor:
    """The subject works for a body or team, as staff, agency worker or volunteer."""

    post: str | None = field("Post held")
    manager: bool | None = field("Whether they manage it")
    basis: str | None = field("On what basis", choices=("employed", "agency", "volunteer", "self-employed"))


@tie(
    "employs",
    label="Employs",
    plural="Employers",
    inverse="Employed by",
    subject="body",
    family="market",
    source="Kinfold record model, ties; children's social work workforce census",
    party="person",
    same_when=("valid_from", "party"),
)
class Employs:
    """A company or provider employs a person, as a register or submission states it."""

    post: str | None = field("Post held")
    full_time_equivalent: float | None = field("Share of a full-time post", unit="full-time posts")
    qualification_level: str | None = field("Highest qualification held in residential or social care")


@tie(
    "part_of",
    label="Part of",
    plural="Parts of bodies",
    inverse="Has as a part",
    subject="body",
    family="identity",
    source="Standard Safeguarding Dataset, department",
    party="body",
    same_when=("valid_from", "party"),
)
class PartOf:
    """A team is part of a department, a setting of a provider's registration, a council of a region."""

    part: str | None = field(
        "What sort of part", choices=("team", "department", "setting", "branch", "member council", "successor")
    )


@tie(
    "owns",
    label="Owns a share of",
    plural="Ownership interests",
    inverse="Owned in part by",
    subject="body",
    family="market",
    source="Companies Act 2006, Part 21A; Beneficial Ownership Data Standard 0.4, relationship statements",
    party="body",
    same_when=("valid_from", "party", "interest"),
    dates={"companies_house": ("notified_on", "ceased_on")},
    # "Ceased on" is the day on which the interest no longer held.
    ends={"companies_house": EndDate.FIRST_DAY_AFTER},
)
class Owns:
    """The subject, a person or a body, has an interest in the party: an exact share, or a published band."""

    interest: str | None = field(
        "Kind of interest",
        choices=("shareholding", "voting rights", "surplus assets", "loan", "trust", "other"),
    )
    share_exact: float | None = field("Share", unit="percent")
    share_minimum: float | None = field("Lower end of the published band", unit="percent")
    share_maximum: float | None = field("Upper end of the published band", unit="percent")
    direct: bool | None = field("Whether held directly")
    as_trust_or_firm: str | None = field("Whether held for others", choices=("own account", "trust", "firm"))
    nature_of_control: str | None = field("The register's own code for it")
    statement: str | None = field("Number of the statement it comes from", longest=64)


@tie(
    "controls",
    label="Controls",
    plural="Controlling relations",
    inverse="Controlled by",
    subject="body",
    family="market",
    source="Companies Act 2006, s.1162",
    party="body",
    same_when=("valid_from", "party", "test"),
    dates={"companies_house": ("notified_on", "ceased_on")},
    ends={"companies_house": EndDate.FIRST_DAY_AFTER},
)
class Controls:
    """The subject is the parent undertaking of the party, by a test of the Companies Act; 25 per cent is not one."""

    test: str | None = field(
        "Which test",
        choices=(
            "majority of votes", "right to appoint or remove most of the board", "dominant influence by articles",
            "majority by agreement", "significant influence",
        ),
    )  # fmt: skip
    evidence: str | None = field("What shows it")
    statement: str | None = field("Number of the statement it comes from", longest=64)


@tie(
    "director_of",
    label="Director of",
    plural="Directorships",
    inverse="Directed by",
    family="market",
    source="Companies Act 2006, Part 10",
    party="company",
    same_when=("valid_from", "party"),
    dates={"companies_house": ("appointed_on", "resigned_on")},
    # A director who resigned on a day no longer held office at its end.
    ends={"companies_house": EndDate.FIRST_DAY_AFTER},
)
class DirectorOf:
    """The subject holds office in a company or charity."""

    office: str | None = field("Office held", choices=("director", "secretary", "trustee", "responsible individual"))
    register_number: str | None = field("The register's number for the officer", longest=64)
