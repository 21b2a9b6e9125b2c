"""The three documents about people's data say what the code does: every kind, every export, every file they name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kinfold.access.matrix import ROUTES
from kinfold.access.roles import ROLES
from kinfold.access.words import Sort, Verb
from kinfold.record.declare import KINDS, declare_all
from kinfold.record.retention import schedule

ROOT = Path(__file__).resolve().parents[3]
REFERENCE = ROOT / "docs" / "reference"
REGISTER = (REFERENCE / "processing-register.md").read_text(encoding="utf-8")
DOCUMENTS = ("impact-assessment.md", "processing-register.md", "algorithmic-transparency.md")
declare_all()
FAMILIES = sorted({kind.family for kind in KINDS.values()})
EXPORTS = sorted({export for role in ROLES.values() for export in role.exports | role.exports_two_people})
EXPORT_ROUTES = sorted(
    name.partition(":")[2] for name, rule in ROUTES.items() if rule.verb is Verb.EXPORT or rule.sort is Sort.EXPORT
)


def part(heading: str) -> str:
    found = re.search(rf"^### `{heading}`\n(.*?)(?=^##)", REGISTER, re.MULTILINE | re.DOTALL)
    return found.group(1) if found else ""


@pytest.mark.parametrize("family", FAMILIES)
def test_the_register_names_every_kind_of_a_family_and_no_other(family: str) -> None:
    declared = {kind.name for kind in KINDS.values() if kind.family == family}
    named = set(re.findall(r"`(\w+)`", part(family).partition("Kinds:")[2]))

    assert declared - named == set(), "add these to docs/reference/processing-register.md"
    assert named - declared == set(), "these are no longer declared"


@pytest.mark.parametrize("export", EXPORTS)
def test_the_register_names_every_export_of_a_role(export: str) -> None:
    assert f"| `{export}` |" in REGISTER


@pytest.mark.parametrize("route", EXPORT_ROUTES)
def test_the_register_names_every_route_that_exports(route: str) -> None:
    assert f"`{route}`" in REGISTER


def test_the_register_names_no_route_that_is_not_there() -> None:
    exports = REGISTER.partition("## Exports")[2].partition("## Who receives it")[0]
    named = set(re.findall(r"`([a-z_]+)`", exports)) - set(EXPORTS) - {"on_behalf_of"}

    assert named - {name.partition(":")[2] for name in ROUTES} == set()


@pytest.mark.parametrize("rule", sorted(schedule()))
def test_the_register_says_each_retention_rule_as_it_stands(rule: str) -> None:
    value = schedule()[rule]

    assert f"| `{rule}` | {value.steps[-1].value} | {value.source} | {value.certainty} |" in REGISTER


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_file_that_a_document_names_is_there(name: str) -> None:
    text = (REFERENCE / name).read_text(encoding="utf-8")
    code = re.findall(r"`((?:src/kinfold/)?[a-z_]+/[\w/.]+)`", text)
    links = [link for link in re.findall(r"\]\(([^)#]+)", text) if not link.startswith("http")]

    lacking = [path for path in code if not any((root / path).exists() for root in (ROOT, ROOT / "src" / "kinfold"))]
    assert lacking == []
    assert [link for link in links if not (REFERENCE / link).exists()] == []


def test_of_a_load_only_what_the_record_names_uses_the_matching() -> None:
    used = [
        path.name
        for path in (ROOT / "src" / "kinfold" / "service" / "records" / "loading").rglob("*.py")
        if re.search(
            r"kinfold\.identity\.(compare|score|decide|batch|cluster|pairs)\b", path.read_text(encoding="utf-8")
        )
    ]

    assert used == ["proposing.py"], "docs/reference/algorithmic-transparency.md names what of a load uses the matching"
    text = (REFERENCE / "algorithmic-transparency.md").read_text(encoding="utf-8")
    assert "service/records/loading/proposing.py" in text
