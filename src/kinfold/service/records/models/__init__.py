"""Every table, a file for each part of the record."""

from kinfold.service.records.models.accounts import (
    Account,
    Alert,
    Grant,
    Reach,
    Restriction,
    RestrictionRequest,
    RoleHeld,
)
from kinfold.service.records.models.adoption import SealRequest
from kinfold.service.records.models.agreements import (
    AgreementVersion,
    PolicyHead,
    SharingDecision,
    SharingOrganisation,
)
from kinfold.service.records.models.audit import (
    AuditBody,
    AuditCut,
    AuditEntry,
    AuditHead,
    AuditPerson,
    Erasure,
    HoldBack,
)
from kinfold.service.records.models.casework import FormDraft
from kinfold.service.records.models.clocks import CalendarFeed, ClockCheck, ClockNotice, KeptClock
from kinfold.service.records.models.facts import (
    BodyFact,
    EventFact,
    PaperFact,
    PersonFact,
    PlanFact,
    SpellFact,
    TieFact,
    Version,
)
from kinfold.service.records.models.fetching import FetchLink
from kinfold.service.records.models.finding import IdentifierKey, NameKey, PersonIndex
from kinfold.service.records.models.finding_asks import Ask, CustodianWork, Pointer
from kinfold.service.records.models.loads import Correction, Load, LoadedSubject, LoadFile, QuarantinedRow
from kinfold.service.records.models.market import MarketCase, MarketLine, OwnerMatch
from kinfold.service.records.models.pairs import Pair
from kinfold.service.records.models.provider import HomeVacancy, HomeWorkforce
from kinfold.service.records.models.register import RegisterEntry, RegisterKey
from kinfold.service.records.models.shared_space import Contribution, Subscription
from kinfold.service.records.models.things import About, Commit, Holder, SameAs, Thing
from kinfold.service.records.models.work import (
    ApiClient,
    ApiToken,
    Draft,
    IdempotencyKey,
    Job,
    KeptFile,
    KeptWhere,
    SavedList,
)

FACT_TABLES: dict[str, type[Version]] = {
    "person": PersonFact,
    "tie": TieFact,
    "body": BodyFact,
    "spell": SpellFact,
    "event": EventFact,
    "plan": PlanFact,
    "paper": PaperFact,
}

__all__ = [
    "FACT_TABLES",
    "About",
    "Account",
    "AgreementVersion",
    "Alert",
    "ApiClient",
    "ApiToken",
    "Ask",
    "AuditBody",
    "AuditCut",
    "AuditEntry",
    "AuditHead",
    "AuditPerson",
    "BodyFact",
    "CalendarFeed",
    "ClockCheck",
    "ClockNotice",
    "Commit",
    "Contribution",
    "Correction",
    "CustodianWork",
    "Draft",
    "Erasure",
    "EventFact",
    "FetchLink",
    "FormDraft",
    "Grant",
    "HoldBack",
    "Holder",
    "HomeVacancy",
    "HomeWorkforce",
    "IdempotencyKey",
    "IdentifierKey",
    "Job",
    "KeptClock",
    "KeptFile",
    "KeptWhere",
    "Load",
    "LoadFile",
    "LoadedSubject",
    "MarketCase",
    "MarketLine",
    "NameKey",
    "OwnerMatch",
    "Pair",
    "PaperFact",
    "PersonFact",
    "PersonIndex",
    "PlanFact",
    "Pointer",
    "PolicyHead",
    "QuarantinedRow",
    "Reach",
    "RegisterEntry",
    "RegisterKey",
    "Restriction",
    "RestrictionRequest",
    "RoleHeld",
    "SameAs",
    "SavedList",
    "SealRequest",
    "SharingDecision",
    "SharingOrganisation",
    "SpellFact",
    "Subscription",
    "Thing",
    "TieFact",
    "Version",
]
