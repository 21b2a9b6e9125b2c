"""Writing papers, attaching files, and keeping an author's drafts."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone

from kinfold.access.words import Verb
from kinfold.files.attached import LARGEST, Attached, make_safe
from kinfold.record.declare import KINDS
from kinfold.service.records.actions import recording
from kinfold.service.records.actions.receiving import kept_folder
from kinfold.service.records.models import Draft, KeptFile, Thing
from kinfold.service.records.reads.papers import ATTACHED, TYPED, thing_of_kind
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.scope import as_system
from kinfold.service.records.sealing import keyed_hash, seal
from kinfold.terms.errors import FileRefused, InputError

# Above this a file lies on the disk beside the received ones, not in a row.
MOST_IN_A_ROW = 1_000_000
DRAFT_LONGEST = 200_000
DRAFTS_KEPT = 100


def write_paper(
    reader: Reader, row: Thing, *, kind: str, day: date, title: str, words: str, said: Mapping[str, Any]
) -> str:
    """Record a paper that was typed in, drop its draft, and return its public id. `said` are the kind's own fields."""
    if kind not in TYPED:
        raise InputError("Choose what kind of paper this is.")
    if day > reader.now.date():
        raise InputError("The day must be today or in the past.")
    fact, _ = recording.record(
        reader, row, kind=kind, values=_values(kind, reader.account.name, title, words, said), valid_from=day,
        valid_to=None, party=None, because=f"{KINDS[kind].label.lower()} written",
    )  # fmt: skip
    drop_draft(reader, "paper", f"{row.uid}:{kind}")
    return fact


def _values(kind: str, author: str, title: str, words: str, said: Mapping[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {
        "title": title,
        **{name: value for name, value in said.items() if value not in (None, "")},
    }
    if kind == "legal_advice":
        return {**values, "text": words, "adviser": author}
    return {**values, "sections": [{"heading": "", "words": words}], "author": author}


def correct_paper(
    reader: Reader, row: Thing, *, fact: str, kind: str, made_from: str, day: date, title: str, words: str, because: str
) -> None:
    """
    Write a corrected version of a paper.

    Raises EditConflict where somebody changed it first: the words given are then kept as the author's draft.
    """
    text: dict[str, Any] = (
        {"text": words} if kind == "legal_advice" else {"sections": [{"heading": "", "words": words}]}
    )
    recording.correct(
        reader, row, word="paper", fact=fact, made_from=made_from, values={"title": title, **text}, because=because,
        days={"valid_from": day},
    )  # fmt: skip
    drop_draft(reader, "paper", f"{row.uid}:{fact[:20]}")


def attach(
    reader: Reader, row: Thing, *, kind: str, day: date, title: str, name: str, content: bytes, because: str = ""
) -> tuple[str, Attached]:
    """
    Record a paper with a file: made safe, sealed under the holder's key. Return its public id and what was kept.

    Raises FileRefused for a file that will not do, and NotPermitted, recorded, before anything is looked at.
    """
    if kind not in ATTACHED:
        raise InputError("Choose what kind of paper this is.")
    asked = thing_of_kind(reader.thing(row), KINDS[kind], KINDS[kind].label_default)
    reader.insist(Verb.WRITE, asked, action=f"record {kind}")
    if len(content) > LARGEST:
        raise FileRefused(f"The file is larger than {LARGEST // 1_000_000} MB. Split it and try again.", code="too_big")
    safe = make_safe(name, content)
    with as_system():
        kept = keep_file(row.held_by_id, safe, by=str(reader.account.uid))
        values = {
            "title": title or safe.name, "author": reader.account.name, "file_sha256": kept.sha256,
            "media_type": safe.media_type,
        }  # fmt: skip
        fact, _ = recording.record(
            reader, row, kind=kind, values=values, valid_from=day, valid_to=None, party=None,
            because=because or "file attached",
        )  # fmt: skip
    return fact, safe


def keep_file(held_by: int, file: Attached, *, by: str) -> KeptFile:
    """
    Keep a file sealed and return its row.

    Its hash is of the sealed bytes, which differ every time: one photograph in two records shares no hash.
    """
    out = io.BytesIO()
    seal(held_by, io.BytesIO(file.content), out)
    sealed = out.getvalue()
    mark = keyed_hash(held_by, hashlib.sha256(sealed).hexdigest())
    on_disk = len(sealed) > MOST_IN_A_ROW
    if on_disk:
        folder = kept_folder(held_by)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / mark).write_bytes(sealed)
    return KeptFile.objects.create(
        held_by_id=held_by, sha256=mark, name=file.name, media_type=file.media_type, size=len(file.content),
        content=None if on_disk else sealed, on_disk=on_disk, by=by, at=timezone.now(),
    )  # fmt: skip


def save_draft(reader: Reader, *, form: str, about: str, values: Mapping[str, Any]) -> None:
    """Keep an author's unfinished form, in the place of the one before. Raises InputError when it is far too long."""
    kept = {str(name)[:40]: str(value) for name, value in values.items()}
    if sum(map(len, kept.values())) > DRAFT_LONGEST:
        raise InputError("This is too long to keep as a draft. Save it in parts.")
    mine = Draft.objects.filter(account=reader.account)
    if not mine.filter(form=form, about=about).exists() and mine.count() >= DRAFTS_KEPT:
        raise InputError(f"You have {DRAFTS_KEPT} drafts. Finish or discard one first.")
    Draft.objects.update_or_create(
        account=reader.account, form=form, about=about, defaults={"values": kept, "at": timezone.now()}
    )


def drop_draft(reader: Reader, form: str, about: str) -> None:
    """Forget an author's draft."""
    Draft.objects.filter(account=reader.account, form=form, about=about).delete()
