"""
The words of access: what may be done, to what sort of thing, under which label, reached by which tie.

Every word is a string of its own, so that tables, TOML files and audit entries can hold it as it stands.
"""

from __future__ import annotations

from enum import StrEnum


class Verb(StrEnum):
    """What somebody asks to do."""

    SEE_EXISTS = "see_exists"  # may be told that Kinfold holds this at all
    SEARCH = "search"  # may find it: name, date of birth, known to us, who the worker is
    READ_HEADLINE = "read_headline"  # that something happened, when, and of which kind
    READ = "read"  # the structured facts
    READ_NARRATIVE = "read_narrative"  # free text about a person
    READ_ADDRESS = "read_address"  # where somebody lives
    WRITE = "write"
    DECIDE = "decide"  # make one of the decisions the law or the council gives to the role
    APPROVE = "approve"  # agree to what another person has submitted
    EXPORT = "export"
    RELEASE = "release"  # give a paper or part of it to the family, a partner or a wider index
    MERGE = "merge"
    REIDENTIFY = "reidentify"
    RESTRICT = "restrict"
    HOLD_BACK = "hold_back"  # keep one look from the list the family sees
    SEAL = "seal"
    UNSEAL = "unseal"
    BREAK_GLASS = "break_glass"
    AUDIT = "audit"  # see who looked and who changed what
    CONFIGURE = "configure"
    GRANT = "grant"  # give somebody a role or a time-boxed access
    ALLOCATE = "allocate"
    LOAD_FILES = "load_files"
    DISPOSE = "dispose"


READING = frozenset({Verb.READ_HEADLINE, Verb.READ, Verb.READ_NARRATIVE, Verb.READ_ADDRESS})
SEEING = READING | {Verb.SEE_EXISTS, Verb.SEARCH}
DECIDING = frozenset({Verb.DECIDE, Verb.APPROVE})
POWERS = frozenset(
    {
        Verb.RELEASE,
        Verb.MERGE,
        Verb.REIDENTIFY,
        Verb.RESTRICT,
        Verb.HOLD_BACK,
        Verb.SEAL,
        Verb.UNSEAL,
        Verb.CONFIGURE,
        Verb.GRANT,
        Verb.ALLOCATE,
        Verb.LOAD_FILES,
        Verb.DISPOSE,
    }
)


class Sort(StrEnum):
    """What sort of thing it is done to."""

    CHILD = "child"  # a child's or young person's record as a whole
    ADULT = "adult"  # the record of a parent, carer, relative or worker
    FACT = "fact"
    PLAN = "plan"
    PAPER = "paper"
    DECISION = "decision"
    CLOCK = "clock"  # what is due, met or late
    LIST = "list"
    EXPORT = "export"
    ROUTE = "route"
    AUDIT = "audit"
    CONFIG = "config"
    FILES = "files"
    AGGREGATE = "aggregate"  # counts and rates
    RECORD = "record"  # about a body, an application, money or a policy: no child in it


PERSONAL = frozenset({Sort.CHILD, Sort.ADULT, Sort.FACT, Sort.PLAN, Sort.PAPER, Sort.DECISION})


class Label(StrEnum):
    """What subtracts from access. Always today's labels, whatever date is asked about."""

    OPEN = "open"
    RESTRICTED = "restricted"  # a named list only
    SEALED = "sealed"  # adoption: two people and the intermediary's role
    PRIVILEGED = "privileged"  # legal advice
    POLICE_MARKED = "police_marked"
    THIRD_PARTY = "third_party"
    ADDRESS_PROTECTED = "address_protected"
    LADO_VAULT = "lado_vault"  # an allegation about an adult; a child's file holds only a pointer
    VOID_WRONG_PERSON = "void_wrong_person"  # written about somebody else: only information governance sees it


class ReachSort(StrEnum):
    """Why a person is within somebody's reach."""

    OPEN_ALLOCATION = "open_allocation"
    CLOSED_CASE = "closed_case"  # an own case for the months after it closed: to read, not to write
    HOUSEHOLD = "household"  # lives with, or is a sibling of, a child who is reached
    TEAM = "team"
    APPOINTMENT = "appointment"  # reviewing officer, chair, guardian, lawyer, adviser, decision-maker
    MEETING = "meeting"
    COMMISSION = "commission"  # a placement sought or made
    WHOLE_COUNCIL = "whole_council"
    COHORT = "cohort"
    INSPECTION_SAMPLE = "inspection_sample"
    SELF = "self"
    RELEASED = "released"
    PARTNER_AGREEMENT = "partner_agreement"
    NONE = "none"


class Mark(StrEnum):
    """A circumstance of the thing asked about that a rule looks at."""

    RELEASED = "released"  # given to the family or the person asking
    IN_PACK = "in_pack"  # part of the pack put before this reader
    LOCKED = "locked"
    CLOSED = "closed"  # the episode or plan has ended
    BULK = "bulk"  # asks about many people at once
    SIGNAL_ALONE = "signal_alone"  # nothing stands behind it but a computed signal
    SMALL_NUMBERS = "small_numbers"  # counts that have not been through disclosure control
    MATCHED = "matched"  # the match has been made, so the child may be named to the other side
    WORKS_HERE = "works_here"  # the person, or one of their household, works for the holder


class Mask(StrEnum):
    """What a decision hides. The first seven are the sensitivities of `record/`, by the same names."""

    ORDINARY = "ordinary"
    NARRATIVE = "narrative"
    ADDRESS = "address"
    LEGAL = "legal"
    HEALTH = "health"
    IDENTIFIER = "identifier"
    HEADLINE = "headline"
    CONCEALED_ADDRESS = "concealed_address"  # where somebody lives, if it is concealed
    SECTOR_ONLY = "sector_only"  # of an address, the postcode sector and no more
    THIRD_PARTY = "third_party"  # what concerns somebody else


class Installation(StrEnum):
    """The five kinds of installation. A role exists only in those it names."""

    COUNCIL = "council"
    REGION = "region"
    REGULATOR = "regulator"
    DEPARTMENT = "department"
    EXCHANGE = "exchange"
