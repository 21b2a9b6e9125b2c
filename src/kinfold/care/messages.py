"""
Messages between installations about a serious incident: one file each way, canonical, sealed by a signature outside.

A council sends what the Panel must have; the Panel sends its reply. Nothing else is shared: no table, no name of the
child. The receiving side holds every fact of a message to its declaration before anything is kept.

Source: architecture, "Whose record": the others receive messages and minimised slices, never a database to query.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from kinfold.care.case import Fact
from kinfold.record.declare import KINDS, declare_all, encode
from kinfold.terms.errors import InputError

FORMAT = "kinfold.incident-message/1"
LARGEST = 1_000_000
TO_PANEL, FROM_PANEL = "to the Panel", "from the Panel"
# What may travel each way, by kind, and the fields that do. A person is described by age and sex alone.
CARRIED: Mapping[str, Mapping[str, frozenset[str]]] = {
    TO_PANEL: {
        "serious_incident": frozenset({"aware_at", "incident_date", "criteria", "notifiable", "reasons", "what_happened"}),
        "notification": frozenset({"notification_type", "recipients", "sent_at", "content", "reference", "concerns"}),
        "rapid_review": frozenset({"sent_to_panel_date", "recommends_review", "national_review_suggested",
                                   "immediate_actions", "learning", "concerns"}),
        "decision": frozenset({"matter", "choice", "reasons", "maker", "authority", "concerns"}),
        "practice_review_step": frozenset({"step", "reply", "concerns"}),
        "recommendation": frozenset({"number", "words", "theme", "answer", "due_date", "what_changed", "concerns"}),
    },
    FROM_PANEL: {
        "practice_review_step": frozenset({"step", "reply", "concerns"}),
        "decision": frozenset({"matter", "choice", "reasons", "maker", "authority", "concerns"}),
    },
}  # fmt: skip
DECISIONS = {"local child safeguarding practice review", "national child safeguarding practice review"}
_ENDINGS = (
    "Ask the sender for the file again, as it was downloaded: one that was opened and saved by another program may "
    "differ."
)


@dataclass(frozen=True, slots=True)
class Carried:
    """One fact of a message: the id it has at its sender, its kind, days and values."""

    fact: str
    kind: str
    valid_from: date | None
    valid_to: date | None
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it was read: who sent it about which incident, and what it says."""

    direction: str
    sender_code: str
    sender: str
    incident: str
    made_at: datetime
    about: Mapping[str, Any]
    facts: tuple[Carried, ...]
    public_key: str
    signature: str

    @property
    def fingerprint(self) -> str:
        """Return the key's fingerprint in groups of four, as people read it out to each other."""
        return " ".join(self.public_key[place : place + 4] for place in range(0, 32, 4))


def body_of(
    facts: Iterable[Fact], *, direction: str, sender_code: str, sender: str, incident: str, made_at: datetime,
    age: int | None = None, sex: str = "",
) -> dict[str, Any]:  # fmt: skip
    """Return what is sent, before it is signed: of each fact only the fields that may travel this way."""
    allowed = CARRIED[direction]
    carried = [_carry(one, allowed[one.kind]) for one in facts if one.kind in allowed and _travels(one)]
    return {
        "format": FORMAT, "direction": direction, "from": {"code": sender_code, "name": sender}, "incident": incident,
        "made_at": made_at.isoformat(), "about": {"age": age, "sex": sex}, "facts": carried,
    }  # fmt: skip


def _travels(fact: Fact) -> bool:
    return fact.kind != "decision" or fact.payload.get("matter") in DECISIONS


def _carry(fact: Fact, fields: frozenset[str]) -> dict[str, Any]:
    return {
        "fact": str(fact.fact), "kind": fact.kind, "valid_from": _text(fact.valid_from),
        "valid_to": _text(fact.valid_to), "values": {k: v for k, v in fact.payload.items() if k in fields},
    }  # fmt: skip


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def canonical(body: Mapping[str, Any]) -> bytes:
    """Return the bytes that are signed: the same for the same body, wherever they are written."""
    unsigned = {key: value for key, value in body.items() if key not in ("public_key", "signature")}
    return json.dumps(unsigned, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def read_message(content: bytes, *, direction: str) -> tuple[Message, bytes]:
    """
    Return a message and the bytes its signature is over. Raises InputError, saying what is wrong and what to do.

    Whether the signature holds is for the caller, who has the keys.
    """
    if len(content) > LARGEST:
        raise InputError(f"The file is larger than {LARGEST // 1_000_000} MB, so it is no message of Kinfold's.")
    try:
        said = json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError):
        raise InputError(f"The file is not a message of Kinfold's. {_ENDINGS}") from None
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        raise InputError(f"The file is not a message about a serious incident ({FORMAT}). {_ENDINGS}")
    if said.get("direction") != direction:
        raise InputError(f"This message goes the other way: it is {said.get('direction')}, not {direction}.")
    try:
        return _message(said, direction), canonical(said)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise InputError(f"The message lacks a part, or a part is not what it should be. {_ENDINGS}") from None


def _message(said: Mapping[str, Any], direction: str) -> Message:
    made_at = datetime.fromisoformat(said["made_at"])
    if made_at.tzinfo is None or not isinstance(said["facts"], list):
        raise ValueError
    bytes.fromhex(said["public_key"]), bytes.fromhex(said["signature"])
    about = said.get("about") or {}
    return Message(
        direction=direction, sender_code=str(said["from"]["code"])[:8], sender=str(said["from"]["name"])[:120],
        incident=str(UUID(said["incident"])), made_at=made_at,
        about={"age": about.get("age"), "sex": str(about.get("sex") or "")},
        facts=tuple(_fact(one, CARRIED[direction]) for one in said["facts"]), public_key=str(said["public_key"]),
        signature=str(said["signature"]),
    )  # fmt: skip


def _fact(said: Mapping[str, Any], allowed: Mapping[str, frozenset[str]]) -> Carried:
    name = said["kind"]
    declare_all()
    if name not in allowed or name not in KINDS:
        raise InputError(f"The message carries “{str(name)[:40]}”, which does not travel this way.")
    values = {key: value for key, value in dict(said["values"]).items() if key in allowed[name]}
    return Carried(
        fact=str(UUID(said["fact"])), kind=name, valid_from=_day(said.get("valid_from")),
        valid_to=_day(said.get("valid_to")), values=encode(name, values),
    )  # fmt: skip


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def new_facts(message: Message, known: Iterable[str]) -> Sequence[Carried]:
    """Return the facts of a message that were not received before; `known` are the senders' ids of those that were."""
    have = set(known)
    return [one for one in message.facts if one.fact not in have]
