"""
Reads one file of forms, refusing it with file and line when something in it is wrong.

    stage = "front_door"

    [[form]]
    name = "contact"
    title = "Contact"
    why = "Somebody got in touch about this child."
    writes = ["contact"]
    day = "When did they get in touch?"
    questions = [
      { field = "contact_source", ask = "Who got in touch?", required = true },
      { field = "reason", ask = "What was it about?" },
    ]
    next = ["referral"]

`writes` names kinds, or tables {kind, how = new|change|end, set = {...}, when = "question = value | value",
unless_open = true}. A question
of a later kind is "kind.field". `own_words = true` asks for the child's own words, which are kept as their own paper;
a field's name in its place puts them there as well. `family_words = true` asks for the family's.
`together = true` lets one form be filled for several children of a family: `each = "own"` (or "same", with the first
child's answer in it) marks a question that is asked of each. `family = true` keeps the first fact once, for the family.
`ends_first` names kinds that must have ended before the form is recorded. `most` says what a number may come to, with
what is on record: {field, total, when = "question = value", because}.
`day = ""` asks no day; `day_future = true` lets it lie ahead; `until` asks for the last day of a new spell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from kinfold.casework.form import Approval, Condition, Each, Form, How, Most, Question, Shape, Writes, shape_of
from kinfold.record.declare import KINDS, Kind, Word, declare_all
from kinfold.terms.errors import SettingError, StructureBroken
from kinfold.terms.toml_text import tables_of

_FORM = frozenset(
    {"name", "title", "why", "writes", "day", "day_future", "until", "questions", "next", "approval", "decides",
     "about", "own_words", "family_words", "party", "source", "which", "together", "family", "ends_first",
     "most"}
)  # fmt: skip
_QUESTION = frozenset({"field", "ask", "hint", "required", "required_when", "known", "also", "past", "each"})
_WRITES = frozenset({"kind", "how", "set", "when", "unless_open"})
_PARTY = frozenset({"ask", "people", "required", "hint"})
_MOST = frozenset({"field", "total", "when", "because"})
OWN_WORDS = "own_words"
FAMILY_WORDS = "family_words"
_FAMILY_ASK = "What do the family say of it, in their own words?"
_OWN_WORDS_ASK = "What did the child say, in their own words?"
_OWN_WORDS_HINT = "Write what they said as they said it. It is kept apart from what professionals write. Leave it empty if they said nothing."


class _Refused(Exception):
    """Why a form will not do; the reader adds file and line."""


def read_forms(text: str, *, file: str) -> list[Form]:
    """Return the forms of one file. Raises SettingError with file and line for the first thing that is wrong."""
    declare_all()
    content = tables_of(text, file=file)
    stage = content.get("stage")
    if not isinstance(stage, str) or set(content) - {"stage", "form"}:
        raise SettingError(f"{file}: it says its `stage` and its [[form]] tables, and nothing else")
    found = []
    for number, table in enumerate(content.get("form", ())):
        try:
            found.append(_form(table, stage))
        except _Refused as why:
            raise SettingError(f"{file}, line {_line(text, number)}, {table.get('name', 'a form')}: {why}") from None
    return found


def _line(text: str, number: int) -> int:
    """Return the line on which the form with a number begins."""
    starts = [line for line, words in enumerate(text.splitlines(), 1) if words.strip() == "[[form]]"]
    return starts[number] if number < len(starts) else 1


def _form(table: Mapping[str, Any], stage: str) -> Form:
    _known_keys(table, _FORM)
    for needed in ("name", "title", "why", "writes"):
        if not table.get(needed):
            raise _Refused(f"it does not say its `{needed}`")
    if not re.fullmatch(r"[a-z0-9_]+", table["name"]):
        raise _Refused("its name is small letters, digits and _")
    writes = tuple(_writes(one) for one in table["writes"])
    if table.get(OWN_WORDS):
        writes = (*writes, Writes("childs_own_words", set=MappingProxyType({"how_given": "said"})))
    if table.get(FAMILY_WORDS):
        writes = (*writes, Writes("familys_own_words"))
    questions = _questions(table, writes)
    made = Form(
        name=table["name"], title=table["title"], stage=stage, why=table["why"], writes=writes, questions=questions,
        next=tuple(table.get("next", ())), approval=_approval(table.get("approval")),
        decides=bool(table.get("decides")), about=table.get("about", "child"), source=table.get("source", ""),
        together=bool(table.get("together")), family=bool(table.get("family")),
        ends_first=tuple(_kind(name).name for name in table.get("ends_first", ())),
        most=tuple(_most(one) for one in table.get("most", ())),
    )  # fmt: skip
    _check_whole(made)
    return made


def _known_keys(table: Mapping[str, Any], keys: frozenset[str]) -> None:
    if unread := sorted(set(table) - keys):
        raise _Refused(f"nothing reads {', '.join(unread)}")


def _kind(name: str) -> Kind:
    if name not in KINDS:
        raise _Refused(f"no kind is declared under the name {name}")
    return KINDS[name]


def _writes(said: Any) -> Writes:
    if isinstance(said, str):
        _kind(said)
        return Writes(said)
    _known_keys(said, _WRITES)
    kind = _kind(said.get("kind", ""))
    values = dict(said.get("set", {}))
    for name, value in values.items():
        spec = kind.fields.get(name)
        if spec is None:
            raise _Refused(f"{kind.name} has no field {name}")
        if spec.choices and value not in spec.choices:
            raise _Refused(f"{kind.name}.{name} cannot be {value}")
    try:
        how = How(said.get("how", "new"))
    except ValueError:
        raise _Refused(f"`how` is new, change or end, not {said['how']}") from None
    return Writes(
        kind.name, how, MappingProxyType(values), _condition(said.get("when", "")), bool(said.get("unless_open"))
    )


def _condition(text: str) -> Condition | None:
    if not text:
        return None
    question, equals, values = text.partition("=")
    if not equals:
        raise _Refused(f"a condition is written question = value, not {text}")
    return Condition(question.strip(), frozenset(value.strip() for value in values.split("|")))


def _approval(said: Any) -> Approval | None:
    if not said:
        return None
    try:
        return Approval(decision=said["decision"], regulation=said["regulation"])
    except (KeyError, TypeError):
        raise _Refused("`approval` says its decision and its regulation") from None


def _most(said: Mapping[str, Any]) -> Most:
    _known_keys(said, _MOST)
    when = _condition(said.get("when", ""))
    if when is None or not isinstance(said.get("total"), int) or not said.get("because"):
        raise _Refused("`most` says its field, its total, when it holds and because of what")
    return Most(str(said.get("field", "")), said["total"], when, said["because"])


def _questions(table: Mapping[str, Any], writes: tuple[Writes, ...]) -> tuple[Question, ...]:
    found: list[Question] = []
    changes = any(one.how is not How.NEW for one in writes[:1])
    if changes:
        kind = KINDS[writes[0].kind]
        found.append(Question("which", table.get("which", f"Which {kind.label.lower()}?"), Shape.WHICH, required=True))
    day = table.get("day", "On which day?")
    if day:
        found.append(
            Question("day", day, Shape.DAY, required=True, known="today", past=not table.get("day_future", False))
        )
    if table.get("until"):
        found.append(Question("until", table["until"], Shape.DAY, hint="Leave this empty while it goes on."))
    if table.get("party"):
        found.append(_party(table["party"], writes[0].declared))
    found += [_question(one, writes) for one in table.get("questions", ())]
    return (*found, *_words(table, writes))


def _words(table: Mapping[str, Any], writes: tuple[Writes, ...]) -> Iterator[Question]:
    """Yield the questions for the child's and the family's own words, where the form asks for them."""
    if own := table.get(OWN_WORDS):
        targets = [("childs_own_words", "sections")]
        if isinstance(own, str):
            kind, name = _target(own, writes)
            targets.append((kind.name, name))
        yield Question(OWN_WORDS, _OWN_WORDS_ASK, Shape.LONG, tuple(targets), hint=_OWN_WORDS_HINT, each=Each.OWN)
    if table.get(FAMILY_WORDS):
        said = ("familys_own_words", "sections")
        yield Question(FAMILY_WORDS, _FAMILY_ASK, Shape.LONG, (said,), hint="Leave it empty if they said nothing.")


def _party(said: Mapping[str, Any], kind: Kind) -> Question:
    _known_keys(said, _PARTY)
    if not kind.party:
        raise _Refused(f"{kind.name} names nobody else")
    return Question(
        "party", said.get("ask", "Who?"), Shape.WHO, hint=said.get("hint", ""),
        required=bool(said.get("required", False)), people=said.get("people", "family"),
    )  # fmt: skip


def _question(said: Mapping[str, Any], writes: tuple[Writes, ...]) -> Question:
    _known_keys(said, _QUESTION)
    if not said.get("field") or not said.get("ask"):
        raise _Refused("a question says its `field` and what to `ask`")
    kind, name = _target(said["field"], writes)
    spec = kind.fields[name]
    shape = shape_of(spec, kind)
    return Question(
        name=said["field"].replace(".", "_"), ask=said["ask"], shape=shape,
        targets=((kind.name, name), *((k.name, n) for k, n in (_target(one, writes) for one in said.get("also", ())))),
        hint=said.get("hint", ""), required=bool(said.get("required", spec.required)),
        required_when=_condition(said.get("required_when", "")), known=said.get("known", ""),
        codes=spec.codes or "", options=tuple((one, one[:1].upper() + one[1:]) for one in spec.choices),
        longest=spec.longest, past=bool(said.get("past", False)), each=_each(said.get("each", "")),
    )  # fmt: skip


def _each(said: str) -> Each:
    try:
        return Each(said)
    except ValueError:
        raise _Refused(f"`each` is own or same, not {said}") from None


def _target(path: str, writes: tuple[Writes, ...]) -> tuple[Kind, str]:
    kind_name, dot, name = path.rpartition(".")
    kind = _kind(kind_name) if dot else writes[0].declared
    if kind.name not in {one.kind for one in writes}:
        raise _Refused(f"{path}: the form does not write {kind.name}")
    if name not in kind.fields:
        raise _Refused(f"{kind.name} has no field {name}")
    return kind, name


def _check_whole(form: Form) -> None:
    names = [one.name for one in form.questions]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise _Refused(f"it asks {', '.join(twice)} twice")
    conditions = [one.when for one in form.writes] + [one.required_when for one in form.questions]
    conditions += [one.when for one in form.most]
    if lost := [one.question for one in form.most if one.question not in names]:
        raise _Refused(f"`most` names {lost[0]}, which the form does not ask")
    for condition in conditions:
        if condition is not None and condition.question not in names:
            raise _Refused(f"a condition names {condition.question}, which the form does not ask")
    if form.family and not (form.together and form.main().declared.word is Word.PLAN):
        raise _Refused("`family` is for a plan that is made together")
    for one in form.writes:
        if one.how is How.END and one.declared.word is Word.EVENT:
            raise _Refused(f"{one.kind} happens on one day and cannot end")
    for question in form.questions:
        if question.codes:
            _code_set_is_there(question)
        if question.known and not re.fullmatch(r"today|me|[a-z0-9_]+\.[a-z0-9_]+", question.known):
            raise _Refused(f"`known` is today, me or kind.field, not {question.known}")
        if "." in question.known:
            kind_name, _, name = question.known.partition(".")
            if name not in _kind(kind_name).fields:
                raise _Refused(f"`known`: {kind_name} has no field {name}")


def _code_set_is_there(question: Question) -> None:
    try:
        _ = question.code_set
    except StructureBroken as error:
        raise _Refused(str(error)) from None
