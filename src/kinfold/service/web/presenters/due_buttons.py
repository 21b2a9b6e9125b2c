"""The one button of a line: where what meets a duty is recorded, whether on a form of casework or on a page of its own."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from urllib.parse import urlencode

from django.urls import reverse

from kinfold.access.matrix import ROUTES, may_reach
from kinfold.access.roles import ROLES
from kinfold.access.slices import slice_of
from kinfold.access.things import Actor
from kinfold.casework import forms
from kinfold.duties import Duty
from kinfold.duties.pattern import Pattern
from kinfold.service.web.components import Cell

# What is recorded on a page of the child's own: the page, and what its button says.
PAGES: Mapping[str, tuple[str, str]] = {
    "disposal_review": ("disposal", "Decide it"),
    "restriction_label": ("seal", "Seal it"),
    "subject_access_request": ("subject_access", "Answer it"),
}
# What is recorded where the whole service or the whole case is followed.
LISTS: Mapping[str, tuple[str, str]] = {
    "home_education_consent": ("home_education", "Decide it"),
    "practice_review_step": ("incidents", "Record it"),
    "rapid_review": ("incidents", "Record it"),
}


@cache
def _form_of_kind() -> Mapping[str, str]:
    """Return, for each kind that a form records as new, the name of the first such form."""
    found: dict[str, str] = {}
    for form in forms().values():
        for writes in form.writes:
            found.setdefault(writes.kind, form.name)
    return found


def form_for(duty: Duty, part: str) -> str:
    """Return the name of the form that records what meets a part of a duty, or nothing."""
    names = _form_of_kind()
    return next((names[pattern.kind] for pattern in _met_by(duty, part) if pattern.kind in names), "")


def button(duty: Duty, part: str, uid: str, *, about: str, actor: Actor | None = None) -> Cell:
    """
    Return the link to what records what meets a part of a duty for a person; an empty cell where nothing here does.

    With `actor` it is empty too where none of their roles records it: who answers for it stands beside.
    """
    found = _button(duty, part, uid, about=about)
    return found if actor is None or _is_theirs(duty, part, actor) else Cell("")


def _is_theirs(duty: Duty, part: str, actor: Actor) -> bool:
    name = form_for(duty, part)
    if name:
        return _writes(name, frozenset(actor.roles))
    routes = [PAGES.get(one.kind, LISTS.get(one.kind, ("allocate", "")))[0] for one in _met_by(duty, part)]
    return any(may_reach(actor, ROUTES[f"web:{route}"]) for route in routes)


@cache
def _writes(form_name: str, roles: frozenset[str]) -> bool:
    """Return whether one of some roles writes everything that a form always records."""
    form = forms()[form_name]
    kinds = {one.kind for one in form.writes if one.when is None} or form.kinds
    return any(all(ROLES[role].writes_slice(slice_of(kind)) for kind in kinds) for role in roles if role in ROLES)


def _button(duty: Duty, part: str, uid: str, *, about: str) -> Cell:
    name = form_for(duty, part)
    if name:
        return Cell("Record it", href=reverse("casework_form", args=[uid, name]), about=about)
    for pattern in _met_by(duty, part):
        if pattern.kind in PAGES:
            page, words = PAGES[pattern.kind]
            return Cell(words, href=reverse(page, args=[uid]), about=about)
        if pattern.kind in LISTS:
            page, words = LISTS[pattern.kind]
            return Cell(words, href=reverse(page), about=about)
        if pattern.kind == "allocation":
            return Cell(
                "Name them", href=f"{reverse('allocate')}?{urlencode(_role(pattern) | {'child': uid})}", about=about
            )
    return Cell("")


def _met_by(duty: Duty, part: str) -> tuple[Pattern, ...]:
    return duty.completions(part.partition("[")[0])


def _role(pattern: Pattern) -> dict[str, str]:
    asked = next((test for test in pattern.where if test.field == "role" and test.how == "is"), None)
    return {"role": str(asked.value)} if asked is not None else {}
