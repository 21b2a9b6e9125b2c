"""
On which lawful basis may I share this? For the practitioner who has to decide, in words.

It helps and never decides: an agreement can refuse what the law allows. Source: `lawful.toml`, whose entries say
how well their sources were read; HM Government, Information sharing advice for safeguarding practitioners (2024).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kinfold.sharing.agreements import OrganisationSort, Purpose, RecordType

_FILE = Path(__file__).with_name("lawful.toml")
# What these records say is special category data under article 9, or about crime under article 10, whatever else.
SENSITIVE = frozenset({RecordType.HEALTH, RecordType.CHILDRENS_SERVICES, RecordType.CRIME_JUSTICE})
_CRIME = (
    "Data about offences also needs UK GDPR article 10 and a condition of schedule 1 of the Data Protection Act 2018."
)
_VOLUNTARY = (
    "A voluntary body has no public task unless it acts for a public body. Where a recognised legitimate interest fits, say "
    "which and why it is necessary; otherwise it relies on legitimate interests: write down the balance."
)
_NECESSARY = "Share what is necessary, proportionate, relevant, accurate, timely and secure, and record what and why."


@dataclass(frozen=True, slots=True)
class Basis:
    """What allows sharing for one purpose, and what to mind. `certainty` says how well the sources were read, `coming` what is not law yet."""

    purpose: Purpose
    label: str
    power: str
    ordinary: str
    sensitive: str
    consent: str
    tell: str
    certainty: str
    coming: str = ""


@cache
def _said() -> Mapping[str, dict[str, str]]:
    with _FILE.open("rb") as file:
        return tomllib.load(file)


def about_recipient(recipient: OrganisationSort) -> str:
    """Return what to mind of the sort of organisation that is to be told."""
    return f"{_said()['recipients'][str(recipient)]}."


@cache
def bases() -> Mapping[Purpose, Basis]:
    """Return the basis for every purpose."""
    return {purpose: Basis(purpose, **_said()[purpose]) for purpose in Purpose}


def advice(
    purpose: Purpose, record_type: RecordType, *, sharer: OrganisationSort, recipient: OrganisationSort | None = None
) -> list[str]:
    """Return the advice for one question, a sentence an item, the basis first; `recipient` is who is to be told."""
    basis = bases()[purpose]
    lines = [f"Power: {basis.power}.", f"Basis: {basis.ordinary}."]
    if record_type in SENSITIVE:
        lines.append(f"These records are sensitive: {basis.sensitive}.")
    if record_type is RecordType.CRIME_JUSTICE:
        lines.append(_CRIME)
    if sharer is OrganisationSort.VOLUNTARY:
        lines.append(_VOLUNTARY)
    if basis.coming:
        lines.append(f"Coming: {basis.coming}.")
    if recipient is not None:
        lines.append(about_recipient(recipient))
    return [*lines, f"{basis.consent}.", f"{basis.tell}.", _NECESSARY]
