"""
Whom a search finds, and the emulator's own score.

The traits that the contract describes are kept: a search that is not fuzzy is literal but for case and a wildcard; a
fuzzy one finds names that sound alike, given and family name exchanged, former names and homes; a former day of birth is
never found, nor a hidden postcode; a restricted person is not found by a postcode or a practice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from kinfold.outside.demographic_service.emulator.people import SHOWN_NAMES, Entry, People
from kinfold.outside.demographic_service.emulator.rules import Question
from kinfold.outside.demographic_service.patient import PersonName

# What each weaker agreement takes off a score of 1. Ours: the service's rule is not public.
LOSSES = {
    "sounds": 0.05, "exchanged": 0.06, "other_name": 0.12, "former_name": 0.03, "former_home": 0.02, "other_home": 0.06,
    "other_gender": 0.05, "other_contact": 0.03, "wildcard": 0.1657, "other_practice": 0.02,
}  # fmt: skip
LOWEST = 0.5
_CODES = {letter: digit for digit, letters in
          {"1": "bfpv", "2": "cgjkqsxz", "3": "dt", "4": "l", "5": "mn", "6": "r"}.items() for letter in letters}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scored:
    """One entry found, and its score from 0.5 to 1."""

    entry: Entry
    score: float


def search(people: People, asked: Question) -> list[Scored]:
    """Return everybody that a search finds, best first. A superseded entry stands as the one that superseded it."""
    found: dict[str, Scored] = {}
    for entry in people.born_between(asked.first, asked.last):
        losses = _losses(entry, asked)
        current = people.current(entry.patient.nhs_number)
        if losses is None or current is None or current.invalidated:
            continue
        score = max(LOWEST, round(1 - sum(LOSSES[loss] for loss in losses), 4))
        if asked.exact and score < 1:
            continue
        number = current.patient.nhs_number
        if number not in found or found[number].score < score:
            found[number] = Scored(current, score)
    return sorted(found.values(), key=lambda one: (-one.score, one.entry.patient.nhs_number))


def _losses(entry: Entry, asked: Question) -> list[str] | None:
    """Return what the entry loses beside full agreement; None if it is not found."""
    if entry.patient.restricted and (asked.postcode or asked.practice):
        return None
    return _fuzzily(entry, asked) if asked.fuzzy else _literally(entry, asked)


def _literally(entry: Entry, asked: Question) -> list[str] | None:
    patient = entry.patient
    names = [name for name in patient.names if name.use in SHOWN_NAMES or asked.history]
    fitting = [name for name in names if _fits(asked.family, [name.family]) and _givens_fit(asked.given, name)]
    contacts = ((asked.email, patient.emails), (asked.phone, patient.phones), (asked.practice, [patient.practice]))
    agree = (
        fitting
        and asked.gender in ("", patient.gender)
        and all(not wanted or wanted in held for wanted, held in contacts)
        and (not asked.death_date or asked.death_date.removeprefix("eq") == patient.death_date[:10])
        and (not asked.postcode or _fits(asked.postcode, _postcodes(entry)))
    )
    if not agree:
        return None
    former = all(name.use not in SHOWN_NAMES for name in fitting)
    wild = "*" in f"{asked.family}{''.join(asked.given)}{asked.postcode}"
    return ["former_name"] * former + ["wildcard"] * wild


def _fits(wanted: str, held: Iterable[str]) -> bool:
    """Return whether a text fits one that is held, letter for letter; a wildcard stands for the rest."""
    low = wanted.lower()
    if low.endswith("*"):
        return any(text.lower().startswith(low[:-1]) for text in held)
    return any(text.lower() == low for text in held)


def _givens_fit(wanted: Sequence[str], name: PersonName) -> bool:
    whole = " ".join(name.given)
    return all(_fits(one, name.given[:1] if one.endswith("*") else (*name.given, whole)) for one in wanted)


def _postcodes(entry: Entry) -> list[str]:
    plain = [home.postcode.replace(" ", "").upper() for home in entry.patient.homes]
    hidden = {postcode.replace(" ", "").upper() for postcode in entry.hidden_postcodes}
    return [postcode for postcode in plain if postcode not in hidden]


def _fuzzily(entry: Entry, asked: Question) -> list[str] | None:
    """Return the losses by the name that loses least, if one of the three allowed sets of points agrees."""
    elsewhere = _elsewhere(entry, asked)
    home_and_gender = bool(asked.gender and asked.postcode) and not {"other_home", "other_gender"} & set(elsewhere)
    best: list[str] | None = None
    for name in entry.patient.names:
        for given, family in _name_losses(name, asked):
            both = given != "other_name" and family != "other_name"
            if not both and not (home_and_gender and "other_name" in (given, family) and given != family):
                continue
            former = ["former_name"] * (name.use not in SHOWN_NAMES)
            losses = [loss for loss in (given, family) if loss] + former + elsewhere
            if best is None or _total(losses) < _total(best):
                best = losses
    return best


def _total(losses: Iterable[str]) -> float:
    return sum(LOSSES[loss] for loss in losses)


def _name_losses(name: PersonName, asked: Question) -> list[tuple[str, str]]:
    """Return what (given, family) lose: as they stand, and exchanged."""
    given = " ".join(asked.given)
    straight = (_alike(given, name.given), _alike(asked.family, (name.family,)))
    if given and asked.family and not _alike(given, (name.family,)) and not _alike(asked.family, name.given):
        return [straight, ("exchanged", "")]
    return [straight]


def _alike(wanted: str, held: Sequence[str]) -> str:
    """Return "" for the same name or none asked for, "sounds" for one that sounds alike, "other_name" for another."""
    if not wanted:
        return ""
    first = wanted.split()[0]
    if any(text.lower() in (wanted.lower(), first.lower()) for text in (*held, " ".join(held))):
        return ""
    return "sounds" if any(soundex(first) == soundex(text) for text in held) else "other_name"


def _elsewhere(entry: Entry, asked: Question) -> list[str]:
    """Return the losses on points that are not names."""
    patient, losses = entry.patient, []
    if asked.gender and asked.gender != patient.gender:
        losses.append("other_gender")
    if asked.postcode:
        current = patient.home.postcode.replace(" ", "").upper() if patient.home else ""
        held = _postcodes(entry)
        if asked.postcode not in held:
            losses.append("other_home")
        elif asked.postcode != current:
            losses.append("former_home")
    for wanted, those in ((asked.email, patient.emails), (asked.phone, patient.phones)):
        if wanted and wanted not in those:
            losses.append("other_contact")
    if asked.practice and asked.practice != patient.practice:
        losses.append("other_practice")
    return losses


@lru_cache(maxsize=100_000)
def soundex(name: str) -> str:
    """Return the American Soundex of a name: its first letter and three digits; "" where it has no letter."""
    letters = [letter for letter in name.lower() if letter.isalpha()]
    if not letters:
        return ""
    code, last = letters[0].upper(), _CODES.get(letters[0], "")
    for letter in letters[1:]:
        digit = _CODES.get(letter, "")
        if digit and digit != last:
            code += digit
        if letter not in "hw":  # h and w do not part two letters of one sound; a vowel does
            last = digit
    return code[:4].ljust(4, "0")
