"""
Where a council keeps each kind of fact: here, or in another system, from a day. Moving a kind is a dated switch.

Source: architecture, "What a load means".
"""

from __future__ import annotations

from datetime import date

from kinfold.access.things import Thing, day_of
from kinfold.access.words import Sort, Verb
from kinfold.record.declare import KINDS
from kinfold.service.records import audit
from kinfold.service.records.commits import writing
from kinfold.service.records.models import Holder, KeptWhere
from kinfold.service.records.reads.office import council_of
from kinfold.service.records.reads.reader import Reader
from kinfold.terms.errors import InputError


def switch(*, holder: Holder, kind: str, where: str, since: date, by: str, today: date) -> KeptWhere:
    """
    Say from which day a council keeps a kind here (`where` empty) or in the system named.

    Facts of a kind kept elsewhere are refused here, with where to change them; files bring them. Raises InputError
    for an unknown kind, for a day that is past (what was typed in before it would be judged anew), or a second
    switch of one kind on one day.
    """
    if kind not in KINDS:
        raise InputError(f"There is no kind called {kind}. `docs/reference/kinds.md` lists them.")
    if since < today:
        raise InputError("The switch must be today or later")
    if KeptWhere.objects.filter(held_by=holder, kind=kind, from_date=since).exists():
        raise InputError(f"{KINDS[kind].label} is switched on {since:%-d %B %Y} already. Choose another day.")
    named = " ".join(where.split())[:120]
    with writing(held_by=holder.pk, by=by, because="where a kind is kept") as change:
        made = KeptWhere.objects.create(
            held_by=holder, kind=kind, here=not named, where=named, from_date=since, by=by[:80]
        )
        body = {"kind": kind, "where": named or "here", "from": since.isoformat()}
        audit.append(change.held_by, [{"actor": by, "action": "kind switched", "body": body}], at=change.at)
    return made


def switch_as(reader: Reader, *, kind: str, where: str, since: date) -> KeptWhere:
    """Do so as a reader of the council who writes its configuration. Raises NotPermitted, recorded, for others."""
    held_by = council_of(reader)
    thing = Thing(sort=Sort.CONFIG, held_by=held_by, slice="configuration")
    reader.insist(Verb.GRANT, thing, action="switch a kind")
    return switch(
        holder=Holder.objects.get(pk=held_by), kind=kind, where=where, since=since, by=str(reader.account.uid),
        today=day_of(reader.now),
    )  # fmt: skip
