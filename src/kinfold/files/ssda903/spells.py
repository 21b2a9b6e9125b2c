"""
What lasts, put together from episodes: care periods, legal statuses and placements.

Consecutive episodes with one legal status are one legal status; with one placement, one placement. A new
one begins where the reason for the new episode says so, where the content differs, or where there is a
gap or an overlap: those are kept as reported.

A file begins in the middle of things: its first episode may go on with a status or placement whose first
day only an earlier year's file has. Such a claim's natural key starts with `CONTINUING`, its first day is
the first that this file knows, and `continued` finds the earlier fact that it goes on with.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any

from kinfold.files.ssda903.looked_after_episodes import Episode
from kinfold.record.claim import Claim, Key, KnownSpell, Place
from kinfold.record.in_time import Dated

# A return repeats few days many times: writing each once is four times faster.
day_text = lru_cache(maxsize=50_000)(date.isoformat)

CONTINUING = "before:"
NO_URN = "XXXXXXX"  # the setting has no number: adoption and foster placements only (rule 242)
_NEW_STATUS = frozenset({"S", "L", "B", "U"})
_NEW_PLACEMENT = frozenset({"S", "P", "T", "B", "U"})


def spells_from(episodes: Sequence[tuple[Episode, Place]]) -> list[Claim]:
    """Return the claims that one child's episodes make, in order of time; `valid_to` is None while they hold."""
    claims: list[Claim] = []
    care: Claim | None = None
    status: Claim | None = None
    placement: Claim | None = None
    before: Episode | None = None
    for episode, place in sorted(episodes, key=_when):
        reason = episode.reason_for_new_episode
        follows = before is not None and before.ended == episode.started
        care_goes_on = before is not None and reason != "S" and before.reason_ceased in (None, "X1")
        together = care_goes_on and follows
        first = before is None and reason != "S"
        if care is None or not care_goes_on:
            care = _care_period(episode, place, continuing=first)
            claims.append(care)
        else:
            care.places += (place,)
        if not together or reason in _NEW_STATUS or not _same_status(before, episode):
            status = _legal_status(episode, place, continuing=first and reason not in _NEW_STATUS)
            claims += [status] if status else []
        elif status is not None:
            status.places += (place,)
        if not together or reason in _NEW_PLACEMENT or not _same_place(before, episode):
            placement = _placement(episode, place, continuing=first and reason not in _NEW_PLACEMENT)
            claims += [placement] if placement else []
        elif placement is not None:
            placement.places += (place,)
        _carry_on(episode, care=care, status=status, placement=placement)
        before = episode
    return _with_own_keys(claims)


def continued(claims: Iterable[Claim], known: Sequence[Dated]) -> list[Claim]:
    """
    Return the claims with each that goes on from before given the first day of the known spell it goes on with.

    `known` are the spells already held of the same child from the same door. A claim goes on with one of
    its kind, with the same content, that began earlier and had not ended before the claim's first day. The
    mark `CONTINUING` is gone afterwards: a spell is known by its first day, whichever year's file told it.
    The other way about, where a later year's file was loaded first: a claim that goes on into a known spell of which
    that file did not know the beginning takes it up, so that years end in the same spells in whatever order they come.
    """
    claims = list(claims)
    stated = {(claim.kind, claim.valid_from) for claim in claims}
    joined = (_joined_to_known(claim, known) if claim.natural_key.startswith(CONTINUING) else claim for claim in claims)
    return [_taking_up(claim, known, stated) for claim in joined]


def _taking_up(claim: Claim, known: Sequence[Dated], stated: set[tuple[str, date | None]]) -> Claim:
    """Return the claim gone on into the known spell that it is the beginning of; itself where there is none."""
    start, end = claim.valid_from, claim.valid_to or date.max
    later = [
        spell
        for spell in known
        if spell.kind == claim.kind
        and not (isinstance(spell, KnownSpell) and spell.withdrawn)
        and start is not None
        and spell.valid_from is not None
        and start < spell.valid_from <= end
        and (spell.kind, spell.valid_from) not in stated
        and _same_thing(spell, claim)
        and _begins_in_the_middle(spell, known)
    ]
    if not later:
        return claim
    spell = min(later, key=lambda each: each.valid_from or date.max)
    payload = {**spell.payload, **{name: claim.payload[name] for name in _OF_THE_START if name in claim.payload}}
    return replace(claim, valid_to=spell.valid_to, payload=payload, takes_up=spell.valid_from)


def _begins_in_the_middle(spell: Dated, known: Sequence[Dated]) -> bool:
    """Say whether the file that told a spell told no reason for it to begin: the first episode in it was another's."""
    if spell.kind == "care_period":
        return spell.payload.get("start_reason") != "S"
    if spell.kind == "placement":
        return spell.payload.get("start_reason") not in _NEW_PLACEMENT
    # why an episode began is kept with its placement
    return any(
        other.kind == "placement"
        and other.valid_from == spell.valid_from
        and other.payload.get("start_reason") not in _NEW_STATUS
        for other in known
    )


