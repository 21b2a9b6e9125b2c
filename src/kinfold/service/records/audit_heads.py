"""
The heads of the audit chains, cut monthly, signed and kept outside the database.

Whoever owns a database can change it: a chain alone proves nothing against them. So each month's last link is
signed with the holder's key (Ed25519, `keys/audit-<holder>.pem`, readable by the service's account alone) and
written to `audit-heads/<holder>/<month>.json`, to be copied to where that owner cannot write.
A restore from a backup loses the links made since: it is noted there too, signed, and shown as what it is.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from kinfold.access.views import AuditEntry as Link
from kinfold.access.views import Broken, Head, SignedHead, sign_head, verify, verify_head
from kinfold.service.records.audit import verify_chain
from kinfold.service.records.market_journals import journal_faults
from kinfold.service.records.models import AuditCut, AuditEntry, AuditHead, Holder
from kinfold.service.records.scope import as_system
from kinfold.terms.errors import InputError, StructureBroken

# The month under which a restore is noted; no chain has such a month.
RESTORED = "restored"


def heads_folder() -> Path:
    """Return where the heads lie, outside the database."""
    return Path(settings.DATA) / "audit-heads"


def signing_key_file(held_by: int) -> Path:
    """Return where a holder's signing key lies."""
    return Path(settings.DATA) / "keys" / f"audit-{held_by}.pem"


