"""Makes facts of a form's answers: what is new, what is added to, and what ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from kinfold.casework.answers import Answers
from kinfold.casework.form import Form, How, Writes
from kinfold.casework.known import KnownFact, next_edition, under_way
from kinfold.record.declare import KINDS, Word
from kinfold.terms.errors import InputError


@dataclass(frozen=True, slots=True)
class ToWrite:
    """
    One fact to be written. `fact` and `mark` name what is changed or ended; both are empty for a new one.

    With `family` it is kept once for the child's family, whichever of its children the form was filled about.
    """

    kind: str
    how: How
    values: dict[str, Any]
    valid_from: date | None = None
    valid_to: date | None = None
    party: str = ""
    fact: str = ""
    mark: str = ""
    family: bool = False


def facts_of(form: Form, answers: Answers, known: Sequence[KnownFact], *, me: str) -> list[ToWrite]:
    """
    Return what the record is to be told, in the order of the form's `writes`.

    A new spell of a kind that follows without a gap (a placement, a legal status) ends the one before on its first day.
    Raises InputError where there is nothing to change, or the same is under way already.
    """
    made: list[ToWrite] = []
    for one in form.writes:
        if one.when is not None and not one.when.holds(answers.raw):
            continue
        values = _values(form, one, answers)
        if _says_nothing(form, one, values):
            continue
        if one.how is How.NEW and one is not form.main() and (_is_open(one, known) or _goes_on(one, known)):
            continue  # what a further fact would begin goes on already
        if one.how is How.NEW:
            made += _ended_by(one, answers, known, made)
            made.append(_new(form, one, values, answers, known, me))
        elif (change := _changed(form, one, values, answers, known)) is not None:
            made.append(change)
    return made


def _values(form: Form, one: Writes, answers: Answers) -> dict[str, Any]:
    values = dict(one.set)
    for question in form.questions:
        if question.name not in answers.values:
            continue
        for kind, name in question.targets:
            if kind == one.kind and _takes(form, one):
                values[name] = _stored(name, KINDS[kind].word, answers.values[question.name])
    return values


def _takes(form: Form, one: Writes) -> bool:
    """Return whether the answers go to this of several writes of one kind: to the first that applies."""
    return next(each for each in form.writes if each.kind == one.kind) is one


def _stored(name: str, word: Word, value: Any) -> Any:
    if word is Word.PAPER and name == "sections":
        return [{"heading": "", "words": value}]
    return value


def _says_nothing(form: Form, one: Writes, values: dict[str, Any]) -> bool:
    """Return whether a further paper has no words: the form's main fact is written whatever was answered."""
    paper = one.declared.word is Word.PAPER and one is not form.main()
    return paper and "sections" in one.declared.fields and not values.get("sections")


def _is_open(one: Writes, known: Sequence[KnownFact]) -> bool:
    return one.declared.one_open and any(each.kind == one.kind and each.until is None for each in known)


def _goes_on(one: Writes, known: Sequence[KnownFact]) -> bool:
    return one.unless_open and any(each.kind == one.kind and each.until is None for each in known)


def _new(
    form: Form, one: Writes, values: dict[str, Any], answers: Answers, known: Sequence[KnownFact], me: str
) -> ToWrite:
    kind = one.declared
    day = _day(answers, "day")
    if _is_open(one, known):
        raise InputError(f"{kind.label}: one is under way already. End it first, or correct it from the child's story.")
    if kind.word is Word.PAPER:
        values.setdefault("title", form.title)
        values.setdefault("author", me)
    if kind.word is Word.PLAN and "edition" in kind.fields:
        values.setdefault("edition", next_edition(one.kind, known))
    until = _day(answers, "until") if one is form.main() else None
    return ToWrite(
        kind.name, How.NEW, values, valid_from=day, valid_to=until,
        party=answers.values.get("party", "") if one is form.main() else "", family=form.family and one is form.main(),
    )  # fmt: skip


def _ended_by(one: Writes, answers: Answers, known: Sequence[KnownFact], made: Sequence[ToWrite]) -> list[ToWrite]:
    """Return the end of what a new spell of a tiling kind follows."""
    day = _day(answers, "day")
    if not one.declared.tiles or day is None:
        return []
    done = {each.fact for each in made}
    return [
        ToWrite(each.kind, How.END, {}, valid_from=each.since, valid_to=day, fact=each.fact, mark=each.mark)
        for each in known
        if each.kind == one.kind and each.until is None and each.fact not in done and (each.since or date.min) <= day
    ]


def _changed(
    form: Form, one: Writes, values: dict[str, Any], answers: Answers, known: Sequence[KnownFact]
) -> ToWrite | None:
    """Return the change of a fact on record; None where a further one of the form has nothing to change."""
    found = under_way(replace(form, writes=(one,)), known)
    if one is form.main():
        found = [each for each in found if each.fact == answers.values.get("which")]
    if not found:
        if one is not form.main():
            return None
        raise InputError(f"{one.declared.label}: none is under way. Record that it began first.")
    fact = found[0]
    end = _day(answers, "day") if one.how is How.END else fact.until
    if end is not None and fact.since is not None and end < fact.since:
        raise InputError(
            f"{one.declared.label}: it cannot end before it began, on {fact.since.day} {fact.since:%B %Y}."
        )
    return ToWrite(one.kind, one.how, values, valid_from=fact.since, valid_to=end, fact=fact.fact, mark=fact.mark)


def _day(answers: Answers, name: str) -> date | None:
    text = answers.values.get(name)
    return date.fromisoformat(text) if text else None
