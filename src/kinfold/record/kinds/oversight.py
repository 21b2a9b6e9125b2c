"""Oversight of providers: determinations, penalties, submissions, warnings, plans, evidence and payments."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from kinfold.record.declare import Sensitivity, event, field, paper, plan, shared

NARRATIVE = Sensitivity.NARRATIVE
CARE_STANDARDS = "Care Standards Act 2000"


@event(
    "determination",
    label="Determination",
    family="market",
    subject="body",
    source=f"{CARE_STANDARDS}, s.30ZE, as inserted in 2026; Kinfold record model",
    ref="matter",
    same_when=("valid_from", "ref"),
)
class Determination:
    """A regulator or the Department determines something about a provider, with reasons and evidence."""

    matter: str | None = field(
        "What was determined",
        required=True,
        choices=(
            "subject to financial oversight", "stage", "no action", "improvement plan approved",
            "improvement plan rejected", "improvement plan completed", "not complied with", "registrable",
            "offence made out", "left the scheme",
        ),
    )  # fmt: skip
    standard_of_proof: str | None = field("Standard", choices=("balance of probabilities", "beyond reasonable doubt"))
    decided_by: str | None = field("Who decided")
    second_officer: str | None = field("Who signed beside them")
    reasons: str | None = field("Why", sensitivity=NARRATIVE)
    evidence: tuple[str, ...] | None = field("Public identifiers of the evidence relied on")
    policy_pack: str | None = field("Policy pack it rests on, with its version", longest=64)


@event(
    "penalty",
    label="Penalty",
    plural="Penalties",
    family="market",
    subject="body",
    parent="notice_served",
    source=f"{CARE_STANDARDS}, ss.30ZC, 30ZD and 30ZM, as inserted in 2026",
)
class Penalty:
    """A monetary penalty is imposed, for one act, with every line of its amount."""

    authority: str | None = field("By whom", choices=("Chief Inspector", "Secretary of State"))
    ground: str | None = field("For what")
    act: str | None = field("The one act or omission it is for", longest=64)
    amount_pence: int | None = field("Amount", unit="pence")
    lines: tuple[dict[str, Any], ...] | None = field("How the amount was reached, line by line")
    payment_due_date: date | None = field("When it is to be paid")
    published_date: date | None = field("When it was published")


@event(
    "advance_warning",
    label="Advance warning",
    family="market",
    subject="body",
    party="council warned",
    source=f"{CARE_STANDARDS}, s.30ZJ, as inserted in 2026: a real possibility that care will cease",
)
class AdvanceWarning:
    """Councils are told that a provider may stop caring for children."""

    basis: str | None = field("Why", sensitivity=NARRATIVE)
    settings: tuple[str, ...] | None = field("Settings concerned, by URN")
    children: int | None = field("Children of the council that is warned", unit="children")
    window_starts: date | None = field("Earliest day on which care may cease")
    window_ends: date | None = field("Latest day on which care may cease")
    delivered_at: datetime | None = field("When its delivery was confirmed")
    withdrawn_date: date | None = field("When it was withdrawn")


@event(
    "submission",
    label="Submission",
    family="market",
    subject="body",
    source=f"{CARE_STANDARDS}, s.30ZF, as inserted in 2026",
)
class Submission:
    """A provider submits its figures for a period; dated the day it is received."""

    period_ends: date | None = field("Last day of the period")
    submission_type: str | None = field("Which", choices=("quarterly", "annual", "ad hoc"))
    audited: bool | None = field("Whether the figures are audited")
    figures: tuple[dict[str, Any], ...] | None = field("The figures, by statement and line, in pence")
    findings: tuple[dict[str, Any], ...] | None = field("Where they do not articulate")
    late_days: int | None = field("How late it came", unit="days")


@event(
    "accounts_filed",
    label="Accounts filed",
    plural="Accounts filed",
    family="market",
    subject="body",
    source="Companies Act 2006, Part 15; Companies House, accounts in iXBRL",
)
class AccountsFiled:
    """A company's accounts are filed; dated the day of filing."""

    period_ends: date | None = field("Last day of the year")
    accounts_type: str | None = field("Kind of accounts")
    figures: tuple[dict[str, Any], ...] | None = field("Figures tagged in them, in pence")
    going_concern_doubt: bool | None = field("Whether the auditor doubts that it can go on")


