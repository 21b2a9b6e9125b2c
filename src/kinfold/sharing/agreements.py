"""
Data-sharing agreements, and the plain way to ask them.

An agreement belongs to the organisation whose records it opens. It has defaults and exceptions. The rule: among the
exceptions that fit, one that refuses beats one that allows, and one that names an organisation beats one that names a
sort of organisation; where no exception fits, the first default that fits decides; where none does, the answer is no.

Source: the Department's information-sharing prototype, its agreements and their order (project page on identity, 3.3),
with refusal before permission among exceptions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType


class _Word(StrEnum):
    """
    A word that is hashed as the text it is, and knows its place among the words of its class.

    A decision reads the place: to look the word up in a table would cost a third of the decision's time.
    """

    place: int
    __hash__ = str.__hash__

    def __init__(self, *said: object) -> None:
        self.place = len(type(self).__members__)


class Mode(_Word):
    """What is told: that there is a record at all, or what it says."""

    EXISTENCE = "existence"
    CONTENT = "content"


class Purpose(_Word):
    """What for. The purpose is said by whoever asks and checked against what their access token allows."""

    SAFEGUARDING = "safeguarding"
    FAMILY_HELP = "family_help"
    EDUCATION = "education"
    HEALTH_CARE = "health_care"
    CRIME_PREVENTION = "crime_prevention"
    CARE_LEAVING = "care_leaving"
    STATISTICS = "statistics"


class OrganisationSort(_Word):
    """Sorts of organisation."""

    LOCAL_AUTHORITY = "local_authority"
    EDUCATION = "education"
    HEALTH = "health"
    POLICE = "police"
    HOUSING = "housing"
    VOLUNTARY = "voluntary"
    OTHER = "other"


class RecordType(_Word):
    """Sorts of record."""

    CHILDRENS_SERVICES = "childrens_services"
    CRIME_JUSTICE = "crime_justice"
    EDUCATION = "education"
    HEALTH = "health"
    PERSONAL = "personal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """
    One line of an agreement. It fits from `since` until the day before `until`; None is without end.

    A rule that names neither organisations nor sorts of organisation fits nobody.
    """

    allows: bool
    modes: frozenset[Mode]
    record_types: frozenset[RecordType]
    purposes: frozenset[Purpose]
    sorts: frozenset[OrganisationSort] = frozenset()
    organisations: frozenset[str] = frozenset()
    since: date | None = None
    until: date | None = None
    reason: str = ""

    def fits(self, request: Request, sort: OrganisationSort | None) -> bool:
        """Return whether the rule speaks of this request, `sort` being that of the organisation that asks."""
        return (
            self.holds_on(request.on)
            and request.mode in self.modes
            and request.record_type in self.record_types
            and request.purpose in self.purposes
            and (request.asker in self.organisations if self.organisations else sort in self.sorts)
        )

    def holds_on(self, day: date) -> bool:
        """Return whether the rule is in force on a day."""
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """What one organisation lets others know. `version` rises with every change; a revoked one opens nothing."""

    holder: str
    version: int = 1
    defaults: tuple[Rule, ...] = ()
    exceptions: tuple[Rule, ...] = ()
    revoked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """`asker` wants to know something that `holder` holds, on a day."""

    holder: str
    asker: str
    mode: Mode
    record_type: RecordType
    purpose: Purpose
    on: date


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer, why in words, and the rule that gave it, if one did."""

    allowed: bool
    because: str
    rule: Rule | None = None


Agreements = Mapping[str, Agreement]
Directory = Mapping[str, OrganisationSort]


def by_holder(agreements: Iterable[Agreement]) -> Agreements:
    """Return agreements by whose records they open: of several of one organisation, the latest version."""
    latest: dict[str, Agreement] = {}
    for agreement in agreements:
        if agreement.holder not in latest or latest[agreement.holder].version < agreement.version:
            latest[agreement.holder] = agreement
    return MappingProxyType(latest)


def decided(agreements: Agreements, directory: Directory, request: Request) -> Decision:
    """Return the answer to a request and why. `directory` says of which sort each organisation is."""
    agreement = agreements.get(request.holder)
    if agreement is None:
        return Decision(False, "The organisation that holds the record has no agreement.")
    if agreement.revoked:
        return Decision(False, "The agreement was revoked.")
    sort = directory.get(request.asker)
    if sort is None:
        return Decision(False, "The organisation that asks is not in the directory.")
    exception = _exception(agreement, request, sort)
    if exception is not None:
        return Decision(exception.allows, _said("an exception", exception), exception)
    default = next((rule for rule in agreement.defaults if rule.fits(request, sort)), None)
    if default is not None:
        return Decision(default.allows, _said("a rule", default), default)
    return Decision(
        False, f"{'; '.join(_nearest(agreement, request, sort)) or 'No rule of the agreement speaks of this'}."
    )


def _exception(agreement: Agreement, request: Request, sort: OrganisationSort) -> Rule | None:
    """Return the exception that decides: naming an organisation before naming a sort, refusing before allowing."""
    fitting = [rule for rule in agreement.exceptions if rule.fits(request, sort)]
    return min(fitting, key=lambda rule: (not rule.organisations, rule.allows), default=None)


def _said(what: str, rule: Rule) -> str:
    does = "allows" if rule.allows else "refuses"
    reason = f": {rule.reason}" if rule.reason else ""
    return f"The agreement {does} this by {what}{reason}."


def _nearest(agreement: Agreement, request: Request, sort: OrganisationSort) -> Iterator[str]:
    """Yield what alone stands in the way where a rule that allows nearly fits."""
    said: set[str] = set()
    for rule in (*agreement.exceptions, *agreement.defaults):
        wrong = [words for fits, words in _points(rule, request, sort) if not fits]
        if rule.allows and len(wrong) == 1 and wrong[0] not in said:
            said.add(wrong[0])
            yield wrong[0]


def _points(rule: Rule, request: Request, sort: OrganisationSort) -> tuple[tuple[bool, str], ...]:
    named = request.asker in rule.organisations if rule.organisations else sort in rule.sorts
    return (
        (rule.holds_on(request.on), f"The agreement allows this, but not on {request.on.day} {request.on:%B %Y}"),
        (request.mode in rule.modes, "The agreement tells that there is a record, not what it says"
         if request.mode is Mode.CONTENT else "The agreement does not tell whether there is a record"),
        (request.record_type in rule.record_types, "The agreement is about other sorts of record"),
        (request.purpose in rule.purposes, "The agreement is for other purposes"),
        (named, "The agreement is with other organisations"),
    )  # fmt: skip
