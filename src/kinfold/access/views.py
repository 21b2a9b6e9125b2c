"""
The chain of views and changes: one chain a holder, each entry linked to the one before.

An entry links the *hash* of its body, not the body: a body erased by law leaves the chain whole, and since it was
salted nobody can guess back what stood there. The envelope holds only random public ids and stable words. Heads are cut monthly and signed, and kept outside the database, since
whoever owns the file can drop its triggers: the chain is evidence of tampering, not prevention.

The canonical form is JSON in UTF-8, keys sorted, no spaces, moments in UTC with microseconds, no floats: the same
bytes on every database and every version of Python.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from kinfold.terms.errors import StructureBroken

FIRST = "0" * 64
SALT = "salt"
SALT_BYTES = 16


def canonical(value: Any) -> bytes:
    """
    Return `value` as canonical JSON.

    Takes text, whole numbers, yes or no, None, days, aware moments, UUIDs, lists, tuples and mappings with text
    keys. Raises StructureBroken for anything else, floats above all: they do not print alike everywhere.
    """
    return _written(_plain(value, "$")).encode()


_written = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode
# What nearly every value is, and is written as it stands. Every page, call and change waits for its entry.
_AS_IT_IS = frozenset({str, int, bool, type(None)})


def _plain(value: Any, where: str) -> Any:
    if type(value) in _AS_IT_IS:
        return value
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, datetime):
        return _moment(value, where)
    if isinstance(value, date | UUID):
        return str(value)
    if isinstance(value, Mapping):
        return {
            _key(key, where): item if type(item) in _AS_IT_IS else _plain(item, f"{where}.{key}")
            for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [_plain(item, f"{where}[{place}]") for place, item in enumerate(value)]
    raise StructureBroken(f"An audit entry cannot hold {type(value).__name__} at {where}")


def _key(key: Any, where: str) -> str:
    if not isinstance(key, str):
        raise StructureBroken(f"An audit entry needs text for its keys at {where}")
    return str(key)


def _moment(value: datetime, where: str) -> str:
    if value.tzinfo is None:
        raise StructureBroken(f"An audit entry needs a moment with its time zone at {where}")
    return _moment_text(value)


@lru_cache(maxsize=256)
def _moment_text(value: datetime) -> str:
    """Return a moment in UTC: the entries of a group have one."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f") + "Z"


def salted(body: Mapping[str, Any], random_bytes: bytes) -> dict[str, Any]:
    """
    Return `body` with a salt, so that its hash tells nothing once the body is erased.

    `random_bytes` are 16 or more from a secret source.
    """
    if len(random_bytes) < SALT_BYTES:
        raise StructureBroken(f"The salt of an audit body must be {SALT_BYTES} random bytes or more")
    return {**body, SALT: random_bytes.hex()}


