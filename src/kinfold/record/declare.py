"""
How a kind is declared, once, and what follows from the declaration.

A kind is a small typed class. Its fields say their type, meaning, code set, unit, sensitivity and
the Department's names for them; the decorator says which of the seven words it is. Validation, forms,
the API's schema, the reference pages, the invented data and the columnar export are made from it.

    @spell("placement", label="Placement", parent="care_period", ref="urn",
           source="SSDA903 guide, placement type and location")
    class Placement:
        placement_type: str | None = field("Kind of placement", codes="placement_type",
                                           names={"ssda903": "PLACE"})

A released declaration is never edited: `version` rises, `changes` says what changed and `upcasts`
holds one function a step that turns an older payload into the next version's (docs/decisions/0002).
"""

from __future__ import annotations

import dataclasses
import importlib
import math
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar, dataclass_transform

from kinfold.record.shapes import EndDate, Field, Kind, Payload, Sensitivity, Upcast, Word
from kinfold.terms.errors import InputError, StructureBroken

__all__ = [
    "KINDS",
    "EndDate",
    "Field",
    "Kind",
    "Payload",
    "Sensitivity",
    "Upcast",
    "Word",
    "body_fact",
    "called",
    "declare_all",
    "declared",
    "decode",
    "encode",
    "event",
    "field",
    "json_schema",
    "kind",
    "kinds_of",
    "paper",
    "person_fact",
    "plan",
    "shared",
    "spell",
    "tie",
    "upcast",
]  # fmt: skip

type_ = type
Declared = TypeVar("Declared")


_TYPES: dict[Any, str] = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "yes or no",
    date: "date",
    datetime: "moment",
}

KINDS: dict[str, Kind] = {}


def field(
    meaning: str,
    *,
    codes: str | None = None,
    choices: Sequence[str] = (),
    unit: str | None = None,
    required: bool = False,
    sensitivity: Sensitivity = Sensitivity.ORDINARY,
    names: Mapping[str, str] | None = None,
    longest: int | None = None,
) -> Any:
    """Declare one field of a kind. `names` maps a door's name to the Department's name for the field."""
    spec = dict(
        meaning=meaning,
        codes=codes,
        choices=tuple(choices),
        unit=unit,
        required=required,
        sensitivity=sensitivity,
        names=types.MappingProxyType(dict(names or {})),
        longest=longest,
    )
    return dataclasses.field(default=None, metadata={"kinfold": spec})


def called(
    *,
    ssda903: str | None = None,
    cin_census: str | None = None,
    daily_feed: str | None = None,
    dataset: str | None = None,
    annex_a: str | None = None,
) -> Mapping[str, str]:
    """Return the doors' own names for a field, by door; `dataset` is the Standard Safeguarding Dataset."""
    names = {
        "ssda903": ssda903,
        "cin_census": cin_census,
        "daily_feed": daily_feed,
        "standard_safeguarding_dataset": dataset,
        "annex_a": annex_a,
    }
    return types.MappingProxyType({door: name for door, name in names.items() if name})


def _declared_type(annotation: Any, where: str) -> str:
    arguments = [a for a in typing.get_args(annotation) if a is not type_(None)]
    origin = typing.get_origin(annotation)
    if origin in (typing.Union, types.UnionType) and len(arguments) == 1:
        return _declared_type(arguments[0], where)
    if origin is tuple and arguments[0] is str:
        return "codes"
    if origin is tuple and typing.get_origin(arguments[0]) is dict:
        return "parts"
    if annotation in _TYPES:
        return _TYPES[annotation]
    raise TypeError(
        f"{where}: a field may be str, int, float, bool, date, datetime, tuple[str, ...] or tuple[dict, ...]"
    )


@dataclass_transform(field_specifiers=(field,), kw_only_default=True, frozen_default=True)
def declared(
    word: Word,
    name: str,
    *,
    label: str,
    source: str,
    family: str,
    plural: str | None = None,
    **rest: Any,
) -> Callable[[type[Declared]], type[Declared]]:
    """Return the decorator that turns a small typed class into the declared kind `name`."""

    def register(cls: type[Declared]) -> type[Declared]:
        # No repr: a fact printed by accident must not carry names into a log.
        made = dataclass(frozen=True, kw_only=True, repr=False)(cls)
        hints = typing.get_type_hints(made)
        fields = {
            f.name: Field(name=f.name, type=_declared_type(hints[f.name], f"{name}.{f.name}"), **f.metadata["kinfold"])
            for f in dataclasses.fields(made)  # type: ignore[arg-type]
        }
        if name in KINDS:
            raise StructureBroken(f"The kind {name} is declared twice")
        meaning = " ".join((cls.__doc__ or "").split())
        made_kind = Kind(
            name=name,
            word=word,
            label=label,
            plural=plural or f"{label}s",
            meaning=meaning,
            source=source,
            family=family,
            fields=types.MappingProxyType(fields),
            cls=made,
            **rest,
        )
        _check_declaration(made_kind)
        KINDS[name] = made_kind
        return made

    return register