@event(
    "payment",
    label="Payment",
    family="funding",
    party="payee",
    source="Kinfold record model: payment, penalty and grant instalment are events with an amount",
    ref="payment_type",
    same_when=("valid_from", "party", "ref"),
)
class Payment:
    """Money is paid."""

    payment_type: str | None = field(
        "What for",
        required=True,
        choices=(
            "placement", "allowance", "higher education bursary", "setting-up home allowance", "pupil premium plus",
            "grant instalment", "penalty", "refund", "other",
        ),
    )  # fmt: skip
    amount_pence: int | None = field("Amount", unit="pence", required=True)
    invoice: str | None = field("Number of the invoice or determination", longest=64)
    period_starts: date | None = field("First day it pays for")
    period_ends: date | None = field("Last day it pays for")


@shared
class OversightPlan:
    """What is kept of every plan that a provider makes."""

    edition: int | None = field("Which version of the plan, the first being 1")
    actions: tuple[dict[str, Any], ...] | None = field(
        "What is to be done: issue, measure, homes, who, by when, target"
    )
    senior_manager: str | None = field("Senior manager who answers for it")
    submitted_date: date | None = field("When it was submitted")
    decision: str | None = field("What was decided on it", choices=("approved", "rejected", "sent back"))
    progress: str | None = field("How it goes", sensitivity=NARRATIVE)


@plan(
    "improvement_plan",
    label="Improvement plan",
    family="market",
    subject="body",
    source=f"{CARE_STANDARDS}, ss.23A and 23B, as inserted in 2026",
)
class ImprovementPlan(OversightPlan):
    """How a parent undertaking will put right what recurs across its settings."""


@plan(
    "contingency_plan",
    label="Contingency plan",
    family="market",
    subject="body",
    source=f"{CARE_STANDARDS}, s.30ZG, as inserted in 2026",
)
class ContingencyPlan(OversightPlan):
    """How children would go on being cared for if a provider failed."""

    dependencies: tuple[str, ...] | None = field("What it depends on: payroll, premises, systems")
    weeks_funded: int | None = field("How long care could be paid for", unit="weeks")


@plan(
    "recovery_plan",
    label="Recovery and resolution plan",
    family="market",
    subject="body",
    source=f"{CARE_STANDARDS}, s.30ZG, as inserted in 2026",
)
class RecoveryPlan(OversightPlan):
    """How a provider in difficulty will recover, or end in good order."""


@paper(
    "evidence_item",
    label="Item of evidence",
    plural="Items of evidence",
    family="market",
    subject="body",
    source="Criminal Procedure and Investigations Act 1996; Kinfold record model",
    label_default="restricted",
)
class EvidenceItem:
    """One item of evidence in a case, in a chain in which none can be changed unseen."""

    exhibit: str | None = field("Exhibit number", longest=64)
    obtained_by: str | None = field("Who obtained it")
    obtained_at: datetime | None = field("When")
    power: str | None = field("By what power")
    file_sha256: str | None = field("Hash of the sealed file", longest=64)
    previous_sha256: str | None = field("Hash of the item before it", longest=64)
    used: bool | None = field("Whether the case relies on it: unused material is disclosed too")
    summary: str | None = field("What it shows", sensitivity=NARRATIVE)


@paper(
    "submission_file",
    label="File of a submission",
    plural="Files of submissions",
    family="market",
    subject="body",
    source="Kinfold record model, papers of the market",
    label_default="restricted",
)
class SubmissionFile:
    """A file that a provider sent with its figures."""

    title: str | None = field("Title")
    file_sha256: str | None = field("Hash of the sealed file", longest=64)
    media_type: str | None = field("Kind of file", longest=100)


@paper(
    "notice",
    label="Text of a notice",
    plural="Texts of notices",
    family="market",
    subject="body",
    source=f"{CARE_STANDARDS}, s.23A(4): what a notice must contain",
)
class Notice:
    """The words of a notice as it was served."""

    title: str | None = field("Title")
    sections: tuple[dict[str, Any], ...] | None = field("The text, section by section")
    template: str | None = field("Name and version of the template it was made from", longest=64)
    policy_pack: str | None = field("Policy pack it rests on, with its version", longest=64)
