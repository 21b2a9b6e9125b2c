"""The roles, read from roles.toml: one frozen `Role` each, and nothing that the table does not say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from kinfold.access.must_not import MustNot, read_must_not
from kinfold.access.slices import SLICES
from kinfold.access.tables import HERE, read_table, refuse_unknown, word, words
from kinfold.access.words import POWERS, Installation, ReachSort, Verb
from kinfold.terms.errors import StructureBroken

ALL = "all"
OWN_WORDS = "own_words"


class Search(StrEnum):
    """Whom a role finds by searching."""

    NONE = "none"
    REACHED = "reached"
    CHECK = "check"  # whether a person is known, yes or no; more only of those it reaches
    INDEX = "index"


class Chronology(StrEnum):
    """How much of the structured facts a role reads of a person it reaches."""

    NONE = "none"
    RELEASED = "released"
    PACK = "pack"
    HEADLINES = "headlines"
    SLICE = "slice"
    FACTS = "facts"
    FULL = "full"


class Narrative(StrEnum):
    """Whose free text a role reads of a person it reaches."""

    NONE = "none"
    OWN = "own"
    RELEASED = "released"
    PACK = "pack"
    SLICE = "slice"
    FULL = "full"


class Restricted(StrEnum):
    """What opens a restricted record to a role."""

    NONE = "none"
    COUNTS = "counts"
    ON_REQUEST = "on_request"  # a grant that names the label
    MASKED = "masked"  # headlines and its own slice, addresses hidden
    NAMED = "named"
    REACHED = "reached"
    WITH_REASON = "with_reason"


class Adoption(StrEnum):
    """What a role has to do with adopted children's records."""

    NONE = "none"
    BEFORE_ORDER = "before_order"
    NEW_IDENTITY = "new_identity"
    SEALED = "sealed"


class Privileged(StrEnum):
    """What opens legal advice to a role."""

    NONE = "none"
    NAMED = "named"
    REACHED = "reached"


class Police(StrEnum):
    """What opens information that the police have marked."""

    NONE = "none"
    OWN = "own"
    RELEASED = "released"
    REACHED = "reached"


class Clocks(StrEnum):
    """Whose due dates a role sees."""

    NONE = "none"
    OWN = "own"
    SLICE = "slice"
    TEAM = "team"
    SERVICE = "service"
    HOLDER = "holder"
    AGGREGATE = "aggregate"


class BreakGlass(StrEnum):
    """Whether a role may open one record at once and answer for it after."""

    NONE = "none"
    REASON = "reason"
    AUTOMATIC = "automatic"
    TWO_PEOPLE = "two_people"


class AuditLevel(StrEnum):
    """Whose looks a role may see."""

    NONE = "none"
    OWN = "own"  # what they did themselves
    OWN_RECORD = "own_record"  # who looked at their own record, or one opened to them: organisation, role, reason, day
    OWN_CASES = "own_cases"
    TEAM = "team"
    SERVICE = "service"
    SESSION = "session"
    CONFIGURATION = "configuration"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """One role. roles.toml says what each field means; what it leaves out is refused."""

    name: str
    label: str
    organisation: str
    installations: frozenset[Installation]
    scope: str
    reach: frozenset[ReachSort]
    search: Search = Search.NONE
    chronology: Chronology = Chronology.NONE
    narrative: Narrative = Narrative.NONE
    reads: frozenset[str] = frozenset()
    writes: frozenset[str] = frozenset()
    own_organisation: frozenset[str] = frozenset()
    decides: frozenset[str] = frozenset()
    restricted: Restricted = Restricted.NONE
    restricted_by: frozenset[ReachSort] = frozenset()
    knows_restricted: bool = False
    void_wrong_person: bool = False
    lado_vault: bool = False
    adoption: Adoption = Adoption.NONE
    address_by: frozenset[ReachSort] = frozenset()
    address_hidden: str = ""
    privileged: Privileged = Privileged.NONE
    police: Police = Police.NONE
    clocks: Clocks = Clocks.NONE
    aggregates: bool = False
    small_numbers: bool = False
    identifiers_hidden: bool = False
    identifiers_after_match: bool = False
    reason_required: bool = False
    own_record: bool = False
    second_factor: bool = True
    in_table: str = ""
    closed_case_months: int = 0
    allocation_roles: frozenset[str] = frozenset()
    exports: frozenset[str] = frozenset()
    exports_two_people: frozenset[str] = frozenset()
    break_glass: BreakGlass = BreakGlass.NONE
    audit: AuditLevel = AuditLevel.NONE
    powers: frozenset[Verb] = frozenset()
    powers_two_people: frozenset[Verb] = frozenset()
    must_not: tuple[MustNot, ...] = ()

    def reads_slice(self, name: str) -> bool:
        """Return whether the role reads the facts of slice `name` in full for those it reaches."""
        part = SLICES[name]
        whole = self.chronology in (Chronology.FULL, Chronology.FACTS) and part.personal and not part.apart
        return name in self.reads or whole

    def writes_slice(self, name: str) -> bool:
        """
        Return whether the role writes in slice `name` for those it reaches.

        Whoever writes something about a person may write down what the person says of it: a reviewing officer the
        child's words at a review, a personal adviser those of a care leaver.
        """
        part = SLICES[name]
        if name == OWN_WORDS and any(SLICES[one].personal for one in self.writes if one != ALL):
            return True
        return name in self.writes or (ALL in self.writes and part.personal and not part.apart)

    @property
    def lists_people(self) -> bool:
        """Return whether people it reaches may appear in its lists."""
        return self.chronology is not Chronology.NONE or any(SLICES[name].personal for name in self.reads)