def _check_declaration(made: Kind) -> None:
    """Raise StructureBroken, at import, if a declaration names what is not there."""
    envelope = {"valid_from", "valid_to", "party", "ref"}
    if made.ref and made.ref not in made.fields:
        raise StructureBroken(f"{made.name}: `ref` names {made.ref}, which is not a field of the kind")
    if unknown := [part for part in made.same_when if part not in envelope and part not in made.fields]:
        raise StructureBroken(f"{made.name}: `same_when` names {unknown[0]}, which is not a field of the kind")
    if missing := [step for step in range(1, made.version) if step not in made.upcasts]:
        raise StructureBroken(f"{made.name}: version {made.version} needs an upcast from version {missing[0]}")
    if made.word is Word.TIE and not (made.inverse and made.party):
        raise StructureBroken(f"{made.name}: a tie says who its party is and how it reads from their side (`inverse`)")


@dataclass_transform(field_specifiers=(field,), kw_only_default=True, frozen_default=True)
def person_fact(name: str, **rest: Any) -> Callable[[type[Declared]], type[Declared]]:
    """Declare a kind of fact about who a person is."""
    return declared(Word.PERSON, name, **rest)


@dataclass_transform(field_specifiers=(field,), kw_only_default=True, frozen_default=True)
def tie(name: str, **rest: Any) -> Callable[[type[Declared]], type[Declared]]:
    """Declare a kind of tie between persons or bodies."""
    return declared(Word.TIE, name, **rest)


@dataclass_transform(field_specifiers=(field,), kw_only_default=True, frozen_default=True)
def body_fact(name: str, **rest: Any) -> Callable[[type[Declared]], type[Declared]]:
    """Declare a kind of fact about an organisation, team or setting."""
    return declared(Word.BODY, name, **{"subject": "body", **rest})


@dataclass_transform(field_specifiers=(field,), kw_only_default=True, frozen_default=True)
def spell(name: str, **rest: Any) -> Callable[[type[Declared]], type[Declared]]:
    """Declare a kind of thing that lasts."""
    return declared(Word.SPELL, name, **rest)


@dataclass_transform(field_specifiers=(field,), kw_only_default=True, frozen_default=True)
def event(name: str, **rest: Any) -> Callable[[type[Declared]], type[Declared]]:
    """Declare a kind of thing that happens."""
    return declared(Word.EVENT, name, **rest)


@dataclass_transform(field_specifiers=(field,), kw_only_default=True, frozen_default=True)
def plan(name: str, **rest: Any) -> Callable[[type[Declared]], type[Declared]]:
    """Declare a kind of thing that is intended."""
    return declared(Word.PLAN, name, **rest)


@dataclass_transform(field_specifiers=(field,), kw_only_default=True, frozen_default=True)
def paper(name: str, **rest: Any) -> Callable[[type[Declared]], type[Declared]]:
    """Declare a kind of thing that is written or sent."""
    return declared(Word.PAPER, name, **rest)


@dataclass_transform(field_specifiers=(field,), kw_only_default=True, frozen_default=True)
def shared(cls: type[Declared]) -> type[Declared]:
    """Return `cls` as the fields that several kinds have in common; it is no kind itself."""
    return dataclass(frozen=True, kw_only=True, repr=False)(cls)


def declare_all() -> None:
    """Import every module that declares kinds, so that KINDS is full. Costs nothing the second time."""
    importlib.import_module("kinfold.record.kinds")


def kind(name: str) -> Kind:
    """Return the declared kind `name`. Raises StructureBroken if nothing declares it."""
    if name not in KINDS:
        declare_all()
    try:
        return KINDS[name]
    except KeyError:
        raise StructureBroken(f"No kind is declared under the name {name}") from None


def kinds_of(word: Word) -> Sequence[Kind]:
    """Return the declared kinds of one word, in order of name."""
    declare_all()
    return sorted((k for k in KINDS.values() if k.word is word), key=lambda k: k.name)


