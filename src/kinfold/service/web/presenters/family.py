"""The family page, made from a family: the drawing, and the table that says the same and more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from kinfold.record.declare import Kind, Word, kinds_of
from kinfold.service.records.reads.family import PARENTS, SHOWN_TIES, FamilyOf, FamilyTieRow, Relative
from kinfold.service.records.reads.person import in_words
from kinfold.service.records.reads.search import Found
from kinfold.service.web.components import Cell, Column, Table
from kinfold.service.web.drawings.family_layout import Family, FamilyTie, Member, TieKind
from kinfold.service.web.drawings.words import day_words
from kinfold.service.web.presenters.child import heading

COUPLES = frozenset({"spouse", "partner"})
SIBLINGS = frozenset({"sibling", "half_sibling", "step_sibling"})
CARERS = frozenset(
    {
        "foster_carer",
        "support_carer",
        "private_foster_carer",
        "special_guardian",
        "kinship_carer",
        "prospective_adopter",
    }
)


def _drawn_as(tie: FamilyTieRow) -> TieKind:
    name = tie.kind.name
    if name == "must_not_know_address" or tie.values.get("conceal_address") or tie.values.get("contact") == "none":
        return TieKind.KEPT_APART
    shapes = ((PARENTS | {"step_parent"}, TieKind.PARENT), (COUPLES, TieKind.COUPLE), (SIBLINGS, TieKind.SIBLING),
              (CARERS, TieKind.CARER))  # fmt: skip
    return next((shape for names, shape in shapes if name in names), TieKind.OTHER)


def _note(tie: FamilyTieRow) -> str:
    return tie.why or tie.kind.label.lower()


def _detail(one: Relative) -> str:
    if one.died:
        return f"died {day_words(one.died)}"
    if one.born:
        return f"born {day_words(one.born)}"
    return f"expected {day_words(one.expected)}" if one.expected else ""


def name_of(one: Relative) -> str:
    """Return a relative's name, or that it is not known."""
    return one.name or "Name not known"


def drawing_of(family: FamilyOf) -> Family:
    """Return the family as it is drawn. Brothers and sisters whose shared parent is drawn need no line of their own."""
    members = [
        Member(
            str(pk),
            name_of(one),
            _detail(one),
            focus=one.focus,
            faint=bool(one.died or (one.expected and not one.born)),
        )
        for pk, one in family.people.items()
        if one.focus or any(pk in (tie.one, tie.other) for tie in family.ties)
    ]
    ties = [
        FamilyTie(str(tie.one), str(tie.other), _drawn_as(tie), _note(tie))
        for tie in family.ties
        if not (tie.why.startswith("same ") and tie.kind.name == "sibling")
    ]
    focus = family.people[family.focus]
    return Family(f"The family of {name_of(focus)}", members, ties)


def _more(tie: FamilyTieRow) -> str:
    said = [] if not tie.why else [f"Worked out: {tie.why}"]
    for name, value in tie.values.items():
        if name in tie.kind.fields and value not in (None, "", []):
            meaning = (
                tie.kind.fields[name].meaning.replace("the subject", "the first").replace("the party", "the second")
            )
            said.append(f"{meaning}: {in_words(name, tie.kind, value)}")
    return ". ".join(said)


def _since(tie: FamilyTieRow) -> str:
    since = f"from {day_words(tie.since)}" if tie.since else ""
    return f"{since} until {day_words(tie.until)}".strip() if tie.until else since


def _person(one: Relative) -> Cell:
    return Cell(name_of(one), href=reverse("child", args=[one.uid]) if one.opens and not one.focus else "")


def table_of(family: FamilyOf, ties: Sequence[FamilyTieRow], caption: str, empty: str = "") -> Table:
    """Return ties as a table, each with a link to change it where the reader may and it is the child's own."""
    uid = family.document.uid
    rows = []
    for tie in ties:
        if tie.one not in family.people or tie.other not in family.people:
            continue
        own = tie.fact and family.may_change and family.focus in (tie.one, tie.other)
        one, other = family.people[tie.one], family.people[tie.other]
        change = Cell("Change", reverse("family_tie", args=[uid, tie.fact]),
                      about=f"{name_of(one)}, {tie.kind.label.lower()} {name_of(other)}") if own else Cell("")  # fmt: skip
        label = "In one family group with" if tie.kind.name == "member_of_group" else tie.kind.label
        rows.append([_person(one), Cell(label), _person(other), Cell(_since(tie)), Cell(_more(tie)), change])
    columns = [
        Column("Person"),
        Column("Tie"),
        Column("To"),
        Column("When"),
        Column("More"),
        Column("Change", quiet=True),
    ]
    return Table(caption, columns, rows, empty=empty)


def page_of(family: FamilyOf) -> dict[str, Any]:
    """Return everything the family page shows."""
    own = [tie for tie in family.ties if family.focus in (tie.one, tie.other)]
    rest = [tie for tie in family.ties if tie not in own]
    return {
        **heading(family.document),
        "family": family,
        "group_href": reverse("one_family", args=[family.group]) if family.group else "",
        "drawn": drawing_of(family) if len(family.people) > 1 else None,
        "own": table_of(family, own, "Ties of this child",
                        "Nobody is recorded yet. The Standard Safeguarding Dataset, or a form here, would fill this."),
        "rest": table_of(family, rest, "Ties among the others") if rest else None,
        "ended": table_of(family, family.ended, "Ties that have ended") if family.ended else None,
        "may_change": family.may_change,
    }  # fmt: skip


def tie_choices() -> list[tuple[str, str]]:
    """Return what somebody may be to the child, as (kind and side, words): "mother_of:subject", "Mother of"."""
    found: list[tuple[str, str]] = [("", "Choose one")]
    for kind in kinds_of(Word.TIE):
        if kind.name not in SHOWN_TIES:
            continue
        found.append((f"{kind.name}:subject", kind.label))
        if kind.inverse != kind.label:
            found.append((f"{kind.name}:party", str(kind.inverse)))
    return [found[0], *sorted(found[1:], key=lambda pair: pair[1])]


def who_choices(family: FamilyOf, hits: Found | None) -> list[tuple[str, str]]:
    """Return whom to choose from: who was found, who is on the page already, and somebody not on record yet."""
    found = {hit.uid: f"{hit.name}{_born(hit)} (found by {hit.why})" for hit in hits.hits} if hits else {}
    here = {one.uid: name_of(one) for one in family.people.values() if not one.focus and one.uid not in found}
    own = family.people[family.focus].uid
    return [*((u, w) for u, w in (found | here).items() if u != own), ("new", "Somebody who is not on record yet")]


def _born(hit: Any) -> str:
    return f", born {day_words(hit.born)}" if hit.born else ""


def tie_title(family: FamilyOf, tie: FamilyTieRow) -> str:
    """Return a tie as a sentence."""
    return f"{name_of(family.people[tie.one])}: {tie.kind.label} {name_of(family.people[tie.other])}"


def has_field(kind: Kind, name: str) -> bool:
    """Say whether a kind of tie has a field."""
    return name in kind.fields