def body_hash(body: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a body in canonical form, in hexadecimal."""
    return hashlib.sha256(canonical(body)).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """
    One thing that was done or looked at.

    `seq` counts from 1 in the holder's chain. `actor` and `person` are random public ids, `action` and `reason`
    stable words: what could tell more about anybody is in the body, of which only `body_hash` is here. `previous`
    is the hash of the entry before (FIRST for the first) and `hash` its own.
    """

    held_by: int
    seq: int
    at: datetime
    actor: str
    action: str
    body_hash: str
    organisation: str = ""
    role: str = ""
    person: str = ""
    reason: str = ""
    previous: str = ""
    hash: str = ""


COVERED = ("held_by", "seq", "at", "actor", "organisation", "role", "action", "person", "reason", "body_hash")


def link(previous: str, entry: AuditEntry) -> str:
    """Return the hash of `entry` as the one after `previous`, in hexadecimal. The first follows FIRST."""
    return _hash(previous, covered_text(*_covered(entry)))


_covered = attrgetter(*COVERED)
_quoted = json.encoder.encode_basestring


def covered_text(
    held_by: int, seq: int, at: datetime, actor: str, organisation: str, role: str, action: str, person: str,
    reason: str, body_hash: str,
) -> str:  # fmt: skip
    """Return what `canonical` makes of these under their names, written out: a chain has one for each of its entries."""
    return (
        f'{{"action":{_quoted(action)},"actor":{_quoted(actor)},"at":"{_moment(at, "$.at")}",'
        f'"body_hash":{_quoted(body_hash)},"held_by":{held_by:d},"organisation":{_quoted(organisation)},'
        f'"person":{_quoted(person)},"reason":{_quoted(reason)},"role":{_quoted(role)},"seq":{seq:d}}}'
    )


def _hash(previous: str, covered: str) -> str:
    return hashlib.sha256(f"kinfold audit entry\n{previous}\n{covered}".encode()).hexdigest()


def linked(entries: Iterable[AuditEntry], *, after: AuditEntry | None = None) -> list[AuditEntry]:
    """Return `entries` numbered and linked after `after`, the last of the holder's chain (None for a new chain)."""
    seq, previous = (after.seq, after.hash) if after else (0, FIRST)
    made: list[AuditEntry] = []
    for entry in entries:
        seq += 1
        held_by, _, *rest = _covered(entry)
        own = _hash(previous, covered_text(held_by, seq, *rest))
        made.append(AuditEntry(**dict(zip(COVERED, (held_by, seq, *rest), strict=True)), previous=previous, hash=own))
        previous = own
    return made


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry of a holder's chain at a cut: `month` is the month it closes, such as "2026-03"."""

    held_by: int
    month: str
    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Broken:
    """Where a chain does not hold: the place in it, a stable word for what is wrong, and a sentence."""

    held_by: int
    seq: int
    fault: str
    message: str


BodyOf = Callable[[AuditEntry], Mapping[str, Any] | None]


def verify(
    entries: Iterable[AuditEntry],
    *,
    after: Head | None = None,
    until: Head | None = None,
    bodies: BodyOf | None = None,
    erasures: Collection[int] = (),
) -> list[Broken]:
    """
    Return every place where the chain of one holder does not hold, the first bad place first; none if it holds.

    `entries` come in order of `seq`. `after` is the head they follow, when earlier months are kept elsewhere.
    `until` is a head kept outside the database: without one, entries cut off the end cannot be missed. `bodies`
    fetches the body of an entry, to be checked too; `erasures` are those whose body was erased by law: a body
    missing anywhere else is a fault.
    """
    found: list[Broken] = []
    seq, previous = (after.seq, after.hash) if after else (0, FIRST)
    held_by = after.held_by if after else None
    hash_then = {until.seq: previous} if until is not None and until.seq == seq else {}
    for entry in entries:
        held_by = entry.held_by if held_by is None else held_by
        found.extend(_faults(entry, held_by, seq + 1, previous))
        if bodies is not None:
            found.extend(_body_faults(entry, held_by, seq + 1, bodies(entry), erasures))
        seq, previous = entry.seq, entry.hash
        if until is not None and seq == until.seq:
            hash_then[seq] = previous
    if until is not None and hash_then.get(until.seq) != until.hash:
        text = f"The chain does not hold the head of {until.month}: entries were cut off or replaced."
        found.append(Broken(until.held_by, min(until.seq, seq + 1), "head", text))
    return sorted(found, key=lambda broken: broken.seq)


def _faults(entry: AuditEntry, held_by: int, seq: int, previous: str) -> Iterable[Broken]:
    """Yield what is wrong with the entry that stands where number `seq` of `held_by` should."""
    if entry.held_by != held_by:
        yield Broken(held_by, seq, "holder", f"Entry {seq} belongs to another holder's chain.")
    if entry.seq != seq:
        yield Broken(held_by, seq, "order", f"Entry {seq} is missing: entry {entry.seq} stands in its place.")
    if entry.previous != previous:
        yield Broken(held_by, seq, "previous", f"Entry {seq} does not follow the entry before it.")
    if entry.hash != link(entry.previous, entry):
        yield Broken(held_by, seq, "hash", f"Entry {seq} was changed after it was written.")


def _body_faults(
    entry: AuditEntry, held_by: int, seq: int, body: Mapping[str, Any] | None, erasures: Collection[int]
) -> Iterable[Broken]:
    if body is None:
        if entry.seq not in erasures:
            yield Broken(held_by, seq, "content", f"The content of entry {seq} is gone and no erasure says why.")
        return
    try:
        holds = body_hash(body) == entry.body_hash
    except StructureBroken:
        holds = False
    if not holds:
        yield Broken(held_by, seq, "content", f"The content of entry {seq} was changed after it was written.")


@dataclass(frozen=True, slots=True)
class SignedHead:
    """A head with its Ed25519 signature, ready to be sent outside the database."""

    head: Head
    signature: bytes


def _head_bytes(head: Head) -> bytes:
    covered = {"held_by": head.held_by, "month": head.month, "seq": head.seq, "hash": head.hash}
    return b"kinfold audit head\n" + canonical(covered)


def sign_head(head: Head, key: Ed25519PrivateKey) -> SignedHead:
    """Return `head` signed with the holder's key."""
    return SignedHead(head, key.sign(_head_bytes(head)))


def verify_head(signed: SignedHead, key: Ed25519PublicKey) -> bool:
    """Return whether the signature of a head is that of the holder's key."""
    try:
        key.verify(signed.signature, _head_bytes(signed.head))
    except InvalidSignature:
        return False
    return True