def encode(kind_name: str, values: Mapping[str, Any]) -> Payload:
    """
    Return the payload to store: JSON types only, unknown values left out.

    Raises InputError, naming the field, if a value is not of the declared type.
    """
    declared_kind = kind(kind_name)
    payload: Payload = {}
    for name, value in values.items():
        if value is None:
            continue
        spec = declared_kind.fields.get(name)
        if spec is None:
            raise InputError(f"{declared_kind.label} has no field called {name}")
        payload[name] = _encode_value(spec, value, declared_kind.label)
    return payload


def _encode_value(spec: Field, value: Any, label: str) -> Any:
    match spec.type:
        case "text" if isinstance(value, str):
            if spec.longest and len(value) > spec.longest:
                raise InputError(f"{label}: {spec.meaning} must be {spec.longest} characters or fewer")
            _check_choices(spec, (value,), label)
            return value
        case "number" if isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value):
            return value
        case "whole number" if isinstance(value, int) and not isinstance(value, bool):
            return value
        case "yes or no" if isinstance(value, bool):
            return value
        case "date" if isinstance(value, date) and not isinstance(value, datetime):
            return value.isoformat()
        case "moment" if isinstance(value, datetime) and value.tzinfo:
            return value.isoformat()
        case "codes" if isinstance(value, (list, tuple)) and all(isinstance(v, str) for v in value):
            _check_choices(spec, value, label)
            return list(value)
        case "parts" if isinstance(value, (list, tuple)) and all(isinstance(v, dict) for v in value):
            return list(value)
        case "date" | "moment" if isinstance(value, str):
            return _encode_day_or_moment(spec, value, label)
    raise InputError(f"{label}: {spec.meaning} must be {spec.type}")


def _encode_day_or_moment(spec: Field, text: str, label: str) -> str:
    """Return the text in its one stored form: `fromisoformat` also reads 20260331 and 2026-W14-2."""
    try:
        if spec.type == "date":
            return date.fromisoformat(text).isoformat()
        moment = datetime.fromisoformat(text)
    except ValueError:
        example = "2026-03-31" if spec.type == "date" else "2026-03-31T14:05:00+01:00"
        raise InputError(f"{label}: {spec.meaning} must be a {spec.type} such as {example}") from None
    if not moment.tzinfo:
        raise InputError(f"{label}: {spec.meaning} must say its time zone, such as 2026-03-31T14:05:00+01:00")
    return moment.isoformat()


def _check_choices(spec: Field, values: Sequence[str], label: str) -> None:
    for value in values:
        if spec.choices and value not in spec.choices:
            raise InputError(f"{label}: {spec.meaning} must be one of {', '.join(spec.choices)}, not {value}")


def upcast(kind_name: str, version: int, payload: Payload) -> Payload:
    """Return `payload`, written under `version`, as the newest version would have written it."""
    declared_kind = kind(kind_name)
    while version < declared_kind.version:
        payload = declared_kind.upcasts[version](payload)
        version += 1
    return payload


def decode(kind_name: str, version: int, payload: Payload) -> Any:
    """Return the typed object that a stored payload stands for, brought up to the newest version."""
    declared_kind = kind(kind_name)
    values: dict[str, Any] = {}
    for name, value in upcast(kind_name, version, payload).items():
        spec = declared_kind.fields.get(name)
        if spec is None:
            continue  # a field that a later version dropped: kept in the store, not shown
        if spec.type == "date":
            value = date.fromisoformat(value)
        elif spec.type == "moment":
            value = datetime.fromisoformat(value)
        elif spec.type in ("codes", "parts"):
            value = tuple(value)
        values[name] = value
    return declared_kind.cls(**values)


def json_schema(kind_name: str) -> dict[str, Any]:
    """Return the JSON Schema of a kind's payload, made from its declaration."""
    shapes: dict[str, dict[str, Any]] = {
        "text": {"type": "string"},
        "whole number": {"type": "integer"},
        "number": {"type": "number"},
        "yes or no": {"type": "boolean"},
        "date": {"type": "string", "format": "date"},
        "moment": {"type": "string", "format": "date-time"},
        "codes": {"type": "array", "items": {"type": "string"}},
        "parts": {"type": "array", "items": {"type": "object"}},
    }
    declared_kind = kind(kind_name)
    properties = {}
    for spec in declared_kind.fields.values():
        shape = {**shapes[spec.type], "description": spec.meaning}
        if spec.longest:
            shape["maxLength"] = spec.longest
        if spec.choices and spec.type == "text":
            shape["enum"] = list(spec.choices)
        properties[spec.name] = shape
    return {
        "title": declared_kind.label,
        "description": declared_kind.meaning,
        "type": "object",
        "properties": properties,
        "required": [f.name for f in declared_kind.fields.values() if f.required],
        "additionalProperties": False,
    }