def _same_thing(spell: Dated, claim: Claim) -> bool:
    return all(spell.payload.get(name) == claim.payload.get(name) for name in _IDENTITY[claim.kind])


def _joined_to_known(claim: Claim, known: Sequence[Dated]) -> Claim:
    start = claim.valid_from or date.min
    earlier = [
        spell
        for spell in known
        if spell.kind == claim.kind
        and spell.valid_from is not None
        and spell.valid_from < start
        and (spell.valid_to is None or spell.valid_to >= start)
        and _same_thing(spell, claim)
    ]
    if not earlier:
        return replace(claim, natural_key=claim.natural_key.removeprefix(CONTINUING))
    spell = max(earlier, key=lambda each: each.valid_from or date.min)
    began = spell.valid_from
    payload = dict(claim.payload)
    for name in _OF_THE_START:
        if name in spell.payload:
            payload[name] = spell.payload[name]
    return replace(
        claim, natural_key=began.isoformat() if began else claim.natural_key, valid_from=began, payload=payload
    )


# What the first day alone tells: it stays as the file that knows that day has it.
_OF_THE_START = ("start_reason", "home_postcode")
# What must agree for two spells of a kind to be one.
_IDENTITY = {
    "care_period": (),
    "legal_status": ("legal_status",),
    "placement": ("placement_type", "placement_provider", "urn", "postcode"),
}


def _when(pair: tuple[Episode, Place]) -> tuple[date, date, Place]:
    episode, place = pair
    return episode.started, episode.ended or date.max, place


def _same_status(before: Episode | None, episode: Episode) -> bool:
    return before is not None and before.legal_status == episode.legal_status


def _same_place(before: Episode | None, episode: Episode) -> bool:
    return (
        before is not None
        and before.placement_type == episode.placement_type
        and before.placement_provider == episode.placement_provider
        and before.urn == episode.urn
        and before.placement_postcode == episode.placement_postcode
    )


def _carry_on(episode: Episode, *, care: Claim, status: Claim | None, placement: Claim | None) -> None:
    """Move the ends of what holds to the end of this episode."""
    if episode.reason_ceased not in (None, "X1") and episode.ended is not None:
        care.valid_to = episode.ended
        care.payload["end_reason"] = episode.reason_ceased
    if episode.category_of_need:
        care.payload["primary_need"] = episode.category_of_need
    if status is not None:
        status.valid_to = episode.ended
    if placement is not None:
        placement.valid_to = episode.ended
        _put(placement.payload, "end_reason", episode.reason_ceased)
        _put(placement.payload, "change_reason", episode.reason_for_placement_change)


def _put(payload: dict[str, Any], name: str, value: str | None) -> None:
    if value:
        payload[name] = value
    else:
        payload.pop(name, None)


def _care_period(episode: Episode, place: Place, *, continuing: bool) -> Claim:
    payload = {"start_reason": "S"} if episode.reason_for_new_episode == "S" else {}
    return _claim("care_period", episode, place, payload, continuing=continuing)


def _legal_status(episode: Episode, place: Place, *, continuing: bool) -> Claim | None:
    if episode.legal_status is None:
        return None
    return _claim("legal_status", episode, place, {"legal_status": episode.legal_status}, continuing=continuing)


def _placement(episode: Episode, place: Place, *, continuing: bool) -> Claim | None:
    payload: dict[str, Any] = {}
    if episode.placement_type:
        payload["placement_type"] = episode.placement_type
    if episode.placement_provider:
        payload["placement_provider"] = episode.placement_provider
    if episode.urn:
        payload["urn"] = episode.urn
    if episode.placement_postcode:
        payload["postcode"] = episode.placement_postcode
    if not payload:
        return None
    _put(payload, "home_postcode", episode.home_postcode)
    _put(payload, "start_reason", episode.reason_for_new_episode)
    claim = _claim("placement", episode, place, payload, continuing=continuing)
    claim.ref = episode.urn
    if episode.urn and episode.urn != NO_URN:
        claim.party = Key("setting", episode.urn)
    return claim


def _claim(kind: str, episode: Episode, place: Place, payload: dict[str, Any], *, continuing: bool) -> Claim:
    began = day_text(episode.started)
    return Claim(kind, CONTINUING + began if continuing else began, episode.started, None, payload, (place,))


def _with_own_keys(claims: list[Claim]) -> list[Claim]:
    """Number the natural keys that two claims of a kind share: overlapping rows that begin on one day."""
    seen: dict[tuple[str, str], int] = {}
    for claim in claims:
        key = claim.kind, claim.natural_key.removeprefix(CONTINUING)  # the mark does not stay (`continued`)
        seen[key] = seen.get(key, 0) + 1
        if seen[key] > 1:
            claim.natural_key = f"{claim.natural_key}#{seen[key]}"
    return claims