def signing_key(held_by: int) -> Ed25519PrivateKey:
    """Return a holder's signing key, made on first use; its public half is written beside the heads."""
    path = signing_key_file(held_by)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
        if not isinstance(key, Ed25519PrivateKey):
            raise StructureBroken(f"{path.name} is not an Ed25519 key") from None
        return key
    made = Ed25519PrivateKey.generate()
    with os.fdopen(descriptor, "wb") as out:
        out.write(
            made.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
    folder = heads_folder() / str(held_by)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "public-key.pem").write_bytes(
        made.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    return made


def public_key(held_by: int) -> Ed25519PublicKey | None:
    """Return the public half that lies beside a holder's heads, or None when none was ever cut."""
    path = heads_folder() / str(held_by) / "public-key.pem"
    if not path.exists():
        return None
    key = serialization.load_pem_public_key(path.read_bytes())
    if not isinstance(key, Ed25519PublicKey):
        raise StructureBroken(f"{path.name} is not an Ed25519 key")
    return key


@dataclass(frozen=True, slots=True)
class Cut:
    """A signed head as it lies outside the database."""

    head: Head
    signature: bytes
    signed_at: datetime

    def is_signed_by(self, key: Ed25519PublicKey) -> bool:
        """Return whether the signature is that of the holder's key."""
        return verify_head(SignedHead(self.head, self.signature), key)

    def as_text(self) -> str:
        """Return the head as it is written."""
        said = {
            "held_by": self.head.held_by, "month": self.head.month, "seq": self.head.seq, "hash": self.head.hash,
            "signature": self.signature.hex(), "signed_at": self.signed_at.astimezone(UTC).isoformat(),
        }  # fmt: skip
        return json.dumps(said, sort_keys=True)


def _read_cut(text: str, where: str) -> Cut:
    try:
        said = json.loads(text)
        head = Head(int(said["held_by"]), str(said["month"]), int(said["seq"]), str(said["hash"]))
        return Cut(head, bytes.fromhex(said["signature"]), datetime.fromisoformat(said["signed_at"]))
    except (ValueError, KeyError, TypeError):
        raise InputError(f"The audit head {where} cannot be read. Bring back the copy kept elsewhere.") from None


def cuts_outside(held_by: int) -> list[Cut]:
    """Return a holder's heads as they lie outside the database, in order of month."""
    folder = heads_folder() / str(held_by)
    return [_read_cut(path.read_text(), f"{held_by}/{path.name}") for path in sorted(folder.glob("????-??.json"))]


def restores_outside(held_by: int) -> list[Cut]:
    """Return the notes of restores of a holder's chain, oldest first."""
    path = heads_folder() / str(held_by) / f"{RESTORED}.jsonl"
    lines = path.read_text().splitlines() if path.exists() else []
    return [_read_cut(line, f"{held_by}/{path.name}") for line in lines if line.strip()]


def _month_after(month: str) -> datetime:
    year, number = int(month[:4]), int(month[5:])
    return datetime(year + number // 12, number % 12 + 1, 1, tzinfo=UTC)


def _month_starts(month: str) -> datetime:
    try:
        return datetime(int(month[:4]), int(month[5:]), 1, tzinfo=UTC)
    except ValueError:
        raise InputError(f"A month is written like 2026-03, not {month!r}") from None


def cut(*, now: datetime, month: str | None = None) -> list[Cut]:
    """
    Cut and sign the heads of `month`, or of every month that is over and not cut yet; return the new ones.

    Raises InputError for a month that is not over: its head would change.
    """
    if month is not None and (_month_starts(month) is None or _month_after(month) > now):
        raise InputError(f"{month} is not over yet: a month is cut when it has ended.")
    made: list[Cut] = []
    with as_system():
        for held_by in AuditHead.objects.order_by("held_by").values_list("held_by", flat=True):
            months = [month] if month else _months_over(held_by, now)
            made += [one for each in months if (one := _cut_one(held_by, each, now)) is not None]
    return made


def _months_over(held_by: int, now: datetime) -> list[str]:
    first = AuditEntry.objects.filter(held_by=held_by).order_by("seq").values_list("at", flat=True).first()
    if first is None:
        return []
    months = []
    month = first.astimezone(UTC).strftime("%Y-%m")
    while _month_after(month) <= now:
        months.append(month)
        month = _month_after(month).strftime("%Y-%m")
    return months


def _cut_one(held_by: int, month: str, now: datetime) -> Cut | None:
    path = heads_folder() / str(held_by) / f"{month}.json"
    kept = AuditCut.objects.filter(held_by=held_by, month=month).first()
    if path.exists():
        return None
    if kept is None:
        last = (
            AuditEntry.objects.filter(held_by=held_by, at__gte=_month_starts(month), at__lt=_month_after(month))
            .order_by("-seq")
            .first()
        )
        if last is None:
            return None
        signed = sign_head(Head(held_by, month, last.seq, last.hash), signing_key(held_by))
        kept = AuditCut.objects.create(
            held_by=held_by, month=month, seq=last.seq, hash=last.hash, signature=signed.signature.hex(), signed_at=now
        )
    one = Cut(Head(held_by, month, kept.seq, kept.hash), bytes.fromhex(kept.signature), kept.signed_at)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("x") as out:  # never over one that is there
        out.write(one.as_text() + "\n")
        out.flush()
        os.fsync(out.fileno())
    return one


def note_restore(held_by: int, *, now: datetime) -> Cut:
    """Note, signed, that a holder's chain now ends where a backup ended; links after it were lost."""
    last = AuditHead.objects.get(held_by=held_by)
    signed = sign_head(Head(held_by, RESTORED, last.seq, last.hash), signing_key(held_by))
    one = Cut(signed.head, signed.signature, now)
    folder = heads_folder() / str(held_by)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{RESTORED}.jsonl").open("a") as out:
        out.write(one.as_text() + "\n")
        out.flush()
        os.fsync(out.fileno())
    return one


@dataclass(slots=True)
class Verdict:
    """What verifying one holder's chain found. Whole when there are no faults; notes say what to know."""

    held_by: int
    holder: str
    entries: int = 0
    cuts: int = 0
    faults: list[Broken] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return the verdict as `kinfold audit verify --json` prints it."""
        return {
            "holder": self.holder, "whole": not self.faults, "entries": self.entries, "cuts": self.cuts,
            "faults": [{"entry": f.seq, "fault": f.fault, "message": f.message} for f in self.faults],
            "notes": self.notes,
        }  # fmt: skip


def verify_holder(held_by: int) -> Verdict:
    """Return whether a holder's chain holds: every link and content, its end, journals sealed in it, heads outside."""
    with as_system():
        name = Holder.objects.filter(pk=held_by).values_list("code", flat=True).first() or str(held_by)
        found = Verdict(held_by, name, entries=AuditEntry.objects.filter(held_by=held_by).count())
        found.faults += verify_chain(held_by)
        found.faults += end_faults(held_by)
        found.faults += journal_faults(held_by)
        _against_cuts(found)
    found.faults.sort(key=lambda fault: fault.seq)
    return found


def verify_all(code: str | None = None) -> list[Verdict]:
    """Return the verdict on every holder's chain, or on that of the holder with `code`. Raises InputError for another."""
    with as_system():
        holders = Holder.objects.order_by("code")
        if code:
            holders = holders.filter(code=code)
        ids = list(holders.values_list("pk", flat=True))
    if code and not ids:
        raise InputError(f"No holder here has the code {code}.")
    return [verify_holder(held_by) for held_by in ids]


def end_faults(held_by: int) -> list[Broken]:
    """Return what is wrong with the end of a chain: links cut off, or added past the head."""
    head = AuditHead.objects.filter(held_by=held_by).first()
    last = AuditEntry.objects.filter(held_by=held_by).order_by("-seq").first()
    ends = (last.seq, last.hash) if last else (0, head.hash if head else "")
    if (head is None and last is None) or (head is not None and (head.seq, head.hash) == ends):
        return []
    return [Broken(held_by, ends[0], "end", "The chain does not end where its head says: links were cut off or added.")]


def tail_faults(held_by: int, *, length: int = 500) -> list[Broken]:
    """Return what is wrong with the last links of a chain: the quick look that `kinfold doctor` takes."""
    with as_system():
        rows = AuditEntry.objects.filter(held_by=held_by).order_by("-seq")
        before = rows[length : length + 1].first()
        after = Head(held_by, "", before.seq, before.hash) if before else None
        first = before.seq + 1 if before else 1
        tail = AuditEntry.objects.filter(held_by=held_by, seq__gte=first).order_by("seq")
        return end_faults(held_by) + verify(map(_as_link, tail), after=after)


def _as_link(row: AuditEntry) -> Link:
    return Link(**{part.name: getattr(row, part.name) for part in fields(Link)})


def _against_cuts(found: Verdict) -> None:
    key = public_key(found.held_by)
    cuts, restores = cuts_outside(found.held_by), restores_outside(found.held_by)
    found.cuts = len(cuts)
    if key is None:
        if cuts:
            found.faults.append(Broken(found.held_by, 0, "key", "The public key beside the audit heads is missing."))
        return
    for one in [*cuts, *restores]:
        if not one.is_signed_by(key):
            found.faults.append(
                Broken(found.held_by, one.head.seq, "signature", f"The head of {one.head.month} was changed.")
            )
    hashes = dict(
        AuditEntry.objects.filter(held_by=found.held_by, seq__in=[c.head.seq for c in cuts]).values_list("seq", "hash")
    )
    for one in cuts:
        _against_cut(found, one, hashes.get(one.head.seq), restores)
    _cuts_in_the_database(found, cuts)


def _against_cut(found: Verdict, one: Cut, held: str | None, restores: Iterable[Cut]) -> None:
    if held == one.head.hash:
        return
    lost = next((r for r in restores if r.head.seq < one.head.seq and one.signed_at < r.signed_at), None)
    if lost is not None:
        found.notes.append(
            f"Links {lost.head.seq + 1} to {one.head.seq} were lost when a backup was restored on "
            f"{lost.signed_at:%-d %B %Y}: the head of {one.head.month} is of the chain before."
        )
        return
    text = f"The chain does not hold the head of {one.head.month}: links were cut off or replaced."
    found.faults.append(Broken(found.held_by, one.head.seq, "head", text))


def _cuts_in_the_database(found: Verdict, cuts: Iterable[Cut]) -> None:
    """A head that the database has and the folder lacks was taken away, or never copied back after a move."""
    outside = {one.head.month for one in cuts}
    for month in AuditCut.objects.filter(held_by=found.held_by).order_by("month").values_list("month", flat=True):
        if month not in outside:
            found.notes.append(
                f"The head of {month} is not outside the database. Bring its copy back, or run `kinfold audit cut`."
            )