LEVELS: Mapping[str, type[StrEnum]] = MappingProxyType(
    {
        "search": Search,
        "chronology": Chronology,
        "narrative": Narrative,
        "restricted": Restricted,
        "adoption": Adoption,
        "privileged": Privileged,
        "police": Police,
        "clocks": Clocks,
        "break_glass": BreakGlass,
        "audit": AuditLevel,
    }
)
SETS: Mapping[str, type[StrEnum]] = MappingProxyType(
    {
        "installations": Installation,
        "reach": ReachSort,
        "restricted_by": ReachSort,
        "address_by": ReachSort,
        "powers": Verb,
        "powers_two_people": Verb,
    }
)
NAMES = ("reads", "writes", "own_organisation", "decides", "exports", "exports_two_people", "allocation_roles")
SLICE_NAMES = ("reads", "writes", "own_organisation")


def _value(key: str, value: Any, where: str) -> Any:
    if key in LEVELS:
        return word(LEVELS[key], value, where=where)
    if key in SETS:
        return words(SETS[key], value, where=where)
    if key in NAMES:
        unknown = set(value) - set(SLICES) - {ALL} if key in SLICE_NAMES else set()
        if unknown:
            raise StructureBroken(f"{where}: {', '.join(sorted(unknown))} is not a slice of slices.toml")
        return frozenset(value)
    if key == "must_not":
        return tuple(read_must_not(entry, where=where) for entry in value)
    return value


def read_role(name: str, table: Mapping[str, Any]) -> Role:
    """Return the role of one table of roles.toml. Raises StructureBroken for a word that is not known."""
    where = f"roles.toml [{name}]"
    refuse_unknown(table, set(Role.__dataclass_fields__) - {"name"}, where=where)
    values = {key: _value(key, value, f"{where} {key}") for key, value in table.items()}
    try:
        made = Role(name=name, **values)
    except TypeError as error:
        raise StructureBroken(f"{where}: {error}") from None
    made = replace(made, reach=made.reach - {ReachSort.NONE})
    if not made.powers | made.powers_two_people <= POWERS:
        raise StructureBroken(f"{where}: a power must be one of {', '.join(sorted(POWERS))}")
    return made


ROLES: Mapping[str, Role] = MappingProxyType(
    {name: read_role(name, table) for name, table in read_table(HERE / "roles.toml").items()}
)


def role(name: str) -> Role:
    """Return the role `name`. Raises StructureBroken if roles.toml has no such role."""
    try:
        return ROLES[name]
    except KeyError:
        raise StructureBroken(f"There is no role called {name}") from None


BY_ALLOCATION: Mapping[str, str] = MappingProxyType(
    {code: made.name for made in ROLES.values() for code in made.allocation_roles}
)


def role_of_allocation(code: str | None) -> str:
    """
    Return the name of the role in which a worker is allocated under a code of the code set allocation_role.

    The returns list social workers and say nothing of the role: None, or a code that no role names, is one.
    """
    if code is not None and code in ROLES:
        return code
    return BY_ALLOCATION.get(code or "", "social_worker")
