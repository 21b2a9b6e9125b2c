"""By what a custodian can know a child again: as little as that needs, for many children at once."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from kinfold.access.words import Label
from kinfold.service.records.models import IdentifierKey, PersonIndex
from kinfold.service.records.tables import fetch

# The numbers by which other organisations know a child. A council's own number is nobody else's.
NUMBERS = ("nhs_number", "upn")


def known_by(persons: Iterable[int]) -> dict[int, dict[str, Any]]:
    """
    Return names, date of birth, sex, postcode and numbers of each person.

    The postcode is left out for whoever has a label, or an address that is concealed from anybody.
    """
    ids = sorted(set(persons))
    rows = PersonIndex.objects.in_bulk(ids)
    names, numbers, concealed = _names(ids), _numbers(ids), _concealed(ids)
    return {
        pk: {
            **names.get(pk, {"given": "", "middle": "", "family": ""}),
            "birth_date": row.birth_date.isoformat() if row.birth_date else None,
            "sex": row.sex,
            "postcode": row.postcode if row.label == Label.OPEN.value and pk not in concealed else "",
            **numbers.get(pk, {}),
        }
        for pk, row in rows.items()
    }  # fmt: skip


def _marks(ids: Sequence[int]) -> str:
    return ", ".join(str(int(one)) for one in ids) or "0"


def _names(ids: Sequence[int]) -> dict[int, dict[str, str]]:
    rows = fetch(
        f"select subject, payload from person_fact where subject in ({_marks(ids)}) and kind = 'name' "
        "and known_to is null and status = 'final' and valid_to is null order by id",
        [],
    )
    found: dict[int, dict[str, str]] = {}
    for subject, payload in rows:
        said: dict[str, Any] = json.loads(payload) if isinstance(payload, str) else payload
        if subject not in found or str(said.get("name_type") or "legal").lower() == "legal":
            parts = (("given", "forename"), ("middle", "middle_names"), ("family", "surname"))
            found[subject] = {name: str(said.get(field) or "") for name, field in parts}
    return found


def _numbers(ids: Sequence[int]) -> dict[int, dict[str, str]]:
    found: dict[int, dict[str, str]] = defaultdict(dict)
    rows = IdentifierKey.objects.filter(thing_id__in=ids, sort__in=NUMBERS).values_list("thing_id", "sort", "value")
    for person, sort, value in rows:
        found[person][sort] = value
    return found


def _concealed(ids: Sequence[int]) -> set[int]:
    rows = fetch(
        f"select subject, payload from spell_fact where subject in ({_marks(ids)}) and kind = 'address' "
        "and known_to is null and status = 'final' and valid_to is null",
        [],
    )
    return {
        subject
        for subject, payload in rows
        if (json.loads(payload) if isinstance(payload, str) else payload).get("concealed_from")
    }
