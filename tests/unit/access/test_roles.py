"""The table of roles: whole, in agreement with the project's page of roles, and refusing what it cannot read."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

import kinfold.record.kinds  # noqa: F401  (declares every kind)
from kinfold.access.must_not import read_must_not
from kinfold.access.roles import (
    ROLES,
    AuditLevel,
    BreakGlass,
    Chronology,
    Narrative,
    Privileged,
    Restricted,
    Search,
    read_role,
    role,
    role_of_allocation,
)
from kinfold.access.slices import SLICES, slice_of
from kinfold.access.words import Installation, Mask, ReachSort, Verb
from kinfold.record.declare import KINDS, Sensitivity
from kinfold.terms.codes import code_set
from kinfold.terms.errors import StructureBroken

TABLE = Path(__file__).parents[3] / ".." / "shared" / "domain" / "roles.csv"

# Partner agencies read headlines whatever the table's later rows leave out (casework, section 4, rule 10); an
# advocate and a family member read what was released to them.
HEADLINES_BY_RULE_10 = {"youth_justice_worker", "housing_officer"}


def rows() -> list[dict[str, str]]:
    if not TABLE.exists():
        pytest.skip("the project's table of roles is not beside this checkout (../shared/domain/roles.csv)")
    with TABLE.open(encoding="utf-8") as source:
        return list(csv.DictReader(source))


def says_no(cell: str) -> bool:
    return cell.strip().lower() in ("no", "none", "n/a", "")


def test_every_role_of_the_projects_table_is_here_and_in_its_order() -> None:
    assert [row["role"] for row in rows()] == [made.in_table or made.label for made in ROLES.values()]


def by_label() -> list[tuple[dict[str, str], Any]]:
    labels = {made.in_table or made.label: made for made in ROLES.values()}
    return [(row, labels[row["role"]]) for row in rows()]


def test_a_role_that_the_table_gives_no_chronology_reads_none() -> None:
    wrong = [
        made.name
        for row, made in by_label()
        if says_no(row["chronology"]) != (made.chronology is Chronology.NONE) and made.name not in HEADLINES_BY_RULE_10
    ]
    # What the auditor and the advocate read is released to them item by item.
    assert set(wrong) <= {"auditor", "advocate"}


def test_a_role_that_the_table_gives_no_narrative_reads_none_but_its_own_contributions() -> None:
    wrong = [
        made.name
        for row, made in by_label()
        if says_no(row["narrative_notes"]) and made.narrative not in (Narrative.NONE, Narrative.OWN)
    ]
    # Released content only: samples by information governance, and what the child agreed to.
    assert set(wrong) == {"auditor", "advocate"}


@pytest.mark.parametrize(
    ("column", "is_none"),
    [
        pytest.param("break_glass", lambda made: made.break_glass is BreakGlass.NONE, id="breaking the glass"),
        pytest.param("decide_approve", lambda made: not made.decides, id="decisions"),
        pytest.param("must_not", lambda made: not made.must_not, id="what it must not do"),
    ],
)
def test_the_table_of_roles_is_kept_where_it_says_no(column: str, is_none: Any) -> None:
    wrong = [made.name for row, made in by_label() if says_no(row[column]) and not is_none(made)]
    # A lead child protection practitioner is a social worker, who does not approve their own work.
    assert set(wrong) <= {"lead_child_protection_practitioner"}


@pytest.mark.parametrize(
    ("column", "is_none"),
    [
        pytest.param("break_glass", lambda made: made.break_glass is BreakGlass.NONE, id="breaking the glass"),
        pytest.param("must_not", lambda made: not made.must_not, id="what it must not do"),
        pytest.param("audit", lambda made: made.audit is AuditLevel.NONE, id="who looked"),
        pytest.param("legal_privileged", lambda made: made.privileged is Privileged.NONE, id="legal advice"),
    ],
)
def test_the_table_of_roles_is_kept_where_it_says_yes(column: str, is_none: Any) -> None:
    wrong = [(made.name, row[column]) for row, made in by_label() if not says_no(row[column]) and is_none(made)]
    # "no (own advice line)", "panel advice separate", "no (asks duty)": the table says no in other words.
    assert all(cell.startswith(("no ", "panel advice separate")) for _, cell in wrong), wrong


def test_a_role_that_lists_no_names_in_the_table_finds_nobody_by_searching() -> None:
    wrong = [
        made.name
        for row, made in by_label()
        if row["person_search"] in ("no", "none") and made.search is not Search.NONE
    ]

    assert wrong == []


def test_every_installation_has_an_administrator_information_governance_and_an_auditor() -> None:
    for name in ("application_administrator", "information_governance", "auditor"):
        assert role(name).installations == frozenset(Installation)


def test_no_role_of_the_regulator_or_the_department_reaches_a_child_but_the_inspector() -> None:
    outside = [made for made in ROLES.values() if made.organisation in ("regulator", "department")]

    reaching = {made.name for made in outside if made.reach - {ReachSort.NONE}}

    assert reaching == {"ofsted_inspector"}


def test_no_role_may_reidentify_anybody() -> None:
    assert not [made.name for made in ROLES.values() if Verb.REIDENTIFY in made.powers | made.powers_two_people]


def test_unsealing_and_disposal_always_need_two_people() -> None:
    alone = [made.name for made in ROLES.values() if made.powers & {Verb.UNSEAL, Verb.SEAL, Verb.DISPOSE}]

    assert alone == []


def test_who_opens_a_restricted_record_by_reach_may_also_know_that_there_is_one() -> None:
    council = [made for made in ROLES.values() if ReachSort.WHOLE_COUNCIL in made.restricted_by]

    assert council
    assert all(made.knows_restricted and made.restricted is Restricted.REACHED for made in council)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        pytest.param({"colour": "blue"}, "nothing reads colour", id="a key that nothing reads"),
        pytest.param({"search": "everything"}, "everything is not one of", id="a level that does not exist"),
        pytest.param({"reads": ["gossip"]}, "gossip is not a slice", id="a slice that does not exist"),
        pytest.param({"powers": ["read"]}, "a power must be one of", id="a verb that is no power"),
        pytest.param({"must_not": [{"text": "x", "verbs": ["fly"]}]}, "fly is not one of", id="an unknown verb"),
    ],
)
def test_a_misspelt_role_is_refused_and_named(table: dict[str, Any], message: str) -> None:
    whole = {
        "label": "Clerk",
        "organisation": "council",
        "installations": ["council"],
        "scope": "",
        "reach": [],
        **table,
    }

    with pytest.raises(StructureBroken, match=message) as caught:
        read_role("clerk", whole)

    assert "roles.toml [clerk]" in str(caught.value)


def test_a_role_that_does_not_say_where_it_exists_is_refused() -> None:
    with pytest.raises(StructureBroken, match="installations"):
        read_role("clerk", {"label": "Clerk", "organisation": "council", "scope": "", "reach": []})


def test_a_rule_with_an_unknown_circumstance_is_refused() -> None:
    with pytest.raises(StructureBroken, match="on_a_sunday is not a circumstance"):
        read_must_not({"text": "x", "verbs": ["write"], "when": "on_a_sunday"}, where="here")


def test_an_unknown_role_is_a_clear_error() -> None:
    with pytest.raises(StructureBroken, match="no role called wizard"):
        role("wizard")


def test_every_kind_that_a_slice_names_is_declared() -> None:
    named = {kind for part in SLICES.values() for kind in part.kinds}

    assert named - set(KINDS) == set()


def test_a_kind_that_no_slice_names_belongs_to_casework() -> None:
    assert slice_of("referral_episode") == "casework"
    assert slice_of("allegation") == "lado"


def test_facts_about_bodies_never_fall_into_casework() -> None:
    bodies = {name for name, kind in KINDS.items() if kind.subject == "body"}

    assert {name for name in bodies if SLICES[slice_of(name)].personal} == set()


def test_every_sensitivity_of_the_record_can_be_masked() -> None:
    assert {sensitivity.value for sensitivity in Sensitivity} <= {mask.value for mask in Mask}


def test_every_allocation_role_that_a_role_names_is_in_the_code_set() -> None:
    codes = set(code_set("allocation_role").codes())

    assert {code for made in ROLES.values() for code in made.allocation_roles} == codes


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("INDEPENDENT_REVIEWING_OFFICER", "independent_reviewing_officer"),
        ("PERSONAL_ADVISER", "personal_adviser"),
        ("personal_adviser", "personal_adviser"),
        (None, "social_worker"),
        ("SOMETHING_ELSE", "social_worker"),
    ],
)
def test_an_allocations_code_names_the_role(code: str | None, name: str) -> None:
    assert role_of_allocation(code) == name
