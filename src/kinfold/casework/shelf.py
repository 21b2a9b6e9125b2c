"""All forms, read and checked once a process, and what is asked of them together."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType

from kinfold.casework.form import MOST_QUESTIONS, Form
from kinfold.casework.form_file import read_forms
from kinfold.terms.errors import InputError, SettingError

# The stages of the work, in the order in which a child meets them.
STAGES: Mapping[str, str] = MappingProxyType(
    {
        "front_door": "Front door",
        "family_help": "Family Help and child in need",
        "child_protection": "Child protection",
        "proceedings": "Pre-proceedings, family group decision-making and court",
        "looked_after": "Looked after: placements, plans, visits and reviews",
        "health_and_education": "Health and education",
        "away_and_safety": "Missing, secure, deprivation of liberty and custody",
        "permanence": "Permanence and adoption",
        "carers": "Carers and adopters",
        "leaving_care": "Leaving care",
        "disabled_children": "Disabled children",
        "services": "Family hubs and services",
        "rights": "Rights, complaints, advocacy and supervision",
    }
)


@cache
def forms() -> Mapping[str, Form]:
    """Return every form by name, in order of stage. Raises SettingError with file and line if one is not whole."""
    found: dict[str, Form] = {}
    folder = resources.files("kinfold.casework").joinpath("forms")
    for file in sorted(folder.iterdir(), key=lambda each: each.name):
        if not file.name.endswith(".toml"):
            continue
        for one in read_forms(file.read_text(encoding="utf-8"), file=f"casework/forms/{file.name}"):
            _check(one, found, file.name)
            found[one.name] = one
    for one in found.values():
        if lost := [name for name in one.next if name not in found]:
            raise SettingError(f"The form {one.name} leads to {lost[0]}, which is no form")
    order = list(STAGES)
    return MappingProxyType(dict(sorted(found.items(), key=lambda item: order.index(item[1].stage))))


def _check(one: Form, found: Mapping[str, Form], file: str) -> None:
    where = f"casework/forms/{file}, {one.name}"
    if one.name in found:
        raise SettingError(f"{where}: another form has this name")
    if one.stage not in STAGES:
        raise SettingError(f"{where}: {one.stage} is no stage")
    if len(one.not_known) > MOST_QUESTIONS:
        raise SettingError(
            f"{where}: it asks {len(one.not_known)} questions that are not known, more than {MOST_QUESTIONS}"
        )


def form_named(name: str) -> Form:
    """Return a form. Raises InputError when there is none of that name."""
    try:
        return forms()[name]
    except KeyError:
        raise InputError("There is no form of that name.") from None
