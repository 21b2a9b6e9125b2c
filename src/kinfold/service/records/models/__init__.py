"""Every table, a file for each part of the record."""

from kinfold.service.records.models.accounts import Account, Alert, Grant, Reach, Restriction, RoleHeld
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
from kinfold.service.records.models.finding import IdentifierKey, NameKey, PersonIndex
from kinfold.service.records.models.loads import Correction, Load, LoadedSubject, LoadFile, QuarantinedRow
from kinfold.service.records.models.pairs import Pair
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
    "Alert",
    "ApiClient",
    "ApiToken",
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
    "Correction",
    "Draft",
    "Erasure",
    "EventFact",
    "FormDraft",
    "Grant",
    "HoldBack",
    "Holder",
    "IdempotencyKey",
    "IdentifierKey",
    "Job",
    "KeptClock",
    "KeptFile",
    "KeptWhere",
    "Load",
    "LoadFile",
    "LoadedSubject",
    "NameKey",
    "Pair",
    "PaperFact",
    "PersonFact",
    "PersonIndex",
    "PlanFact",
    "QuarantinedRow",
    "Reach",
    "Restriction",
    "RoleHeld",
    "SameAs",
    "SavedList",
    "SpellFact",
    "Thing",
    "TieFact",
    "Version",
]
